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

package io.github.polarspring.customer;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Subscription;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Closes the accounts of users. For use when a user deletes the account in the
 * application:
 *
 * <pre class="code">
 * accounts.close(user.id());
 * </pre>
 * <p>
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarAccounts {

	private final PolarClient client;

	private final Purchases purchases;

	private final PolarCustomerOperations customers;

	private final List<CustomerDataEraser> erasers;

	/**
	 * Create an instance.
	 * @param client the client that calls Polar
	 * @param customers the operations on customers
	 * @param erasers erase what is stored about a user and their customer
	 */
	public PolarAccounts(PolarClient client, PolarCustomerOperations customers, List<CustomerDataEraser> erasers) {
		Assert.notNull(client, "client must not be null");
		Assert.notNull(customers, "customers must not be null");
		this.client = client;
		this.purchases = new Purchases(client);
		this.customers = customers;
		this.erasers = List.copyOf(erasers);
	}

	/**
	 * Close the account of a user: end the subscriptions that the user bought and that
	 * Polar assigned to another customer, {@linkplain CustomerDataEraser erase} what is
	 * stored about the user and their customer, and
	 * {@linkplain PolarCustomerOperations#anonymize anonymize} the customer, which ends
	 * all other subscriptions. Subscriptions end immediately and without a refund.
	 * <p>
	 * Do not call it in a transaction: if that is rolled back, what was erased in your
	 * database is there again, although Polar has forgotten the customer.
	 * <p>
	 * If it fails, call it again. Closing an account that is already closed, or that of a
	 * user who never bought, has no effect.
	 * @param externalId the application's own id of the user
	 * @return Polar's id of the customer, empty if the user is not a customer, or not any
	 * more
	 * @throws PolarIdentityException if the customer has a subscription of another user
	 * that has not ended. Then, nothing is erased or anonymized
	 * @throws io.github.polarspring.PolarException if a call to Polar fails
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	public Optional<UUID> close(String externalId) {
		PolarIdentity.requireExternalId(externalId);
		Optional<UUID> customerId = this.customers.findByExternalId(externalId).map(Customer::id);
		this.purchases.subscriptionsOfOtherCustomers(externalId, customerId.orElse(null)).forEach(this::revoke);
		customerId.ifPresent((id) -> {
			if (this.purchases.hasSubscriptionOfOtherUser(id, externalId)) {
				throw new PolarIdentityException(("Customer %s has a subscription of another user, which would end, so"
						+ " the customer was not anonymized. Find out whose it is, and end it or the customer's own"
						+ " ones in Polar's dashboard")
					.formatted(id));
			}
		});
		this.erasers.forEach((eraser) -> eraser.eraseUser(externalId));
		customerId.ifPresent((id) -> {
			this.erasers.forEach((eraser) -> eraser.erase(id));
			this.customers.anonymize(id);
		});
		return customerId;
	}

	private void revoke(Subscription subscription) {
		try {
			this.client.call(HttpMethod.DELETE, "/v1/subscriptions/{id}", subscription.id()).retryable().execute();
		}
		catch (PolarApiException ex) {
			if (!hasEnded(ex)) {
				throw ex;
			}
		}
	}

	/**
	 * Return whether Polar rejected to end a subscription because it has already ended.
	 */
	private static boolean hasEnded(PolarApiException rejection) {
		return rejection.getStatus() == 410 || rejection instanceof PolarNotFoundException
				|| "AlreadyCanceledSubscription".equals(rejection.getError());
	}

}
