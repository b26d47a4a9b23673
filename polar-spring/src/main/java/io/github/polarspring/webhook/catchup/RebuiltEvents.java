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

package io.github.polarspring.webhook.catchup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events that follow from what resources contain now.
 */
final class RebuiltEvents {

	/**
	 * Types of the events that can be rebuilt.
	 */
	static final Set<String> TYPES = Set.of(PolarEventTypes.ORDER_CREATED, PolarEventTypes.ORDER_PAID,
			PolarEventTypes.ORDER_REFUNDED, PolarEventTypes.REFUND_CREATED, PolarEventTypes.SUBSCRIPTION_CREATED,
			PolarEventTypes.SUBSCRIPTION_ACTIVE, PolarEventTypes.SUBSCRIPTION_CANCELED,
			PolarEventTypes.SUBSCRIPTION_REVOKED, PolarEventTypes.SUBSCRIPTION_PAST_DUE,
			PolarEventTypes.SUBSCRIPTION_PAUSED, PolarEventTypes.SUBSCRIPTION_UPDATED,
			PolarEventTypes.CUSTOMER_STATE_CHANGED);

	private static final Set<OrderStatus> PAID = Set.of(OrderStatus.PAID, OrderStatus.REFUNDED,
			OrderStatus.PARTIALLY_REFUNDED);

	private static final Set<SubscriptionStatus> RUNNING = Set.of(SubscriptionStatus.ACTIVE,
			SubscriptionStatus.TRIALING);

	private final Instant since;

	private final String apiVersion;

	private final List<Candidate> candidates = new ArrayList<>();

	/**
	 * Time of the latest change of each customer.
	 */
	private final Map<UUID, Instant> customers = new LinkedHashMap<>();

	RebuiltEvents(Instant since, String apiVersion) {
		this.since = since;
		this.apiVersion = apiVersion;
	}

	void add(Order order) {
		add(PolarEventTypes.ORDER_CREATED, order.createdAt(), order.id(), order.customerId(), order.json());
		if (PAID.contains(order.status())) {
			add(PolarEventTypes.ORDER_PAID, order.createdAt(), order.id(), order.customerId(), order.json());
		}
	}

	void add(Refund refund) {
		add(PolarEventTypes.REFUND_CREATED, refund.createdAt(), refund.id(), null, refund.json());
	}

	/**
	 * Add the event of an order that was refunded.
	 * @param refundedAt time of its latest refund
	 */
	void addRefunded(Order order, @Nullable Instant refundedAt) {
		add(PolarEventTypes.ORDER_REFUNDED, refundedAt, order.id(), order.customerId(), order.json());
	}

	void add(Subscription subscription) {
		Map<String, @Nullable Instant> changes = new LinkedHashMap<>();
		changes.put(PolarEventTypes.SUBSCRIPTION_CREATED, subscription.createdAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_ACTIVE,
				RUNNING.contains(subscription.status()) ? subscription.startedAt() : null);
		changes.put(PolarEventTypes.SUBSCRIPTION_CANCELED, subscription.canceledAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_PAST_DUE, subscription.pastDueAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_PAUSED, subscription.pausedAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_REVOKED, subscription.endedAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_UPDATED, subscription.modifiedAt());
		changes.forEach(
				(type, time) -> add(type, time, subscription.id(), subscription.customerId(), subscription.json()));
	}

	private void add(String type, @Nullable Instant time, UUID id, @Nullable UUID customerId, JsonNode data) {
		if (time == null || time.isBefore(this.since)) {
			return;
		}
		this.candidates.add(new Candidate(type, time, id, data));
		if (customerId != null) {
			this.customers.merge(customerId, time, (one, other) -> one.isAfter(other) ? one : other);
		}
	}

	/**
	 * Return the events, oldest first.
	 */
	List<PolarEvent<?>> all() {
		return this.candidates.stream()
			.sorted(Comparator.comparing(Candidate::time))
			.<PolarEvent<?>>map(this::event)
			.toList();
	}

	/**
	 * Return the events for the states of the customers that have changed.
	 * @param states reads a state
	 */
	List<PolarEvent<?>> ofStates(Function<UUID, @Nullable CustomerState> states) {
		List<PolarEvent<?>> events = new ArrayList<>();
		this.customers.forEach((customerId, time) -> {
			CustomerState state = states.apply(customerId);
			if (state != null) {
				events
					.add(event(new Candidate(PolarEventTypes.CUSTOMER_STATE_CHANGED, time, customerId, state.json())));
			}
		});
		return events;
	}

	/**
	 * Return an event whose id depends on nothing but the change, so that it is the same
	 * in each run.
	 */
	private PolarEvent<?> event(Candidate candidate) {
		ObjectNode body = PolarJson.MAPPER.createObjectNode();
		body.put("type", candidate.type());
		body.put("timestamp", candidate.time().toString());
		body.set("data", candidate.data());
		body.put("api_version", this.apiVersion);
		return PolarEvent.rebuilt(candidate.type() + "-" + candidate.id() + "-" + candidate.time().toEpochMilli(),
				PolarJson.MAPPER.writeValueAsBytes(body));
	}

	private record Candidate(String type, Instant time, UUID id, JsonNode data) {

	}

}
