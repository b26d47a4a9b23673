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

package io.github.polarspring.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Counts the usage of customers. As at Polar, a customer is counted some time after the
 * last event, or when a credit is granted. Guarded by the lock of {@link FakeState}.
 */
final class FakeCustomerMeters {

	private static final Duration DELAY = Duration.ofSeconds(15);

	/**
	 * How long further events can put off a count.
	 */
	private static final Duration LONGEST = Duration.ofHours(3);

	private final FakeState state;

	private final FakeUsageLog log;

	/**
	 * The counts of a customer by the ID of the meter.
	 */
	private final Map<UUID, Map<UUID, Count>> counts = new LinkedHashMap<>();

	/**
	 * How many events of a customer were counted.
	 */
	private final Map<UUID, Integer> counted = new LinkedHashMap<>();

	private Duration delay = DELAY;

	FakeCustomerMeters(FakeState state, FakeUsageLog log) {
		this.state = state;
		this.log = log;
	}

	void reset() {
		this.counts.clear();
		this.counted.clear();
		this.delay = DELAY;
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Return when customers will be counted.
	 */
	Map<FakeCustomer, Instant> pending() {
		Map<FakeCustomer, Instant> pending = new LinkedHashMap<>();
		for (FakeCustomer customer : this.state.customers()) {
			// an event whose parent has not arrived is counted together with the next one
			List<Instant> times = uncounted(customer).stream()
				.filter((event) -> !this.log.isOrphan(event))
				.map(FakeUsageEvent::ingestedAt)
				.map((time) -> time.isAfter(customer.createdAt()) ? time : customer.createdAt())
				.toList();
			if (!times.isEmpty()) {
				Instant due = times.get(times.size() - 1).plus(this.delay);
				Instant latest = times.get(0).plus(LONGEST);
				pending.put(customer, due.isBefore(latest) ? due : latest);
			}
		}
		return pending;
	}

	private List<FakeUsageEvent> uncounted(FakeCustomer customer) {
		List<FakeUsageEvent> events = this.log.of(customer);
		return events.subList(this.counted.getOrDefault(customer.id(), 0), events.size());
	}

	/**
	 * Count what was ingested, if nothing is waited for.
	 */
	void countWithoutDelay() {
		if (this.delay.isZero()) {
			countDue();
		}
	}

	/**
	 * Count the customers for whom it is time.
	 */
	void countDue() {
		pending().forEach((customer, time) -> {
			if (!time.isAfter(this.state.now())) {
				count(customer);
			}
		});
	}

	/**
	 * Count a customer, and send the new state.
	 */
	void count(FakeCustomer customer) {
		if (recount(customer)) {
			this.state.sendState(customer);
		}
	}

	private boolean recount(FakeCustomer customer) {
		this.counted.put(customer.id(), this.log.of(customer).size());
		Map<UUID, Count> counts = this.counts.computeIfAbsent(customer.id(), (id) -> new LinkedHashMap<>());
		boolean changed = false;
		for (Map<String, @Nullable Object> meter : this.state.catalog().meters()) {
			UUID id = (UUID) Objects.requireNonNull(meter.get("id"));
			if (meter.get("archived_at") == null || counts.containsKey(id)) {
				Count count = counts.computeIfAbsent(id, (key) -> new Count(customer, meter, this.state.now()));
				changed |= count.update(this.log.usage(customer, meter), this.state.now());
			}
		}
		return changed;
	}

	/**
	 * Return the counts of a customer, oldest first. Credits and resets are counted
	 * immediately.
	 */
	Collection<Count> of(FakeCustomer customer) {
		if (uncounted(customer).stream().anyMatch(FakeUsageEvent::system)) {
			recount(customer);
		}
		return this.counts.getOrDefault(customer.id(), Map.of()).values();
	}

	/**
	 * Return all counts, those that were changed last first.
	 */
	List<Count> all() {
		List<Count> all = new ArrayList<>();
		this.state.customers().forEach((customer) -> of(customer).forEach((count) -> all.add(0, count)));
		all.sort((first, second) -> second.order().compareTo(first.order()));
		return all;
	}

	/**
	 * The usage of a customer by one meter.
	 */
	static final class Count {

		final UUID id = UUID.randomUUID();

		final FakeCustomer customer;

		final Map<String, @Nullable Object> meter;

		private final Instant createdAt;

		private @Nullable Instant modifiedAt;

		private FakeUsage usage = new FakeUsage(BigDecimal.ZERO, List.of());

		Count(FakeCustomer customer, Map<String, @Nullable Object> meter, Instant now) {
			this.customer = customer;
			this.meter = meter;
			this.createdAt = now;
		}

		boolean update(FakeUsage usage, Instant now) {
			boolean changed = !usage.isSame(this.usage);
			this.usage = usage;
			this.modifiedAt = changed ? now : this.modifiedAt;
			return changed;
		}

		private Instant order() {
			return (this.modifiedAt != null) ? this.modifiedAt : Instant.MAX;
		}

		/**
		 * Return the JSON for the state of the customer.
		 */
		Map<String, @Nullable Object> toStateJson() {
			Map<String, @Nullable Object> json = new LinkedHashMap<>();
			json.put("id", this.id);
			json.put("created_at", this.createdAt);
			json.put("modified_at", this.modifiedAt);
			json.put("meter_id", this.meter.get("id"));
			json.put("consumed_units", this.usage.consumed().doubleValue());
			json.put("credited_units", this.usage.credited());
			json.put("balance", this.usage.balance().doubleValue());
			return json;
		}

		Map<String, @Nullable Object> toJson(UUID organizationId) {
			Map<String, @Nullable Object> json = toStateJson();
			json.put("customer_id", this.customer.id());
			json.put("customer", this.customer.toJson(organizationId));
			json.put("meter", this.meter);
			return json;
		}

	}

}
