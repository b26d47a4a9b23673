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

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what happened at a {@link PolarFake}.
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
	 * @return assertions on all there are. Each further one keeps those that fit, and
	 * fails if none does
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
			failWithMessage("Expected no checkout, but there %s", Described.list(sessions, Described::session));
		}
		return this;
	}

	/**
	 * Verify that there is an order.
	 * @return assertions on all there are. Each further one keeps those that fit, and
	 * fails if none does
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
			failWithMessage("Expected no order, but there %s", Described.list(orders, Described::order));
		}
		return this;
	}

	/**
	 * Verify that an event was delivered, and answered 2xx.
	 * @param type type of the event, such as {@code order.paid}
	 * @return this assertion
	 */
	public PolarFakeAssert delivered(String type) {
		isNotNull();
		this.actual.webhooks().await();
		List<Delivery> deliveries = this.actual.webhooks().deliveries();
		if (deliveries.stream().noneMatch((delivery) -> delivery.type().equals(type) && delivery.status() / 100 == 2)) {
			failWithMessage("Expected the event '%s' to be delivered, but the deliveries are %s", type,
					deliveries.stream()
						.map((delivery) -> delivery.type() + " (" + delivery.status() + ")")
						.collect(Collectors.joining(", ", "[", "]")));
		}
		return this;
	}

	/**
	 * Assertions on checkout sessions.
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
		 * Keep those of a user of the application.
		 * @param externalCustomerId the external customer id that was sent
		 * @return assertions on those that fit
		 */
		public CheckoutAssert forCustomer(String externalCustomerId) {
			return keep("for the customer '" + externalCustomerId + "'",
					(session) -> externalCustomerId.equals(session.externalCustomerId));
		}

		/**
		 * Keep those without a user.
		 * @return assertions on those that fit
		 */
		public CheckoutAssert forGuest() {
			return keep("for a guest", (session) -> session.externalCustomerId == null);
		}

		/**
		 * Keep those that offer a product.
		 * @param product name in {@code polar.products}, name on the checkout page, or id
		 * @return assertions on those that fit
		 */
		public CheckoutAssert withProduct(String product) {
			return keep("with the product '" + product + "'",
					(session) -> session.products.stream().anyMatch((each) -> is(each, product)));
		}

		/**
		 * Keep those for some seats.
		 * @param seats the number
		 * @return assertions on those that fit
		 */
		public CheckoutAssert withSeats(int seats) {
			return keep("with " + seats + " seats", (session) -> Objects.equals(session.seats, seats));
		}

		/**
		 * Keep those that cost something.
		 * @param amount minor units
		 * @return assertions on those that fit
		 */
		public CheckoutAssert withAmount(long amount) {
			return keep("with the amount " + amount, (session) -> session.amount() == amount);
		}

		/**
		 * Keep those with a metadata entry.
		 * @param key its key
		 * @param value its value: text, number or boolean
		 * @return assertions on those that fit
		 */
		public CheckoutAssert withMetadata(String key, Object value) {
			return keep("with the metadata " + key + "=" + value,
					(session) -> String.valueOf(value).equals(String.valueOf(session.metadata.get(key))));
		}

		/**
		 * Keep those with the shopper's address.
		 * @param ipAddress the IP address that was sent
		 * @return assertions on those that fit
		 */
		public CheckoutAssert withCustomerIpAddress(String ipAddress) {
			return keep("with the address " + ipAddress, (session) -> ipAddress.equals(session.ipAddress));
		}

		/**
		 * Keep those that are paid.
		 * @return assertions on those that fit
		 */
		public CheckoutAssert isPaid() {
			return keep("that is paid", (session) -> session.status.equals("succeeded"));
		}

		/**
		 * Keep those that are open.
		 * @return assertions on those that fit
		 */
		public CheckoutAssert isOpen() {
			return keep("that is open", FakeSession::isOpen);
		}

		/**
		 * Return the id of the newest that fits, to pay it for example.
		 * @return the id
		 */
		public UUID id() {
			return this.found.get(0).id;
		}

	}

	/**
	 * Assertions on orders.
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
		 * Keep those of a user of the application, by the id that was sent with the
		 * checkout.
		 * @param externalCustomerId the external customer id
		 * @return assertions on those that fit
		 */
		public OrderAssert forCustomer(String externalCustomerId) {
			return keep("for the customer '" + externalCustomerId + "'",
					(order) -> externalCustomerId.equals(order.session.externalCustomerId));
		}

		/**
		 * Keep those of a product.
		 * @param product name in {@code polar.products}, name on the checkout page, or id
		 * @return assertions on those that fit
		 */
		public OrderAssert withProduct(String product) {
			return keep("with the product '" + product + "'", (order) -> is(order.session.product(), product));
		}

		/**
		 * Keep those that cost something.
		 * @param amount minor units
		 * @return assertions on those that fit
		 */
		public OrderAssert withAmount(long amount) {
			return keep("with the amount " + amount, (order) -> order.amount() == amount);
		}

		/**
		 * Keep those of which something was paid back.
		 * @return assertions on those that fit
		 */
		public OrderAssert isRefunded() {
			return keep("that is refunded", (order) -> order.refunded > 0);
		}

		/**
		 * Return the id of the newest that fits, to refund it for example.
		 * @return the id
		 */
		public UUID id() {
			return this.found.get(0).id;
		}

	}

	/**
	 * What fits so far.
	 *
	 * @param <T> type of what was found
	 * @param <A> type of the assertions
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
						"Expected %s, but there %s".formatted(this.expected, Described.list(this.all, this.describe)));
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
			return all.isEmpty() ? "is none"
					: "are:" + all.stream().map(describe).collect(Collectors.joining("\n  ", "\n  ", ""));
		}

		static String session(FakeSession session) {
			return "checkout %s: %s for %s, %s, %d %s, seats %s, metadata %s".formatted(session.id, session.status,
					customer(session), session.products.stream().map(FakeProduct::name).toList(), session.amount(),
					session.currency, session.seats, session.metadata);
		}

		static String order(FakeOrder order) {
			return "order %s: %s for %s, %d %s, %d refunded".formatted(order.id, order.session.product().name(),
					customer(order.session), order.amount(), order.session.currency, order.refunded);
		}

		private static String customer(FakeSession session) {
			@Nullable String id = session.externalCustomerId;
			return (id != null) ? "'" + id + "'" : "a guest";
		}

	}

}
