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

package io.github.polarspring.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Polar with orders, refunds and documents, which can fail in several ways.
 */
final class OrdersAtPolar implements AutoCloseable {

	static final String NOT_FOUND = "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}";

	private final JsonMapper mapper = JsonMapper.shared();

	private final HttpServer server;

	private final Map<UUID, ObjectNode> orders = new LinkedHashMap<>();

	private final List<ObjectNode> refunds = new ArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final List<Answer> scripted = new CopyOnWriteArrayList<>();

	/**
	 * What happens to the next refund.
	 */
	volatile RefundMode mode = RefundMode.SUCCEEDS;

	volatile String refundStatus = "succeeded";

	volatile boolean losesMetadata;

	/**
	 * When the first refund is made, unless another time is named. Each further one is a
	 * millisecond later.
	 */
	volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");

	OrdersAtPolar() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(Executors.newCachedThreadPool());
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	PolarClient client(Duration outcomeTimeout) {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("http://127.0.0.1:" + this.server.getAddress().getPort()))
			.timeouts(Duration.ofSeconds(2), Duration.ofMillis(500))
			.outcomeTimeout(outcomeTimeout)
			.build();
	}

	synchronized UUID order(String buyer, String customer, long netAmount) {
		UUID id = UUID.randomUUID();
		ObjectNode order = this.mapper.createObjectNode();
		order.put("id", id.toString())
			.put("created_at", "2026-11-%02dT00:00:00Z".formatted(this.orders.size() + 1))
			.put("status", "paid")
			.put("customer_id", UUID.nameUUIDFromBytes(customer.getBytes(StandardCharsets.UTF_8)).toString())
			.put("refundable_amount", netAmount);
		order.putObject("metadata").put("external_customer_id", buyer);
		order.putObject("customer").put("id", order.path("customer_id").asString()).put("external_id", customer);
		this.orders.put(id, order);
		return id;
	}

	synchronized ObjectNode order(UUID id) {
		return this.orders.get(id);
	}

	/**
	 * Respond to the next requests of a method and path in this way.
	 */
	void script(String request, int status, String body) {
		this.scripted.add(new Answer(request, status, body));
	}

	List<String> requests() {
		return this.requests;
	}

	synchronized List<Long> refundedAmounts() {
		return this.refunds.stream().map((refund) -> refund.path("amount").asLong()).toList();
	}

	synchronized void refund(UUID order, long amount, String status, @Nullable String key) {
		refund(order, amount, status, key, this.now.plusMillis(this.refunds.size()));
	}

	synchronized void refund(UUID order, long amount, String status, @Nullable String key, Instant createdAt) {
		ObjectNode refund = this.mapper.createObjectNode();
		refund.put("id", UUID.randomUUID().toString())
			.put("order_id", order.toString())
			.put("created_at", createdAt.toString())
			.put("amount", amount)
			.put("status", status);
		ObjectNode metadata = refund.putObject("metadata");
		if (key != null) {
			metadata.put(RefundRequest.KEY, key);
		}
		this.refunds.add(0, refund);
		if (status.equals("succeeded")) {
			ObjectNode refunded = this.orders.get(order);
			refunded.put("refundable_amount", refunded.path("refundable_amount").asLong() - amount);
		}
	}

	private void handle(HttpExchange exchange) throws IOException {
		String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		String request = exchange.getRequestMethod() + " "
				+ URLDecoder.decode(exchange.getRequestURI().toString(), StandardCharsets.UTF_8);
		this.requests.add(body.isEmpty() ? request : request + " " + body);
		Answer answer = this.scripted.stream()
			.filter((scripted) -> request.equals(scripted.request()))
			.findFirst()
			.orElse(null);
		if (answer != null) {
			this.scripted.remove(answer);
			respond(exchange, answer.status(), answer.body());
		}
		else if (request.equals("POST /v1/refunds/")) {
			post(exchange, this.mapper.readTree(body));
		}
		else {
			read(exchange, request);
		}
	}

	private void post(HttpExchange exchange, JsonNode refund) throws IOException {
		RefundMode mode = this.mode;
		if (mode.processes) {
			refund(UUID.fromString(refund.path("order_id").asString()), refund.path("amount").asLong(),
					this.refundStatus,
					this.losesMetadata ? null : refund.path("metadata").path(RefundRequest.KEY).asString());
		}
		switch (mode) {
			case SUCCEEDS -> respond(exchange, 201, latest());
			case WORKS_BUT_HANGS, HANGS -> hang();
			case WORKS_BUT_FAILS, FAILS -> respond(exchange, 500, "Internal Server Error");
			case WORKS_BUT_IS_UNREADABLE -> respond(exchange, 201, "{\"id\":");
			case WORKS_BUT_BREAKS -> exchange.close();
			case REJECTED -> respond(exchange, 403, "{\"error\":\"RefundDisputedPayment\",\"detail\":\"disputed\"}");
		}
	}

	private synchronized String latest() {
		return this.refunds.get(0).toString();
	}

	private void hang() {
		try {
			this.closed.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized void read(HttpExchange exchange, String request) throws IOException {
		String path = request.substring("GET ".length());
		if (path.startsWith("/v1/refunds/?")) {
			ArrayNode items = this.mapper.createArrayNode();
			this.refunds.stream()
				.filter((refund) -> path.contains("order_id=" + refund.path("order_id").asString()))
				.forEach(items::add);
			respond(exchange, 200, list(items));
		}
		else if (path.startsWith("/v1/orders/?")) {
			ArrayNode items = this.mapper.createArrayNode();
			this.orders.values()
				.stream()
				.filter((order) -> path
					.contains("metadata[external_customer_id]="
							+ order.path("metadata").path("external_customer_id").asString() + "&")
						|| path.contains(
								"?external_customer_id=" + order.path("customer").path("external_id").asString() + "&"))
				.forEach(items::add);
			respond(exchange, 200, list(items));
		}
		else {
			ObjectNode order = path.matches("/v1/orders/[^/]+")
					? this.orders.get(UUID.fromString(path.substring("/v1/orders/".length()))) : null;
			respond(exchange, (order != null) ? 200 : 404, (order != null) ? order.toString() : NOT_FOUND);
		}
	}

	private static String list(ArrayNode items) {
		return "{\"items\":%s,\"pagination\":{\"total_count\":%d,\"max_page\":1}}".formatted(items, items.size());
	}

	private static void respond(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Polar-Version", "2026-10");
		exchange.sendResponseHeaders(status, (bytes.length > 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.server.stop(0);
	}

	/**
	 * What happens to a refund.
	 */
	enum RefundMode {

		SUCCEEDS(true),

		WORKS_BUT_HANGS(true),

		WORKS_BUT_FAILS(true),

		WORKS_BUT_IS_UNREADABLE(true),

		WORKS_BUT_BREAKS(true),

		HANGS(false),

		FAILS(false),

		REJECTED(false);

		private final boolean processes;

		RefundMode(boolean processes) {
			this.processes = processes;
		}

	}

	private record Answer(String request, int status, String body) {

	}

}
