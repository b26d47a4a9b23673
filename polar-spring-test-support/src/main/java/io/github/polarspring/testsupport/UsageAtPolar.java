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

package io.github.polarspring.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Polar that ingests usage events, which can fail in several ways. Like Polar, it counts
 * an event id once, and rejects a batch with an invalid event as a whole.
 */
public final class UsageAtPolar implements AutoCloseable {

	/**
	 * Name of an event that is invalid.
	 */
	public static final String INVALID = "invalid";

	/**
	 * Name of an event that is invalid, although the response does not name it.
	 */
	public static final String INVALID_UNNAMED = "invalid-unnamed";

	private static final String REJECTION = """
			{"error":"RequestValidationError","detail":[%s]}""";

	private static final String ITEM = """
			{"type":"value_error","loc":["body","events",%d,"EventCreateExternalCustomer","timestamp"],"msg":"Not valid"}""";

	private static final String UNNAMED = """
			{"type":"value_error","loc":["body"],"msg":"Something is not valid"}""";

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Map<String, JsonNode> events = new ConcurrentHashMap<>();

	private final List<Integer> batches = new CopyOnWriteArrayList<>();

	private final AtomicInteger received = new AtomicInteger();

	private final Map<String, Map<UUID, String>> balances = new ConcurrentHashMap<>();

	private final AtomicInteger reads = new AtomicInteger();

	private volatile Supplier<Behavior> behavior = () -> Behavior.WORK;

	private volatile boolean accepting;

	private volatile String rejected = INVALID;

	public UsageAtPolar() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/v1/events/ingest", this::handle);
		this.server.createContext("/v1/customer-meters/", this::readBalances);
		this.server.start();
	}

	public URI url() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	/**
	 * Return the events that are counted, by their id.
	 */
	public Map<String, JsonNode> events() {
		return this.events;
	}

	/**
	 * Return the number of events in each request, including those that failed.
	 */
	public List<Integer> batches() {
		return this.batches;
	}

	/**
	 * Return how many events were received by a request that worked, including
	 * duplicates.
	 */
	public int received() {
		return this.received.get();
	}

	public void behave(Behavior behavior) {
		behave(() -> behavior);
	}

	/**
	 * Choose what happens to each request.
	 */
	public void behave(Supplier<Behavior> behavior) {
		this.behavior = behavior;
	}

	/**
	 * Accept invalid events from now on.
	 */
	public void acceptInvalid() {
		this.accepting = true;
	}

	/**
	 * Set what a customer has left, as of a time.
	 */
	public void balance(String customer, UUID meter, String balance, long credited, Instant at) {
		this.balances.computeIfAbsent(customer, (key) -> new ConcurrentHashMap<>())
			.put(meter, """
					{"id":"%s","created_at":"2026-01-01T00:00:00Z","modified_at":"%s","meter_id":"%s",
					"consumed_units":0,"credited_units":%d,"balance":%s}""".formatted(UUID.randomUUID(), at, meter,
					credited, balance));
	}

	/**
	 * Forget all balances.
	 */
	public void removeBalances() {
		this.balances.clear();
	}

	/**
	 * Reject events with a name.
	 */
	public void reject(String name) {
		this.rejected = name;
	}

	/**
	 * Return the state of a customer with the balances.
	 */
	public String state(String customer) {
		return """
				{"id":"%s","external_id":"%s","active_subscriptions":[],"granted_benefits":[],"active_meters":[%s]}"""
			.formatted(UUID.randomUUID(), customer, meters(customer));
	}

	private String meters(String customer) {
		return String.join(",", this.balances.getOrDefault(customer, Map.of()).values());
	}

	/**
	 * Return how often balances were read, including requests that failed.
	 */
	public int reads() {
		return this.reads.get();
	}

	private void readBalances(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.reads.incrementAndGet();
			Behavior behavior = this.behavior.get();
			if (behavior == Behavior.HANG) {
				hang();
			}
			boolean working = behavior == Behavior.WORK;
			String query = exchange.getRequestURI().getQuery();
			String customer = query.replaceFirst(".*external_customer_id=([^&]*).*", "$1");
			respond(exchange, working ? 200 : 503, working
					? "{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}".formatted(meters(customer))
					: "");
		}
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			List<JsonNode> batch = new ArrayList<>();
			JsonMapper.shared().readTree(exchange.getRequestBody()).path("events").forEach(batch::add);
			this.batches.add(batch.size());
			Behavior behavior = this.behavior.get();
			switch (behavior) {
				case WORK -> ingest(exchange, batch);
				case LOSE_RESPONSE -> ingest(batch);
				case RESET -> {
				}
				case HANG -> hang();
				case RATE_LIMIT -> {
					exchange.getResponseHeaders().set("Retry-After", "1");
					respond(exchange, 429, "");
				}
				case MALFORMED -> respond(exchange, 200, "<html>Welcome</html>");
				case UNAVAILABLE -> respond(exchange, 503, "");
				case FORBIDDEN -> respond(exchange, 403,
						"{\"error\":\"insufficient_scope\",\"error_description\":\"The request requires more.\"}");
				case PAYLOAD_TOO_LARGE -> respond(exchange, 413, "");
			}
		}
	}

	private static void hang() {
		try {
			Thread.sleep(60_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void ingest(HttpExchange exchange, List<JsonNode> batch) throws IOException {
		String rejection = ingest(batch);
		respond(exchange, (rejection != null) ? 422 : 200,
				(rejection != null) ? rejection : "{\"inserted\":%d,\"duplicates\":0}".formatted(batch.size()));
	}

	/**
	 * Ingest all events, or none.
	 */
	private @Nullable String ingest(List<JsonNode> batch) {
		String rejection = this.accepting ? null : rejection(batch);
		if (rejection == null) {
			batch.forEach((event) -> this.events.putIfAbsent(event.path("external_id").asString(), event));
			this.received.addAndGet(batch.size());
		}
		return rejection;
	}

	private @Nullable String rejection(List<JsonNode> batch) {
		List<String> items = new ArrayList<>();
		for (int i = 0; i < batch.size(); i++) {
			String name = batch.get(i).path("name").asString();
			if (name.equals(INVALID) || name.equals(this.rejected)) {
				items.add(ITEM.formatted(i));
			}
			else if (name.equals(INVALID_UNNAMED)) {
				items.add(UNNAMED);
			}
		}
		return items.isEmpty() ? null : REJECTION.formatted(String.join(",", items));
	}

	private static void respond(HttpExchange exchange, int status, String body) throws IOException {
		byte[] content = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.getResponseHeaders().set("Polar-Version", "2026-10");
		exchange.sendResponseHeaders(status, (content.length > 0) ? content.length : -1);
		if (content.length > 0) {
			exchange.getResponseBody().write(content);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * What happens to a request.
	 */
	public enum Behavior {

		/**
		 * The events are ingested, or rejected.
		 */
		WORK,

		/**
		 * The events are ingested, and the connection ends without a response.
		 */
		LOSE_RESPONSE,

		/**
		 * The connection ends.
		 */
		RESET,

		/**
		 * There is no response.
		 */
		HANG,

		/**
		 * There are too many requests.
		 */
		RATE_LIMIT,

		/**
		 * The response is not one of Polar.
		 */
		MALFORMED,

		/**
		 * Polar is not available.
		 */
		UNAVAILABLE,

		/**
		 * The token lacks the scope.
		 */
		FORBIDDEN,

		/**
		 * A proxy rejects the size.
		 */
		PAYLOAD_TOO_LARGE

	}

}
