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

package io.github.polarspring.smoke.migration.byhand;

import java.time.Clock;
import java.time.YearMonth;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.stereotype.Component;

/**
 * Counts usage per user and month.
 */
@Component
class UsageCounter {

	static final String CACHE = "usage";

	private final Cache cache;

	UsageCounter(CacheManager cacheManager) {
		Cache cache = cacheManager.getCache(CACHE);
		if (cache == null) {
			throw new IllegalStateException("There is no cache '" + CACHE + "'");
		}
		this.cache = cache;
	}

	/**
	 * Count a unit, and return the number of units of this month.
	 */
	long increment(String username, long limit) {
		AtomicLong counter = counter(username);
		long used = counter.incrementAndGet();
		if (used > limit) {
			counter.decrementAndGet();
			throw new UsageLimitExceededException(limit);
		}
		return used;
	}

	private AtomicLong counter(String username) {
		String key = username + ":" + YearMonth.now(Clock.systemUTC());
		AtomicLong counter = this.cache.get(key, AtomicLong::new);
		if (counter == null) {
			throw new IllegalStateException("There is no counter for the key " + key);
		}
		return counter;
	}

}
