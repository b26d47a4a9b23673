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

package io.github.polarspring.entitlement;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Storage that all instances of the application share. Methods throw a
 * {@link RuntimeException} if it is not available.
 */
interface HoldingsStore {

	/**
	 * Return what is stored about a payer, {@code null} if nothing. In a transaction of
	 * the caller, this can be what was stored when the transaction began.
	 */
	@Nullable Stored find(String payer);

	/**
	 * Store what was read from Polar, unless the payer was marked meanwhile. Does not
	 * participate in the caller's transaction.
	 * @param payer the payer
	 * @param holdings what was read; if empty, nothing is stored about a payer who is not
	 * stored yet
	 * @param readAt when reading began
	 * @param version the version that {@link #find} returned before reading began, 0 if
	 * it returned {@code null}
	 * @return the version now, which is 0 if nothing is stored; or -1 if the payer was
	 * marked meanwhile, was stored for the first time by another caller, or was erased
	 */
	long save(String payer, Holdings holdings, Instant readAt, long version);

	/**
	 * Mark payers as stale, in the caller's transaction if there is one: those with the
	 * given ids, including payers of whom nothing is stored yet, and those of whom a
	 * purchase is stored that Polar assigned to the customer. If the caller's transaction
	 * conflicts with another one, it fails with a
	 * {@link org.springframework.dao.DuplicateKeyException} or a
	 * {@link org.springframework.dao.ConcurrencyFailureException}, and must be retried.
	 */
	void mark(Collection<String> payers, @Nullable UUID customerId);

	/**
	 * Return the payers that were marked at or after a time, with their versions. The
	 * time is that of the clock of the instance that marked them, and a mark is visible
	 * when its transaction is committed: use a time that is earlier than the last call.
	 */
	Map<String, Long> markedSince(Instant time);

	/**
	 * Store the assignment of an order, replacing an earlier one.
	 */
	void assign(UUID orderId, String payer);

	/**
	 * Return the orders that are assigned to a payer.
	 */
	Set<UUID> assignedTo(String payer);

	/**
	 * Return the payers to whom orders are assigned, by order, of the given orders; of
	 * all orders if {@code null}.
	 */
	Map<UUID, String> assignments(@Nullable List<UUID> orderIds);

	/**
	 * Delete what is stored about a payer, with assignments, and the states that contain
	 * purchases of a customer.
	 */
	void erase(@Nullable String payer, @Nullable UUID customerId);

	/**
	 * Delete the states that were read and marked before a time.
	 */
	void deleteOlderThan(Instant time);

	/**
	 * What is stored about a payer.
	 *
	 * @param holdings the state, {@code null} if the payer is only marked, or if another
	 * version of the library stored it
	 * @param readAt when it was read from Polar, 1970 if never
	 * @param version number that increases with each mark
	 * @param stale whether the payer was marked after it was read, or there is no state
	 * @param markedAt when the payer was marked, according to the clock of the instance
	 * that did
	 */
	record Stored(@Nullable Holdings holdings, Instant readAt, long version, boolean stale, Instant markedAt) {

	}

}
