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

package io.github.polarspring.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps the number of calls in any minute below a limit, because Polar blocks an
 * organization that makes too many.
 */
final class Throttle {

	private static final Duration WINDOW = Duration.ofMinutes(1);

	private final int limit;

	private final Clock clock;

	private final Sleeper sleeper;

	private final Deque<Instant> calls = new ArrayDeque<>();

	private Instant blockedUntil = Instant.MIN;

	private int peak;

	Throttle(int limit, Clock clock, Sleeper sleeper) {
		this.limit = limit;
		this.clock = clock;
		this.sleeper = sleeper;
	}

	/**
	 * Wait until a call may be made, and count it.
	 */
	void acquire() {
		waitUntil(this.blockedUntil);
		forgetOldCalls();
		while (this.calls.size() >= this.limit) {
			waitUntil(this.calls.element().plus(WINDOW));
			forgetOldCalls();
		}
		this.calls.add(this.clock.instant());
		this.peak = Math.max(this.peak, this.calls.size());
	}

	/**
	 * Make no call for some time, because the server said so.
	 */
	void block(Duration duration) {
		this.blockedUntil = this.clock.instant().plus(duration);
	}

	/**
	 * The highest number of calls in any minute so far.
	 */
	int peak() {
		return this.peak;
	}

	private void forgetOldCalls() {
		Instant start = this.clock.instant().minus(WINDOW);
		while (!this.calls.isEmpty() && !this.calls.element().isAfter(start)) {
			this.calls.remove();
		}
	}

	private void waitUntil(Instant time) {
		Instant now = this.clock.instant();
		if (time.isAfter(now)) {
			this.sleeper.sleep(Duration.between(now, time));
		}
	}

	/**
	 * Lets time pass.
	 */
	@FunctionalInterface
	interface Sleeper {

		Sleeper THREAD = (duration) -> {
			try {
				Thread.sleep(duration.toMillis() + 1);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("The contract tests were interrupted", ex);
			}
		};

		void sleep(Duration duration);

	}

}
