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

import java.util.Collection;
import java.util.UUID;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What users may do because of what they bought:
 *
 * <pre class="code">
 * if (entitlements.current().has("export")) { ... }
 * long forms = entitlements.current().limit("forms");
 * </pre>
 * <p>
 * A purchase counts for a user if it carries the id that the application gave the user
 * when the checkout was created. What Polar assigned to the user's customer because of an
 * e-mail address that a buyer entered does not count.
 * <p>
 * Implementations are safe for use by multiple threads. A method that has to read waits
 * for Polar no longer than the configured time.
 *
 * @since 0.1.0
 */
public interface PolarEntitlements {

	/**
	 * Return the entitlements of the caller of the current request. Those of a guest are
	 * none, and the default limits.
	 * @return the entitlements
	 * @throws PolarIdentityException if the identity of the signed-in user cannot be
	 * determined
	 * @throws IllegalStateException if the application has no {@link CurrentPayer}
	 */
	Entitlements current();

	/**
	 * Return the entitlements of a user.
	 * @param externalId id of the user in the application
	 * @return the entitlements
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	Entitlements of(String externalId);

	/**
	 * Return the entitlements of a user, or of a member of a team: purchases with seats
	 * count only for those who hold one.
	 * @param identity the payer and, if the payer is a team, its member
	 * @return the entitlements
	 */
	Entitlements of(PolarIdentity identity);

	/**
	 * Make the next check read again from Polar, on all instances if the states are
	 * stored in a database. Until then, the previous state is retained in case Polar
	 * cannot be read.
	 * @param externalIds ids of users in the application
	 * @param customerId Polar's id of a customer, for all users whose purchases Polar
	 * assigned to this customer; {@code null} for no others
	 */
	void refresh(Collection<String> externalIds, @Nullable UUID customerId);

	/**
	 * Assign a subscription to a user, by writing the id of the user into its metadata:
	 * for purchases that were not made through this library, and for those that were made
	 * with the e-mail address of another user. Verify first that the user has paid.
	 * Repeating it has no effect.
	 * @param subscriptionId Polar's id of the subscription
	 * @param externalId id of the user in the application
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such
	 * subscription
	 * @throws io.github.polarspring.PolarException if a call to Polar fails
	 */
	void assignSubscription(UUID subscriptionId, String externalId);

	/**
	 * Assign a one-time order to a user, see {@link #assignSubscription}. Polar does not
	 * change the metadata of orders, so the assignment is stored in the application's
	 * database.
	 * @param orderId Polar's id of the order
	 * @param externalId id of the user in the application
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such order
	 * @throws io.github.polarspring.PolarConfigurationException if states are not stored
	 * in a database
	 */
	void assignOrder(UUID orderId, String externalId);

}
