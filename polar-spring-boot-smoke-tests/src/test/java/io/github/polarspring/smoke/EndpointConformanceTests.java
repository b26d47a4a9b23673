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

package io.github.polarspring.smoke;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import static io.github.polarspring.smoke.Library.JETTY;
import static io.github.polarspring.smoke.Library.SECURITY;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_FLUX;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the endpoints for webhooks respond in the same way, whatever the server: the
 * starter's with servlets and with WebFlux, with and without Spring Security, and those
 * that applications write themselves.
 */
@Timeout(120)
class EndpointConformanceTests {

	private static final String PATH = "/webhooks/polar";

	private static final String ACCEPTED = "Accepted\n";

	private static final String MALFORMED = "Malformed webhook\n";

	private static final String REJECTED = "Rejected\n";

	private static final String TOO_LARGE = "Too large\n";

	private static final String FAILED = "Failed\n";

	private static final int MAX_BODY_SIZE = 1024;

	private static final String BODY = """
			{"type":"order.paid","data":{"description":"café ✓","metadata":{},"customer":{}}}""";

	private final HttpClient polar = HttpClient.newBuilder().version(Version.HTTP_1_1).build();

	private int port;

	@ApplicationWith({ WEB_MVC, TOMCAT })
	void servletsOnTomcat() throws Exception {
		run(ServletApplication.class, (context) -> {
			assertEndpoint();
			assertOwnEndpoint();
		});
	}

	@ApplicationWith({ WEB_MVC, JETTY })
	void servletsOnJetty() throws Exception {
		run(ServletApplication.class, (context) -> {
			assertEndpoint();
			assertOwnEndpoint();
		});
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, SECURITY })
	void servletsWithSpringSecurity() throws Exception {
		run(ServletApplication.class, (context) -> {
			assertEndpoint();
			assertThat(deliver(OwnEndpoints.PATH, BODY).status()).as("all other paths are protected").isIn(401, 403);
		});
	}

	@ApplicationWith(WEB_FLUX)
	void webFlux() throws Exception {
		run(ReactiveApplication.class, (context) -> {
			assertEndpoint();
			assertOwnEndpoint();
		});
	}

	@ApplicationWith({ WEB_FLUX, SECURITY })
	void webFluxWithSpringSecurity() throws Exception {
		run(ReactiveApplication.class, (context) -> {
			assertEndpoint();
			assertThat(deliver(OwnEndpoints.PATH, BODY).status()).as("all other paths are protected").isIn(401, 403);
		});
	}

	@ApplicationWith(WEB_FLUX)
	void webFluxWithABasePath() throws Exception {
		run(ReactiveApplication.class, (context) -> {
			assertThat(deliver("/shop" + PATH, BODY)).isEqualTo(text(202, ACCEPTED));
			assertThat(deliver("/shop" + PATH + "/", BODY)).isEqualTo(text(202, ACCEPTED));
			assertThat(deliver(PATH, BODY).status()).isEqualTo(404);
		}, "spring.webflux.base-path=/shop");
	}

	@ApplicationWith(WEB_FLUX)
	void webFluxWithoutASecretLeavesThePathToTheApplication() throws Exception {
		run(Listening.class, (context) -> assertThat(deliver(PATH, BODY).status()).isEqualTo(404),
				"polar.webhook.secret=");
	}

	@ApplicationWith(WEB_FLUX)
	void shutdownOfWebFluxWaitsForTheEventThatIsBeingHandled() throws Exception {
		run(ReactiveApplication.class, this::assertShutdownWaits);
	}

	@ApplicationWith({ WEB_MVC, TOMCAT })
	void shutdownOfServletsWaitsForTheEventThatIsBeingHandled() throws Exception {
		run(ServletApplication.class, this::assertShutdownWaits);
	}

	private void assertEndpoint() throws Exception {
		assertWebhooks(PATH);
		for (String path : List.of(PATH + "/", PATH + ";a=b", PATH + "?a=b")) {
			assertThat(deliver(path, BODY)).as(path).isEqualTo(text(202, ACCEPTED));
		}
		assertThat(post(PATH, with(signed(BODY), "Content-Type", "application/x-www-form-urlencoded"), BODY))
			.as("type of a form")
			.isEqualTo(text(202, ACCEPTED));
		assertThat(deliver(PATH + "/more", BODY).status()).as("another path").isIn(401, 403, 404);
		assertThat(deliver(PATH, "")).as("empty").isEqualTo(text(400, MALFORMED));
		for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH")) {
			assertThat(send(request(PATH, signed(BODY)).method(method, BodyPublishers.ofString(BODY)))).as(method)
				.isEqualTo(new Response(405, "Webhooks are sent by POST\n", "text/plain;charset=us-ascii", "no-store",
						"POST", "26", ""));
		}
		assertThat(send(request(PATH, signed(BODY)).method("HEAD", BodyPublishers.noBody())).status()).isEqualTo(405);
	}

	private void assertOwnEndpoint() throws Exception {
		assertWebhooks(OwnEndpoints.PATH);
		assertThat(deliver(OwnEndpoints.PATH, "").status()).as("empty").isEqualTo(400);
		assertThat(send(request(OwnEndpoints.PATH, signed(BODY)).GET()).status()).isEqualTo(405);
	}

	private void assertWebhooks(String path) throws Exception {
		Recorder.events.clear();
		assertThat(deliver(path, BODY)).as("valid").isEqualTo(text(202, ACCEPTED));
		assertThat(chunked(path, signed(BODY), BODY)).as("chunked").isEqualTo(text(202, ACCEPTED));
		assertThat(send(request(path, signed(BODY)).expectContinue(true).POST(BodyPublishers.ofString(BODY))))
			.as("continued")
			.isEqualTo(text(202, ACCEPTED));
		assertThat(Recorder.events).hasSize(3).containsOnly("order.paid:café ✓");
		assertSlowBody(path);
		assertThat(post(path, upperCase(signed(BODY)), BODY)).as("upper case").isEqualTo(text(202, ACCEPTED));
		assertThat(deliver(path, "{\"type\":\"novel.thing\",\"data\":{}}")).as("unknown type")
			.isEqualTo(text(202, ACCEPTED));
		Recorder.events.clear();
		assertThat(deliver(path, "{\"type\":\"order.fails\",\"data\":{}}")).as("failing listener")
			.isEqualTo(text(500, FAILED));
		assertForgeries(path);
		assertLimits(path);
		assertThat(deliver(path, "\uFEFF" + BODY)).as("byte order mark").isEqualTo(text(202, ACCEPTED));
		for (String body : List.of("[]", "nonsense", "{\"type\":\"order.paid\"}")) {
			assertThat(deliver(path, body)).as(body).isEqualTo(text(400, MALFORMED));
		}
		assertThat(Recorder.events).containsExactly("order.paid:café ✓");
	}

	private void assertForgeries(String path) throws Exception {
		List<String> headers = signed(BODY);
		assertThat(post(path, List.of(), BODY)).as("unsigned").isEqualTo(text(400, MALFORMED));
		assertThat(post(path, headers, BODY.replace("✓", "✗"))).as("changed").isEqualTo(text(403, REJECTED));
		assertThat(post(path, Browser.sign("forged-" + Browser.SECRET, "1", BODY), BODY)).as("forged")
			.isEqualTo(text(403, REJECTED));
		for (int i = 0; i < headers.size(); i += 2) {
			String name = headers.get(i);
			assertThat(post(path, without(headers, i), BODY)).as("without " + name).isEqualTo(text(400, MALFORMED));
			assertThat(post(path, with(headers, name, headers.get(i + 1)), BODY)).as("twice " + name)
				.isEqualTo(text(400, MALFORMED));
		}
		assertThat(post(path, with(without(headers, 2), "webhook-timestamp", "1000000000"), BODY)).as("old")
			.isEqualTo(text(403, REJECTED));
		assertThat(post(path, with(without(headers, 2), "webhook-timestamp", "now"), BODY)).as("no timestamp")
			.isEqualTo(text(400, MALFORMED));
	}

	private void assertLimits(String path) throws Exception {
		String largest = "{\"type\":\"x.y\",\"data\":{}}";
		largest += " ".repeat(MAX_BODY_SIZE - largest.length());
		assertThat(deliver(path, largest)).as("largest").isEqualTo(text(202, ACCEPTED));
		assertThat(chunked(path, signed(largest), largest)).as("largest, chunked").isEqualTo(text(202, ACCEPTED));
		String large = largest + " ";
		assertThat(deliver(path, large)).as("too large").isEqualTo(text(413, TOO_LARGE));
		assertThat(chunked(path, signed(large), large)).as("too large, chunked").isEqualTo(text(413, TOO_LARGE));
		assertThat(deliver(path, BODY)).as("afterwards").isEqualTo(text(202, ACCEPTED));
		Recorder.events.clear();
		if (path.equals(PATH)) {
			assertThat(head(path, signed(large), "Content-Length: 1000000", "")).as("announced, not sent")
				.startsWith("HTTP/1.1 413");
			assertThat(head(path, without(signed(large), 0), "Content-Length: 1000", "")).as("not sent")
				.startsWith("HTTP/1.1 400");
			String chunk = "%x\r\n%s\r\n".formatted(large.length(), large);
			assertThat(head(path, signed(large), "Transfer-Encoding: chunked", chunk)).as("without an end")
				.startsWith("HTTP/1.1 413");
		}
	}

	/**
	 * Other requests are served while the rest of a body is missing.
	 */
	private void assertSlowBody(String path) throws Exception {
		byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
		try (Socket socket = new Socket("localhost", this.port)) {
			write(socket, path, signed(BODY), "Content-Length: " + body.length);
			socket.getOutputStream().write(body, 0, 30);
			assertThat(deliver(path, BODY)).as("in the meantime").isEqualTo(text(202, ACCEPTED));
			socket.getOutputStream().write(body, 30, body.length - 30);
			assertThat(statusLine(socket)).as("slow").startsWith("HTTP/1.1 202");
		}
	}

	private void assertShutdownWaits(ConfigurableApplicationContext context) throws Exception {
		String slow = "{\"type\":\"order.slow\",\"data\":{}}";
		CompletableFuture<HttpResponse<String>> running = this.polar.sendAsync(
				request(PATH, signed(slow)).POST(BodyPublishers.ofString(slow)).build(), BodyHandlers.ofString());
		assertThat(Recorder.entered.await(30, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
		while (isOpen()) {
			Thread.onSpinWait();
		}
		assertThat(closing).isNotDone();
		Recorder.release.countDown();
		assertThat(running.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
		closing.get(60, TimeUnit.SECONDS);
	}

	private boolean isOpen() throws IOException {
		try (Socket socket = new Socket("localhost", this.port)) {
			return socket.isConnected();
		}
		catch (ConnectException ex) {
			return false;
		}
	}

	private void run(Class<?> application, Scenario scenario, String... properties) throws Exception {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(application).bannerMode(Mode.OFF)
			.registerShutdownHook(false)
			.properties(Map.of("server.port", "0", "polar.webhook.secret", Browser.SECRET,
					"polar.webhook.max-body-size", MAX_BODY_SIZE + "B", "logging.level.root", "off"));
		try (ConfigurableApplicationContext context = builder
			.run(Stream.of(properties).map("--"::concat).toArray(String[]::new))) {
			this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			scenario.run(context);
		}
	}

	private static List<String> signed(String body) {
		return Browser.sign(Browser.SECRET, UUID.randomUUID().toString(), body);
	}

	private static List<String> upperCase(List<String> headers) {
		return Stream.iterate(0, (i) -> i < headers.size(), (i) -> i + 1)
			.map((i) -> (i % 2 == 0) ? headers.get(i).toUpperCase() : headers.get(i))
			.toList();
	}

	private static List<String> with(List<String> headers, String... more) {
		return Stream.concat(headers.stream(), Stream.of(more)).toList();
	}

	private static List<String> without(List<String> headers, int index) {
		return Stream.concat(headers.subList(0, index).stream(), headers.subList(index + 2, headers.size()).stream())
			.toList();
	}

	private Response deliver(String path, String body) throws Exception {
		return post(path, signed(body), body);
	}

	private Response post(String path, List<String> headers, String body) throws Exception {
		return send(request(path, headers).POST(BodyPublishers.ofString(body)));
	}

	private Response chunked(String path, List<String> headers, String body) throws Exception {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		return send(request(path, headers).POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
	}

	private HttpRequest.Builder request(String path, List<String> headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		if (!headers.isEmpty()) {
			request.headers(headers.toArray(String[]::new));
		}
		return request;
	}

	private Response send(HttpRequest.Builder request) throws Exception {
		HttpResponse<String> response = this.polar.send(request.build(), BodyHandlers.ofString());
		return new Response(response.statusCode(), response.body(), header(response, "content-type").toLowerCase(),
				header(response, "cache-control"), header(response, "allow"), header(response, "content-length"),
				header(response, "set-cookie"));
	}

	private static String header(HttpResponse<?> response, String name) {
		return String.join(",", response.headers().allValues(name));
	}

	/**
	 * Send the beginning of a request, and return the first line of the response.
	 */
	private String head(String path, List<String> headers, String length, String body) throws IOException {
		try (Socket socket = new Socket("localhost", this.port)) {
			write(socket, path, headers, length);
			socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
			return statusLine(socket);
		}
	}

	private static void write(Socket socket, String path, List<String> headers, String length) throws IOException {
		StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		for (int i = 0; i < headers.size(); i += 2) {
			head.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
		}
		head.append(length).append("\r\n\r\n");
		socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
	}

	private static String statusLine(Socket socket) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = socket.getInputStream().read(); c != -1 && c != '\r'; c = socket.getInputStream().read()) {
			line.append((char) c);
		}
		return line.toString();
	}

	private static Response text(int status, String body) {
		return new Response(status, body, "text/plain;charset=us-ascii", "no-store", "", String.valueOf(body.length()),
				"");
	}

	/**
	 * What a response has in common with those of other endpoints.
	 */
	private record Response(int status, String body, String contentType, String cacheControl, String allow,
			String contentLength, String cookies) {

	}

	/**
	 * What is done with an application while it runs.
	 */
	private interface Scenario {

		void run(ConfigurableApplicationContext context) throws Exception;

	}

	static class Recorder {

		private static final Queue<String> events = new ConcurrentLinkedQueue<>();

		private static volatile CountDownLatch entered = new CountDownLatch(1);

		private static volatile CountDownLatch release = new CountDownLatch(1);

		Recorder() {
			entered = new CountDownLatch(1);
			release = new CountDownLatch(1);
		}

		@PolarEventListener
		void on(PolarEvent<?> event) throws InterruptedException {
			if (event.type().equals("order.fails")) {
				throw new IllegalStateException("The listener fails");
			}
			if (event.type().equals("order.slow")) {
				entered.countDown();
				release.await();
			}
			if (event.type().equals("order.paid")) {
				events.add(event.type() + ":" + event.payload().path("description").asString());
			}
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Recorder.class)
	static class Listening {

	}

	@Import({ Listening.class, OwnEndpoints.ServletWebhooks.class })
	static class ServletApplication {

	}

	@Import({ Listening.class, OwnEndpoints.ReactiveWebhooks.class })
	static class ReactiveApplication {

	}

}
