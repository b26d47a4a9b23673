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
import java.util.Set;
import java.util.TreeMap;

import org.springframework.util.Assert;

/**
 * {@link UsageStore} in memory, for a single instance.
 */
final class MemoryUsageStore implements UsageStore {

	private static final int MAX_DEAD_LETTERS = 1000;

	private static final int MAX_CUSTOMERS = 10_000;

	private static final int MAX_SENT_PER_CUSTOMER = 10_000;

	private final int capacity;

	private final Clock clock;

	private final Map<String, Waiting> events = new LinkedHashMap<>();

	private final Map<String, Dead> dead = new LinkedHashMap<>();

	private final Map<String, CustomerUnits> customers = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, CustomerUnits> eldest) {
			return size() > MAX_CUSTOMERS;
		}

	};

	private long turnEnd;

	MemoryUsageStore(int capacity, Clock clock) {
		Assert.isTrue(capacity >= 1, "capacity must be at least 1");
		this.capacity = capacity;
		this.clock = clock;
	}

	@Override
	public synchronized boolean add(PendingEvent event, Instant now, Set<String> limited) {
		CustomerUnits customer = event.isMetered() ? customer(event.customer()) : null;
		if (this.dead.containsKey(event.id()) || this.events.containsKey(event.id())
				|| (customer != null && customer.sent.containsKey(event.id()))) {
			return true;
		}
		if (this.events.size() >= this.capacity) {
			throw new PolarUsageQueueFullException(
					"Usage was not recorded, because %d events wait in memory to be sent to Polar, which is the limit set by 'polar.usage.queue-capacity'"
						.formatted(this.capacity));
		}
		if (customer != null && !customer.take(event.units(), limited)) {
			return false;
		}
		this.events.put(event.id(), new Waiting(event, now));
		return true;
	}

	private CustomerUnits customer(String customer) {
		return this.customers.computeIfAbsent(customer, (key) -> new CustomerUnits());
	}

	@Override
	public synchronized Map<String, StoredBalance> balances(String customer) {
		CustomerUnits known = this.customers.get(customer);
		return (known != null) ? known.balances() : Map.of();
	}

	@Override
	public synchronized Map<String, StoredBalance> count(String customer, Map<String, MeterCount> counts,
			Instant readAt) {
		CustomerUnits known = customer(customer);
		Map<String, MeterCount> newer = new TreeMap<>(counts);
		newer.entrySet().removeIf((entry) -> known.isNewer(entry.getKey(), entry.getValue()));
		UncountedUnits uncounted = new UncountedUnits(newer);
		this.events.values()
			.stream()
			.map(Waiting::event)
			.filter((event) -> event.isMetered() && event.customer().equals(customer))
			.forEach((event) -> uncounted.add(event.id(), event.units(), null));
		known.sent.forEach((id, event) -> uncounted.add(id, event.units(), event.at()));
		known.sent.keySet().removeAll(uncounted.counted());
		newer.forEach((meter, count) -> known.balances.put(meter, new Balance(
				count.balance().subtract(uncounted.sums().getOrDefault(meter, BigDecimal.ZERO)), count, readAt)));
		counts.keySet().forEach((meter) -> known.balances.computeIfPresent(meter, (key, it) -> it.readAt(readAt)));
		return known.balances();
	}

	@Override
	public synchronized void erase(String customer) {
		this.customers.remove(customer);
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
			this.events.remove(event.id());
			if (event.isMetered()) {
				customer(event.customer()).addSent(event, sentAt);
			}
		}
	}

	@Override
	public synchronized void deleteSentBefore(Instant time) {
		this.customers.values()
			.forEach((customer) -> customer.sent.values().removeIf((sent) -> sent.at().isBefore(time)));
	}

	@Override
	public synchronized void reject(PendingEvent event, String failure, Instant now) {
		if (this.events.remove(event.id()) == null) {
			return;
		}
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
			this.events.put(id, new Waiting(letter.event(), this.clock.instant()));
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
	 * What a customer has left, and the sent events that are not known to be counted.
	 */
	private static final class CustomerUnits {

		private final Map<String, Balance> balances = new TreeMap<>();

		private final Map<String, Sent> sent = new LinkedHashMap<>();

		private Map<String, StoredBalance> balances() {
			Map<String, StoredBalance> balances = new TreeMap<>();
			this.balances.forEach((meter, balance) -> balances.put(meter,
					new StoredBalance(balance.remaining(), balance.count().credited(), balance.readAt())));
			return balances;
		}

		private void addSent(PendingEvent event, Instant at) {
			this.sent.put(event.id(), new Sent(event.units(), at));
			if (this.sent.size() > MAX_SENT_PER_CUSTOMER) {
				this.sent.remove(this.sent.keySet().iterator().next());
			}
		}

		/**
		 * Return whether a balance is based on a newer count.
		 */
		private boolean isNewer(String meter, MeterCount count) {
			Balance balance = this.balances.get(meter);
			return balance != null && balance.count().at().isAfter(count.at());
		}

		/**
		 * Take units from all balances, or from none.
		 */
		private boolean take(Map<String, BigDecimal> units, Set<String> limited) {
			boolean enough = units.entrySet()
				.stream()
				.filter((entry) -> limited.contains(entry.getKey()) && entry.getValue().signum() > 0)
				.allMatch((entry) -> hasLeft(entry.getKey(), entry.getValue()));
			if (enough) {
				units.forEach((meter, number) -> this.balances.computeIfPresent(meter, (key, it) -> it.minus(number)));
			}
			return enough;
		}

		private boolean hasLeft(String meter, BigDecimal units) {
			Balance balance = this.balances.get(meter);
			return balance != null && balance.remaining().compareTo(units) >= 0;
		}

	}

	private record Balance(BigDecimal remaining, MeterCount count, Instant readAt) {

		Balance minus(BigDecimal units) {
			return new Balance(this.remaining.subtract(units), this.count, this.readAt);
		}

		Balance readAt(Instant readAt) {
			return readAt.isAfter(this.readAt) ? new Balance(this.remaining, this.count, readAt) : this;
		}

	}

	private record Sent(Map<String, BigDecimal> units, Instant at) {

	}

}
