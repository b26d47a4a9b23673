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

package io.github.polarspring.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Brings the fake into the state that a type of event tells of.
 */
final class FakeEmitter {

	private final FakeState state;

	private final Map<String, Consumer<UUID>> actions = new LinkedHashMap<>();

	FakeEmitter(FakeState state) {
		this.state = state;
		FakeSales sales = state.sales();
		on("checkout.created", "checkout session", state::session, (session) -> send("checkout.created", session));
		on("checkout.updated", "checkout session", state::session, (session) -> {
			session.modifiedAt = state.now();
			send("checkout.updated", session);
		});
		on("checkout.expired", "checkout session", state::session, state::expire);
		on("customer.created", "customer", state::customer, state::announce);
		on("customer.updated", "customer", state::customer, (customer) -> state.update(customer, Map.of()));
		on("customer.deleted", "customer", state::customer, (customer) -> state.delete(customer, false));
		on("customer.state_changed", "customer", state::customer, state::sendState);
		for (String type : List.of("member.created", "member.updated")) {
			on(type, "customer or member", this::customerOrMember,
					(customer) -> state.send(type, customer.owner().toJson()));
		}
		on("order.created", "checkout session", state::session, this::pay);
		on("order.updated", "order", state::order, sales::touch);
		on("order.paid", "order or checkout session", (id) -> first(state.order(id), state.session(id)),
				(object) -> payOrder(sales, object));
		on("order.refunded", "order", state::order, (order) -> {
			Map<String, @Nullable Object> refund = refund(order);
			if ("pending".equals(refund.get("status"))) {
				sales.refunds.complete(refund, true);
			}
		});
		on("refund.created", "order", state::order, this::refund);
		// a refund that has succeeded is returned by the bank
		on("refund.updated", "refund", sales.refunds::find, (Map<String, @Nullable Object> refund) -> sales.refunds
			.complete(refund, "pending".equals(refund.get("status"))));
		on("subscription.created", "checkout session", state::session, this::subscribe);
		on("subscription.updated", "subscription", state::subscription,
				(subscription) -> sales.changes.touch(subscription));
		on("subscription.active", "subscription or checkout session",
				(id) -> first(state.subscription(id), state.session(id)), (object) -> activate(sales, object));
		on("subscription.canceled", "subscription", state::subscription,
				(subscription) -> sales.changes.cancel(subscription, null, null));
		on("subscription.uncanceled", "subscription", state::subscription, sales.changes::uncancel);
		on("subscription.cycled", "subscription", state::subscription, this::endPeriod);
		on("subscription.past_due", "subscription", state::subscription,
				(subscription) -> sales.charges.declining(subscription, () -> endPeriod(subscription)));
		on("subscription.revoked", "subscription", state::subscription,
				(subscription) -> sales.changes.end(subscription));
		on("subscription.paused", "subscription", state::subscription, sales.renewals::pause);
		on("subscription.resumed", "subscription", state::subscription, sales.renewals::resume);
		on("benefit_grant.created", "benefit grant", sales::grant, (grant) -> sales.grantAgain(grant));
		on("benefit_grant.updated", "benefit grant", sales::grant,
				(grant) -> sales.touch(grant, "benefit_grant.updated"));
		on("benefit_grant.cycled", "benefit grant", sales::grant,
				(grant) -> sales.touch(grant, "benefit_grant.cycled"));
		on("benefit_grant.revoked", "benefit grant", sales::grant, sales::revoke);
		on("product.created", "product", state::product, (product) -> send("product.created", product));
		on("product.updated", "product", state::product, (product) -> {
			product.modified(state.now());
			send("product.updated", product);
		});
		on("discount.created", "discount", state::discount, (discount) -> send("discount.created", discount));
		on("discount.updated", "discount", state::discount, (discount) -> send("discount.updated", discount));
		on("discount.deleted", "discount", state::discount, (discount) -> {
			state.removeDiscount(discount.id());
			send("discount.deleted", discount);
		});
		on("benefit.created", "benefit", state.catalog()::benefit,
				(Map<String, @Nullable Object> benefit) -> state.send("benefit.created", benefit));
		on("benefit.updated", "benefit", state.catalog()::benefit, (Map<String, @Nullable Object> benefit) -> {
			benefit.put("modified_at", state.now());
			state.send("benefit.updated", benefit);
		});
	}

	/**
	 * Return the supported types.
	 */
	Set<String> types() {
		return this.actions.keySet();
	}

	void emit(String type, UUID id) {
		Consumer<UUID> action = this.actions.get(type);
		Assert.isTrue(action != null,
				() -> "The fake cannot emit '%s', only one of: %s. To send any event without a change of the state, use webhooks().send"
					.formatted(type, String.join(", ", this.actions.keySet())));
		synchronized (this.state) {
			try {
				action.accept(id);
			}
			catch (FakeRejection ex) {
				throw new IllegalStateException("'%s' cannot happen to %s: %s".formatted(type, id, ex.getMessage()),
						ex);
			}
		}
	}

	private <T> void on(String type, String kind, Function<UUID, @Nullable T> lookup, Consumer<T> action) {
		this.actions.put(type, (id) -> {
			T object = lookup.apply(id);
			Assert.state(object != null,
					() -> "The fake has no %s with the ID %s, which '%s' is about".formatted(kind, id, type));
			action.accept(object);
		});
	}

	private static @Nullable Object first(@Nullable Object first, @Nullable Object second) {
		return (first != null) ? first : second;
	}

	private void pay(FakeSession session) {
		this.state.pay(session, null, null);
	}

	private void subscribe(FakeSession session) {
		Assert.state(session.product().isRecurring() && session.get("subscription_id") == null,
				() -> "The checkout session " + session.id + " does not create a subscription");
		pay(session);
	}

	private void payOrder(FakeSales sales, Object object) {
		if (object instanceof FakeSession session) {
			pay(session);
			return;
		}
		FakeOrder order = (FakeOrder) object;
		Assert.state(order.status().equals("pending"), () -> "The order " + order.id + " is " + order.status());
		sales.charges.accepting(() -> sales.charges.retry(order));
	}

	private void activate(FakeSales sales, Object object) {
		if (object instanceof FakeSession session) {
			subscribe(session);
			return;
		}
		FakeSubscription subscription = (FakeSubscription) object;
		Assert.state(subscription.isPastDue(),
				() -> "The subscription " + subscription.id + " is " + subscription.status + ", not past_due");
		sales.charges.accepting(() -> sales.orders.values()
			.stream()
			.filter((order) -> subscription.equals(order.subscription) && order.status().equals("pending"))
			.toList()
			.forEach(sales.charges::retry));
	}

	private void endPeriod(FakeSubscription subscription) {
		Assert.state(subscription.isActive(),
				() -> "The subscription " + subscription.id + " is " + subscription.status);
		Assert.state(!subscription.cancelAtPeriodEnd,
				() -> "The subscription " + subscription.id + " is canceled, so it will not be renewed");
		this.state.advanceToEndOf(subscription);
	}

	private Map<String, @Nullable Object> refund(FakeOrder order) {
		return this.state.refund(order, order.refundable(), "customer_request", false, Map.of());
	}

	private void send(String type, FakeSession session) {
		this.state.send(type, session.toJson(this.state.organizationId()));
	}

	private @Nullable FakeCustomer customerOrMember(UUID id) {
		return this.state.customers()
			.stream()
			.filter((customer) -> customer.id().equals(id) || id.equals(customer.owner().id))
			.findFirst()
			.orElse(null);
	}

	private void send(String type, FakeDiscount discount) {
		this.state.send(type, this.state.catalog().json(discount));
	}

	private void send(String type, FakeProduct product) {
		this.state.send(type, product.toFullJson(this.state.organizationId()));
	}

}
