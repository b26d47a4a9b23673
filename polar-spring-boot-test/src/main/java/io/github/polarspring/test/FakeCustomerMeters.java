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
import tools.jackson.databind.JsonNode;

/**
 * Counts the usage of customers. As at Polar, a customer is counted 15 seconds after the
 * last event, or when a credit is granted. Guarded by the lock of {@link FakeState}.
 */
final class FakeCustomerMeters {

	private static final Duration DELAY = Duration.ofSeconds(15);

	private final FakeState state;

	private final List<Usage> events = new ArrayList<>();

	/**
	 * The counts of a customer by the ID of the meter.
	 */
	private final Map<UUID, Map<UUID, Count>> counts = new LinkedHashMap<>();

	/**
	 * How many events and credits of a customer were counted.
	 */
	private final Map<UUID, Integer> counted = new LinkedHashMap<>();

	FakeCustomerMeters(FakeState state) {
		this.state = state;
	}

	void reset() {
		this.events.clear();
		this.counts.clear();
		this.counted.clear();
	}

	void add(JsonNode event) {
		this.events.add(new Usage(event, this.state.now()));
	}

	private List<Usage> eventsOf(FakeCustomer customer) {
		return this.events.stream()
			.filter((usage) -> usage.isOf("customer_id", customer.id().toString())
					|| (customer.externalId() != null && usage.isOf("external_customer_id", customer.externalId())))
			.toList();
	}

	/**
	 * Return when customers will be counted.
	 */
	Map<FakeCustomer, Instant> pending() {
		Map<FakeCustomer, Instant> pending = new LinkedHashMap<>();
		for (FakeCustomer customer : this.state.customers()) {
			List<Usage> events = eventsOf(customer);
			if (!events.isEmpty() && this.counted.getOrDefault(customer.id(), 0) < toCount(customer)) {
				Instant last = events.get(events.size() - 1).time();
				Instant start = last.isAfter(customer.createdAt()) ? last : customer.createdAt();
				pending.put(customer, start.plus(DELAY));
			}
		}
		return pending;
	}

	private int toCount(FakeCustomer customer) {
		return eventsOf(customer).size() + (int) creditsOf(customer).stream().count();
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
		this.counted.put(customer.id(), toCount(customer));
		List<JsonNode> events = eventsOf(customer).stream().map(Usage::json).toList();
		Map<UUID, Count> counts = this.counts.computeIfAbsent(customer.id(), (id) -> new LinkedHashMap<>());
		boolean changed = false;
		for (Map<String, @Nullable Object> meter : this.state.catalog().meters()) {
			UUID id = (UUID) Objects.requireNonNull(meter.get("id"));
			if (meter.get("archived_at") == null || counts.containsKey(id)) {
				Count count = counts.computeIfAbsent(id, (key) -> new Count(customer, meter, this.state.now()));
				changed |= count.update(new FakeMeter(meter).consumed(events), creditsOf(customer, id),
						this.state.now());
			}
		}
		return changed;
	}

	private List<Map<?, ?>> creditsOf(FakeCustomer customer) {
		return this.state.sales().grants.stream()
			.filter((grant) -> grant.customer.equals(customer) && grant.isGranted())
			.<Map<?, ?>>map(FakeGrant::credit)
			.filter(Objects::nonNull)
			.toList();
	}

	private long creditsOf(FakeCustomer customer, UUID meter) {
		return creditsOf(customer).stream()
			.filter((credit) -> meter.toString().equals(String.valueOf(credit.get("meter_id"))))
			.mapToLong((credit) -> ((Number) Objects.requireNonNull(credit.get("units"))).longValue())
			.sum();
	}

	/**
	 * Return the counts of a customer, oldest first.
	 */
	Collection<Count> of(FakeCustomer customer) {
		Map<UUID, Count> counts = this.counts.getOrDefault(customer.id(), Map.of());
		boolean credited = counts.values().stream().mapToLong((count) -> count.credited).sum() != creditsOf(customer)
			.stream()
			.mapToLong((credit) -> ((Number) Objects.requireNonNull(credit.get("units"))).longValue())
			.sum();
		if (credited) {
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
	 * A usage event.
	 *
	 * @param json the event
	 * @param time when it was ingested
	 */
	private record Usage(JsonNode json, Instant time) {

		boolean isOf(String field, String id) {
			return this.json.path(field).asString("").equals(id);
		}

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

		private BigDecimal consumed = BigDecimal.ZERO;

		private long credited;

		Count(FakeCustomer customer, Map<String, @Nullable Object> meter, Instant now) {
			this.customer = customer;
			this.meter = meter;
			this.createdAt = now;
		}

		boolean update(BigDecimal consumed, long credited, Instant now) {
			if (this.consumed.compareTo(consumed) == 0 && this.credited == credited) {
				return false;
			}
			this.consumed = consumed;
			this.credited = credited;
			this.modifiedAt = now;
			return true;
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
			json.put("consumed_units", this.consumed.doubleValue());
			json.put("credited_units", this.credited);
			json.put("balance", BigDecimal.valueOf(this.credited).subtract(this.consumed).doubleValue());
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
