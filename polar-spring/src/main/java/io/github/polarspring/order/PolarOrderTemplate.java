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

package io.github.polarspring.order;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.client.PolarQuery;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Payment;
import io.github.polarspring.model.Refund;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.Assert;

/**
 * {@link PolarOrderOperations} that use the Polar API. Everything but a refund is retried
 * even if the outcome of the first attempt is unknown.
 * <p>
 * Instances are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarOrderTemplate implements PolarOrderOperations {

	private static final String ALL = "/v1/orders/";

	private static final String BY_ID = "/v1/orders/{id}";

	private static final String PAYMENTS = "/v1/payments/";

	private static final String BUYER = "external_customer_id";

	private final PolarClient client;

	private final Supplier<CurrentPayer> currentPayer;

	private final Function<String, Set<UUID>> assignedOrders;

	private final OrderDocuments documents;

	private final OrderRefunds refunds;

	private PolarOrderTemplate(Builder builder) {
		this.client = builder.client;
		this.currentPayer = builder.currentPayer;
		this.assignedOrders = builder.assignedOrders;
		this.documents = new OrderDocuments(builder.client, builder.documentTimeout);
		this.refunds = new OrderRefunds(builder.client,
				(builder.ledger != null) ? builder.ledger.apply(builder.clock) : RefundLedger.inMemory(builder.clock),
				builder.clock);
	}

	/**
	 * Return a builder.
	 * @param client the client that calls Polar
	 * @return a builder
	 */
	public static Builder builder(PolarClient client) {
		return new Builder(client);
	}

	@Override
	public PolarPage<Order> list(OrderQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.client.list(Order.class, ALL, query.parameters());
	}

	@Override
	public Stream<Order> stream(OrderQuery query) {
		Assert.notNull(query, "query must not be null");
		return PolarPage.stream(query.page(), (page) -> this.client.list(Order.class, ALL, query.parameters(page)));
	}

	@Override
	public Optional<Order> find(UUID id) {
		Assert.notNull(id, "id must not be null");
		try {
			return Optional.of(this.client.get(Order.class, BY_ID, id));
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	@Override
	public UserOrders ofCurrentUser() {
		return of(this.currentPayer.get().requireIdentity().memberId());
	}

	@Override
	public UserOrders of(String externalId) {
		return new OwnOrders(PolarIdentity.requireExternalId(externalId));
	}

	@Override
	public URI invoice(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.documents.invoice(id);
	}

	@Override
	public URI receipt(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.documents.receipt(id);
	}

	@Override
	public Order changeBillingDetails(UUID id, BillingDetails details) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(details, "details must not be null");
		Order order = this.client.patch(Order.class, BY_ID, details.body(), id);
		this.documents.regenerateInvoice(order);
		return order;
	}

	@Override
	public List<Payment> payments(UUID id) {
		Assert.notNull(id, "id must not be null");
		PaymentQuery query = new PaymentQuery.Builder().ofOrder(id).build();
		return PolarPage
			.stream(query.page(), (page) -> this.client.list(Payment.class, PAYMENTS, query.parameters(page)))
			.filter((payment) -> id.equals(payment.orderId()))
			.toList();
	}

	@Override
	public List<Refund> refunds(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.refunds.list(id);
	}

	@Override
	public Refund refund(UUID id, RefundRequest request) {
		Assert.notNull(id, "id must not be null");
		Assert.notNull(request, "request must not be null");
		return this.refunds.refund(id, request);
	}

	/**
	 * Orders of one user.
	 */
	private final class OwnOrders implements UserOrders {

		private final String externalId;

		private OwnOrders(String externalId) {
			this.externalId = externalId;
		}

		@Override
		public List<Order> list() {
			Map<UUID, Order> own = new LinkedHashMap<>();
			for (OrderQuery query : List.of(OrderQuery.builder().metadata(BUYER, this.externalId).build(),
					OrderQuery.builder().externalCustomerId(this.externalId).build())) {
				PolarOrderTemplate.this.stream(query)
					.filter(this::isOwn)
					.forEach((order) -> own.put(order.id(), order));
			}
			assigned().stream()
				.filter((id) -> !own.containsKey(id))
				.map(PolarOrderTemplate.this::find)
				.flatMap(Optional::stream)
				.forEach((order) -> own.put(order.id(), order));
			return own.values()
				.stream()
				.sorted(Comparator.comparing(Order::createdAt, Comparator.nullsLast(Comparator.reverseOrder())))
				.toList();
		}

		private boolean isOwn(Order order) {
			return order.isBoughtBy(this.externalId);
		}

		private Set<UUID> assigned() {
			return PolarOrderTemplate.this.assignedOrders.apply(this.externalId);
		}

		@Override
		public Optional<Order> find(UUID id) {
			return PolarOrderTemplate.this.find(id).filter((order) -> isOwn(order) || assigned().contains(id));
		}

		private UUID require(UUID id) {
			return find(id)
				.orElseThrow(() -> new PolarNotFoundException("The order %s is not one of the user's".formatted(id),
						404, null, null))
				.id();
		}

		@Override
		public URI invoice(UUID id) {
			return PolarOrderTemplate.this.invoice(require(id));
		}

		@Override
		public URI receipt(UUID id) {
			return PolarOrderTemplate.this.receipt(require(id));
		}

		@Override
		public Order changeBillingDetails(UUID id, BillingDetails details) {
			return PolarOrderTemplate.this.changeBillingDetails(require(id), details);
		}

	}

	private static final class PaymentQuery extends PolarQuery {

		private PaymentQuery(Builder builder) {
			super(builder);
		}

		private static final class Builder extends PolarQuery.Builder<Builder> {

			Builder ofOrder(UUID orderId) {
				return filter("order_id", orderId);
			}

			PaymentQuery build() {
				return new PaymentQuery(this);
			}

		}

	}

	/**
	 * Builder for a {@link PolarOrderTemplate}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final PolarClient client;

		private Supplier<CurrentPayer> currentPayer = CurrentPayer::unknown;

		private Function<String, Set<UUID>> assignedOrders = (externalId) -> Set.of();

		private Duration documentTimeout = Duration.ofSeconds(10);

		private Clock clock = Clock.systemUTC();

		private @Nullable Function<Clock, RefundLedger> ledger;

		private Builder(PolarClient client) {
			Assert.notNull(client, "client must not be null");
			this.client = client;
		}

		/**
		 * Set who the caller of the current request is, not known by default.
		 * @param currentPayer supplies the strategy
		 * @return this builder
		 */
		public Builder currentPayer(Supplier<CurrentPayer> currentPayer) {
			this.currentPayer = currentPayer;
			return this;
		}

		/**
		 * Set which orders belong to a user although it is not proven that the user
		 * bought them, none by default.
		 * @param assignedOrders returns Polar's ids of the orders that are assigned to
		 * the user with an id, see
		 * {@link io.github.polarspring.entitlement.PolarEntitlements#assignedOrders}
		 * @return this builder
		 */
		public Builder assignedOrders(Function<String, Set<UUID>> assignedOrders) {
			this.assignedOrders = assignedOrders;
			return this;
		}

		/**
		 * Set how long to wait until Polar has generated an invoice or a receipt, 10
		 * seconds by default.
		 * @param documentTimeout the maximum duration
		 * @return this builder
		 */
		public Builder documentTimeout(Duration documentTimeout) {
			Assert.isTrue(!documentTimeout.isNegative(), "documentTimeout must not be negative");
			this.documentTimeout = documentTimeout;
			return this;
		}

		/**
		 * Set the clock by which it is decided how long Polar may still be processing a
		 * refund, the clock of the system by default.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Set the database by which several instances make the refunds of an order one
		 * after the other. Without it, they could make the same refund twice at the same
		 * time.
		 * @param dataSource contains the tables {@code polar_refund_turn} and
		 * {@code polar_refund_attempt}
		 * @param transactions begin new transactions on the data source, with the
		 * isolation level 'read committed'
		 * @return this builder
		 */
		public Builder database(DataSource dataSource, TransactionOperations transactions) {
			this.ledger = (clock) -> new JdbcRefundLedger(dataSource, transactions, clock);
			return this;
		}

		/**
		 * Check that the tables exist.
		 * @param dataSource the data source
		 * @param transactions begin new transactions on the data source
		 * @throws org.springframework.dao.DataAccessException if it does not exist, or
		 * the database is not available
		 */
		public static void checkDatabase(DataSource dataSource, TransactionOperations transactions) {
			new JdbcRefundLedger(dataSource, transactions, Clock.systemUTC()).check();
		}

		/**
		 * Build the template. Does not call Polar.
		 * @return a new template
		 */
		public PolarOrderTemplate build() {
			return new PolarOrderTemplate(this);
		}

	}

}
