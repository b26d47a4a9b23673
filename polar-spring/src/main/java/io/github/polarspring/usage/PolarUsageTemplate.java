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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.usage.MeterBalances.Known;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.Assert;

/**
 * {@link PolarUsage} that stores events in a database or in memory, from where a thread
 * sends them to Polar, at most 500 per request. An event has its id before it is sent, so
 * that Polar counts it once if it is sent again. Spring Boot calls {@link #start} and
 * {@link #stop}.
 *
 * @since 0.1.0
 */
public final class PolarUsageTemplate implements PolarUsage {

	/**
	 * Difference between the clocks of two machines that is not a mistake.
	 */
	private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

	private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

	/**
	 * Number of requests with events for which a balance can be read.
	 */
	private static final int READS = 5;

	private final UsageStore store;

	private final UsageSender sender;

	private final PolarMeters meters;

	private final MeterBalances balances;

	private final Supplier<CurrentPayer> currentPayer;

	private final Clock clock;

	private PolarUsageTemplate(Builder builder) {
		this.clock = builder.clock;
		this.currentPayer = builder.currentPayer;
		this.store = (builder.database != null) ? builder.database.apply(builder.clock)
				: new MemoryUsageStore(builder.queueCapacity, builder.clock);
		this.meters = builder.meters;
		this.balances = new MeterBalances(
				builder.client, builder.meters, this.store, new MeterBalances.Settings(builder.freshFor,
						builder.staleFor, builder.readTimeout, Math.max(1, builder.requestsPerMinute / READS)),
				builder.clock);
		this.sender = new UsageSender(this.store, builder.client, builder.clock, new Settings(builder.pollInterval,
				Duration.ofMinutes(1).dividedBy(builder.requestsPerMinute), builder.turn, builder.shutdownTimeout));
	}

	/**
	 * Return a builder.
	 * @param client the client
	 * @return a new builder
	 */
	public static Builder builder(PolarClient client) {
		return new Builder(client);
	}

	@Override
	public void record(UsageEvent event) {
		Assert.notNull(event, "event must not be null");
		this.store.add(pending(event), this.clock.instant(), Set.of());
	}

	private PendingEvent pending(UsageEvent event) {
		Instant now = this.clock.instant();
		Instant timestamp = event.timestamp();
		Assert.isTrue(timestamp == null || !timestamp.isAfter(now.plus(CLOCK_SKEW)),
				"timestamp must not be in the future");
		// as it is stored in the database
		Instant time = ((timestamp != null) ? timestamp : now).truncatedTo(ChronoUnit.MILLIS);
		Map<String, BigDecimal> units = this.meters.units(event);
		String customer = event.externalCustomerId();
		if (customer != null) {
			return PendingEvent.of(event, customer, event.externalMemberId(), time, units);
		}
		PolarIdentity identity = this.currentPayer.get().requireIdentity();
		boolean member = !identity.memberId().equals(identity.externalId());
		return PendingEvent.of(event, identity.externalId(), member ? identity.memberId() : null, time, units);
	}

	@Override
	public MeterBalance balance(String meter) {
		CurrentPayer payer = this.currentPayer.get();
		return balance(meter, payer.requireIdentity().externalId(), payer.paidAt());
	}

	@Override
	public MeterBalance balance(String meter, String externalCustomerId) {
		return balance(meter, PolarIdentity.requireExternalId(externalCustomerId), null);
	}

	private MeterBalance balance(String meter, String customer, @Nullable Instant paidAt) {
		this.meters.require(meter);
		Known known = this.balances.of(customer, Map.of(meter, BigDecimal.ONE), paidAt);
		StoredBalance balance = known.balances().get(meter);
		if (balance == null) {
			throw unavailable(known);
		}
		return new MeterBalance(meter, balance.remaining(), balance.credited());
	}

	private static PolarEntitlementsUnavailableException unavailable(Known known) {
		return new PolarEntitlementsUnavailableException(
				"It is not known how much the customer has left, because Polar cannot be read now", RETRY_AFTER,
				known.failure());
	}

	@Override
	public boolean tryRecord(UsageEvent event) {
		return exceededBy(event) == null;
	}

	@Override
	public void consume(UsageEvent event) {
		UsageMeter exceeded = exceededBy(event);
		if (exceeded != null) {
			throw new PolarQuotaExceededException(exceeded);
		}
	}

	@Override
	public boolean tryConsume(String meter, long units) {
		return tryRecord(event(this.meters.require(meter), units));
	}

	@Override
	public void consume(String meter, long units) {
		consume(event(this.meters.require(meter), units));
	}

	/**
	 * Record an event, and return {@code null}, or return a meter on which not enough is
	 * left.
	 */
	private @Nullable UsageMeter exceededBy(UsageEvent event) {
		Assert.notNull(event, "event must not be null");
		PendingEvent pending = pending(event);
		Map<String, BigDecimal> units = pending.units();
		if (units.isEmpty()) {
			throw notCounted(event);
		}
		Instant paidAt = (event.externalCustomerId() == null) ? this.currentPayer.get().paidAt() : null;
		Known known = this.balances.of(pending.customer(), units, paidAt);
		Map<String, StoredBalance> limited = known.balances();
		units.keySet()
			.stream()
			.filter((meter) -> !limited.containsKey(meter)
					&& this.meters.require(meter).whenUnknown() == WhenUnknown.REJECT)
			.findFirst()
			.ifPresent((meter) -> {
				throw unavailable(known);
			});
		if (this.store.add(pending, this.clock.instant(), limited.keySet())) {
			return null;
		}
		return limited.entrySet()
			.stream()
			.filter((balance) -> isExceeded(balance.getValue(), units.getOrDefault(balance.getKey(), BigDecimal.ZERO)))
			.map(Map.Entry::getKey)
			.findFirst()
			.or(() -> limited.keySet().stream().filter(units::containsKey).findFirst())
			.map(this.meters::require)
			.orElseThrow();
	}

	private static boolean isExceeded(StoredBalance balance, BigDecimal units) {
		return units.signum() > 0 && balance.remaining().compareTo(units) < 0;
	}

	private PolarConfigurationException notCounted(UsageEvent event) {
		return this.meters.all()
			.stream()
			.filter((meter) -> event.name().equals(meter.event()))
			.findFirst()
			.map((meter) -> new PolarConfigurationException(
					"The meter '%s' counts the event '%s' by its property '%s', which the event does not have as a number."
						.formatted(meter.name(), event.name(), meter.property()),
					"Add it with metadata(\"%s\", units).".formatted(meter.property())))
			.orElseGet(() -> new PolarConfigurationException(
					"No meter in 'polar.usage.meters' counts the event '%s'.".formatted(event.name()),
					"Set 'polar.usage.meters.<name>.event: %s', or call record.".formatted(event.name())));
	}

	private static UsageEvent event(UsageMeter meter, long units) {
		Assert.isTrue(units > 0, "units must be positive");
		String event = meter.event();
		if (event == null) {
			throw new PolarConfigurationException(
					"The meter '%s' can only be read, because it has no event.".formatted(meter.name()),
					"Set 'polar.usage.meters.%s.event' to the name of the events that the meter counts."
						.formatted(meter.name()));
		}
		String property = meter.property();
		Assert.isTrue(property != null || units == 1,
				() -> "The meter '%s' counts events, so that each uses one unit. Set 'polar.usage.meters.%1$s.property' if it adds up a property"
					.formatted(meter.name()));
		UsageEvent.Builder builder = UsageEvent.builder(event);
		return ((property != null) ? builder.metadata(property, units) : builder).build();
	}

	/**
	 * Take over the balances in the state of a customer, as Polar sends it with the event
	 * {@code customer.state_changed}. Balances that are not known yet are not stored.
	 * @param state the state
	 * @param at when Polar created the event
	 */
	public void update(CustomerState state, Instant at) {
		this.balances.update(state, at);
	}

	/**
	 * Forget the balances of a customer. Recorded events are not affected.
	 * @param externalCustomerId id of the user or the team in the application
	 */
	public void erase(String externalCustomerId) {
		this.store.erase(externalCustomerId);
	}

	/**
	 * Forget all events, whether they were sent or not, and all balances; with a
	 * database, those of all instances. Intended for tests that share an application.
	 */
	public void clear() {
		this.store.clear();
	}

	/**
	 * Start sending events. Until then, and after {@link #stop}, they wait.
	 * @param preparation checks the prerequisites, and is repeated until it succeeds
	 */
	public void start(Runnable preparation) {
		this.sender.start(preparation);
	}

	/**
	 * Stop sending events, after the request in progress. Events in the database wait for
	 * another instance or the next start. Events in memory are sent before, unless this
	 * takes longer than the timeout: the others are lost, and their number is logged.
	 */
	public void stop() {
		this.sender.stop();
	}

	/**
	 * Return whether events are being sent.
	 * @return {@code true} between {@link #start} and {@link #stop}
	 */
	public boolean isRunning() {
		return this.sender.isRunning();
	}

	/**
	 * Check that the tables exist, if events are stored in a database.
	 * @throws org.springframework.dao.DataAccessException if they do not exist, or the
	 * database is not available
	 */
	public void check() {
		this.store.check();
	}

	/**
	 * Return the events that are not sent yet.
	 * @return the backlog; with a database, that of all instances
	 * @throws org.springframework.dao.DataAccessException if the database is not
	 * available
	 */
	public Backlog backlog() {
		return this.store.backlog(this.clock.instant());
	}

	/**
	 * Return the number of events that this instance has sent since it was created.
	 * @return the number, including events that Polar already had
	 */
	public long sent() {
		return this.sender.sent();
	}

	/**
	 * Return the events that Polar rejected.
	 * @return the dead letters; with a database, those of all instances
	 */
	public PolarUsageDeadLetters deadLetters() {
		return this.store;
	}

	/**
	 * Events that are not sent.
	 *
	 * @param pending number of events that wait or are being sent
	 * @param oldest how long the oldest of them has waited; zero if there is none
	 * @param deadLetters number of dead letters
	 */
	public record Backlog(long pending, Duration oldest, long deadLetters) {

	}

	/**
	 * Settings of the thread that sends events.
	 *
	 * @param pollInterval interval at which to look for events
	 * @param interval minimum time between two requests
	 * @param turn duration of a turn, longer than a request takes
	 * @param shutdownTimeout maximum duration of {@link #stop}
	 */
	record Settings(Duration pollInterval, Duration interval, Duration turn, Duration shutdownTimeout) {

	}

	/**
	 * Builder for a {@link PolarUsageTemplate}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final PolarClient client;

		private Supplier<CurrentPayer> currentPayer = CurrentPayer::unknown;

		private Clock clock = Clock.systemUTC();

		private @Nullable Function<Clock, UsageStore> database;

		private PolarMeters meters = new PolarMeters(List.of());

		private Duration freshFor = Duration.ofMinutes(5);

		private Duration staleFor = Duration.ofHours(24);

		private Duration readTimeout = Duration.ofSeconds(2);

		private int queueCapacity = 10_000;

		private int requestsPerMinute = 50;

		private Duration pollInterval = Duration.ofSeconds(1);

		private Duration turn = Duration.ofSeconds(10);

		private Duration shutdownTimeout = Duration.ofSeconds(10);

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
		 * Set the clock, that of the system by default. The clocks of instances that
		 * share a database must not differ by more than seconds.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Store events in a database, which several instances can share.
		 * @param dataSource contains the tables {@code polar_usage_event},
		 * {@code polar_usage_turn}, {@code polar_usage_unit} and
		 * {@code polar_usage_balance}
		 * @param transactionManager the transaction manager of the data source. Events
		 * are recorded in its current transaction, or in a new one
		 * @param transactions begin new transactions on the data source, with the
		 * isolation level 'read committed'
		 * @return this builder
		 */
		public Builder database(DataSource dataSource, PlatformTransactionManager transactionManager,
				TransactionOperations transactions) {
			this.database = (clock) -> new JdbcUsageStore(dataSource, transactionManager, transactions, clock);
			return this;
		}

		/**
		 * Set the meters with quotas, none by default.
		 * @param meters the meters
		 * @return this builder
		 */
		public Builder meters(PolarMeters meters) {
			this.meters = meters;
			return this;
		}

		/**
		 * Set how long a balance is used.
		 * @param freshFor duration after which a balance is read again, 5 minutes by
		 * default
		 * @param staleFor maximum age of a balance that is used while Polar cannot be
		 * read, 24 hours by default
		 * @param readTimeout maximum time for which a caller waits for Polar, 2 seconds
		 * by default
		 * @return this builder
		 */
		public Builder balances(Duration freshFor, Duration staleFor, Duration readTimeout) {
			this.freshFor = freshFor;
			this.staleFor = staleFor;
			this.readTimeout = readTimeout;
			return this;
		}

		/**
		 * Set how many events can wait in memory without a database, 10,000 by default.
		 * @param queueCapacity the maximum number of events
		 * @return this builder
		 */
		public Builder queueCapacity(int queueCapacity) {
			Assert.isTrue(queueCapacity >= 1, "queueCapacity must be at least 1");
			this.queueCapacity = queueCapacity;
			return this;
		}

		/**
		 * Set the maximum number of requests with events per minute, 50 by default.
		 * Instances that share a database share the limit. For every five, each instance
		 * can read one balance.
		 * @param requestsPerMinute the maximum number of requests
		 * @return this builder
		 */
		public Builder requestsPerMinute(int requestsPerMinute) {
			Assert.isTrue(requestsPerMinute >= 1, "requestsPerMinute must be at least 1");
			this.requestsPerMinute = requestsPerMinute;
			return this;
		}

		/**
		 * Set how long to wait for new events, 1 second by default. After a failure, the
		 * time doubles up to one minute.
		 * @param pollInterval the interval
		 * @return this builder
		 */
		public Builder pollInterval(Duration pollInterval) {
			Assert.isTrue(pollInterval.toMillis() > 0, "pollInterval must be 1 ms or more");
			this.pollInterval = pollInterval;
			return this;
		}

		/**
		 * Set the maximum duration of a request of the client, 10 seconds by default. If
		 * an instance crashes, the others wait so long before they send events.
		 * @param requestTimeout the maximum duration
		 * @return this builder
		 */
		public Builder requestTimeout(Duration requestTimeout) {
			Assert.isTrue(!requestTimeout.isNegative(), "requestTimeout must not be negative");
			this.turn = requestTimeout;
			return this;
		}

		/**
		 * Set the maximum duration of {@link PolarUsageTemplate#stop}, 10 seconds by
		 * default.
		 * @param shutdownTimeout the maximum duration
		 * @return this builder
		 */
		public Builder shutdownTimeout(Duration shutdownTimeout) {
			Assert.isTrue(!shutdownTimeout.isNegative(), "shutdownTimeout must not be negative");
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		/**
		 * Build the template. It does not call Polar until it is started.
		 * @return a new template
		 */
		public PolarUsageTemplate build() {
			return new PolarUsageTemplate(this);
		}

	}

}
