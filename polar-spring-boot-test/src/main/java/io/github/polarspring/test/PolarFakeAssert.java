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

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.polarspring.test.PolarFakeUsage.Event;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions for a {@link PolarFake}.
 *
 * @since 0.1.0
 * @see PolarFakeAssertions
 */
public final class PolarFakeAssert extends AbstractAssert<PolarFakeAssert, PolarFake> {

	PolarFakeAssert(PolarFake fake) {
		super(fake, PolarFakeAssert.class);
	}

	/**
	 * Verify that there is a checkout session.
	 * @return assertions for all checkout sessions. Each assertion restricts them to the
	 * matching ones and fails if there are none
	 */
	public CheckoutAssert checkout() {
		isNotNull();
		return new CheckoutAssert(this.actual, "a checkout", this.actual.state().sessions()).requireAny();
	}

	/**
	 * Verify that there is no checkout session.
	 * @return this assertion
	 */
	public PolarFakeAssert hasNoCheckout() {
		isNotNull();
		List<FakeSession> sessions = this.actual.state().sessions();
		if (!sessions.isEmpty()) {
			failWithMessage("Expected no checkout but there %s", Described.list(sessions, Described::session));
		}
		return this;
	}

	/**
	 * Verify that there is an order.
	 * @return assertions for all orders. Each assertion restricts them to the matching
	 * ones and fails if there are none
	 */
	public OrderAssert order() {
		isNotNull();
		return new OrderAssert(this.actual, "an order", this.actual.state().orders()).requireAny();
	}

	/**
	 * Verify that there is no order.
	 * @return this assertion
	 */
	public PolarFakeAssert hasNoOrder() {
		isNotNull();
		List<FakeOrder> orders = this.actual.state().orders();
		if (!orders.isEmpty()) {
			failWithMessage("Expected no order but there %s", Described.list(orders, Described::order));
		}
		return this;
	}

	/**
	 * Verify that a usage event was ingested.
	 * @return assertions for all usage events. Each assertion restricts them to the
	 * matching ones and fails if there are none
	 */
	public UsageEventAssert usageEvent() {
		isNotNull();
		return new UsageEventAssert(this.actual, "a usage event", this.actual.usage().events()).requireAny();
	}

	/**
	 * Verify that no usage event was ingested.
	 * @return this assertion
	 */
	public PolarFakeAssert hasNoUsageEvent() {
		isNotNull();
		List<Event> events = this.actual.usage().events();
		if (!events.isEmpty()) {
			failWithMessage("Expected no usage event but there %s", Described.list(events, Described::event));
		}
		return this;
	}

	/**
	 * Verify that an event was delivered and acknowledged with a 2xx status.
	 * @param type the type of the event, such as {@code order.paid}
	 * @return this assertion
	 */
	public PolarFakeAssert hasDelivered(String type) {
		isNotNull();
		this.actual.webhooks().await();
		List<Delivery> deliveries = this.actual.webhooks().deliveries();
		if (deliveries.stream().noneMatch((delivery) -> delivery.type().equals(type) && delivery.status() / 100 == 2)) {
			failWithMessage("Expected event '%s' to be delivered but the deliveries are %s", type,
					deliveries.stream()
						.map((delivery) -> delivery.type() + " (" + delivery.status() + ")")
						.collect(Collectors.joining(", ", "[", "]")));
		}
		return this;
	}

	/**
	 * Assertions for checkout sessions.
	 */
	public static final class CheckoutAssert extends Found<FakeSession, CheckoutAssert> {

		private CheckoutAssert(PolarFake fake, String expected, List<FakeSession> found) {
			super(fake, expected, found, fake.state().sessions(), Described::session);
		}

		@Override
		CheckoutAssert with(String expected, List<FakeSession> found) {
			return new CheckoutAssert(this.fake, expected, found);
		}

		/**
		 * Verify that the checkout is for the given user of the application.
		 * @param externalCustomerId the external customer ID that was sent
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert forCustomer(String externalCustomerId) {
			return keep("for the customer '" + externalCustomerId + "'",
					(session) -> externalCustomerId.equals(session.externalCustomerId));
		}

		/**
		 * Verify that the checkout is for a guest.
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert forGuest() {
			return keep("for a guest", (session) -> session.externalCustomerId == null);
		}

		/**
		 * Verify that the checkout offers a product.
		 * @param product the name in {@code polar.products}, the name on the checkout
		 * page, or the ID
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert withProduct(String product) {
			return keep("with the product '" + product + "'",
					(session) -> session.products.stream().anyMatch((each) -> is(each, product)));
		}

		/**
		 * Verify the number of seats.
		 * @param seats the number of seats
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert withSeats(int seats) {
			return keep("with " + seats + " seats", (session) -> Objects.equals(session.seats(), seats));
		}

		/**
		 * Verify the amount.
		 * @param amount the amount in minor units
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert withAmount(long amount) {
			return keep("with the amount " + amount, (session) -> session.amount() == amount);
		}

		/**
		 * Verify that the metadata contains an entry.
		 * @param key the key
		 * @param value the value: text, number or boolean
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert withMetadata(String key, Object value) {
			return keep("with the metadata " + key + "=" + value,
					(session) -> String.valueOf(value).equals(String.valueOf(session.metadata.get(key))));
		}

		/**
		 * Verify the IP address of the buyer.
		 * @param ipAddress the IP address that was sent
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert withCustomerIpAddress(String ipAddress) {
			return keep("with the address " + ipAddress, (session) -> ipAddress.equals(session.ipAddress));
		}

		/**
		 * Verify that the checkout is paid.
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert isPaid() {
			return keep("that is paid", (session) -> session.status.equals("succeeded"));
		}

		/**
		 * Verify that the checkout is open.
		 * @return assertions for the matching checkout sessions
		 */
		public CheckoutAssert isOpen() {
			return keep("that is open", FakeSession::isOpen);
		}

		/**
		 * Return the ID of the newest matching checkout session, for example to pay it.
		 * @return the ID
		 */
		public UUID id() {
			return this.found.get(0).id;
		}

	}

	/**
	 * Assertions for orders.
	 */
	public static final class OrderAssert extends Found<FakeOrder, OrderAssert> {

		private OrderAssert(PolarFake fake, String expected, List<FakeOrder> found) {
			super(fake, expected, found, fake.state().orders(), Described::order);
		}

		@Override
		OrderAssert with(String expected, List<FakeOrder> found) {
			return new OrderAssert(this.fake, expected, found);
		}

		/**
		 * Verify that the order is for the given user of the application.
		 * @param externalCustomerId the external customer ID that was sent with the
		 * checkout
		 * @return assertions for the matching orders
		 */
		public OrderAssert forCustomer(String externalCustomerId) {
			return keep("for the customer '" + externalCustomerId + "'",
					(order) -> externalCustomerId.equals(order.session.externalCustomerId));
		}

		/**
		 * Verify that the order is for a product.
		 * @param product the name in {@code polar.products}, the name on the checkout
		 * page, or the ID
		 * @return assertions for the matching orders
		 */
		public OrderAssert withProduct(String product) {
			return keep("with the product '" + product + "'", (order) -> is(order.session.product(), product));
		}

		/**
		 * Verify the amount before discount and tax, like {@code subtotal_amount}. If the
		 * price includes tax, so does this amount.
		 * @param amount the amount in minor units
		 * @return assertions for the matching orders
		 */
		public OrderAssert withAmount(long amount) {
			return keep("with the amount " + amount, (order) -> order.amounts().amount() == amount);
		}

		/**
		 * Verify that the order is fully or partially refunded.
		 * @return assertions for the matching orders
		 */
		public OrderAssert isRefunded() {
			return keep("that is refunded", (order) -> order.refunded > 0);
		}

		/**
		 * Return the ID of the newest matching order, for example to refund it.
		 * @return the ID
		 */
		public UUID id() {
			return this.found.get(0).id;
		}

	}

	/**
	 * Assertions for usage events.
	 */
	public static final class UsageEventAssert extends Found<Event, UsageEventAssert> {

		private UsageEventAssert(PolarFake fake, String expected, List<Event> found) {
			super(fake, expected, found, fake.usage().events(), Described::event);
		}

		@Override
		UsageEventAssert with(String expected, List<Event> found) {
			return new UsageEventAssert(this.fake, expected, found);
		}

		/**
		 * Verify the name of the event.
		 * @param name the name
		 * @return assertions for the matching usage events
		 */
		public UsageEventAssert withName(String name) {
			return keep("with the name '" + name + "'", (event) -> event.name().equals(name));
		}

		/**
		 * Verify that the event is for the given user of the application.
		 * @param externalCustomerId the external customer ID
		 * @return assertions for the matching usage events
		 */
		public UsageEventAssert forCustomer(String externalCustomerId) {
			return keep("for the customer '" + externalCustomerId + "'",
					(event) -> externalCustomerId.equals(event.externalCustomerId()));
		}

		/**
		 * Verify that the metadata contains an entry.
		 * @param key the key
		 * @param value the value: text, number or boolean
		 * @return assertions for the matching usage events
		 */
		public UsageEventAssert withMetadata(String key, Object value) {
			return keep("with the metadata " + key + "=" + value,
					(event) -> String.valueOf(value).equals(String.valueOf(event.metadata().get(key))));
		}

		/**
		 * Verify the number of matching events.
		 * @param count the number
		 * @return assertions for the matching usage events
		 */
		public UsageEventAssert hasCount(int count) {
			return requireCount(count);
		}

	}

	/**
	 * Base class for assertions that restrict the objects found so far.
	 *
	 * @param <T> the type of the objects
	 * @param <A> the type of the assertions
	 */
	abstract static class Found<T, A extends Found<T, A>> {

		final PolarFake fake;

		final List<T> found;

		private final String expected;

		private final List<T> all;

		private final Function<T, String> describe;

		Found(PolarFake fake, String expected, List<T> found, List<T> all, Function<T, String> describe) {
			this.fake = fake;
			this.expected = expected;
			this.found = found;
			this.all = all;
			this.describe = describe;
		}

		abstract A with(String expected, List<T> found);

		A keep(String condition, Predicate<T> predicate) {
			return with(this.expected + " " + condition, this.found.stream().filter(predicate).toList()).requireAny();
		}

		@SuppressWarnings("unchecked")
		A requireAny() {
			if (this.found.isEmpty()) {
				throw new AssertionError(
						"Expected %s but there %s".formatted(this.expected, Described.list(this.all, this.describe)));
			}
			return (A) this;
		}

		@SuppressWarnings("unchecked")
		A requireCount(int count) {
			if (this.found.size() != count) {
				throw new AssertionError("Expected %d times %s but found %d, and there %s".formatted(count,
						this.expected, this.found.size(), Described.list(this.all, this.describe)));
			}
			return (A) this;
		}

		boolean is(FakeProduct product, String name) {
			UUID named = this.fake.productNamed(name);
			return (named != null) ? named.equals(product.id())
					: product.name().equalsIgnoreCase(name) || product.id().toString().equals(name);
		}

	}

	private static final class Described {

		static <T> String list(List<T> all, Function<T, String> describe) {
			return all.isEmpty() ? "are none"
					: "are:" + all.stream().map(describe).collect(Collectors.joining("\n  ", "\n  ", ""));
		}

		static String session(FakeSession session) {
			return "checkout %s: %s for %s, %s, %d %s, seats %s, metadata %s".formatted(session.id, session.status,
					customer(session), session.products.stream().map(FakeProduct::name).toList(), session.amount(),
					session.currency, session.seats(), session.metadata);
		}

		static String order(FakeOrder order) {
			return "order %s: %s for %s, %d %s, net %d, tax %d, total %d, net refunded %d".formatted(order.id,
					order.session.product().name(), customer(order.session), order.amounts().amount(),
					order.session.currency, order.amounts().net(), order.amounts().taxOrZero(), order.amounts().total(),
					order.refunded);
		}

		static String event(Event event) {
			return "usage event %s: %s for '%s', metadata %s".formatted(event.id(), event.name(),
					event.externalCustomerId(), event.metadata());
		}

		private static String customer(FakeSession session) {
			@Nullable String id = session.externalCustomerId;
			return (id != null) ? "'" + id + "'" : "a guest";
		}

	}

}
