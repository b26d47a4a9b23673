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

package io.github.polarspring.web.servlet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Allows so many calls within a time, for each key.
 */
final class ReadLimit {

	private static final int MAX_KEYS = 10_000;

	private final int calls;

	private final Duration time;

	private final Map<Object, Deque<Instant>> times = new LinkedHashMap<>(16, 0.75f, true);

	ReadLimit(int calls, Duration time) {
		this.calls = calls;
		this.time = time;
	}

	synchronized int remaining(Object key, Clock clock) {
		Deque<Instant> times = this.times.get(key);
		if (times == null) {
			return this.calls;
		}
		Instant start = clock.instant().minus(this.time);
		while (!times.isEmpty() && !times.getFirst().isAfter(start)) {
			times.removeFirst();
		}
		return this.calls - times.size();
	}

	synchronized void count(Object key, Clock clock) {
		this.times.computeIfAbsent(key, (unused) -> new ArrayDeque<>(this.calls)).addLast(clock.instant());
		if (this.times.size() > MAX_KEYS) {
			this.times.remove(this.times.keySet().iterator().next());
		}
	}

}
