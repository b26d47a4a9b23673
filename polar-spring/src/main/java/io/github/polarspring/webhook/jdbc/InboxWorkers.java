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
 * The threads that handle events: what this instance has just stored first, since a buyer
 * may be waiting for it, and in between what other instances left and what is to be
 * repeated.
 */
final class InboxWorkers {

	private static final String WAKE_UP = "";

	private static final int MAX_SIGNALS = 10_000;

	private static final int DUE_LANES = 50;

	/**
	 * With more than these to be handled first, it is not worth waiting for one.
	 */
	private static final int MAX_AHEAD = 16;

	private static final int FRESH_BETWEEN = 4;

	/**
	 * How many events of a lane are handled in a row, while others wait.
	 */
	private static final int IN_A_ROW = 20;

	private static final Duration BETWEEN_PURGES = Duration.ofHours(1);

	private static final Duration WAKE_UP_AGAIN = Duration.ofMillis(50);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

	private final InboxStore store;

	private final JdbcWebhookInbox.Settings settings;

	private final Clock clock;

	private final EventAttempt attempt;

	private final RareLog failures;

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
		this.failures = new RareLog(InboxWorkers.class, clock);
	}

	/**
	 * Begin to work. What fails is tried again by the workers, if it is because of the
	 * database.
	 */
	synchronized void start(Runnable preparation) {
		if (areRunning()) {
			return;
		}
		Preparation current = new Preparation(preparation);
		this.preparation = current;
		try {
			current.run();
		}
		catch (DataAccessException | TransactionException ex) {
			this.failures.error("The database of the inbox for Polar's webhooks cannot be asked. Webhooks are not"
					+ " acknowledged until it can", ex);
		}
		List<Worker> started = new ArrayList<>();
		for (int i = 1; i <= this.settings.workers(); i++) {
			started.add(new Worker("polar-inbox-" + i, current));
		}
		this.workers = List.copyOf(started);
		started.forEach(Thread::start);
	}

	/**
	 * Do what could not be done at the start: who only stores has no worker to do it.
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

	boolean areRunning() {
		return !this.workers.isEmpty();
	}

	/**
	 * Return whether what is stored now will be handled at once, as far as can be seen
	 * from here.
	 */
	boolean canHurry() {
		return areRunning() && this.fresh.size() < MAX_AHEAD;
	}

	/**
	 * Say that there is something to do in a lane. If it gets lost, it is found by
	 * polling.
	 */
	void signal(String lane) {
		if (areRunning()) {
			this.fresh.offer(lane);
		}
	}

	void wake() {
		this.fresh.offer(WAKE_UP);
	}

	/**
	 * Succeeds once. While one thread tries, the others do not wait.
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
				throw new DataAccessResourceFailureException("The database was not there when it was asked last");
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

		private int failuresInARow;

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
					// so that workers do not all begin with the same
					Collections.shuffle(due);
					for (String lane : due) {
						worked |= work(lane);
						worked |= workOnFresh();
					}
					purge();
					this.failuresInARow = 0;
					if (!worked && this.running) {
						work(InboxWorkers.this.fresh.poll(InboxWorkers.this.settings.pollInterval().toMillis(),
								TimeUnit.MILLISECONDS));
					}
				}
				catch (InterruptedException ex) {
					// nobody means it: there is more to do
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
						if (!InboxWorkers.this.attempt.firstOf(lane)) {
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
						.error("The inbox for Polar's webhooks cannot handle an event; it tries again", ex);
				}
			}
			return worked;
		}

		/**
		 * Nothing else will work then, either.
		 */
		private static boolean isConnectionFailure(Throwable ex) {
			return ex instanceof TransactionException || ex instanceof DataAccessResourceFailureException;
		}

		/**
		 * Once for all workers, and by each instance: it does not matter.
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
		 * The database is down, most likely: everything is still there when it is back.
		 */
		private void pause(Throwable ex) {
			this.failuresInARow++;
			InboxWorkers.this.failures.error("The inbox for Polar's webhooks cannot go on; it tries again", ex);
			long pause = Math.min(MAX_PAUSE.toMillis(),
					InboxWorkers.this.settings.pollInterval().toMillis() << Math.min(this.failuresInARow - 1, 10));
			Thread.interrupted();
			long until = System.nanoTime()
					+ TimeUnit.MILLISECONDS.toNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
			while (this.running && System.nanoTime() - until < 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			}
		}

	}

}
