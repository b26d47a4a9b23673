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

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All usage events in the order of their arrival, together with the credits and the
 * resets of meters. Guarded by the lock of {@link FakeState}.
 */
final class FakeUsageLog {

	private final FakeState state;

	private final List<FakeUsageEvent> events = new ArrayList<>();

	private final Map<UUID, FakeUsageEvent> byId = new HashMap<>();

	private final Map<String, FakeUsageEvent> byExternalId = new HashMap<>();

	private final Map<String, List<FakeUsageEvent>> byCustomer = new HashMap<>();

	/**
	 * Numbers of children by the parent that they name.
	 */
	private final Map<String, Integer> children = new HashMap<>();

	FakeUsageLog(FakeState state) {
		this.state = state;
	}

	void reset() {
		this.events.clear();
		this.byId.clear();
		this.byExternalId.clear();
		this.byCustomer.clear();
		this.children.clear();
	}

	/**
	 * Add an event that was ingested.
	 * @return {@code false} if there is one with the same external ID
	 */
	boolean ingest(JsonNode sent) {
		String externalId = sent.path("external_id").isString() ? sent.path("external_id").stringValue() : null;
		if (externalId != null && this.byExternalId.containsKey(externalId)) {
			return false;
		}
		ObjectNode json = (ObjectNode) sent.deepCopy();
		Instant time = this.state.now();
		if (json.hasNonNull("timestamp")) {
			JsonNode timestamp = json.path("timestamp");
			time = FakeTime.toInstant(timestamp.isNumber() ? FakeTime.parse(timestamp.decimalValue())
					: FakeTime.parse(timestamp.asString()));
		}
		FakeUsageEvent event = add(json.put("timestamp", time.toString()), false);
		if (externalId != null) {
			this.byExternalId.put(externalId, event);
		}
		return true;
	}

	/**
	 * Credit units to a customer, or take them away again if the number is negative.
	 */
	void credit(FakeCustomer customer, UUID meter, long units, boolean rollover) {
		ObjectNode json = json(FakeUsageEvent.CREDITED, customer, meter);
		((ObjectNode) json.path("metadata")).put("units", units).put("rollover", rollover);
		add(json, true);
	}

	/**
	 * Start the count of a meter anew.
	 */
	void reset(FakeCustomer customer, UUID meter) {
		add(json(FakeUsageEvent.RESET, customer, meter), true);
	}

	private ObjectNode json(String name, FakeCustomer customer, UUID meter) {
		ObjectNode json = JsonMapper.shared().createObjectNode();
		json.put("name", name)
			.put("timestamp", this.state.now().toString())
			.put("customer_id", customer.id().toString())
			.putObject("metadata")
			.put("meter_id", meter.toString());
		return json;
	}

	private FakeUsageEvent add(ObjectNode json, boolean system) {
		FakeUsageEvent event = new FakeUsageEvent(UUID.randomUUID(), this.events.size(), this.state.now(), system,
				json);
		this.events.add(event);
		this.byId.put(event.id(), event);
		String parent = event.text("parent_id");
		if (parent != null) {
			this.children.merge(parent, 1, Integer::sum);
		}
		String customer = (event.externalCustomerId() != null) ? externalKey(event.externalCustomerId())
				: key(event.customerId());
		this.byCustomer.computeIfAbsent(customer, (key) -> new ArrayList<>()).add(event);
		return event;
	}

	private static String key(@Nullable UUID id) {
		return "id " + id;
	}

	private static String externalKey(@Nullable String id) {
		return "external " + id;
	}

	/**
	 * Return all events, newest first.
	 */
	List<FakeUsageEvent> newestFirst() {
		List<FakeUsageEvent> newestFirst = new ArrayList<>(this.events);
		newestFirst
			.sort(Comparator.comparing(FakeUsageEvent::timestamp).thenComparing(FakeUsageEvent::number).reversed());
		return newestFirst;
	}

	int size() {
		return this.events.size();
	}

	/**
	 * Return all events in the order of their arrival.
	 */
	List<FakeUsageEvent> all() {
		return List.copyOf(this.events);
	}

	@Nullable FakeUsageEvent find(UUID id) {
		return this.byId.get(id);
	}

	/**
	 * Return the events of a customer in the order of their arrival, also those that
	 * arrived before the customer was created.
	 */
	List<FakeUsageEvent> of(FakeCustomer customer) {
		List<FakeUsageEvent> own = this.byCustomer.getOrDefault(key(customer.id()), List.of());
		List<FakeUsageEvent> external = this.byCustomer.getOrDefault(externalKey(customer.externalId()), List.of());
		return Stream.concat(own.stream(), external.stream())
			.sorted(Comparator.comparingInt(FakeUsageEvent::number))
			.toList();
	}

	@Nullable FakeCustomer customerOf(FakeUsageEvent event) {
		UUID id = event.customerId();
		return (id != null) ? this.state.customer(id)
				: this.state.customerWithExternalId(Objects.requireNonNull(event.externalCustomerId()));
	}

	/**
	 * Return the parent of an event, or {@code null} if it has none, or it has not
	 * arrived.
	 */
	@Nullable FakeUsageEvent parentOf(FakeUsageEvent event) {
		String parent = event.text("parent_id");
		if (parent == null) {
			return null;
		}
		FakeUsageEvent known = FakeTransformer.isUuid(parent) ? find(UUID.fromString(parent)) : null;
		return (known != null) ? known : this.byExternalId.get(parent);
	}

	/**
	 * Return whether an event names a parent that has not arrived.
	 */
	boolean isOrphan(FakeUsageEvent event) {
		return event.text("parent_id") != null && parentOf(event) == null;
	}

	/**
	 * Return whether a meter counts any event.
	 */
	boolean isCounted(Map<String, @Nullable Object> meter) {
		return this.events.stream().anyMatch((event) -> new FakeMeter(meter).matches(event));
	}

	/**
	 * Return what a meter counts for a customer since its last reset.
	 */
	FakeUsage usage(FakeCustomer customer, Map<String, @Nullable Object> meter) {
		UUID id = (UUID) Objects.requireNonNull(meter.get("id"));
		List<FakeUsageEvent> events = new ArrayList<>();
		List<FakeUsageEvent> credits = new ArrayList<>();
		for (FakeUsageEvent event : of(customer)) {
			if (event.is(FakeUsageEvent.RESET, id)) {
				events.clear();
				credits.clear();
			}
			else if (event.is(FakeUsageEvent.CREDITED, id)) {
				credits.add(event);
			}
			else if (!event.system()) {
				events.add(event);
			}
		}
		return new FakeUsage(new FakeMeter(meter).consumed(events), credits);
	}

	Map<String, @Nullable Object> toJson(FakeUsageEvent event) {
		FakeCustomer customer = customerOf(event);
		FakeUsageEvent parent = parentOf(event);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", event.id());
		json.put("timestamp", event.timestamp());
		json.put("organization_id", this.state.organizationId());
		json.put("customer_id", (customer != null) ? customer.id() : event.customerId());
		json.put("customer", (customer != null) ? customer.toJson(this.state.organizationId()) : null);
		json.put("external_customer_id", (customer != null) ? customer.externalId() : event.externalCustomerId());
		json.put("member_id", event.text("member_id"));
		json.put("external_member_id", event.text("external_member_id"));
		json.put("child_count", this.children.getOrDefault(event.id().toString(), 0)
				+ ((event.text("external_id") != null) ? this.children.getOrDefault(event.text("external_id"), 0) : 0));
		json.put("parent_id", (parent != null) ? parent.id() : null);
		json.put("label", event.label());
		json.put("name", event.name());
		json.put("source", event.source());
		json.put("metadata", event.metadata());
		return json;
	}

}
