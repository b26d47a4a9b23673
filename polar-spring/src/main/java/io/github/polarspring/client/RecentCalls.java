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
 * How the calls of the last minutes ended, so that the state of Polar can be told without
 * calling it. Safe for use by several threads. An application that makes its own
 * {@link PolarClient} passes it the bean of this type.
 *
 * @since 0.1.0
 */
public final class RecentCalls {

	private static final Duration WINDOW = Duration.ofMinutes(5);

	private static final Duration SLICE = Duration.ofSeconds(15);

	private final Clock clock;

	private final Deque<Slice> slices = new ArrayDeque<>();

	private @Nullable Instant lastCall;

	private @Nullable Instant lastTrouble;

	private @Nullable String lastTroubleKind;

	private int troublesInARow;

	private boolean lasting;

	/**
	 * Create a memory without calls.
	 * @param clock tells the time
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
		this.lasting = outcome.isLasting();
		this.troublesInARow = outcome.isTrouble() ? this.troublesInARow + 1 : 0;
		if (outcome.isTrouble()) {
			slice.troubles.merge(outcome.value(), 1, Integer::sum);
			this.lastTrouble = now;
			this.lastTroubleKind = outcome.value();
		}
	}

	private void forget(Instant now) {
		Instant since = now.minus(WINDOW);
		while (!this.slices.isEmpty() && this.slices.getFirst().start.isBefore(since)) {
			this.slices.removeFirst();
		}
	}

	/**
	 * Return what is known now.
	 * @return a summary
	 */
	public synchronized Summary summary() {
		forget(this.clock.instant());
		int calls = 0;
		Map<String, Integer> troubles = new TreeMap<>();
		for (Slice slice : this.slices) {
			calls += slice.calls;
			slice.troubles.forEach((kind, count) -> troubles.merge(kind, count, Integer::sum));
		}
		return new Summary(calls, troubles, this.troublesInARow, this.lasting, this.lastCall, this.lastTrouble,
				this.lastTroubleKind);
	}

	/**
	 * How the last calls ended.
	 *
	 * @param calls number of calls of the last five minutes
	 * @param troubles how many of them failed because of Polar or the set-up, by kind;
	 * not those where only the request was refused
	 * @param troublesInARow how many of the last calls failed so, no matter when
	 * @param lasting whether the last call failed for a reason that does not pass by
	 * itself, no matter when: the access token, its scopes or the API version
	 * @param lastCall when the last call ended, {@code null} if there was none yet
	 * @param lastTrouble when the last one failed so, {@code null} if none has
	 * @param lastTroubleKind how it failed
	 */
	public record Summary(int calls, Map<String, Integer> troubles, int troublesInARow, boolean lasting,
			@Nullable Instant lastCall, @Nullable Instant lastTrouble, @Nullable String lastTroubleKind) {

	}

	private static final class Slice {

		private final Instant start;

		private final Map<String, Integer> troubles = new TreeMap<>();

		private int calls;

		Slice(Instant start) {
			this.start = start;
		}

	}

}
