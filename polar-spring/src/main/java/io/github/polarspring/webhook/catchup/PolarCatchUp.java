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

package io.github.polarspring.webhook.catchup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.util.Assert;

/**
 * Catch-up of events that the application missed, for example because it was down, or
 * because Polar had disabled its webhook endpoint. Events that Polar could not deliver
 * are passed to the inbox under their own ids, so that a later redelivery is a duplicate.
 * Those that Polar never recorded are
 * {@linkplain io.github.polarspring.webhook.PolarEvent#isRebuilt() rebuilt} from orders,
 * subscriptions, refunds and states of customers.
 * <p>
 * Only one run is active at a time. With a database, this applies to all instances that
 * share it. A run that was interrupted can be repeated: what the inbox has accepted is
 * not handled again. Needs the scopes {@code webhooks:read}, {@code orders:read},
 * {@code subscriptions:read}, {@code refunds:read} and {@code customers:read}. Safe for
 * use by multiple threads.
 *
 * @since 0.1.0
 */
public final class PolarCatchUp {

	/**
	 * How long Polar retries, with a reserve.
	 */
	private static final Duration OVERLAP = Duration.ofHours(2);

	private static final Duration FIRST = Duration.ofDays(7);

	private final PolarClient client;

	private final PolarWebhookReceiver receiver;

	private final PolarWebhookInbox inbox;

	private final PolarWebhookEndpoints endpoints;

	private final CatchUpTurn turn;

	private final Clock clock;

	private final Duration pause;

	private final int maxCalls;

	private volatile @Nullable CatchUpRun running;

	private volatile @Nullable CatchUpReport latest;

	private volatile boolean stopped;

	private PolarCatchUp(Builder builder) {
		this.client = builder.client;
		this.receiver = builder.receiver;
		this.inbox = builder.inbox;
		this.endpoints = builder.endpoints;
		this.turn = builder.turn();
		this.clock = builder.clock;
		this.pause = builder.pause;
		this.maxCalls = builder.maxCalls;
	}

	/**
	 * Catch up. Blocks the calling thread: with the default pause, the run takes a second
	 * for each 50 events, and longer if the listeners do.
	 * @param request what to catch up on
	 * @return the report, empty if another run is active, possibly on another instance.
	 * If Polar cannot be read, the report is not complete and says why
	 * @throws IllegalArgumentException if the time to catch up on is empty, or if
	 * delivered events are requested and the inbox is not
	 * {@linkplain PolarWebhookInbox#isDurable() durable}
	 * @throws io.github.polarspring.PolarPermissionException if the access token lacks a
	 * scope
	 * @throws org.springframework.dao.DataAccessException if the database is not
	 * available
	 */
	public Optional<CatchUpReport> run(CatchUpRequest request) {
		Assert.notNull(request, "request must not be null");
		Assert.isTrue(!request.deliveredToo() || this.inbox.isDurable(),
				"Delivered events can be processed again only with an inbox that remembers them, such as"
						+ " 'polar.webhook.inbox: jdbc'");
		UUID owner = UUID.randomUUID();
		if (this.stopped || !this.turn.take(owner)) {
			return Optional.empty();
		}
		Instant caughtUpTo = null;
		try {
			Instant previous = this.turn.caughtUpTo();
			Instant until = until(request);
			Instant since = since(request, previous, until);
			CatchUpRun run = new CatchUpRun(this.client, this.receiver, this.inbox, this.endpoints.needs(), request,
					since, until, new Pace(this.pause, this.maxCalls, () -> this.turn.keep(owner)));
			this.running = run;
			CatchUpReport report = run.execute(this.endpoints);
			// a run that begins later leaves a gap, which the next one has to close
			boolean continues = previous == null || (!since.isAfter(previous) && until.isAfter(previous));
			caughtUpTo = (report.complete() && !report.dryRun() && continues) ? until : null;
			return Optional.of(report);
		}
		finally {
			CatchUpRun run = this.running;
			if (run != null) {
				this.latest = run.report();
			}
			this.running = null;
			this.turn.giveBack(owner, caughtUpTo);
		}
	}

	private Instant until(CatchUpRequest request) {
		Instant now = this.clock.instant();
		Instant until = request.until();
		return (until != null && until.isBefore(now)) ? until : now;
	}

	private static Instant since(CatchUpRequest request, @Nullable Instant caughtUpTo, Instant until) {
		Instant since = request.since();
		if (since == null) {
			since = (caughtUpTo != null) ? caughtUpTo.minus(OVERLAP) : until.minus(FIRST);
		}
		Assert.isTrue(since.isBefore(until), "since must be in the past, and before until");
		return since;
	}

	/**
	 * Return whether a run of this instance is active.
	 * @return {@code true} if so
	 */
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * Return what the active run has done so far, or otherwise the result of the last run
	 * of this instance.
	 * @return the report, empty if there was no run yet
	 */
	public Optional<CatchUpReport> latest() {
		CatchUpRun running = this.running;
		return Optional.ofNullable((running != null) ? running.report() : this.latest);
	}

	/**
	 * End the active run after the event that it is handling, and accept no further runs.
	 */
	public void stop() {
		this.stopped = true;
		CatchUpRun running = this.running;
		if (running != null) {
			running.stop();
		}
	}

	/**
	 * Return a builder.
	 * @param client the client that calls Polar
	 * @param endpoints finds the endpoint of the application
	 * @param receiver passes the events to the inbox
	 * @param inbox the inbox of the receiver, which tells what it knows
	 * @return a new builder
	 */
	public static Builder builder(PolarClient client, PolarWebhookEndpoints endpoints, PolarWebhookReceiver receiver,
			PolarWebhookInbox inbox) {
		return new Builder(client, endpoints, receiver, inbox);
	}

	/**
	 * Builder for a {@link PolarCatchUp}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final PolarClient client;

		private final PolarWebhookEndpoints endpoints;

		private final PolarWebhookReceiver receiver;

		private final PolarWebhookInbox inbox;

		private @Nullable DataSource dataSource;

		private @Nullable TransactionOperations transactions;

		private Clock clock = Clock.systemUTC();

		private Duration pause = Duration.ofSeconds(1);

		private int maxCalls = 2000;

		private Builder(PolarClient client, PolarWebhookEndpoints endpoints, PolarWebhookReceiver receiver,
				PolarWebhookInbox inbox) {
			Assert.notNull(client, "client must not be null");
			Assert.notNull(endpoints, "endpoints must not be null");
			Assert.notNull(receiver, "receiver must not be null");
			Assert.notNull(inbox, "inbox must not be null");
			this.client = client;
			this.endpoints = endpoints;
			this.receiver = receiver;
			this.inbox = inbox;
		}

		/**
		 * Set the database by which instances take turns, and that stores how far the
		 * last complete run came. By default, only runs of this object exclude each
		 * other.
		 * @param dataSource contains the table {@code polar_catch_up}
		 * @param transactions begin new transactions on the data source
		 * @return this builder
		 */
		public Builder database(DataSource dataSource, TransactionOperations transactions) {
			Assert.notNull(dataSource, "dataSource must not be null");
			Assert.notNull(transactions, "transactions must not be null");
			this.dataSource = dataSource;
			this.transactions = transactions;
			return this;
		}

		/**
		 * Check that the table exists.
		 * @param dataSource contains the table
		 * @param transactions begin new transactions on the data source
		 * @throws org.springframework.dao.DataAccessException if it does not, or the
		 * database is not available
		 */
		public static void checkDatabase(DataSource dataSource, TransactionOperations transactions) {
			new JdbcCatchUpTurn(dataSource, transactions, Clock.systemUTC()).check();
		}

		/**
		 * Set the pause between two calls to Polar, one second by default, so that a long
		 * run leaves most of the rate limit to buyers.
		 * @param pause the pause, up to one minute
		 * @return this builder
		 */
		public Builder pause(Duration pause) {
			Assert.isTrue(!pause.isNegative() && pause.compareTo(Duration.ofMinutes(1)) <= 0,
					"pause must be 0 to 1 minute");
			this.pause = pause;
			return this;
		}

		/**
		 * Set the maximum number of calls to Polar in a run, 2000 by default. A run that
		 * needs more is not complete.
		 * @param maxCalls the number, at least 10
		 * @return this builder
		 */
		public Builder maxCalls(int maxCalls) {
			Assert.isTrue(maxCalls >= 10, "maxCalls must be at least 10");
			this.maxCalls = maxCalls;
			return this;
		}

		/**
		 * Set the clock.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			Assert.notNull(clock, "clock must not be null");
			this.clock = clock;
			return this;
		}

		private CatchUpTurn turn() {
			return (this.dataSource != null && this.transactions != null)
					? new JdbcCatchUpTurn(this.dataSource, this.transactions, this.clock) : CatchUpTurn.local();
		}

		/**
		 * Build the catch-up.
		 * @return a new object
		 */
		public PolarCatchUp build() {
			return new PolarCatchUp(this);
		}

	}

}
