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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionException;

/**
 * Threads that handle events. Events that this instance has just stored come first,
 * because a buyer may be waiting for them; in between, the threads handle events of other
 * instances and events to retry.
 */
final class InboxWorkers {

	private static final String WAKE_UP = "";

	private static final int MAX_SIGNALS = 10_000;

	private static final int DUE_LANES = 50;

	/**
	 * Maximum number of queued lanes for which it is worthwhile to wait for a new event.
	 */
	private static final int MAX_AHEAD = 16;

	private static final int FRESH_BETWEEN = 4;

	/**
	 * Maximum number of consecutive events of a lane, while others wait.
	 */
	private static final int IN_A_ROW = 20;

	private static final Duration BETWEEN_PURGES = Duration.ofHours(1);

	private static final Duration WAKE_UP_AGAIN = Duration.ofMillis(50);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

	private final InboxStore store;

	private final JdbcWebhookInbox.Settings settings;

	private final Clock clock;

	private final EventAttempt attempt;

	private final ThrottledLog failures;

	private final BlockingQueue<String> fresh = new LinkedBlockingQueue<>(MAX_SIGNALS);

	private volatile List<Worker> workers = List.of();

	private volatile Preparation preparation = new Preparation(() -> {
	});

	private volatile Instant nextPurge = Instant.MIN;

	InboxWorkers(InboxStore store, PolarEventListeners listeners, PolarEventAnnouncements announcements,
			JdbcWebhookInbox.Settings settings, Clock clock, Function<String, Runnable> waiting) {
		this.store = store;
		this.settings = settings;
		this.clock = clock;
		this.attempt = new EventAttempt(store, listeners, announcements, settings.holdFor(), clock, waiting);
		this.failures = new ThrottledLog(InboxWorkers.class, clock);
	}

	/**
	 * Start the workers. If the preparation fails because of the database, the workers
	 * retry it.
	 */
	synchronized void start(Runnable preparation) {
		if (isRunning()) {
			return;
		}
		Preparation current = new Preparation(preparation);
		this.preparation = current;
		try {
			current.run();
		}
		catch (DataAccessException | TransactionException ex) {
			this.failures.error("The database of the inbox for Polar's webhooks is not available. Webhooks are not"
					+ " acknowledged until it is", ex);
		}
		List<Worker> started = new ArrayList<>();
		for (int i = 1; i <= this.settings.workers(); i++) {
			started.add(new Worker("polar-inbox-" + i, current));
		}
		this.workers = List.copyOf(started);
		started.forEach(Thread::start);
	}

	/**
	 * Retry a preparation that failed at startup, because an instance that only stores
	 * events has no workers for it.
	 */
	void prepare() {
		this.preparation.run();
	}

	void stop() {
		List<Worker> stopped;
		synchronized (this) {
			stopped = this.workers;
			this.workers = List.of();
		}
		stopped.forEach((worker) -> worker.running = false);
		try {
			for (Worker worker : stopped) {
				while (worker.isAlive()) {
					wake();
					worker.join(WAKE_UP_AGAIN.toMillis());
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	boolean isRunning() {
		return !this.workers.isEmpty();
	}

	/**
	 * Return whether an event that is stored now is likely to be handled immediately.
	 */
	boolean canHandlePromptly() {
		return isRunning() && this.fresh.size() < MAX_AHEAD;
	}

	/**
	 * Signal that there is an event in a lane. If the signal is lost, the event is found
	 * by polling.
	 */
	void signal(String lane) {
		if (isRunning()) {
			this.fresh.offer(lane);
		}
	}

	void wake() {
		this.fresh.offer(WAKE_UP);
	}

	/**
	 * Preparation that has to succeed once. While a thread attempts it, others fail
	 * instead of waiting.
	 */
	private static final class Preparation {

		private final ReentrantLock lock = new ReentrantLock();

		private final Runnable action;

		private volatile boolean done;

		Preparation(Runnable action) {
			this.action = action;
		}

		void run() {
			if (this.done) {
				return;
			}
			if (!this.lock.tryLock()) {
				throw new DataAccessResourceFailureException("The database was not available at the last attempt");
			}
			try {
				if (!this.done) {
					this.action.run();
					this.done = true;
				}
			}
			finally {
				this.lock.unlock();
			}
		}

	}

	private final class Worker extends Thread {

		private volatile boolean running = true;

		private final Preparation preparation;

		private int consecutiveFailures;

		Worker(String name, Preparation preparation) {
			super(name);
			this.preparation = preparation;
			setDaemon(true);
		}

		@Override
		public void run() {
			while (this.running) {
				try {
					this.preparation.run();
					boolean worked = workOnFresh();
					List<String> due = InboxWorkers.this.store.dueLanes(InboxWorkers.this.clock.instant(), DUE_LANES);
					// so that workers do not start with the same lane
					Collections.shuffle(due);
					for (String lane : due) {
						worked |= work(lane);
						worked |= workOnFresh();
					}
					purge();
					this.consecutiveFailures = 0;
					if (!worked && this.running) {
						work(InboxWorkers.this.fresh.poll(InboxWorkers.this.settings.pollInterval().toMillis(),
								TimeUnit.MILLISECONDS));
					}
				}
				catch (InterruptedException ex) {
					// ignored, because only stop() ends a worker
				}
				catch (Throwable ex) {
					pause(ex);
				}
			}
		}

		private boolean workOnFresh() {
			boolean worked = false;
			for (int i = 0; i < FRESH_BETWEEN; i++) {
				String lane = InboxWorkers.this.fresh.poll();
				if (lane == null) {
					break;
				}
				worked |= work(lane);
			}
			return worked;
		}

		private boolean work(@Nullable String lane) {
			boolean worked = false;
			if (lane != null && !lane.equals(WAKE_UP)) {
				try {
					for (int i = 0; i < IN_A_ROW && this.running; i++) {
						if (!InboxWorkers.this.attempt.handleFirst(lane)) {
							break;
						}
						worked = true;
					}
				}
				catch (RuntimeException | Error ex) {
					if (isConnectionFailure(ex)) {
						throw ex;
					}
					InboxWorkers.this.failures
						.error("The inbox for Polar's webhooks could not handle an event. It will be retried", ex);
				}
			}
			return worked;
		}

		/**
		 * Return whether the failure affects all events.
		 */
		private static boolean isConnectionFailure(Throwable ex) {
			return ex instanceof TransactionException || ex instanceof DataAccessResourceFailureException;
		}

		/**
		 * Purge the table, once for all workers. Each instance does it, which does no
		 * harm.
		 */
		private void purge() {
			Instant now = InboxWorkers.this.clock.instant();
			synchronized (InboxWorkers.this.fresh) {
				if (now.isBefore(InboxWorkers.this.nextPurge)) {
					return;
				}
				InboxWorkers.this.nextPurge = now.plus(BETWEEN_PURGES);
			}
			InboxWorkers.this.store.purge(now.minus(InboxWorkers.this.settings.keepPayload()),
					now.minus(InboxWorkers.this.settings.keepId()), () -> this.running);
		}

		/**
		 * Wait after a failure, which most likely means that the database is not
		 * available. No events are lost.
		 */
		private void pause(Throwable ex) {
			this.consecutiveFailures++;
			InboxWorkers.this.failures.error("The inbox for Polar's webhooks cannot handle events. It will retry", ex);
			long pause = Math.min(MAX_PAUSE.toMillis(),
					InboxWorkers.this.settings.pollInterval().toMillis() << Math.min(this.consecutiveFailures - 1, 10));
			Thread.interrupted();
			long until = System.nanoTime()
					+ TimeUnit.MILLISECONDS.toNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
			while (this.running && System.nanoTime() - until < 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			}
		}

	}

}
