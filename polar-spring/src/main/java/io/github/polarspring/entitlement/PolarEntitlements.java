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

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.Assert;

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
	 * Forget the states of all users, in the memory of this instance and in the database.
	 * Until they are read again, nothing is known about them if Polar cannot be read.
	 * Intended for tests that share an application. By default, does nothing.
	 */
	default void clear() {
	}

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

	/**
	 * Return the one-time orders that are {@linkplain #assignOrder assigned} to a user.
	 * Does not call Polar. By default, returns none.
	 * @param externalId id of the user in the application
	 * @return Polar's ids of the orders, empty if states are not stored in a database
	 */
	default Set<UUID> assignedOrders(String externalId) {
		return Set.of();
	}

	/**
	 * Create a builder.
	 * @param client the client that calls Polar
	 * @param features the features and limits
	 * @return a builder
	 */
	static Builder builder(PolarClient client, PolarFeatures features) {
		return new Builder(client, features);
	}

	/**
	 * Builder for {@link PolarEntitlements}. Not safe for use by multiple threads.
	 */
	final class Builder {

		private final PolarClient client;

		private final PolarFeatures features;

		private Supplier<@Nullable CurrentPayer> currentPayer = () -> null;

		private List<ComplimentaryAccess> complimentaryAccess = List.of();

		private EntitlementStatistics statistics = new EntitlementStatistics();

		private ApplicationEventPublisher events = (event) -> {
		};

		private Duration freshFor = Duration.ofMinutes(5);

		private Duration staleFor = Duration.ofHours(24);

		private Duration readTimeout = Duration.ofSeconds(2);

		private boolean acceptUnproven;

		private Clock clock = Clock.systemUTC();

		private @Nullable DataSource dataSource;

		private @Nullable TransactionOperations transactions;

		private Builder(PolarClient client, PolarFeatures features) {
			Assert.notNull(client, "client must not be null");
			Assert.notNull(features, "features must not be null");
			this.client = client;
			this.features = features;
		}

		/**
		 * Set the strategy that determines the caller of the current request.
		 * @param currentPayer supplies the strategy, {@code null} if there is none
		 * @return this builder
		 */
		public Builder currentPayer(Supplier<@Nullable CurrentPayer> currentPayer) {
			this.currentPayer = currentPayer;
			return this;
		}

		/**
		 * Set what users have who have not bought it.
		 * @param complimentaryAccess the strategies, called in this order
		 * @return this builder
		 */
		public Builder complimentaryAccess(List<ComplimentaryAccess> complimentaryAccess) {
			this.complimentaryAccess = List.copyOf(complimentaryAccess);
			return this;
		}

		/**
		 * Set the statistics to update.
		 * @param statistics the statistics
		 * @return this builder
		 */
		public Builder statistics(EntitlementStatistics statistics) {
			this.statistics = statistics;
			return this;
		}

		/**
		 * Set what publishes the application events.
		 * @param events the publisher, by default none
		 * @return this builder
		 */
		public Builder events(ApplicationEventPublisher events) {
			this.events = events;
			return this;
		}

		/**
		 * Set how long a state is used.
		 * @param freshFor duration after which a state is read again, 5 minutes by
		 * default
		 * @param staleFor maximum age of a state that is used while Polar cannot be read,
		 * 24 hours by default
		 * @param readTimeout maximum time for which a check waits for Polar, 2 seconds by
		 * default
		 * @return this builder
		 */
		public Builder durations(Duration freshFor, Duration staleFor, Duration readTimeout) {
			this.freshFor = freshFor;
			this.staleFor = staleFor;
			this.readTimeout = readTimeout;
			return this;
		}

		/**
		 * Set whether purchases of a user's customer count for the user although nothing
		 * proves who made them, for shops that sell through links of Polar's. Who enters
		 * the e-mail address of another user at a checkout then shares the purchases of
		 * that user.
		 * @param acceptUnproven whether they count, {@code false} by default
		 * @return this builder
		 */
		public Builder acceptUnproven(boolean acceptUnproven) {
			this.acceptUnproven = acceptUnproven;
			return this;
		}

		/**
		 * Set the clock.
		 * @param clock the clock, by default that of the system
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Store states in a database that all instances of the application share. The
		 * scripts for its tables are {@code schema-*.sql} in this package.
		 * @param dataSource contains the tables
		 * @param transactions begin new transactions on the data source, with the
		 * isolation level 'read committed'
		 * @return this builder
		 */
		public Builder database(DataSource dataSource, TransactionOperations transactions) {
			this.dataSource = dataSource;
			this.transactions = transactions;
			return this;
		}

		/**
		 * Check that a database contains the tables.
		 * @param dataSource contains the tables
		 * @param transactions begin new transactions on the data source
		 * @throws org.springframework.dao.DataAccessException if one is missing, or the
		 * database is not available
		 */
		public static void checkDatabase(DataSource dataSource, TransactionOperations transactions) {
			new JdbcHoldingsStore(dataSource, transactions, Clock.systemUTC()).check();
		}

		private @Nullable JdbcHoldingsStore store() {
			return (this.dataSource != null && this.transactions != null)
					? new JdbcHoldingsStore(this.dataSource, this.transactions, this.clock) : null;
		}

		/**
		 * Build the entitlements.
		 * @return an instance, to be closed if it is an {@link AutoCloseable}
		 */
		public PolarEntitlements build() {
			return build(store(), true);
		}

		DefaultPolarEntitlements build(@Nullable HoldingsStore store, boolean polled) {
			return new DefaultPolarEntitlements(this.client,
					new PayerEntitlements.Settings(this.features, this.complimentaryAccess, this.statistics),
					new Settings(this.currentPayer, this.freshFor, this.staleFor, this.readTimeout, this.acceptUnproven,
							polled),
					store, this.events, this.clock);
		}

		record Settings(Supplier<@Nullable CurrentPayer> currentPayer, Duration freshFor, Duration staleFor,
				Duration readTimeout, boolean acceptUnproven, boolean polled) {

		}

	}

}
