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

package io.github.polarspring.order;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns in which refunds of an order are made, so that two cannot be made at the same
 * time. A turn that is not given back ends when Polar can no longer be processing the
 * refund.
 */
interface RefundTurns {

	/**
	 * Duration of a turn, longer than Polar processes a call.
	 */
	Duration DURATION = Duration.ofMinutes(2);

	/**
	 * Take the turn of an order.
	 * @return whether it was taken, {@code false} while someone else has it
	 */
	boolean take(UUID orderId);

	/**
	 * Give back the turn of an order.
	 */
	void giveBack(UUID orderId);

	/**
	 * Return turns for a single instance.
	 */
	static RefundTurns inMemory(Clock clock) {
		Map<UUID, Instant> turns = new ConcurrentHashMap<>();
		return new RefundTurns() {

			@Override
			public boolean take(UUID orderId) {
				Instant now = clock.instant();
				Instant until = now.plus(DURATION);
				turns.values().removeIf((end) -> !end.isAfter(now));
				return turns.putIfAbsent(orderId, until) == null;
			}

			@Override
			public void giveBack(UUID orderId) {
				turns.remove(orderId);
			}

		};
	}

}
