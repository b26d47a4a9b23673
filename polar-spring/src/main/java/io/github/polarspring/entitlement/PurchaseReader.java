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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;

import org.springframework.util.Assert;

/**
 * Reader of purchases, of one payer or of all. The id that the library writes into the
 * metadata of a checkout is copied by Polar to the orders and the subscription, and no
 * buyer can change it.
 */
final class PurchaseReader {

	private static final String BY_METADATA = "metadata[external_customer_id]";

	private static final String BY_CUSTOMER = "external_customer_id";

	private static final String SUBSCRIPTIONS = "/v1/subscriptions/";

	private static final String ORDERS = "/v1/orders/";

	private static final String GRANTS = "/v1/benefit-grants/";

	private static final Object[] RUNNING = Stream
		.of(SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING, SubscriptionStatus.PAST_DUE)
		.map((status) -> status.name().toLowerCase(Locale.ROOT))
		.toArray();

	private final PolarClient client;

	PurchaseReader(PolarClient client) {
		this.client = client;
	}

	/**
	 * Read what a payer bought, and what Polar assigned to the payer's customer.
	 * @param payer the external id
	 * @param assigned orders that the application assigned to the payer
	 */
	PurchaseRecords read(String payer, Collection<UUID> assigned) {
		Map<UUID, Subscription> subscriptions = new LinkedHashMap<>();
		Map<UUID, Order> orders = new LinkedHashMap<>();
		for (String filter : List.of(BY_METADATA, BY_CUSTOMER)) {
			collect(subscriptions, Subscription::id, Subscription.class, SUBSCRIPTIONS,
					new Query.Builder().where(filter, payer).where("status", RUNNING));
			collect(orders, Order::id, Order.class, ORDERS, oneTime().where(filter, payer));
		}
		assigned.stream()
			.filter((id) -> !orders.containsKey(id))
			.forEach((id) -> order(id).ifPresent((order) -> orders.put(id, order)));
		Set<UUID> customers = new LinkedHashSet<>();
		subscriptions.values().forEach((subscription) -> customers.add(subscription.customerId()));
		orders.values().forEach((order) -> customers.add(order.customerId()));
		Map<UUID, BenefitGrant> grants = new LinkedHashMap<>();
		if (!customers.isEmpty()) {
			collect(grants, BenefitGrant::id, BenefitGrant.class, GRANTS,
					new Query.Builder().where("customer_id", customers.toArray()));
		}
		Object[] pastDue = subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.status() == SubscriptionStatus.PAST_DUE)
			.map(Subscription::id)
			.toArray();
		Map<UUID, Order> pending = new LinkedHashMap<>();
		if (pastDue.length > 0) {
			collect(pending, Order::id, Order.class, ORDERS, pending().where("subscription_id", pastDue));
		}
		return new PurchaseRecords(List.copyOf(subscriptions.values()), List.copyOf(orders.values()),
				List.copyOf(grants.values()), List.copyOf(pending.values()));
	}

	private <T> void collect(Map<UUID, T> target, Function<T, UUID> id, Class<T> type, String path,
			Query.Builder query) {
		Query all = query.build();
		PolarPage.stream(all.page(), (page) -> this.client.list(type, path, all.parameters(page)))
			.forEach((item) -> target.put(id.apply(item), item));
	}

	private Optional<Order> order(UUID id) {
		try {
			return Optional.of(this.client.get(Order.class, "/v1/orders/{id}", id))
				.filter((order) -> order.subscriptionId() == null);
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Return the product of a purchase, empty if it does not exist.
	 */
	Optional<Product> product(UUID id) {
		try {
			return Optional.of(this.client.get(Product.class, "/v1/products/{id}", id));
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Read what all payers bought. The lists begin with the oldest items and contain
	 * everything, also what has ended, so that what changes meanwhile cannot move an item
	 * to a page that was already read.
	 * @param maxPages maximum number of pages of all lists
	 * @param calls counts the calls
	 * @param executor reads pages concurrently
	 * @return the purchases, which fails with an {@link IllegalStateException} if there
	 * are more pages, or if a list is incomplete
	 */
	CompletableFuture<PurchaseRecords> readAll(int maxPages, AtomicInteger calls, Executor executor) {
		PageReader pages = new PageReader(this.client, calls, executor);
		Listed<Subscription> subscriptions = new Listed<>(Subscription::id, Subscription.class, SUBSCRIPTIONS,
				new Query.Builder().oldestFirst("started_at"), pages);
		Listed<Order> orders = new Listed<>(Order::id, Order.class, ORDERS, oneTime().oldestFirst("created_at"), pages);
		Listed<BenefitGrant> grants = new Listed<>(BenefitGrant::id, BenefitGrant.class, GRANTS,
				new Query.Builder().oldestFirst("created_at"), pages);
		Listed<Order> pending = new Listed<>(Order::id, Order.class, ORDERS, pending().oldestFirst("created_at"),
				pages);
		return CompletableFuture.allOf(subscriptions.first, orders.first, grants.first, pending.first)
			.thenCompose((first) -> {
				int count = subscriptions.pages() + orders.pages() + grants.pages() + pending.pages();
				Assert.state(count <= maxPages, () -> "Purchases at Polar have " + count + " pages");
				CompletableFuture<List<Subscription>> allSubscriptions = subscriptions.all();
				CompletableFuture<List<Order>> allOrders = orders.all();
				CompletableFuture<List<BenefitGrant>> allGrants = grants.all();
				CompletableFuture<List<Order>> allPending = pending.all();
				return CompletableFuture.allOf(allSubscriptions, allOrders, allGrants, allPending).thenApply((read) -> {
					Assert.state(subscriptions.isComplete(allSubscriptions) && orders.isComplete(allOrders)
							&& grants.isComplete(allGrants), "The lists of purchases at Polar are incomplete");
					return new PurchaseRecords(allSubscriptions.join(), allOrders.join(), allGrants.join(),
							allPending.join());
				});
			});
	}

	private static Query.Builder oneTime() {
		return new Query.Builder().where("product_billing_type", "one_time");
	}

	private static Query.Builder pending() {
		return new Query.Builder().where("status", "pending");
	}

	/**
	 * Reader of single pages.
	 */
	private record PageReader(PolarClient client, AtomicInteger calls, Executor executor) {

		<T> CompletableFuture<PolarPage<T>> read(Class<T> type, String path, Query query, int page) {
			this.calls.incrementAndGet();
			return CompletableFuture.supplyAsync(() -> this.client.list(type, path, query.parameters(page)),
					this.executor);
		}

	}

	/**
	 * List of which all pages are read.
	 */
	private static final class Listed<T> {

		private final Function<T, UUID> id;

		private final IntFunction<CompletableFuture<PolarPage<T>>> reader;

		private final CompletableFuture<PolarPage<T>> first;

		Listed(Function<T, UUID> id, Class<T> type, String path, Query.Builder builder, PageReader pages) {
			Query query = builder.build();
			this.id = id;
			this.reader = (page) -> pages.read(type, path, query, page);
			this.first = this.reader.apply(1);
		}

		int pages() {
			return Math.max(1, this.first.join().maxPage());
		}

		CompletableFuture<List<T>> all() {
			List<CompletableFuture<PolarPage<T>>> pages = new ArrayList<>(List.of(this.first));
			IntStream.rangeClosed(2, pages()).forEach((page) -> pages.add(this.reader.apply(page)));
			return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new)).thenApply((done) -> {
				Map<UUID, T> items = new LinkedHashMap<>();
				pages.forEach((page) -> page.join().items().forEach((item) -> items.put(this.id.apply(item), item)));
				return List.copyOf(items.values());
			});
		}

		/**
		 * Return whether no item is missing. The order of items with the same time can
		 * differ from page to page.
		 */
		boolean isComplete(CompletableFuture<List<T>> all) {
			return all.join().size() >= this.first.join().totalCount();
		}

	}

	/**
	 * Query for all items that match.
	 */
	private static final class Query extends PolarQuery {

		private Query(Builder builder) {
			super(builder);
		}

		static final class Builder extends PolarQuery.Builder<Builder> {

			Builder where(String filter, Object... values) {
				return filter(filter, values);
			}

			Builder oldestFirst(String property) {
				return filter("sorting", property);
			}

			Query build() {
				return new Query(this);
			}

		}

	}

}
