/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.entitlement;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Subscription whose payment failed. Polar retries it; the user can change the card in
 * the customer portal.
 *
 * @param subscriptionId Polar's id of the subscription
 * @param productId Polar's id of the product, {@code null} if unknown
 * @param since when the payment failed, {@code null} if unknown
 * @param nextAttempt when Polar retries it, {@code null} if unknown or not at all
 * @since 0.1.0
 */
public record PaymentProblem(UUID subscriptionId, @Nullable UUID productId, @Nullable Instant since,
		@Nullable Instant nextAttempt) {

}
