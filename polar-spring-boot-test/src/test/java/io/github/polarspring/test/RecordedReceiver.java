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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Receives webhooks, and responds as the receiver of a recording.
 */
final class RecordedReceiver implements AutoCloseable {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final Map<String, String> responses = new HashMap<>();

	private final Map<String, Integer> attempts = new HashMap<>();

	RecordedReceiver() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.executor);
		this.server.createContext("/", this::receive);
		this.server.start();
	}

	URI url() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/");
	}

	/**
	 * Respond to the deliveries of a recording as recorded. The response to all others is
	 * {@code ok}.
	 */
	synchronized void expect(JsonNode steps) {
		this.responses.clear();
		this.attempts.clear();
		steps.forEach((step) -> {
			if (step.has("answered")) {
				this.responses.put(key(step.at("/request/body"), step.path("attempt").asInt()),
						step.path("answered").asString());
			}
		});
	}

	private static String key(JsonNode event, int attempt) {
		return event.path("type") + " " + event.at("/data/name") + event.at("/data/description") + " " + attempt;
	}

	private void receive(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		if (path.startsWith("/kind/")) {
			receive(exchange, path.substring(6));
			return;
		}
		JsonNode event = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
		String response;
		int attempt;
		synchronized (this) {
			attempt = this.attempts.merge(exchange.getRequestHeaders().getFirst("webhook-id"), 1, Integer::sum);
			response = this.responses.getOrDefault(key(event, attempt), "ok");
		}
		if (response.startsWith("s/")) {
			respond(exchange, Integer.parseInt(response.substring(2)), "{\"answer\":\"no\"}");
			return;
		}
		if (response.startsWith("slow/")) {
			pause();
		}
		respond(exchange,
				response.startsWith("seq/") ? Integer.parseInt(response.split("/")[1].split(",")[attempt - 1]) : 200,
				"ok");
	}

	/**
	 * Respond as the receiver of a kind of failure.
	 */
	private static void receive(HttpExchange exchange, String kind) throws IOException {
		exchange.getRequestBody().readAllBytes();
		String status = kind.replaceFirst("^answer-(\\d{3})\\b.*|^(\\d{3})-with.*", "$1$2");
		if (!status.matches("\\d{3}")) {
			exchange.close();
		}
		else if (status.matches("[23]04")) {
			exchange.sendResponseHeaders(Integer.parseInt(status), -1);
			exchange.close();
		}
		else {
			if (kind.endsWith("with-Location")) {
				exchange.getResponseHeaders().set("Location", "/target");
			}
			byte[] body = RecordedFailures.body(kind);
			exchange.sendResponseHeaders(Integer.parseInt(status), body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		}
	}

	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(200);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void respond(HttpExchange exchange, int status, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

}
