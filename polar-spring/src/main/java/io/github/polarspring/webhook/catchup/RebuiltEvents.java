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
import java.util.function.Consumer;
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

	private final Instant until;

	private final String apiVersion;

	private final Filter filter;

	private final List<Candidate> candidates = new ArrayList<>();

	/**
	 * Time of the latest change of each customer.
	 */
	private final Map<UUID, Instant> customers = new LinkedHashMap<>();

	RebuiltEvents(Instant since, Instant until, String apiVersion, Filter filter) {
		this.since = since;
		this.until = until;
		this.apiVersion = apiVersion;
		this.filter = filter;
	}

	void add(Order order) {
		JsonNode json = order.json();
		Instant createdAt = order.createdAt();
		add(PolarEventTypes.ORDER_CREATED, createdAt, order.id(), order.customerId(), json);
		Instant modifiedAt = order.modifiedAt();
		// Polar does not tell when it was paid
		boolean paidRecently = PAID.contains(order.status()) && modifiedAt != null && isRecent(modifiedAt);
		if (createdAt != null && createdAt.isBefore(this.since) && paidRecently) {
			addRecent(PolarEventTypes.ORDER_PAID, createdAt, order.id(), order.customerId(), json);
		}
		else if (PAID.contains(order.status())) {
			add(PolarEventTypes.ORDER_PAID, createdAt, order.id(), order.customerId(), json);
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
		JsonNode json = subscription.json();
		Map<String, @Nullable Instant> changes = new LinkedHashMap<>();
		changes.put(PolarEventTypes.SUBSCRIPTION_CREATED, subscription.createdAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_ACTIVE,
				RUNNING.contains(subscription.status()) ? subscription.startedAt() : null);
		changes.put(PolarEventTypes.SUBSCRIPTION_CANCELED, subscription.canceledAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_PAST_DUE, subscription.pastDueAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_PAUSED, subscription.pausedAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_REVOKED, subscription.endedAt());
		changes.put(PolarEventTypes.SUBSCRIPTION_UPDATED, subscription.modifiedAt());
		changes.forEach((type, time) -> add(type, time, subscription.id(), subscription.customerId(), json));
	}

	private void add(String type, @Nullable Instant time, UUID id, @Nullable UUID customerId, JsonNode data) {
		if (time != null && isRecent(time)) {
			addRecent(type, time, id, customerId, data);
		}
	}

	private boolean isRecent(Instant time) {
		return !time.isBefore(this.since) && time.isBefore(this.until);
	}

	private void addRecent(String type, Instant time, UUID id, @Nullable UUID customerId, JsonNode data) {
		if (customerId != null) {
			this.customers.merge(customerId, time, (one, other) -> one.isAfter(other) ? one : other);
		}
		if (this.filter.accepts(type, id, time)) {
			this.candidates.add(new Candidate(type, time, id, data));
		}
	}

	/**
	 * Process the events, oldest first.
	 */
	void forEach(Consumer<PolarEvent<?>> events) {
		this.candidates.sort(Comparator.comparing(Candidate::time));
		this.candidates.forEach((candidate) -> events.accept(event(candidate)));
	}

	/**
	 * Process the events for the states of the customers that have changed. Each state is
	 * read right before its event is processed, so that a run that ends early has done
	 * some of them.
	 * @param states reads a state
	 */
	void forEachState(Function<UUID, @Nullable CustomerState> states, Consumer<PolarEvent<?>> events) {
		this.customers.forEach((customerId, time) -> {
			CustomerState state = this.filter.accepts(PolarEventTypes.CUSTOMER_STATE_CHANGED, customerId, time)
					? states.apply(customerId) : null;
			if (state != null) {
				events.accept(
						event(new Candidate(PolarEventTypes.CUSTOMER_STATE_CHANGED, time, customerId, state.json())));
			}
		});
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

	/**
	 * Decision whether the event of a change is needed.
	 */
	@FunctionalInterface
	interface Filter {

		boolean accepts(String type, UUID objectId, Instant time);

	}

	private record Candidate(String type, Instant time, UUID id, JsonNode data) {

	}

}
