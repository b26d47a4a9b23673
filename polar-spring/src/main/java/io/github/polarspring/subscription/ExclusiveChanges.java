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

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.polarspring.PolarOutcomeUnknownException;

/**
 * Changes that can charge, one at a time for each subscription, so that the second click
 * on a button finds what the first has changed. Polar serializes changes as well, but
 * charges a second time for a new period that starts immediately.
 */
final class ExclusiveChanges {

	private final LoadingCache<UUID, Lock> locks = Caffeine.newBuilder()
		.weakValues()
		.build((id) -> new ReentrantLock());

	private final Duration maxWait;

	ExclusiveChanges() {
		this(Duration.ofSeconds(10));
	}

	ExclusiveChanges(Duration maxWait) {
		this.maxWait = maxWait;
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
			return change.get();
		}
		finally {
			lock.unlock();
		}
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
