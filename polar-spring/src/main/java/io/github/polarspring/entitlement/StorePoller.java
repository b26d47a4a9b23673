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
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * Reads every second which payers other instances have marked, and deletes old states.
 */
final class StorePoller implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StorePoller.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/**
	 * How far back marks are read again, longer than a transaction takes and clocks
	 * differ.
	 */
	private static final Duration OVERLAP = Duration.ofMinutes(5);

	/**
	 * Number of failures in a row that are reported. When the application starts, the
	 * table does not exist yet.
	 */
	private static final int REPORTED = 10;

	private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);

	private static final Duration KEPT_FOR = Duration.ofDays(30);

	private final HoldingsStore store;

	private final Consumer<Map<String, Long>> marked;

	private final Clock clock;

	private final ScheduledExecutorService executor;

	private Instant nextDeletion = Instant.MIN;

	private int failures;

	/**
	 * Create a poller.
	 * @param store the store
	 * @param marked is told the versions of the payers that were marked recently
	 * @param clock the clock
	 */
	StorePoller(HoldingsStore store, Consumer<Map<String, Long>> marked, Clock clock) {
		this.store = store;
		this.marked = marked;
		this.clock = clock;
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "polar-entitlements-poll");
			thread.setDaemon(true);
			return thread;
		});
	}

	void start() {
		this.executor.scheduleWithFixedDelay(this::poll, INTERVAL.toMillis(), INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	void poll() {
		try {
			Instant now = this.clock.instant();
			this.marked.accept(this.store.markedSince(now.minus(OVERLAP)));
			if (now.isAfter(this.nextDeletion)) {
				this.nextDeletion = now.plus(BETWEEN_DELETIONS);
				this.store.deleteOlderThan(now.minus(KEPT_FOR));
			}
			this.failures = 0;
		}
		catch (RuntimeException ex) {
			this.failures++;
			if (this.failures == REPORTED) {
				// without messages of the database, which can contain the id of a user
				logger.warn("Changes of entitlements cannot be read from the database. Until they can, other instances"
						+ " notice a change after some minutes. The cause is "
						+ NestedExceptionUtils.getMostSpecificCause(ex).getClass().getName());
			}
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
