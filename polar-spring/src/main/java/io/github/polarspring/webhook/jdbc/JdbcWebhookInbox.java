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

package io.github.polarspring.webhook.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventListeners.Listener;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.InboxStore.Added;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;

/**
 * {@link PolarWebhookInbox} that stores each event before it is acknowledged, and calls
 * the listeners afterwards, one event per customer at a time. The row lock on the event
 * is the lease: if an instance crashes, its connection and lock are lost. Database
 * changes of a listener are committed in the transaction that marks the listener as
 * complete. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class JdbcWebhookInbox implements PolarWebhookInbox {

	private static final Log logger = LogFactory.getLog(JdbcWebhookInbox.class);

	/**
	 * Maximum number of acknowledgments that wait for their event. Each blocks a thread
	 * of the web server.
	 */
	private static final int MAX_WAITING = 16;

	private final PolarEventListeners listeners;

	private final PolarEventAnnouncements announcements;

	private final Supplier<List<PolarEventRecorder>> recorders;

	private final InboxStore store;

	private final Settings settings;

	private final Clock clock;

	private final InboxWorkers workers;

	private final Semaphore waiting = new Semaphore(MAX_WAITING);

	private final Map<String, CountDownLatch> waiters = new ConcurrentHashMap<>();

	private final ThrottledLog failures;

	/**
	 * Create an inbox.
	 * @param listeners the listeners to call
	 * @param publisher publishes the application events
	 * @param recorders supplies the recorders for each event
	 * @param dataSource contains the table
	 * @param transactions begin transactions on the data source, as
	 * {@link #transactions(PlatformTransactionManager)} does. Listeners with the same
	 * transaction manager participate in them
	 * @param settings the settings
	 * @param clock the clock
	 */
	public JdbcWebhookInbox(PolarEventListeners listeners, ApplicationEventPublisher publisher,
			Supplier<List<PolarEventRecorder>> recorders, DataSource dataSource, TransactionOperations transactions,
			Settings settings, Clock clock) {
		this.listeners = listeners;
		this.announcements = new PolarEventAnnouncements(publisher, recorders);
		this.recorders = recorders;
		this.store = new InboxStore(dataSource, transactions);
		this.settings = settings;
		this.clock = clock;
		this.failures = new ThrottledLog(JdbcWebhookInbox.class, clock);
		this.workers = new InboxWorkers(this.store, listeners, this.announcements, settings, clock, this::waiting);
	}

	/**
	 * Return a template for transactions with the settings that the inbox requires.
	 * @param transactionManager begins the transactions
	 * @return a template that can be customized
	 */
	public static TransactionTemplate transactions(PlatformTransactionManager transactionManager) {
		return InboxStore.transactions(transactionManager);
	}

	/**
	 * Check that the table exists, and that transactions have the required settings.
	 * @throws DataAccessException if the table does not exist, or the database is not
	 * available
	 * @throws PolarConfigurationException if transactions have another isolation level
	 * than 'read committed', or do not belong to the data source
	 */
	public void check() {
		this.store.check();
	}

	/**
	 * Start handling events. Until then, and after {@link #stop}, they are only stored.
	 * @param preparation checks the prerequisites. If the database is not available, the
	 * check is retried; if it fails for another reason, the inbox does not start
	 */
	public void start(Runnable preparation) {
		this.workers.start(preparation);
	}

	/**
	 * Stop handling events. Returns when all events in progress have been handled, or the
	 * calling thread is interrupted.
	 */
	public void stop() {
		this.workers.stop();
	}

	@Override
	public Receipt accept(PolarEvent<?> event) {
		Set<String> wantedBy = wantedBy(event.type());
		// an instance without workers does not know the listeners of others
		boolean keep = !wantedBy.isEmpty() || this.settings.workers() == 0;
		CountDownLatch done = (keep && this.workers.canHandlePromptly()) ? register(event.id()) : null;
		try {
			this.workers.prepare();
			String lane = Lanes.of(event);
			List<PolarEventRecorder> recorders = this.recorders.get();
			Added added = this.store.add(event, lane, wantedBy, keep, this.clock.instant(),
					() -> recorders.forEach((recorder) -> recorder.record(event)));
			if (added == Added.NEW) {
				this.announcements.mismatch(event);
			}
			if (added == Added.KNOWN) {
				return Receipt.ACCEPTED;
			}
			if (added == Added.NEW && !keep) {
				this.announcements.withoutListener(event);
				this.announcements.done(event);
				return Receipt.ACCEPTED;
			}
			this.workers.signal(lane);
			await(done);
			return Receipt.ACCEPTED;
		}
		catch (DataAccessException | TransactionException ex) {
			this.failures.error("Webhooks cannot be stored. They are not acknowledged, and Polar redelivers them", ex);
			return Receipt.LATER;
		}
		finally {
			if (done != null && this.waiters.remove(event.id(), done)) {
				this.waiting.release();
			}
		}
	}

	@Override
	public boolean isKnown(PolarEvent<?> event) {
		return this.store.contains(event.id()) || event.isRebuilt() && this.store.covers(event, Lanes.of(event));
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	private Set<String> wantedBy(String type) {
		return this.listeners.to(type).stream().map(Listener::key).collect(Collectors.toCollection(TreeSet::new));
	}

	private @Nullable CountDownLatch register(String id) {
		if (this.settings.acknowledgeWithin().isZero() || !this.waiting.tryAcquire()) {
			return null;
		}
		CountDownLatch done = new CountDownLatch(1);
		if (this.waiters.putIfAbsent(id, done) != null) {
			this.waiting.release();
			return null;
		}
		return done;
	}

	private Runnable waiting(String id) {
		CountDownLatch done = this.waiters.get(id);
		return (done != null) ? done::countDown : () -> {
		};
	}

	/**
	 * Wait until the event has been handled, so that buyers find their order: Polar
	 * redirects the buyer when the last event is acknowledged.
	 */
	private void await(@Nullable CountDownLatch done) {
		if (done == null) {
			return;
		}
		try {
			done.await(this.settings.acknowledgeWithin().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the events that have not been handled.
	 * @return the backlog of all instances
	 * @throws DataAccessException if the database is not available
	 */
	public Backlog backlog() {
		return this.store.backlog(this.clock.instant());
	}

	/**
	 * Delete the bodies of the handled events of a customer. Pending events and dead
	 * letters are retained.
	 * @param customerId Polar's id of the customer
	 * @throws DataAccessException if the database is not available
	 */
	public void erase(UUID customerId) {
		this.store.erase(customerId);
	}

	/**
	 * Return the dead letters.
	 * @return the dead letters of all instances
	 */
	public PolarDeadLetters deadLetters() {
		return new StoredDeadLetters();
	}

	/**
	 * Requeue a dead letter for the current listeners. Without any, it remains a dead
	 * letter.
	 */
	private boolean requeue(DeadLetter letter) {
		Set<String> wantedBy = wantedBy(letter.type());
		if (wantedBy.isEmpty() && this.settings.workers() > 0) {
			logger.warn("The event %s of the type %s was not requeued, because there is no listener for it"
				.formatted(letter.id(), letter.type()));
			return false;
		}
		boolean requeued = this.store.requeue(letter.id(), wantedBy, this.clock.instant());
		this.workers.wake();
		return requeued;
	}

	private final class StoredDeadLetters implements PolarDeadLetters {

		@Override
		public List<DeadLetter> list(int limit) {
			return JdbcWebhookInbox.this.store.deadLetters(limit);
		}

		@Override
		public Optional<DeadLetter> find(String id) {
			return JdbcWebhookInbox.this.store.deadLetter(id);
		}

		@Override
		public Optional<PolarEvent<?>> read(String id) {
			return JdbcWebhookInbox.this.store.deadEvent(id);
		}

		@Override
		public boolean requeue(String id) {
			return find(id).map(JdbcWebhookInbox.this::requeue).orElse(false);
		}

		@Override
		public int requeueAll() {
			int requeued = 0;
			for (String id : JdbcWebhookInbox.this.store.deadIds()) {
				requeued += requeue(id) ? 1 : 0;
			}
			return requeued;
		}

	}

	/**
	 * Settings of the inbox.
	 *
	 * @param workers maximum number of events that this instance handles at a time, each
	 * with its own connection; 0 to only store events, for other instances
	 * @param acknowledgeWithin maximum time for which an acknowledgment waits until the
	 * event has been handled
	 * @param holdFor how long to retry a failing event, and to let later events of its
	 * customer wait
	 * @param pollInterval interval at which to poll for events stored by other instances
	 * @param keepPayload how long to keep the body of an event that has been handled
	 * @param keepId how long to keep its ID
	 */
	public record Settings(int workers, Duration acknowledgeWithin, Duration holdFor, Duration pollInterval,
			Duration keepPayload, Duration keepId) {

		public Settings {
			Assert.isTrue(workers >= 0, "workers must not be negative");
			Assert.isTrue(!acknowledgeWithin.isNegative(), "acknowledgeWithin must not be negative");
			Assert.isTrue(!holdFor.isNegative(), "holdFor must not be negative");
			Assert.isTrue(pollInterval.toMillis() > 0, "pollInterval must be 1 ms or more");
			Assert.isTrue(!keepPayload.isNegative(), "keepPayload must not be negative");
			Assert.isTrue(keepId.compareTo(keepPayload) >= 0, "keepId must not be shorter than keepPayload");
		}

	}

	/**
	 * Events in the inbox that are not handled, of all instances together.
	 *
	 * @param pending number of events that wait or are being handled
	 * @param oldest how long the oldest of them has been ready to be handled; zero if
	 * there is none
	 * @param blockedCustomers number of customers whose next event has failed and is
	 * retried
	 * @param deadLetters number of dead letters
	 */
	public record Backlog(long pending, Duration oldest, long blockedCustomers, long deadLetters) {

	}

}
