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

import java.net.ConnectException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * {@link HoldingsStore} in memory, which can be shared by instances, fail, and hang.
 */
final class HoldingsInMemory implements HoldingsStore {

	private final Map<String, Row> rows = new HashMap<>();

	private final Map<UUID, String> assignments = new HashMap<>();

	private final Clock clock;

	/**
	 * Number of calls, also of those that fail.
	 */
	final AtomicInteger calls = new AtomicInteger();

	volatile boolean down;

	volatile @Nullable CountDownLatch hanging;

	volatile Runnable beforeSave = () -> {
	};

	HoldingsInMemory(Clock clock) {
		this.clock = clock;
	}

	private void call() {
		this.calls.incrementAndGet();
		CountDownLatch latch = this.hanging;
		try {
			if (latch != null) {
				latch.await();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.down) {
			throw new IllegalStateException("Duplicate entry 'alice'", new ConnectException("down"));
		}
	}

	@Override
	public @Nullable Stored find(String payer) {
		call();
		synchronized (this) {
			Row row = this.rows.get(payer);
			return (row != null) ? new Stored(row.holdings, row.readAt, row.version,
					row.holdings == null || row.version != row.stateVersion, row.markedAt) : null;
		}
	}

	@Override
	public long save(String payer, Holdings holdings, Instant readAt, long version) {
		call();
		this.beforeSave.run();
		synchronized (this) {
			Row row = this.rows.get(payer);
			if ((row != null) ? row.version != version : version != 0) {
				return -1;
			}
			if (row == null && holdings.isEmpty()) {
				return 0;
			}
			Row saved = (row != null) ? row : new Row(1);
			saved.holdings = holdings;
			saved.readAt = readAt;
			saved.stateVersion = saved.version;
			this.rows.put(payer, saved);
			return saved.version;
		}
	}

	@Override
	public void mark(Collection<String> payers, @Nullable UUID customerId) {
		call();
		synchronized (this) {
			Set<String> marked = new HashSet<>(payers);
			this.rows.forEach((payer, row) -> {
				if (row.holdings != null && row.holdings.customerIds().contains(customerId)) {
					marked.add(payer);
				}
			});
			marked.forEach((payer) -> {
				Row row = this.rows.computeIfAbsent(payer, (key) -> new Row(0));
				row.version++;
				row.markedAt = this.clock.instant();
			});
		}
	}

	@Override
	public Map<String, Long> markedSince(Instant time) {
		call();
		synchronized (this) {
			Map<String, Long> marked = new HashMap<>();
			this.rows.forEach((payer, row) -> {
				if (!row.markedAt.isBefore(time)) {
					marked.put(payer, row.version);
				}
			});
			return marked;
		}
	}

	@Override
	public void assign(UUID orderId, String payer) {
		call();
		synchronized (this) {
			this.assignments.put(orderId, payer);
		}
	}

	@Override
	public Set<UUID> assignedTo(String payer) {
		call();
		synchronized (this) {
			return this.assignments.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().equals(payer))
				.map(Map.Entry::getKey)
				.collect(Collectors.toSet());
		}
	}

	@Override
	public Map<UUID, String> assignments(@Nullable List<UUID> orderIds) {
		call();
		synchronized (this) {
			Map<UUID, String> found = new HashMap<>(this.assignments);
			if (orderIds != null) {
				found.keySet().retainAll(orderIds);
			}
			return found;
		}
	}

	@Override
	public void erase(@Nullable String payer, @Nullable UUID customerId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void deleteOlderThan(Instant time) {
		call();
	}

	private static final class Row {

		private @Nullable Holdings holdings;

		private Instant readAt = Instant.EPOCH;

		private Instant markedAt = Instant.MIN;

		private long version;

		private long stateVersion;

		Row(long version) {
			this.version = version;
		}

	}

}
