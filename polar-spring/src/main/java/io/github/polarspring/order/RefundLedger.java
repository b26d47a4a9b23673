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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Ledger of refunds. An order is refunded by one caller at a time, who has the turn. A
 * turn that is not given back ends when Polar can no longer be processing the refund.
 */
interface RefundLedger {

	/**
	 * Duration of a turn since the refund is sent, longer than Polar processes a call.
	 */
	Duration TURN = Duration.ofMinutes(2);

	/**
	 * Take the turn of an order.
	 * @return whether it was taken, {@code false} while another caller has it
	 */
	boolean take(UUID orderId, UUID owner);

	/**
	 * Extend a turn, right before the refund is sent.
	 * @return whether the caller still has it
	 */
	boolean extend(UUID orderId, UUID owner);

	/**
	 * Give back the turn of an order, if the caller still has it.
	 */
	void giveBack(UUID orderId, UUID owner);

	/**
	 * Return the last attempt to make a refund, {@code null} if there was none.
	 */
	@Nullable Attempt find(UUID orderId, String key);

	/**
	 * Record an attempt, in place of an earlier one.
	 */
	void record(UUID orderId, String key, Attempt attempt);

	/**
	 * Return Polar's ids of the refunds of an order that attempts have led to.
	 */
	Set<UUID> refundIds(UUID orderId);

	/**
	 * Return a ledger for a single instance.
	 */
	static RefundLedger inMemory(Clock clock) {
		return new InMemory(clock);
	}

	/**
	 * Attempt to make a refund.
	 *
	 * @param amount the amount without tax
	 * @param createdAfter the time after which Polar creates the refund, with the
	 * precision of a microsecond
	 * @param refundId Polar's id of the refund, {@code null} if it is not known
	 */
	record Attempt(long amount, Instant createdAfter, @Nullable UUID refundId) {

	}

	/**
	 * Ledger for a single instance.
	 */
	final class InMemory implements RefundLedger {

		private final Clock clock;

		private final Map<UUID, Turn> turns = new ConcurrentHashMap<>();

		private final Map<Key, Attempt> attempts = Caffeine.newBuilder()
			.maximumSize(10_000)
			.<Key, Attempt>build()
			.asMap();

		private InMemory(Clock clock) {
			this.clock = clock;
		}

		private Turn turn(UUID owner) {
			return new Turn(owner, this.clock.instant().plus(TURN));
		}

		@Override
		public boolean take(UUID orderId, UUID owner) {
			Instant now = this.clock.instant();
			this.turns.values().removeIf((turn) -> !turn.endsAt().isAfter(now));
			return this.turns.putIfAbsent(orderId, turn(owner)) == null;
		}

		@Override
		public boolean extend(UUID orderId, UUID owner) {
			Turn extended = this.turns.computeIfPresent(orderId,
					(id, turn) -> turn.owner().equals(owner) ? turn(owner) : turn);
			return extended != null && extended.owner().equals(owner);
		}

		@Override
		public void giveBack(UUID orderId, UUID owner) {
			this.turns.computeIfPresent(orderId, (id, turn) -> turn.owner().equals(owner) ? null : turn);
		}

		@Override
		public @Nullable Attempt find(UUID orderId, String key) {
			return this.attempts.get(new Key(orderId, key));
		}

		@Override
		public void record(UUID orderId, String key, Attempt attempt) {
			this.attempts.put(new Key(orderId, key), attempt);
		}

		@Override
		public Set<UUID> refundIds(UUID orderId) {
			return this.attempts.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().orderId().equals(orderId) && entry.getValue().refundId() != null)
				.map((entry) -> entry.getValue().refundId())
				.collect(Collectors.toSet());
		}

		private record Turn(UUID owner, Instant endsAt) {

		}

		private record Key(UUID orderId, String key) {

		}

	}

}
