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

package io.github.polarspring.license;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.Member;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Lookup of the license keys of a user, by the grants of what the user is proven to have
 * bought. Those of seats belong to their members.
 */
final class OwnedKeys {

	private static final List<String> FILTERS = List.of("metadata[external_customer_id]", "external_customer_id");

	private final PolarClient client;

	private final String externalId;

	/**
	 * Purchases, and whether they have seats.
	 */
	private final Map<UUID, Boolean> purchases = new HashMap<>();

	private final Set<UUID> customers = new LinkedHashSet<>();

	OwnedKeys(PolarClient client, String externalId) {
		this.client = client;
		this.externalId = externalId;
	}

	/**
	 * Return the ids of the license keys.
	 */
	List<UUID> ids() {
		for (String filter : FILTERS) {
			list(Subscription.class, "/v1/subscriptions/", filter, this.externalId)
				.filter((subscription) -> subscription.isBoughtBy(this.externalId))
				.forEach((subscription) -> add(subscription.id(), subscription.seats() != null,
						subscription.customerId()));
			list(Order.class, "/v1/orders/", filter, this.externalId)
				.filter((order) -> order.isBoughtBy(this.externalId))
				.forEach((order) -> add(order.id(), order.seats() != null, order.customerId()));
		}
		return this.customers.isEmpty() ? List.of()
				: list(BenefitGrant.class, "/v1/benefit-grants/", "customer_id", this.customers.toArray())
					.filter((grant) -> grant.isGranted() && isOwn(grant))
					.map(OwnedKeys::keyId)
					.filter(Objects::nonNull)
					.distinct()
					.toList();
	}

	private void add(UUID purchase, boolean withSeats, UUID customer) {
		this.purchases.put(purchase, withSeats);
		this.customers.add(customer);
	}

	private boolean isOwn(BenefitGrant grant) {
		Boolean withSeats = this.purchases
			.get((grant.subscriptionId() != null) ? grant.subscriptionId() : grant.orderId());
		Member member = grant.member();
		return withSeats != null && (!withSeats || (member != null && this.externalId.equals(member.externalId())));
	}

	private static @Nullable UUID keyId(BenefitGrant grant) {
		return (grant.properties().get("license_key_id") instanceof String id) ? UUID.fromString(id) : null;
	}

	private <T> Stream<T> list(Class<T> type, String path, String filter, Object... values) {
		Listing query = new Listing.Builder().where(filter, values).build();
		return PolarPage.stream(query.page(), (page) -> this.client.list(type, path, query.parameters(page)));
	}

	private static final class Listing extends PolarQuery {

		private Listing(Builder builder) {
			super(builder);
		}

		private static final class Builder extends PolarQuery.Builder<Builder> {

			Builder where(String filter, Object... values) {
				return filter(filter, values);
			}

			Listing build() {
				return new Listing(this);
			}

		}

	}

}
