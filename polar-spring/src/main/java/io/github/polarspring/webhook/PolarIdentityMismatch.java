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

package io.github.polarspring.webhook;

/**
 * Application event that is published when Polar attributes the purchase of a user of the
 * application to another customer, whose e-mail address was entered at the checkout.
 * Notify your support team: listeners that grant access to a
 * {@link PolarEvent.Buyer.Known} have not granted it to either of them.
 *
 * @param event the event
 * @param buyer the ids of the buyer and the customer
 * @since 0.1.0
 */
public record PolarIdentityMismatch(PolarEvent<?> event, PolarEvent.Buyer.Mismatch buyer) {

}
