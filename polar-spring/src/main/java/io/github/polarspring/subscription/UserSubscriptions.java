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

package io.github.polarspring.subscription;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.model.Subscription;

/**
 * Subscriptions that one user of the application has bought:
 *
 * <pre class="code">
 * &#64;PostMapping("/subscriptions/{id}/cancel")
 * String cancel(&#64;PathVariable UUID id) {
 *     this.subscriptions.ofCurrentUser().cancelAtPeriodEnd(id);
 *     return "redirect:/account";
 * }
 * </pre>
 * <p>
 * They contain what is {@linkplain Subscription#isBoughtBy proven} to be bought by the
 * user. Polar assigns a purchase to the customer with the e-mail address that the buyer
 * entered, so a customer's subscription can be that of another user. A change of any
 * other subscription throws a {@link io.github.polarspring.PolarNotFoundException}, and
 * nothing is sent that changes anything: ids from a request need no other check.
 *
 * @since 0.1.0
 * @see PolarSubscriptionOperations#ofCurrentUser()
 * @see PolarSubscriptionOperations#of(String)
 */
public interface UserSubscriptions extends SubscriptionChanges {

	/**
	 * Get the subscriptions, also those that have ended. Each call reads from Polar.
	 * @return an unmodifiable list, the last started first
	 */
	List<Subscription> list();

	/**
	 * Find the subscription that has not ended, to change or cancel it. Polar lets a
	 * customer have one, unless the organization allows several.
	 * @return the last started of those that have not ended, empty if all have
	 */
	default Optional<Subscription> findRunning() {
		return list().stream().filter((subscription) -> subscription.endedAt() == null).findFirst();
	}

	/**
	 * Find a subscription.
	 * @param id Polar's id of the subscription
	 * @return the subscription, empty if there is none, or if it is not proven to be
	 * bought by the user
	 */
	Optional<Subscription> find(UUID id);

}
