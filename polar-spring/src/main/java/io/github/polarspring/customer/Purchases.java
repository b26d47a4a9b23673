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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Lookup of purchases by the id that the library writes into the metadata of each
 * checkout. Polar copies it to orders and subscriptions, and the buyer cannot change it.
 * Orders of subscriptions are left out, because their subscriptions have the same
 * metadata.
 */
final class Purchases {

	private static final String BUYER = "external_customer_id";

	private static final String BUYER_FILTER = "metadata[" + BUYER + "]";

	private static final String MARK = "checkout_buyer";

	private static final String CHOSEN_CUSTOMER = "customer:";

	private static final List<SubscriptionStatus> BILLABLE = List.of(SubscriptionStatus.ACTIVE,
			SubscriptionStatus.TRIALING, SubscriptionStatus.PAST_DUE);

	private final PolarClient client;

	Purchases(PolarClient client) {
		this.client = client;
	}

	/**
	 * Return the customer to whom Polar assigned a purchase of the given user, although
	 * the customer has another external id or none.
	 */
	Optional<Customer> otherCustomerOf(String externalId) {
		return find(BUYER_FILTER, externalId, Subscription::customer, Order::customer)
			.filter((customer) -> customer.deletedAt() == null && !externalId.equals(customer.externalId()))
			.findFirst();
	}

	/**
	 * Return whether a customer has a purchase that another user or a guest made through
	 * this library.
	 */
	boolean hasOtherBuyer(UUID customerId, String externalId) {
		return find("customer_id", customerId, Subscription::metadata, Order::metadata)
			.anyMatch((Map<String, @Nullable Object> metadata) -> isOther(metadata, customerId, externalId));
	}

	/**
	 * Return whether a customer has a subscription of another user that has not ended.
	 */
	boolean hasSubscriptionOfOtherUser(UUID customerId, String externalId) {
		return subscriptions(Listing.where("customer_id", customerId))
			.filter((subscription) -> subscription.endedAt() == null)
			.map((subscription) -> subscription.metadata().get(BUYER))
			.anyMatch((user) -> user != null && !externalId.equals(user));
	}

	/**
	 * Return whether metadata names another buyer. That of purchases that were not made
	 * through this library names none.
	 */
	private static boolean isOther(Map<String, @Nullable Object> metadata, UUID customerId, String externalId) {
		Object user = metadata.get(BUYER);
		if (user != null) {
			return !externalId.equals(user);
		}
		Object mark = metadata.get(MARK);
		return mark != null && !mark.equals(CHOSEN_CUSTOMER + customerId);
	}

	/**
	 * Return a subscription because of which Polar rejects a second one.
	 */
	Optional<Subscription> billableSubscription(String externalId) {
		Object[] billable = BILLABLE.stream().map((status) -> status.name().toLowerCase(Locale.ROOT)).toArray();
		return Stream.of("external_customer_id", BUYER_FILTER)
			.flatMap((filter) -> subscriptions(Listing.where(filter, externalId).and("status", billable)))
			.filter((subscription) -> BILLABLE.contains(subscription.status()))
			.findFirst();
	}

	/**
	 * Return the subscriptions of a user that have not ended, and that Polar assigned to
	 * another customer than the given one.
	 */
	List<Subscription> subscriptionsOfOtherCustomers(String externalId, @Nullable UUID customerId) {
		return subscriptions(Listing.where(BUYER_FILTER, externalId))
			// do not rely on the filter of Polar, because the caller ends them
			.filter((subscription) -> externalId.equals(subscription.metadata().get(BUYER)))
			.filter((subscription) -> subscription.endedAt() == null && !subscription.customerId().equals(customerId))
			.toList();
	}

	private <T> Stream<T> find(String filter, Object value, Function<Subscription, @Nullable T> ofSubscription,
			Function<Order, @Nullable T> ofOrder) {
		Listing orders = Listing.where(filter, value).and("product_billing_type", "one_time").build();
		return Stream
			.concat(subscriptions(Listing.where(filter, value)).map(ofSubscription),
					orders.stream(this.client, Order.class, "/v1/orders/").map(ofOrder))
			.flatMap(Stream::ofNullable);
	}

	private Stream<Subscription> subscriptions(Listing.Builder query) {
		return query.build().stream(this.client, Subscription.class, "/v1/subscriptions/");
	}

}
