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

package io.github.polarspring.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Record of the outcomes of recent calls, from which the health of Polar is derived
 * without calling it. If you create your own {@link PolarClient}, pass the bean of this
 * type to its builder. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class RecentCalls {

	private static final Duration WINDOW = Duration.ofMinutes(5);

	private static final Duration SLICE = Duration.ofSeconds(15);

	private final Clock clock;

	private final Deque<Slice> slices = new ArrayDeque<>();

	private @Nullable Instant lastCall;

	private @Nullable Instant lastFailure;

	private @Nullable String lastFailureKind;

	private int consecutiveFailures;

	private boolean persistent;

	/**
	 * Create an empty record.
	 * @param clock the clock
	 */
	public RecentCalls(Clock clock) {
		this.clock = clock;
	}

	synchronized void add(CallOutcome outcome) {
		if (outcome == CallOutcome.ERROR) {
			return;
		}
		Instant now = this.clock.instant();
		forget(now);
		Slice slice = this.slices.peekLast();
		if (slice == null || !now.isBefore(slice.start.plus(SLICE))) {
			slice = new Slice(now);
			this.slices.addLast(slice);
		}
		slice.calls++;
		this.lastCall = now;
		this.persistent = outcome.isPersistent();
		this.consecutiveFailures = outcome.countsAsFailure() ? this.consecutiveFailures + 1 : 0;
		if (outcome.countsAsFailure()) {
			slice.failures.merge(outcome.value(), 1, Integer::sum);
			this.lastFailure = now;
			this.lastFailureKind = outcome.value();
		}
	}

	private void forget(Instant now) {
		Instant since = now.minus(WINDOW);
		while (!this.slices.isEmpty() && this.slices.getFirst().start.isBefore(since)) {
			this.slices.removeFirst();
		}
	}

	/**
	 * Return a summary of the recent calls.
	 * @return a summary
	 */
	public synchronized Summary summary() {
		forget(this.clock.instant());
		int calls = 0;
		Map<String, Integer> failures = new TreeMap<>();
		for (Slice slice : this.slices) {
			calls += slice.calls;
			slice.failures.forEach((kind, count) -> failures.merge(kind, count, Integer::sum));
		}
		return new Summary(calls, failures, this.consecutiveFailures, this.persistent, this.lastCall, this.lastFailure,
				this.lastFailureKind);
	}

	/**
	 * Summary of the recent calls.
	 *
	 * @param calls number of calls in the last five minutes
	 * @param failures number of those that failed because of Polar or the configuration,
	 * by kind; rejected requests are not included
	 * @param consecutiveFailures number of consecutive failures of this kind up to the
	 * last call, regardless of when they occurred
	 * @param persistent whether the last call failed for a reason that persists until the
	 * configuration is changed (the access token, its scopes or the API version),
	 * regardless of when it was made
	 * @param lastCall when the last call ended, {@code null} if there has been none
	 * @param lastFailure when the last failure occurred, {@code null} if there has been
	 * none
	 * @param lastFailureKind kind of the last failure
	 */
	public record Summary(int calls, Map<String, Integer> failures, int consecutiveFailures, boolean persistent,
			@Nullable Instant lastCall, @Nullable Instant lastFailure, @Nullable String lastFailureKind) {

	}

	private static final class Slice {

		private final Instant start;

		private final Map<String, Integer> failures = new TreeMap<>();

		private int calls;

		Slice(Instant start) {
			this.start = start;
		}

	}

}
