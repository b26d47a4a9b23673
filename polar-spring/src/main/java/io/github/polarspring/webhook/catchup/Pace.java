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

package io.github.polarspring.webhook.catchup;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Limit to the calls of a run: a pause between them, a maximum number, and an end when
 * the run is stopped or another run has taken its turn.
 */
final class Pace {

	private static final Duration KEEP_EVERY = Duration.ofSeconds(20);

	private final Duration pause;

	private final int maxCalls;

	private final BooleanSupplier turn;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile int calls;

	private long keptAt = System.nanoTime();

	Pace(Duration pause, int maxCalls, BooleanSupplier turn) {
		this.pause = pause;
		this.maxCalls = maxCalls;
		this.turn = turn;
	}

	/**
	 * Wait until the next call can be made.
	 * @throws RunEndedException if there must be none
	 */
	void beforeCall() {
		if (this.calls >= this.maxCalls) {
			throw new RunEndedException("The limit of %d calls was reached".formatted(this.maxCalls));
		}
		try {
			if (this.calls > 0 && this.stopped.await(this.pause.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new RunEndedException("The run was stopped");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RunEndedException("The run was interrupted");
		}
		keepTurn();
		this.calls++;
	}

	/**
	 * Keep the turn while no calls are made.
	 * @throws RunEndedException if the run must end
	 */
	void beforeEvent() {
		if (this.stopped.getCount() == 0) {
			throw new RunEndedException("The run was stopped");
		}
		if (System.nanoTime() - this.keptAt > KEEP_EVERY.toNanos()) {
			keepTurn();
		}
	}

	private void keepTurn() {
		if (!this.turn.getAsBoolean()) {
			throw new RunEndedException("Another run has begun, because this one did not continue for some minutes");
		}
		this.keptAt = System.nanoTime();
	}

	void stop() {
		this.stopped.countDown();
	}

	int calls() {
		return this.calls;
	}

	/**
	 * Reason why a run ended early.
	 */
	@SuppressWarnings("serial")
	static final class RunEndedException extends RuntimeException {

		RunEndedException(String message) {
			super(message);
		}

	}

}
