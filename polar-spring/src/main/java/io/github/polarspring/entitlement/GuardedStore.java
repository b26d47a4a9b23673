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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * {@link HoldingsStore} that is optional: without a database, or while it does not
 * respond, there is a default for what it would return. After a failure, it is called
 * again only after a pause.
 */
final class GuardedStore implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(GuardedStore.class);

	private static final int THREADS = 4;

	private static final Duration PAUSE = Duration.ofSeconds(10);

	private final @Nullable HoldingsStore store;

	private final Duration timeout;

	private final Clock clock;

	private final ExecutorService executor = HoldingsLoader.executor(THREADS, "polar-entitlements-db-");

	/**
	 * When the store can be called again after a failure, 0 if it did not fail.
	 */
	private final AtomicLong retryAt = new AtomicLong();

	/**
	 * Create a guarded store.
	 * @param store the store, {@code null} if there is none
	 * @param timeout maximum time for which a call is awaited
	 * @param clock the clock
	 */
	GuardedStore(@Nullable HoldingsStore store, Duration timeout, Clock clock) {
		this.store = store;
		this.timeout = timeout;
		this.clock = clock;
	}

	/**
	 * Return whether there is a store, available or not.
	 */
	boolean exists() {
		return this.store != null;
	}

	/**
	 * Call the store on another thread, outside of a transaction of the caller.
	 * @param function the call
	 * @param defaultValue the result if there is no store, or it fails
	 */
	<T> CompletableFuture<T> call(Function<HoldingsStore, T> function, T defaultValue) {
		HoldingsStore store = this.store;
		if (store == null || isPaused()) {
			return CompletableFuture.completedFuture(defaultValue);
		}
		AtomicBoolean begun = new AtomicBoolean();
		// a call that is not awaited any longer does not begin
		return CompletableFuture.supplyAsync(() -> {
			begun.set(true);
			return function.apply(store);
		}, this.executor).orTimeout(this.timeout.toMillis(), TimeUnit.MILLISECONDS).handle((result, failure) -> {
			if (failure == null) {
				succeeded();
				return result;
			}
			// a call that did not begin says nothing about the database
			if (begun.get()) {
				failed(HoldingsLoader.unwrap(failure));
			}
			return defaultValue;
		});
	}

	/**
	 * Call the store on this thread for something that is neither awaited nor urgent.
	 */
	void run(Consumer<HoldingsStore> action) {
		HoldingsStore store = this.store;
		if (store != null && !isPaused()) {
			try {
				action.accept(store);
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
		}
	}

	private boolean isPaused() {
		long retryAt = this.retryAt.get();
		long now = this.clock.millis();
		// one call is tried after the pause
		return retryAt != 0 && (now < retryAt || !this.retryAt.compareAndSet(retryAt, now + PAUSE.toMillis()));
	}

	private void failed(Throwable failure) {
		if (failure instanceof ConcurrencyFailureException || failure instanceof DataIntegrityViolationException) {
			// says something about this call only, in a message that can contain the id
			// of a
			// user
			return;
		}
		if (this.retryAt.getAndSet(this.clock.millis() + PAUSE.toMillis()) == 0) {
			// without messages of the database, which can contain the id of a user
			logger.warn("Entitlements cannot be read from or written to the database, so Polar is read instead: "
					+ failure.getClass().getName() + ", caused by "
					+ NestedExceptionUtils.getMostSpecificCause(failure).getClass().getName());
		}
	}

	private void succeeded() {
		if (this.retryAt.get() != 0 && this.retryAt.getAndSet(0) != 0) {
			logger.info("Entitlements can be read from the database again");
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
