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

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.polarspring.PolarException;

/**
 * Search for the effect of a call that Polar may still be processing.
 */
final class EffectSearch {

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private EffectSearch() {
	}

	/**
	 * Look for an effect until it is found, the time is over, or the thread is
	 * interrupted.
	 */
	static <T> Optional<T> run(Supplier<Optional<T>> effect, Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		while (true) {
			Optional<T> found = look(effect);
			long left = end - System.nanoTime();
			if (found.isPresent() || left <= 0 || !pause(Math.min(left, INTERVAL))) {
				return found;
			}
		}
	}

	private static <T> Optional<T> look(Supplier<Optional<T>> effect) {
		try {
			return effect.get();
		}
		catch (PolarException ex) {
			return Optional.empty();
		}
	}

	private static boolean pause(long nanos) {
		try {
			TimeUnit.NANOSECONDS.sleep(nanos);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
