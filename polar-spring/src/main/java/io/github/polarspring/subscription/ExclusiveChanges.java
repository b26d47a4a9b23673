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

package io.github.polarspring.subscription;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.polarspring.PolarOutcomeUnknownException;

/**
 * Changes that can charge, one at a time for each subscription, so that the second click
 * on a button finds what the first has changed. Polar serializes changes as well, but
 * charges a second time for a new period that starts immediately.
 */
final class ExclusiveChanges {

	/**
	 * Longer than Polar processes a call.
	 */
	private static final Duration UNCERTAIN_FOR = Duration.ofMinutes(2);

	private final LoadingCache<UUID, Lock> locks = Caffeine.newBuilder()
		.weakValues()
		.build((id) -> new ReentrantLock());

	/**
	 * Subscriptions with a change that Polar may still be making.
	 */
	private final Cache<UUID, Boolean> uncertain;

	private final Duration maxWait;

	ExclusiveChanges() {
		this(Duration.ofSeconds(10), Ticker.systemTicker());
	}

	ExclusiveChanges(Duration maxWait, Ticker ticker) {
		this.maxWait = maxWait;
		this.uncertain = Caffeine.newBuilder().expireAfterWrite(UNCERTAIN_FOR).ticker(ticker).build();
	}

	/**
	 * Make a change as soon as no other thread is changing the same subscription.
	 * @throws PolarOutcomeUnknownException if the other change takes too long
	 */
	<T> T run(UUID id, Supplier<T> change) {
		Lock lock = this.locks.get(id);
		if (!isLocked(lock)) {
			throw new PolarOutcomeUnknownException("Another change of subscription " + id
					+ " is in progress, and its outcome is not known yet. Nothing was sent", null);
		}
		try {
			T changed = change.get();
			this.uncertain.invalidate(id);
			return changed;
		}
		catch (PolarOutcomeUnknownException ex) {
			this.uncertain.asMap().putIfAbsent(id, true);
			throw ex;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Return whether Polar may still be making an earlier change of a subscription. A
	 * second one would be made after it.
	 */
	boolean isUncertain(UUID id) {
		return this.uncertain.getIfPresent(id) != null;
	}

	private boolean isLocked(Lock lock) {
		try {
			return lock.tryLock(this.maxWait.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
