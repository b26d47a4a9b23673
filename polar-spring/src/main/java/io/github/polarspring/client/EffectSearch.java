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

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Search for the effect of a call that Polar may still be processing.
 */
final class EffectSearch {

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private EffectSearch() {
	}

	/**
	 * Look for an effect until it is found, the time is over, or the thread is
	 * interrupted. The last look has half of the time that is left then.
	 * @param effect the effect, which must be looked for until the deadline only
	 * @param deadline the {@link System#nanoTime()} at which the time is over
	 * @param unknown why the outcome is unknown, to which a failure of the search is
	 * added
	 */
	static <T> Optional<T> run(Supplier<Optional<T>> effect, long deadline, Exception unknown) {
		boolean last = false;
		while (true) {
			Optional<T> found = look(effect, unknown);
			long left = deadline - System.nanoTime();
			if (found.isPresent() || last || left <= 0) {
				return found;
			}
			last = left < 2 * INTERVAL;
			if (!pause(last ? left / 2 : INTERVAL)) {
				return found;
			}
		}
	}

	private static <T> Optional<T> look(Supplier<Optional<T>> effect, Exception unknown) {
		try {
			return effect.get();
		}
		catch (RuntimeException ex) {
			if (unknown.getSuppressed().length == 0) {
				unknown.addSuppressed(ex);
			}
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
