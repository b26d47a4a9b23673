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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.WebhookDelivery;
import io.github.polarspring.model.WebhookEndpoint;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.catchup.Pace.RunEndedException;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Single run of a {@link PolarCatchUp}.
 */
final class CatchUpRun {

	/**
	 * Number of consecutive events that the inbox does not accept after which the run
	 * ends: the database or a listener is broken.
	 */
	private static final int MAX_FAILURES = 20;

	private static final int MAX_NOTES = 100;

	/**
	 * Time within which Polar sends or records an event. The next run begins earlier than
	 * that before the end of this one.
	 */
	static final Duration SETTLING = Duration.ofMinutes(15);

	/**
	 * How long after an order was created Polar still tries to collect its payment.
	 */
	private static final Duration LATEST_PAYMENT = Duration.ofDays(35);

	private final PolarClient client;

	private final PolarWebhookReceiver receiver;

	private final PolarWebhookInbox inbox;

	private final Needs needs;

	private final CatchUpRequest request;

	private final Instant since;

	private final Instant until;

	private final Pace pace;

	private final Map<String, Integer> recovered = new TreeMap<>();

	private final Map<String, Integer> rebuilt = new TreeMap<>();

	private final Map<String, Integer> failed = new TreeMap<>();

	private final Set<String> notes = new LinkedHashSet<>();

	/**
	 * Time of the latest event for each type and object.
	 */
	private final Map<String, Instant> latest = new HashMap<>();

	/**
	 * Number of events whose object is not known any more, by type.
	 */
	private final Map<String, Integer> archived = new TreeMap<>();

	private int delivered;

	private int known;

	private int consecutiveFailures;

	private boolean complete;

	CatchUpRun(PolarClient client, PolarWebhookReceiver receiver, PolarWebhookInbox inbox, Needs needs,
			CatchUpRequest request, Instant since, Instant until, Pace pace) {
		this.client = client;
		this.receiver = receiver;
		this.inbox = inbox;
		this.needs = needs;
		this.request = request;
		this.since = since;
		this.until = until;
		this.pace = pace;
	}

	CatchUpReport execute(PolarWebhookEndpoints endpoints) {
		try {
			List<UUID> found = call(endpoints::findAll).stream().map(WebhookEndpoint::id).toList();
			if (found.isEmpty()) {
				note("Polar has no webhook endpoint for this application, so there are no deliveries to recover");
			}
			else {
				deliveries(found);
			}
			rebuild();
			noteTypes();
			synchronized (this) {
				this.complete = this.failed.isEmpty() && !found.isEmpty();
			}
		}
		catch (PolarPermissionException ex) {
			note("The run is not complete. " + ex.getMessage());
			throw ex;
		}
		catch (RunEndedException | PolarException ex) {
			note("The run is not complete. " + ex.getMessage());
		}
		return report();
	}

	private <T> T call(Supplier<T> call) {
		this.pace.beforeCall();
		return call.get();
	}

	private void deliveries(List<UUID> endpointIds) {
		new MissedDeliveries(endpointIds,
				(query) -> call(() -> this.client.list(WebhookDelivery.class, "/v1/webhooks/deliveries", query)),
				this::delivery)
			.read(this.since, this.until);
	}

	private void delivery(WebhookDelivery.Event recorded) {
		this.pace.beforeEvent();
		boolean delivered = Boolean.TRUE.equals(recorded.succeeded());
		String payload = recorded.payload();
		if (payload == null) {
			this.archived.merge(recorded.type(), 1, Integer::sum);
			return;
		}
		String id = recorded.id().toString();
		byte[] body = payload.getBytes(StandardCharsets.UTF_8);
		try {
			PolarEvent<?> event = this.receiver.readFromApi(id, body);
			if (RebuiltEvents.TYPES.contains(event.type())) {
				Instant timestamp = event.timestamp();
				this.latest.merge(event.businessKey(), (timestamp != null) ? timestamp : this.until,
						(one, other) -> one.isAfter(other) ? one : other);
			}
			if (delivered && !this.request.deliveredToo()) {
				count(() -> this.delivered++);
			}
			else {
				process(event, () -> this.receiver.receiveFromApi(id, body), this.recovered);
			}
		}
		catch (PolarWebhookException ex) {
			note("The event %s (%s) cannot be recovered. %s".formatted(id, recorded.type(), ex.getMessage()));
		}
	}

	private void process(PolarEvent<?> event, Supplier<PolarWebhookReceipt> receive, Map<String, Integer> processed) {
		this.pace.beforeEvent();
		if (this.inbox.isKnown(event)) {
			count(() -> this.known++);
			return;
		}
		boolean accepted = this.request.dryRun() || receive.get().isAccepted();
		count(() -> (accepted ? processed : this.failed).merge(event.type(), 1, Integer::sum));
		this.consecutiveFailures = accepted ? 0 : this.consecutiveFailures + 1;
		if (this.consecutiveFailures >= MAX_FAILURES) {
			throw new RunEndedException(
					"The last %d events were not accepted. The log contains the reason".formatted(MAX_FAILURES));
		}
	}

	/**
	 * Rebuild events of changes that are old enough for Polar to have sent or recorded
	 * them. A younger one would arrive again, under the id that Polar gives it.
	 */
	private void rebuild() {
		Instant end = this.until.minus(SETTLING);
		RebuiltEvents events = new RebuiltEvents(this.since, end, this.needs.apiVersion(), this::isToBeRebuilt);
		if (isWanted("order.")) {
			orders(events);
		}
		if (isWanted("refund.") || isWanted(PolarEventTypes.ORDER_REFUNDED)) {
			refunds(events);
		}
		if (isWanted("subscription.") || isWanted(PolarEventTypes.CUSTOMER_STATE_CHANGED)) {
			read(Subscription.class, "/v1/subscriptions/", Map.of("sorting", "started_at"), events::add);
		}
		events.forEach(this::process);
		if (isWanted(PolarEventTypes.CUSTOMER_STATE_CHANGED)) {
			events.forEachState(this::state, this::process);
		}
	}

	/**
	 * Read orders, including older ones that were paid late. Whether the application
	 * knows of their payment, only an inbox in a database can tell.
	 */
	private void orders(RebuiltEvents events) {
		Instant first = this.inbox.isDurable() ? this.since.minus(LATEST_PAYMENT) : this.since;
		read(Order.class, "/v1/orders/", Map.of("sorting", "created_at", "created_after", first.toString()),
				events::add);
		if (!this.inbox.isDurable()) {
			note("Payments of orders that are older than " + this.since
					+ " were not recovered if they happened while the endpoint was disabled");
		}
	}

	private boolean isWanted(String prefix) {
		return this.needs.anyType() || this.needs.types().stream().anyMatch((type) -> type.startsWith(prefix));
	}

	/**
	 * Return whether an event of a change is needed, and was not sent.
	 */
	private boolean isToBeRebuilt(String type, UUID objectId, Instant time) {
		Instant sent = this.latest.get(type + ":" + objectId);
		return isWanted(type) && !this.archived.containsKey(type)
				&& (sent == null || !PolarEvent.isSameOccurrence(sent, time));
	}

	private void process(PolarEvent<?> event) {
		process(event, () -> this.receiver.receiveFromApi(event.id(), event.body()), this.rebuilt);
	}

	/**
	 * Read all pages of a list, in ascending order, so that new items appear at the end.
	 */
	private <T> void read(Class<T> type, String path, Map<String, String> parameters, Consumer<T> items) {
		PolarPage<T> page;
		int number = 0;
		do {
			number++;
			MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
			query.setAll(parameters);
			query.set("limit", "100");
			query.set("page", String.valueOf(number));
			page = call(() -> this.client.list(type, path, query));
			page.items().forEach(items);
		}
		while (number < page.maxPage());
	}

	private void refunds(RebuiltEvents events) {
		Map<UUID, Instant> orders = new LinkedHashMap<>();
		read(Refund.class, "/v1/refunds/", Map.of("sorting", "created_at"), (refund) -> {
			events.add(refund);
			Instant createdAt = refund.createdAt();
			UUID orderId = refund.orderId();
			boolean succeeded = refund.status() == Refund.Status.SUCCEEDED;
			if (succeeded && createdAt != null && !createdAt.isBefore(this.since) && orderId != null) {
				orders.put(orderId, createdAt);
			}
		});
		orders.forEach((id, refundedAt) -> find(Order.class, "/v1/orders/{id}", id)
			.filter((order) -> order.refundedAmount() > 0)
			.ifPresent((order) -> events.addRefunded(order, refundedAt)));
	}

	private @Nullable CustomerState state(UUID customerId) {
		return find(CustomerState.class, "/v1/customers/{id}/state", customerId).orElse(null);
	}

	private <T> Optional<T> find(Class<T> type, String path, UUID id) {
		try {
			return Optional.of(call(() -> this.client.get(type, path, id)));
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	private void noteTypes() {
		note("Changes after " + this.until.minus(SETTLING)
				+ " were not rebuilt, because Polar may still send their events");
		Set<String> lost = new TreeSet<>(this.needs.types());
		lost.removeAll(RebuiltEvents.TYPES);
		if (!lost.isEmpty()) {
			note("Events of these types were not recovered if they happened while the endpoint was disabled or not"
					+ " subscribed to them: " + String.join(", ", lost));
		}
		if (!this.archived.isEmpty()) {
			note("Polar has archived the payloads of some events, so those that were not delivered cannot be recovered, and"
					+ " none of these types are rebuilt: " + this.archived);
		}
	}

	private synchronized void note(String note) {
		if (this.notes.size() < MAX_NOTES) {
			this.notes.add(note);
		}
	}

	private synchronized void count(Runnable count) {
		count.run();
	}

	void stop() {
		this.pace.stop();
	}

	synchronized CatchUpReport report() {
		return new CatchUpReport(this.since, this.until, this.request.dryRun(), this.complete, this.pace.calls(),
				this.delivered, this.known, this.recovered, this.rebuilt, this.failed, List.copyOf(this.notes));
	}

}
