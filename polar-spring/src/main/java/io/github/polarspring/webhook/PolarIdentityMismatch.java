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
 * Published as an application event when a user of the application bought something, and
 * Polar counts it as somebody else's: the e-mail address that was typed at the checkout
 * is that customer's. Tell support: neither of the two got anything by
 * {@link PolarEvent.Buyer.Known}.
 *
 * @param event the event that says so
 * @param buyer the two ids
 * @since 0.1.0
 */
public record PolarIdentityMismatch(PolarEvent<?> event, PolarEvent.Buyer.Mismatch buyer) {

}
