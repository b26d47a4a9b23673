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

/**
 * Reads every second which payers other instances have marked, and deletes old states.
 */
final class StorePoller implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(StorePoller.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);

	private static final Duration KEPT_FOR = Duration.ofDays(30);

	private final GuardedStore store;

	private final Consumer<Map<String, Long>> marked;

	private final Clock clock;

	/**
	 * How far back marks are read again: as long as an instance can use a state without
	 * having seen a mark.
	 */
	private final Duration overlap;

	private final ScheduledExecutorService executor;

	private Instant nextDeletion = Instant.MIN;

	private boolean started;

	/**
	 * Create a poller.
	 * @param store the store
	 * @param marked is told the versions of the payers that were marked recently
	 * @param freshFor how long a state is used
	 * @param clock the clock
	 */
	StorePoller(GuardedStore store, Consumer<Map<String, Long>> marked, Duration freshFor, Clock clock) {
		this.store = store;
		this.marked = marked;
		this.overlap = freshFor.plusMinutes(1);
		this.clock = clock;
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "polar-entitlements-poll");
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Start, unless already started. Before the first check, nothing can have changed,
	 * and the tables do not exist yet when the application starts for the first time.
	 */
	synchronized void start() {
		if (!this.started) {
			this.started = true;
			this.executor.scheduleWithFixedDelay(this::poll, INTERVAL.toMillis(), INTERVAL.toMillis(),
					TimeUnit.MILLISECONDS);
		}
	}

	void poll() {
		try {
			Instant now = this.clock.instant();
			this.marked
				.accept(this.store.call((store) -> store.markedSince(now.minus(this.overlap)), Map.<String, Long>of())
					.join());
			if (now.isAfter(this.nextDeletion)) {
				this.nextDeletion = now.plus(BETWEEN_DELETIONS);
				this.store.run((store) -> store.deleteOlderThan(now.minus(KEPT_FOR)));
			}
		}
		catch (RuntimeException ex) {
			// an exception would end the schedule
			logger.warn("Changes of entitlements could not be read: " + ex.getClass().getName());
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
