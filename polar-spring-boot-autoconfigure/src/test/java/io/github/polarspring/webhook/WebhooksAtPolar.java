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

package io.github.polarspring.webhook;

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
import java.util.Comparator;
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
 * Polar with webhook endpoints, deliveries and resources, in memory.
 */
public final class WebhooksAtPolar implements AutoCloseable {

	private final JsonMapper mapper = JsonMapper.shared();

	private final HttpServer server;

	private final List<ObjectNode> endpoints = new ArrayList<>();

	private final List<ObjectNode> deliveries = new ArrayList<>();

	private final Map<String, List<ObjectNode>> resources = new LinkedHashMap<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Map<String, Integer> statuses = new LinkedHashMap<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile boolean hanging;

	private volatile Runnable afterPage = () -> {
	};

	public WebhooksAtPolar() {
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

	public URI url() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	public PolarClient client() {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(url())
			.timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5))
			.build();
	}

	public List<String> requests() {
		return this.requests;
	}

	/**
	 * Respond with an error to requests whose path contains a text.
	 */
	public void fail(String path, int status) {
		this.statuses.put(path, status);
	}

	public void recover() {
		this.statuses.clear();
	}

	/**
	 * Respond to further requests only after {@link #close()}.
	 */
	public void hang() {
		this.hanging = true;
	}

	/**
	 * Do something after each page of deliveries.
	 */
	public void afterPage(Runnable action) {
		this.afterPage = action;
	}

	public synchronized ObjectNode endpoint(String url, String secret, String... types) {
		ObjectNode endpoint = this.mapper.createObjectNode();
		endpoint.put("id", UUID.randomUUID().toString())
			.put("url", url)
			.put("format", "raw")
			.put("secret", secret)
			.put("organization_id", UUID.randomUUID().toString())
			.put("enabled", true)
			.put("created_at", "2026-11-01T00:00:00Z");
		ArrayNode events = endpoint.putArray("events");
		List.of(types).forEach(events::add);
		this.endpoints.add(endpoint);
		return endpoint;
	}

	public synchronized void delete(ObjectNode endpoint) {
		this.endpoints.remove(endpoint);
	}

	/**
	 * Add an attempt to deliver an event.
	 * @param succeeded whether the event was delivered, by this attempt or another one,
	 * {@code null} if Polar is still trying
	 */
	public synchronized ObjectNode delivery(ObjectNode endpoint, String eventId, Instant time, String payload,
			@Nullable Boolean succeeded) {
		ObjectNode delivery = this.mapper.createObjectNode();
		delivery.put("id", UUID.randomUUID().toString())
			.put("endpoint", endpoint.path("id").asString())
			.put("created_at", time.toString())
			.put("succeeded", Boolean.TRUE.equals(succeeded))
			.put("http_code", Boolean.TRUE.equals(succeeded) ? 202 : 503)
			.put("response", "Try again later");
		delivery.putObject("webhook_event")
			.put("id", eventId)
			.put("type", this.mapper.readTree(payload).path("type").asString())
			.put("payload", payload)
			.put("succeeded", succeeded)
			.put("skipped", false)
			.put("is_archived", false);
		this.deliveries.add(delivery);
		return delivery;
	}

	/**
	 * Add a resource.
	 * @param path path of the list or of the resource
	 */
	public synchronized void resource(String path, String json) {
		this.resources.computeIfAbsent(path, (key) -> new ArrayList<>()).add((ObjectNode) this.mapper.readTree(json));
	}

	private void handle(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getRawPath();
		Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
		byte[] body = exchange.getRequestBody().readAllBytes();
		String text = new String(body, StandardCharsets.UTF_8);
		this.requests.add((exchange.getRequestMethod() + " " + path + " " + text).strip());
		if (this.hanging) {
			try {
				this.closed.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		int status = this.statuses.entrySet()
			.stream()
			.filter((entry) -> path.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(200);
		JsonNode result = (status == 200) ? respond(exchange.getRequestMethod(), path, query, text)
				: this.mapper.createObjectNode().put("error", (status == 403) ? "insufficient_scope" : "Error");
		if (status == 403) {
			exchange.getResponseHeaders()
				.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"webhooks:read webhooks:write\"");
		}
		status = result.isNull() ? 404 : status;
		byte[] content = result.toString().getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, content.length);
		exchange.getResponseBody().write(content);
		exchange.close();
		if (path.endsWith("/deliveries")) {
			this.afterPage.run();
		}
	}

	private synchronized JsonNode respond(String method, String path, Map<String, String> query, String body) {
		if (path.equals("/v1/webhooks/endpoints")) {
			return page(this.endpoints, query);
		}
		if (path.startsWith("/v1/webhooks/endpoints/")) {
			ObjectNode endpoint = this.endpoints.stream()
				.filter((one) -> path.endsWith(one.path("id").asString()))
				.findFirst()
				.orElseThrow();
			if (method.equals("PATCH")) {
				endpoint.setAll((ObjectNode) this.mapper.readTree(body));
			}
			return endpoint;
		}
		if (path.equals("/v1/webhooks/deliveries")) {
			return page(this.deliveries.stream()
				.filter((delivery) -> matches(delivery, query))
				.sorted(Comparator.comparing(WebhooksAtPolar::time).reversed())
				.toList(), query);
		}
		List<ObjectNode> found = this.resources.getOrDefault(path, List.of());
		if (!path.endsWith("/")) {
			return found.isEmpty() ? this.mapper.nullNode() : found.get(0);
		}
		String after = query.getOrDefault("created_after", "1970-01-01T00:00:00Z");
		return page(found.stream().filter((item) -> time(item).isAfter(Instant.parse(after))).toList(), query);
	}

	private static boolean matches(ObjectNode delivery, Map<String, String> query) {
		Instant time = time(delivery);
		return List.of(query.getOrDefault("endpoint_id", "").split(",")).contains(delivery.path("endpoint").asString())
				&& time.isAfter(Instant.parse(query.getOrDefault("start_timestamp", "1970-01-01T00:00:00Z")))
				&& time.isBefore(Instant.parse(query.getOrDefault("end_timestamp", "2100-01-01T00:00:00Z")))
				&& (!query.containsKey("succeeded")
						|| query.get("succeeded").equals(delivery.path("succeeded").asString()));
	}

	private static Instant time(JsonNode json) {
		return Instant.parse(json.path("created_at").asString());
	}

	private JsonNode page(List<ObjectNode> items, Map<String, String> query) {
		int limit = Integer.parseInt(query.getOrDefault("limit", "10"));
		int page = Integer.parseInt(query.getOrDefault("page", "1"));
		ObjectNode result = this.mapper.createObjectNode();
		ArrayNode array = result.putArray("items");
		items.stream().skip((page - 1L) * limit).limit(limit).forEach(array::add);
		result.putObject("pagination")
			.put("total_count", items.size())
			.put("max_page", (items.size() + limit - 1) / limit);
		return result;
	}

	private static Map<String, String> query(@Nullable String query) {
		Map<String, String> parameters = new LinkedHashMap<>();
		if (query != null) {
			for (String parameter : query.split("&")) {
				String[] parts = parameter.split("=", 2);
				parameters.merge(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8),
						(one, other) -> one + "," + other);
			}
		}
		return parameters;
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.server.stop(0);
	}

}
