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
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarFakeStream}.
 */
@Timeout(60)
class PolarFakeStreamTests {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final PolarFake fake = PolarFake.start();

	private final List<InputStream> open = new ArrayList<>();

	@AfterEach
	void close() throws IOException {
		for (InputStream stream : this.open) {
			stream.close();
		}
		this.fake.close();
	}

	private String path() {
		return "/v1/cli/listen/" + this.fake.state().organizationId();
	}

	private <T> HttpResponse<T> get(String path, String token, HttpResponse.BodyHandler<T> body) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		return this.http.send(request.build(), body);
	}

	private HttpResponse<InputStream> connect() throws Exception {
		HttpResponse<InputStream> response = get(path(), this.fake.accessToken(), BodyHandlers.ofInputStream());
		this.open.add(response.body());
		return response;
	}

	private InputStream listen() throws Exception {
		InputStream stream = connect().body();
		assertThat(message(stream)).contains("\"connected\"");
		return stream;
	}

	/**
	 * Read a message with the empty line after it, or what is left at the end.
	 */
	private static String message(InputStream stream) throws IOException {
		StringBuilder message = new StringBuilder();
		while (message.length() < 4 || !message.substring(message.length() - 4).equals("\r\n\r\n")) {
			int b = stream.read();
			if (b == -1) {
				break;
			}
			message.append((char) b);
		}
		return message.toString();
	}

	private static JsonNode json(String message) {
		assertThat(message).startsWith("data: ").endsWith("\r\n\r\n");
		return JsonMapper.shared().readTree(message.substring(6));
	}

	private static JsonNode payload(String message) {
		return JsonMapper.shared().readTree(json(message).at("/payload/payload").asString());
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThat(condition.getAsBoolean()).isTrue();
	}

	@Test
	void firstMessageContainsTheSecret() throws Exception {
		HttpResponse<InputStream> response = connect();
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().map()).containsEntry("content-type", List.of("text/event-stream; charset=utf-8"))
			.containsEntry("cache-control", List.of("no-store"))
			.containsEntry("x-accel-buffering", List.of("no"))
			.containsEntry("transfer-encoding", List.of("chunked"))
			.containsEntry("polar-version", List.of("2026-10"))
			.doesNotContainKey("polar-fake-stream");
		assertThat(message(response.body())).matches(
				"data: \\{\"key\": \"connected\", \"ts\": \"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00\", \"secret\": \"%s\"}\r\n\r\n"
					.formatted(this.fake.state().organizationId().toString().replace("-", "")));
		assertThat(this.fake.stream().listeners()).isOne();
	}

	@Test
	void eventHasTheFormatOfPolarAndTheTextOfAnEndpoint() throws Exception {
		InputStream stream = listen();
		this.fake.webhooks().send("product.created", "{\"name\":\"größe ☕ 😀\",\"text\":\"a\\\"b\\\\c\\n\"}");
		String message = message(stream);
		assertThat(message).startsWith("data: {\"id\": \"")
			.contains("\", \"key\": \"webhook.created\", \"payload\": {\"webhook_event_id\": \"",
					"\"payload\": \"{\\\"type\\\":\\\"product.created\\\",\\\"timestamp\\\":",
					"gr\\u00f6\\u00dfe \\u2615 \\ud83d\\ude00", "\"headers\": {\"user-agent\": \"polar.sh webhooks\", "
							+ "\"content-type\": \"application/json\", \"webhook-id\": \"");
		JsonNode json = json(message);
		JsonNode headers = json.path("headers");
		String text = json.at("/payload/payload").asString();
		assertThat(text).contains("größe ☕ 😀");
		assertThat(headers.path("webhook-id")).isEqualTo(json.at("/payload/webhook_event_id"))
			.isNotEqualTo(json.path("id"));
		String secret = this.fake.state().organizationId().toString().replace("-", "");
		assertThat(headers.path("webhook-signature").asString()).isEqualTo(WebhookSigner.legacy(secret)
			.headers(headers.path("webhook-id").asString(),
					Instant.ofEpochSecond(Long.parseLong(headers.path("webhook-timestamp").asString())),
					text.getBytes(StandardCharsets.UTF_8))
			.get("webhook-signature"));
		assertThat(headers.has("x-polar-triggered")).isFalse();
	}

	@Test
	void allListenersGetTheSameEventsWithoutAnEndpoint() throws Exception {
		InputStream first = listen();
		InputStream second = listen();
		assertThat(this.fake.stream().listeners()).isEqualTo(2);
		for (String type : List.of("order.created", "order.paid", "made.up")) {
			this.fake.webhooks().send(type, "{}");
			JsonNode event = json(message(first));
			assertThat(payload("data: " + event + "\r\n\r\n").path("type").asString()).isEqualTo(type);
			JsonNode same = json(message(second));
			assertThat(same.path("id")).isEqualTo(event.path("id"));
			assertThat(same.path("payload")).isEqualTo(event.path("payload"));
		}
	}

	@Test
	void idsDifferFromThoseOfAnEndpoint() throws Exception {
		this.fake.webhooks().addEndpoint(URI.create("http://localhost:1/"), "secret");
		this.fake.webhooks().holdRetries();
		InputStream stream = listen();
		this.fake.webhooks().send("order.paid", "{}");
		JsonNode event = json(message(stream));
		assertThat(event.at("/payload/webhook_event_id").asString())
			.isNotEqualTo(this.fake.webhooks().deliveries().get(0).id());
		assertThat(event.at("/payload/payload").asString()).isEqualTo(this.fake.webhooks().deliveries().get(0).body());
	}

	@Test
	void triggeredEventIsMarked() throws Exception {
		assertThatIllegalStateException().isThrownBy(() -> this.fake.stream().trigger("order.paid", "{}"));
		InputStream stream = listen();
		this.fake.stream().trigger("order.paid", "{\"id\":\"x\"}");
		JsonNode event = json(message(stream));
		assertThat(event.at("/headers/x-polar-triggered").asString()).isEqualTo("true");
		assertThat(this.fake.webhooks().deliveries()).isEmpty();
	}

	@Test
	void pingsKeepTheConnectionOpen() throws Exception {
		InputStream stream = listen();
		this.fake.stream().pingInterval(Duration.ofMillis(20));
		for (int i = 0; i < 3; i++) {
			assertThat(message(stream)).matches(": ping - [\\d-]{10} [\\d:]{8}\\.\\d{6}\\+00:00\r\n\r\n");
		}
	}

	@Test
	void connectionEndsWithARequestToReconnect() throws Exception {
		InputStream stream = listen();
		this.fake.stream().lifetime(Duration.ofMillis(20));
		assertThat(message(stream)).isEqualTo("data: {\"type\": \"reconnect\"}\r\n\r\n");
		assertThat(stream.read()).isEqualTo(-1);
		this.fake.stream().lifetime(Duration.ofMinutes(10));
		InputStream next = listen();
		this.fake.stream().reconnect();
		assertThat(this.fake.stream().listeners()).isZero();
		assertThat(message(next)).contains("reconnect");
		assertThat(next.read()).isEqualTo(-1);
	}

	@Test
	void resetEndsConnections() throws Exception {
		InputStream stream = listen();
		this.fake.reset();
		assertThat(stream.read()).isEqualTo(-1);
		assertThat(this.fake.stream().listeners()).isZero();
	}

	@Test
	void closedConnectionIsNoticed() throws Exception {
		InputStream stream = listen();
		InputStream other = listen();
		stream.close();
		await(() -> this.fake.stream().listeners() == 1);
		this.fake.webhooks().send("order.paid", "{}");
		assertThat(payload(message(other)).path("type").asString()).isEqualTo("order.paid");
	}

	@Test
	void closeLeavesNoThread() throws Exception {
		Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
		PolarFake own = PolarFake.start();
		HttpResponse<InputStream> response = this.http
			.send(HttpRequest.newBuilder(own.baseUrl().resolve("/v1/cli/listen/" + own.state().organizationId()))
				.header("Authorization", "Bearer " + own.accessToken())
				.build(), BodyHandlers.ofInputStream());
		assertThat(message(response.body())).contains("connected");
		own.close();
		await(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread) && thread.isAlive())
			.noneMatch((thread) -> thread.getName().startsWith("qtp")));
		response.body().close();
	}

	@Test
	void streamMisbehavesOnDemand() throws Exception {
		InputStream stream = listen();
		this.fake.stream().sendGarbage();
		assertThat(message(stream)).isEqualTo("data: {\"key\": \"webhook.created\", \"payload\": \r\n\r\n");
		this.fake.stream().sendOversized();
		assertThat(message(stream)).hasSizeGreaterThan(10_000_000);
		this.fake.stream().truncateNext();
		this.fake.webhooks().send("order.paid", "{}");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			String start = message(stream);
			assertThat(start).startsWith("data: {").doesNotContain("\r\n");
		});
		await(() -> this.fake.stream().listeners() == 0);
		InputStream next = listen();
		this.fake.webhooks().send("order.paid", "{}");
		assertThat(message(next)).contains("order.paid");
	}

	@Test
	void silentStreamSendsNothing() throws Exception {
		this.fake.stream().silence();
		this.fake.stream().pingInterval(Duration.ofMillis(10));
		InputStream stream = connect().body();
		await(() -> this.fake.stream().listeners() == 1);
		this.fake.webhooks().send("order.paid", "{}");
		this.fake.reset();
		assertThat(stream.read()).isEqualTo(-1);
	}

	@Test
	void disorderShufflesTheEventsOfAnAction() throws Exception {
		List<List<String>> orders = new ArrayList<>();
		for (long seed : List.of(3L, 3L, 4L)) {
			this.fake.reset();
			InputStream stream = listen();
			this.fake.stream().disorder(seed);
			this.fake.happen("Test", () -> {
				for (int i = 0; i < 10; i++) {
					this.fake.state().send("order.updated", Map.of("id", i));
				}
			});
			List<String> order = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				order.add(payload(message(stream)).at("/data/id").asString());
			}
			orders.add(order);
		}
		assertThat(orders.get(0)).isEqualTo(orders.get(1)).isNotEqualTo(orders.get(2)).doesNotHaveDuplicates();
		assertThat(orders.get(0)).isNotEqualTo(orders.get(0).stream().sorted().toList());
	}

	@Test
	void rejectsAsPolar() throws Exception {
		String token = this.fake.accessToken();
		assertThat(error(401, path(), null)).isEqualTo("Unauthorized");
		assertThat(error(401, path(), "polar_oat_wrong")).isEqualTo("invalid_token");
		assertThat(error(404, "/v1/cli/listen/" + UUID.randomUUID(), token)).isEqualTo("ResourceNotFound");
		assertThat(error(422, "/v1/cli/listen/labfour", token)).isEqualTo("RequestValidationError");
		assertThat(error(404, "/v1/cli/listen", token)).isEmpty();
		HttpResponse<String> redirect = get(path() + "/", token, BodyHandlers.ofString());
		assertThat(redirect.statusCode()).isEqualTo(307);
		assertThat(redirect.headers().firstValue("Location")).hasValue(this.fake.baseUrl() + path());
		this.fake.restrictScopes("checkouts:read");
		assertThat(error(403, path(), token)).isEqualTo("insufficient_scope");
		this.fake.restrictScopes("webhooks:write");
		listen();
		this.fake.injectFault(PolarFault.badGateway());
		assertThat(get(path(), token, BodyHandlers.discarding()).statusCode()).isEqualTo(502);
	}

	private String error(int status, String path, String token) throws Exception {
		HttpResponse<String> response = get(path, token, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(response.body()).path("error").asString("");
	}

}
