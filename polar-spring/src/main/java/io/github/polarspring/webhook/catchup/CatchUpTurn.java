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

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Turn to catch up, which one instance has at a time, and how far the last complete run
 * came. If an instance crashes, its turn ends after some minutes.
 */
interface CatchUpTurn {

	/**
	 * Take the turn.
	 * @return {@code false} if another run has it
	 */
	boolean take(UUID owner);

	/**
	 * Keep the turn.
	 * @return {@code false} if another run has taken it
	 */
	boolean keep(UUID owner);

	/**
	 * Give the turn back.
	 * @param caughtUpTo end of the run, or {@code null} if it is not complete
	 */
	void giveBack(UUID owner, @Nullable Instant caughtUpTo);

	/**
	 * Return the end of the last complete run.
	 */
	@Nullable Instant caughtUpTo();

	/**
	 * Return a turn for a single instance.
	 */
	static CatchUpTurn local() {
		AtomicReference<@Nullable UUID> current = new AtomicReference<>();
		AtomicReference<@Nullable Instant> latest = new AtomicReference<>();
		return new CatchUpTurn() {

			@Override
			public boolean take(UUID owner) {
				return current.compareAndSet(null, owner);
			}

			@Override
			public boolean keep(UUID owner) {
				return true;
			}

			@Override
			public void giveBack(UUID owner, @Nullable Instant caughtUpTo) {
				if (caughtUpTo != null) {
					latest.set(caughtUpTo);
				}
				current.set(null);
			}

			@Override
			public @Nullable Instant caughtUpTo() {
				return latest.get();
			}

		};
	}

}
