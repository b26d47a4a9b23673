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

package io.github.polarspring.subscription;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.testsupport.FaultyServer;
import io.github.polarspring.testsupport.FaultyServer.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server with one subscription, which accepts, rejects and charges as was recorded from
 * Polar.
 */
final class SubscriptionAtPolar implements AutoCloseable {

	static final UUID ID = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID UNKNOWN_ID = UUID.fromString("1e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID CUSTOMER = UUID.fromString("7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID BASIC = UUID.fromString("2e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID PRO = UUID.fromString("3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID TEAM = UUID.fromString("4e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	static final UUID DISCOUNT = UUID.fromString("5e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private final ObjectNode state = (ObjectNode) PolarJson.MAPPER.readTree("""
			{"id":"%s","customer_id":"%s","customer":{"id":"%s","external_id":"alice"},"product_id":"%s","seats":3,
			"status":"active","cancel_at_period_end":false,"pause_at_period_end":false,"pending_update":null,
			"discount_id":null,"resumes_at":null,"amount":900,"currency":"usd","started_at":"2026-10-01T09:00:00Z",
			"metadata":{"external_customer_id":"alice","browser_hash":"h","note":"a"}}""".formatted(ID, CUSTOMER,
			CUSTOMER, BASIC));

	private final FaultyServer server = new FaultyServer(this::respond);

	private final List<String> changes = new CopyOnWriteArrayList<>();

	private final AtomicInteger charges = new AtomicInteger();

	private final AtomicInteger reads = new AtomicInteger();

	private Supplier<@Nullable Response> fault = () -> null;

	private Runnable onRead = () -> {
	};

	PolarClient.Builder client() {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(this.server.url())
			.timeouts(Duration.ofMillis(250), Duration.ofSeconds(2))
			.retry(3, Duration.ofMillis(1), Duration.ofMillis(2))
			.outcomeTimeout(Duration.ofMillis(50));
	}

	/**
	 * Return the bodies of all requests that can change something.
	 */
	List<String> changes() {
		return this.changes;
	}

	List<String> requests() {
		return this.server.requests().stream().map((request) -> request.split(" HTTP")[0]).toList();
	}

	int charges() {
		return this.charges.get();
	}

	int reads() {
		return this.reads.get();
	}

	/**
	 * Change the subscription, as Polar does it by itself.
	 */
	synchronized SubscriptionAtPolar with(Consumer<ObjectNode> change) {
		change.accept(this.state);
		return this;
	}

	SubscriptionAtPolar with(String field, String value) {
		return with((subscription) -> subscription.put(field, value));
	}

	/**
	 * Respond to changes with what is returned, unless it is {@code null}.
	 */
	void fault(Supplier<@Nullable Response> fault) {
		this.fault = fault;
	}

	/**
	 * Do something before each read.
	 */
	void onRead(Runnable onRead) {
		this.onRead = onRead;
	}

	private Response respond(String request) {
		String[] line = request.split(" ", 3);
		String body = request.substring(request.indexOf("\r\n\r\n") + 4);
		if (line[0].equals("GET")) {
			this.reads.incrementAndGet();
			this.onRead.run();
			return line[1].endsWith(ID.toString()) ? json("200 OK", current())
					: line[1].contains("?") ? json("200 OK",
							"{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}".formatted(current()))
							: error("404 Not Found", "ResourceNotFound");
		}
		this.changes.add(body);
		Response fault = this.fault.get();
		return (fault != null) ? fault : apply(line[1], body);
	}

	/**
	 * Process the last change, whose response is lost.
	 */
	void process() {
		apply("/" + ID, this.changes.get(this.changes.size() - 1));
	}

	synchronized String current() {
		return this.state.toString();
	}

	private synchronized Response apply(String path, String body) {
		if (!path.endsWith(ID.toString())) {
			return error("404 Not Found", "ResourceNotFound");
		}
		Response rejection = change(PolarJson.MAPPER.readTree(body));
		return (rejection != null) ? rejection : json("200 OK", current());
	}

	private @Nullable Response change(JsonNode body) {
		if (body.has("product_id")) {
			return changeProduct(body);
		}
		if (body.has("seats")) {
			return changeSeats(body);
		}
		if (body.has("discount_id")) {
			if (!body.get("discount_id").isNull() && is("discount_id", body.get("discount_id").asString())) {
				return invalid("discount_id", "This discount is already applied to the subscription.");
			}
			this.state.set("discount_id", body.get("discount_id"));
			return null;
		}
		if (body.has("trial_end")) {
			return changeTrial(body.get("trial_end").asString());
		}
		if (body.has("current_billing_period_end")) {
			this.state.set("current_period_end", body.get("current_billing_period_end"));
			return null;
		}
		if (body.has("cancel_at_period_end")) {
			return cancel(body.get("cancel_at_period_end").asBoolean());
		}
		if (body.has("pause_at_period_end")) {
			return pause(body);
		}
		if (body.has("resume")) {
			if (!is("status", "paused")) {
				return error("409 Conflict", "NotPausedSubscription");
			}
			this.state.put("status", "active");
			this.charges.incrementAndGet();
			return null;
		}
		if (body.has("pending_update")) {
			if (this.state.get("pending_update").isNull()) {
				return invalid("pending_update", "This subscription has no pending update to clear.");
			}
			this.state.putNull("pending_update");
			return null;
		}
		if (body.has("revoke")) {
			if (is("status", "canceled")) {
				return error("403 Forbidden", "AlreadyCanceledSubscription");
			}
			this.state.put("status", "canceled").put("ended_at", Instant.EPOCH.toString());
			return null;
		}
		this.state.set("metadata", body.get("metadata"));
		return null;
	}

	private @Nullable Response changeProduct(JsonNode body) {
		String proration = body.path("proration_behavior").asString("prorate");
		if (is("status", "canceled") || this.state.get("cancel_at_period_end").asBoolean()) {
			return error("403 Forbidden", "AlreadyCanceledSubscription");
		}
		if (proration.equals("next_period")) {
			pending().set("product_id", body.get("product_id"));
			return null;
		}
		boolean same = is("product_id", body.get("product_id").asString());
		if (proration.equals("reset") || (proration.equals("invoice") && !same)) {
			this.charges.incrementAndGet();
		}
		this.state.set("product_id", body.get("product_id"));
		this.state.putNull("pending_update");
		if (body.has("discount_id")) {
			this.state.set("discount_id", body.get("discount_id"));
		}
		return null;
	}

	private @Nullable Response changeSeats(JsonNode body) {
		int seats = body.get("seats").asInt();
		String proration = body.path("proration_behavior").asString("prorate");
		if (seats < 2) {
			return error("400 Bad Request", "BelowMinimumSeats");
		}
		if (proration.equals("next_period") && seats != this.state.get("seats").asInt()) {
			pending().put("seats", seats);
			return null;
		}
		if (proration.equals("invoice") && seats != this.state.get("seats").asInt()) {
			this.charges.incrementAndGet();
		}
		this.state.put("seats", seats).putNull("pending_update");
		return null;
	}

	private ObjectNode pending() {
		return this.state.putObject("pending_update")
			.put("id", UNKNOWN_ID.toString())
			.putNull("product_id")
			.putNull("seats");
	}

	private @Nullable Response changeTrial(String end) {
		if (is("status", "canceled") || is("status", "paused")) {
			return error("403 Forbidden", "InactiveSubscription");
		}
		if (!end.equals("now")) {
			this.state.put("status", "trialing").put("trial_end", end);
			return null;
		}
		if (!is("status", "trialing")) {
			return invalid("trial_end", "The subscription is not currently trialing.");
		}
		if (this.state.get("cancel_at_period_end").asBoolean()) {
			this.state.put("status", "canceled");
			return null;
		}
		this.state.put("status", "active");
		this.charges.incrementAndGet();
		return null;
	}

	private @Nullable Response cancel(boolean cancel) {
		boolean ended = is("status", "canceled");
		boolean canceled = this.state.get("cancel_at_period_end").asBoolean();
		if (cancel && (ended || canceled || is("status", "paused"))) {
			return error("403 Forbidden", "AlreadyCanceledSubscription");
		}
		if (!cancel && ended) {
			return error("410 Gone", "ResourceUnavailable");
		}
		if (!cancel && !canceled) {
			return error("400 Bad Request", "BadRequest");
		}
		this.state.put("cancel_at_period_end", cancel);
		return null;
	}

	private @Nullable Response pause(JsonNode body) {
		boolean pause = body.get("pause_at_period_end").asBoolean();
		boolean scheduled = this.state.get("pause_at_period_end").asBoolean();
		if (pause && (scheduled || !is("status", "active") || this.state.get("cancel_at_period_end").asBoolean())) {
			return error("409 Conflict", "CannotPauseSubscription");
		}
		if (!pause && !scheduled) {
			return error("409 Conflict", "NoScheduledPause");
		}
		this.state.put("pause_at_period_end", pause);
		this.state.put("resumes_at", body.path("resumes_at").asString(null));
		return null;
	}

	private boolean is(String field, String value) {
		return this.state.get(field).asString("").equals(value);
	}

	static Response invalid(String field, String message) {
		return json("422 Unprocessable Entity", """
				{"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","%s"],
				"msg":"%s","input":null}]}""".formatted(field, message));
	}

	static Response error(String status, String error) {
		return json(status, "{\"error\":\"%s\",\"detail\":\"No.\"}".formatted(error));
	}

	private static Response json(String status, String body) {
		return FaultyServer.response(status, "Polar-Version: 2026-10", body);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
