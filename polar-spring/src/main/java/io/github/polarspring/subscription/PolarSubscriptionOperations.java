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

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.Subscription;

/**
 * Operations on subscriptions. The methods with an id apply to all subscriptions of the
 * organization. They do not check who bought them. For ids that come from a request of a
 * user, use {@link #ofCurrentUser()}.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/subscriptions/introduction">Polar on
 * subscriptions</a>
 */
public interface PolarSubscriptionOperations extends SubscriptionChanges {

	/**
	 * Return the subscriptions of the user of the current request. Members of a team, for
	 * whom another user pays, cannot see or change those of the team.
	 * @return the subscriptions, which are read by each of their methods
	 * @throws io.github.polarspring.PolarLoginRequiredException if no user is signed in
	 * @throws io.github.polarspring.PolarIdentityException if the identity of the user
	 * cannot be determined
	 * @throws IllegalStateException if the application has no
	 * {@link io.github.polarspring.entitlement.CurrentPayer}
	 */
	UserSubscriptions ofCurrentUser();

	/**
	 * Return the subscriptions of a user.
	 * @param externalId the application's own id of the user
	 * @return the subscriptions, which are read by each of their methods
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	UserSubscriptions of(String externalId);

	/**
	 * Find a subscription.
	 * @param id Polar's id of the subscription
	 * @return the subscription, empty if there is none
	 */
	Optional<Subscription> find(UUID id);

	/**
	 * Get one page of the organization's subscriptions.
	 * @param query filters, order and page
	 * @return the page
	 */
	PolarPage<Subscription> list(SubscriptionQuery query);

	/**
	 * Get all of the organization's subscriptions that match, starting with the page of
	 * the query. Pages are requested as the stream is consumed, so that a
	 * short-circuiting operation ends early, and consuming the stream can throw an
	 * exception.
	 * @param query filters and order
	 * @return a sequential stream, which need not be closed
	 */
	Stream<Subscription> stream(SubscriptionQuery query);

	/**
	 * Create a subscription to a free product. After a timeout, it is not retried,
	 * because that could create a second one: look for it first.
	 * @param request the product and the customer
	 * @return the created subscription
	 * @throws io.github.polarspring.PolarValidationException if the customer does not
	 * exist ({@code external_customer_id}, {@code customer_id}), or the product is not
	 * free ({@code product_id})
	 */
	Subscription create(SubscriptionRequest request);

}
