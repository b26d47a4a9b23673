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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link UsageStore} in memory, for a single instance.
 */
final class MemoryUsageStore implements UsageStore {

	private static final int MAX_DEAD_LETTERS = 1000;

	private static final int MAX_CUSTOMERS = 10_000;

	private static final int MAX_KEYS = 100_000;

	private final int capacity;

	private final Clock clock;

	private final Map<String, Waiting> events = new LinkedHashMap<>();

	private final Map<String, Dead> dead = new LinkedHashMap<>();

	private final Map<String, Map<String, MeterUnits>> customers = limited(MAX_CUSTOMERS);

	/**
	 * Ids of events with keys, and when they were sent.
	 */
	private final Map<String, Instant> keys = limited(MAX_KEYS);

	private long turnEnd;

	MemoryUsageStore(int capacity, Clock clock) {
		Assert.isTrue(capacity >= 1, "capacity must be at least 1");
		this.capacity = capacity;
		this.clock = clock;
	}

	private static <T> Map<String, T> limited(int size) {
		return new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
				return size() > size;
			}

		};
	}

	@Override
	public synchronized boolean add(PendingEvent event, Instant now, Set<String> limited) {
		if (this.dead.containsKey(event.id()) || this.events.containsKey(event.id())
				|| this.keys.containsKey(event.id())) {
			return true;
		}
		if (this.events.size() >= this.capacity) {
			throw new PolarUsageQueueFullException(
					"Usage was not recorded, because %d events wait in memory to be sent to Polar, which is the limit set by 'polar.usage.queue-capacity'"
						.formatted(this.capacity));
		}
		boolean enough = event.units()
			.entrySet()
			.stream()
			.filter((entry) -> limited.contains(entry.getKey()) && entry.getValue().signum() > 0)
			.allMatch((entry) -> units(event.customer(), entry.getKey()).remaining().compareTo(entry.getValue()) >= 0);
		if (enough) {
			addWaiting(event, now);
		}
		return enough;
	}

	private void addWaiting(PendingEvent event, Instant now) {
		this.events.put(event.id(), new Waiting(event, now));
		event.units().forEach((meter, units) -> units(event.customer(), meter).wait(units));
	}

	private MeterUnits units(String customer, String meter) {
		return this.customers.computeIfAbsent(customer, (key) -> new TreeMap<>())
			.computeIfAbsent(meter, (key) -> new MeterUnits());
	}

	@Override
	public synchronized Map<String, StoredBalance> balances(String customer) {
		Map<String, StoredBalance> balances = new TreeMap<>();
		this.customers.getOrDefault(customer, Map.of()).forEach((meter, units) -> {
			StoredBalance balance = units.balance();
			if (balance != null) {
				balances.put(meter, balance);
			}
		});
		return balances;
	}

	@Override
	public synchronized void count(String customer, Map<String, MeterCount> counts, Instant readAt, boolean create) {
		if (create || this.customers.containsKey(customer)) {
			counts.forEach((meter, count) -> units(customer, meter).count(count, readAt, create));
		}
	}

	@Override
	public synchronized void erase(String customer) {
		this.customers.remove(customer);
	}

	@Override
	public synchronized void clear() {
		this.events.clear();
		this.dead.clear();
		this.customers.clear();
		this.keys.clear();
	}

	@Override
	public synchronized boolean isEmpty() {
		return this.events.isEmpty();
	}

	@Override
	public synchronized List<PendingEvent> next(int limit) {
		return this.events.values().stream().limit(limit).map(Waiting::event).toList();
	}

	@Override
	public synchronized void sent(Collection<PendingEvent> events, Instant sentAt) {
		for (PendingEvent event : events) {
			if (this.events.remove(event.id()) != null) {
				event.units().forEach((meter, units) -> units(event.customer(), meter).sent(units, sentAt));
				if (event.isKeyed()) {
					this.keys.put(event.id(), sentAt);
				}
			}
		}
	}

	@Override
	public synchronized void deleteSentBefore(Instant time) {
		this.keys.values().removeIf((sentAt) -> sentAt.isBefore(time));
		this.customers.values().forEach((meters) -> meters.values().forEach((units) -> units.deleteSentBefore(time)));
	}

	@Override
	public synchronized void reject(PendingEvent event, String failure, Instant now) {
		if (this.events.remove(event.id()) == null) {
			return;
		}
		event.units().forEach((meter, units) -> units(event.customer(), meter).wait(units.negate()));
		if (this.dead.size() >= MAX_DEAD_LETTERS) {
			Iterator<Dead> oldest = this.dead.values().iterator();
			oldest.next();
			oldest.remove();
		}
		this.dead.put(event.id(),
				new Dead(event, new DeadLetter(event.id(), event.name(), event.timestamp(), now, failure)));
	}

	@Override
	public synchronized boolean take(long now, long end) {
		boolean free = this.turnEnd <= now;
		this.turnEnd = free ? end : this.turnEnd;
		return free;
	}

	@Override
	public synchronized boolean move(long end, long newEnd) {
		boolean kept = this.turnEnd == end;
		this.turnEnd = kept ? newEnd : this.turnEnd;
		return kept;
	}

	@Override
	public synchronized PolarUsageTemplate.Backlog backlog(Instant now) {
		Iterator<Waiting> oldest = this.events.values().iterator();
		Duration age = oldest.hasNext() ? Duration.between(oldest.next().since(), now) : Duration.ZERO;
		return new PolarUsageTemplate.Backlog(this.events.size(), age.isNegative() ? Duration.ZERO : age,
				this.dead.size());
	}

	@Override
	public synchronized List<DeadLetter> list(int limit) {
		return this.dead.values().stream().limit(limit).map(Dead::letter).toList();
	}

	@Override
	public synchronized boolean requeue(String id) {
		Dead letter = this.dead.remove(id);
		if (letter != null) {
			addWaiting(letter.event(), this.clock.instant());
		}
		return letter != null;
	}

	@Override
	public synchronized int requeueAll() {
		List<String> ids = List.copyOf(this.dead.keySet());
		ids.forEach(this::requeue);
		return ids.size();
	}

	@Override
	public synchronized boolean discard(String id) {
		return this.dead.remove(id) != null;
	}

	@Override
	public void check() {
	}

	@Override
	public boolean isVolatile() {
		return true;
	}

	private record Waiting(PendingEvent event, Instant since) {

	}

	private record Dead(PendingEvent event, DeadLetter letter) {

	}

	/**
	 * Count of Polar's, and the units that are not part of it.
	 */
	private static final class MeterUnits {

		private @Nullable MeterCount count;

		private Instant readAt = Instant.MIN;

		private BigDecimal waiting = BigDecimal.ZERO;

		/**
		 * Units that were sent, by second.
		 */
		private final NavigableMap<Long, BigDecimal> sent = new TreeMap<>();

		private void wait(BigDecimal units) {
			this.waiting = this.waiting.add(units);
		}

		private void sent(BigDecimal units, Instant at) {
			this.waiting = this.waiting.subtract(units);
			this.sent.merge(at.getEpochSecond(), units, BigDecimal::add);
		}

		private void deleteSentBefore(Instant time) {
			this.sent.headMap(time.getEpochSecond()).clear();
		}

		private void count(MeterCount count, Instant readAt, boolean create) {
			boolean newer = this.count != null && !this.count.at().isAfter(count.at());
			if (newer || (this.count == null && create)) {
				this.count = count;
				deleteSentBefore(count.certainUntil());
			}
			if (this.count != null && readAt.isAfter(this.readAt)) {
				this.readAt = readAt;
			}
		}

		private BigDecimal remaining() {
			BigDecimal balance = (this.count != null) ? this.count.balance() : BigDecimal.ZERO;
			return this.sent.values().stream().reduce(balance.subtract(this.waiting), BigDecimal::subtract);
		}

		private @Nullable StoredBalance balance() {
			MeterCount count = this.count;
			return (count != null) ? new StoredBalance(remaining(), count.credited(), this.readAt) : null;
		}

	}

}
