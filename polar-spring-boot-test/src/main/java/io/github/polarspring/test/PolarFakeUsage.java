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

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Usage of customers in a {@link PolarFake}: the events that were ingested, the meters
 * that count them, and the credits that pay for them.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 * @see PolarFake#usage()
 */
public final class PolarFakeUsage {

	private final PolarFake fake;

	private final FakeState state;

	PolarFakeUsage(PolarFake fake) {
		this.fake = fake;
		this.state = fake.state();
	}

	/**
	 * Add a meter that counts the events with a name.
	 * @param id the ID of the meter, a version 4 UUID
	 * @param name the name of the meter, at least three characters
	 * @param event the name of the events
	 * @return this usage
	 * @throws IllegalArgumentException if Polar would reject the meter
	 */
	public PolarFakeUsage addMeter(UUID id, String name, String event) {
		return addMeter(id, name, event, Map.of("func", "count"));
	}

	/**
	 * Add a meter that aggregates a property of the events with a name. For other
	 * filters, add a {@linkplain PolarFake#addCatalog(String) catalog} with the meter.
	 * @param id the ID of the meter, a version 4 UUID
	 * @param name the name of the meter, at least three characters
	 * @param event the name of the events
	 * @param aggregation {@code sum}, {@code max}, {@code min}, {@code avg}, or
	 * {@code unique}
	 * @param property the name in the metadata of the events. As with Polar, events whose
	 * value is not a number do not count, except for {@code unique}
	 * @return this usage
	 * @throws IllegalArgumentException if Polar would reject the meter
	 */
	public PolarFakeUsage addMeter(UUID id, String name, String event, String aggregation, String property) {
		return addMeter(id, name, event, Map.of("func", aggregation, "property", property));
	}

	private PolarFakeUsage addMeter(UUID id, String name, String event, Map<String, Object> aggregation) {
		Map<String, Object> filter = Map.of("conjunction", "and", "clauses",
				List.of(Map.of("property", "name", "operator", "eq", "value", event)));
		Map<String, Object> meter = new LinkedHashMap<>();
		meter.put("id", id);
		meter.put("name", name);
		meter.put("filter", filter);
		meter.put("aggregation", aggregation);
		this.fake.addCatalog(JsonMapper.shared().writeValueAsString(Map.of("meters", List.of(meter))));
		return this;
	}

	/**
	 * Credit units of a meter to a customer, as a benefit of the type
	 * {@code meter_credit} does. The balance changes immediately. A negative number takes
	 * credits away, but not below zero.
	 * @param meterId the ID of a meter of the catalog
	 * @param externalCustomerId the external ID of the customer
	 * @param units the number of units
	 * @throws IllegalStateException if there is no such meter or customer
	 */
	public void credit(UUID meterId, String externalCustomerId, long units) {
		this.fake.happen("Units credited", () -> {
			Assert.state(this.state.catalog().meter(meterId.toString()) != null,
					() -> "The fake has no meter " + meterId);
			FakeCustomer customer = this.fake.requireCustomer(externalCustomerId);
			this.state.usage().credit(customer, meterId, units, false);
			this.state.sendState(customer);
		});
	}

	/**
	 * Set how long after the last event of a customer the usage is counted, until the
	 * fake is reset. As with Polar, the default is 15 seconds, and further events put off
	 * the count for at most three hours. With a duration of zero, events are counted when
	 * they are ingested. Quantities of a meter are always up to date, and the meters of a
	 * subscription change 15 minutes after an event in any case.
	 * @param delay the duration
	 * @return this usage
	 */
	public PolarFakeUsage delay(Duration delay) {
		Assert.isTrue(!delay.isNegative(), "delay must not be negative");
		synchronized (this.state) {
			this.state.meters().delay(delay);
		}
		return this;
	}

	/**
	 * Return the events that were ingested, in the order of their arrival. Duplicates,
	 * credits, and resets are not among them.
	 * @return the events
	 */
	public List<Event> events() {
		synchronized (this.state) {
			return this.state.usage().all().stream().filter((event) -> !event.system()).map(this::event).toList();
		}
	}

	private Event event(FakeUsageEvent event) {
		FakeCustomer customer = this.state.usage().customerOf(event);
		return new Event(event.id(), event.name(),
				(customer != null) ? customer.externalId() : event.externalCustomerId(), event.text("external_id"),
				event.timestamp(), event.metadata());
	}

	/**
	 * A usage event.
	 *
	 * @param id the ID that the fake has given to the event
	 * @param name the name
	 * @param externalCustomerId the external ID of the customer, who does not need to
	 * exist; {@code null} if the event names a customer without an external ID
	 * @param externalId the key of the application, or {@code null}
	 * @param timestamp when the usage happened
	 * @param metadata the metadata: texts, numbers, booleans, and the objects
	 * {@code _cost} and {@code _llm}
	 */
	public record Event(UUID id, String name, @Nullable String externalCustomerId, @Nullable String externalId,
			Instant timestamp, Map<String, Object> metadata) {

	}

}
