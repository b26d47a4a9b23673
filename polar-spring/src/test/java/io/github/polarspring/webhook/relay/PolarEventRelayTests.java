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

package io.github.polarspring.webhook.relay;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.github.polarspring.webhook.relay.StreamServer.Script;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarEventRelay}, against a real socket.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarEventRelayTests {

	private static final UUID ORGANIZATION = UUID.fromString("c17a3a86-8ae9-49b3-adca-2da2d1864ab4");

	private static final String SECRET = "c17a3a868ae949b3adca2da2d1864ab4";

	private static final String CONNECTED = "data: {\"key\": \"connected\", \"ts\": \"2026-11-28 16:14:59.773628+00:00\","
			+ " \"secret\": \"%s\"}\r\n\r\n".formatted(SECRET);

	private static final String BODY = "{\"type\":\"product.updated\",\"timestamp\":\"2026-11-28T16:15:02Z\","
			+ "\"data\":{\"id\":\"%s\",\"name\":\"größe ☕\"}}";

	private static final Script END = (out) -> {
	};

	private final CountDownLatch end = new CountDownLatch(1);

	private final Script hold = (out) -> wait(this.end);

	private final List<PolarEvent<?>> received = new CopyOnWriteArrayList<>();

	private PolarEventRelay relay;

	private Thread thread;

	@BeforeEach
	void showInfo() {
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(PolarEventRelay.class.getName(), LogLevel.INFO);
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.end.countDown();
		if (this.relay != null) {
			this.relay.stop();
			this.thread.join(Duration.ofSeconds(10).toMillis());
			assertThat(this.thread.isAlive()).isFalse();
		}
	}

	@Test
	void eventsOfTheStreamReachTheInboxOfTheApplication(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(
				StreamServer.stream(this.hold, CONNECTED, event("1", false), event("2", false)))) {
			listen(server);
			await(2);
			assertThat(this.received.get(0).payload().path("name").asString()).isEqualTo("größe ☕");
			assertThat(this.received.get(0).id()).startsWith("body-");
			assertThat(this.received.get(0).isTriggered()).isFalse();
			assertThat(this.relay.isListening()).isTrue();
			assertThat(server.requests.get(0)).contains("GET /v1/cli/listen/" + ORGANIZATION + " HTTP/1.1",
					"Authorization: Bearer polar_oat_token");
			assertThat(output).contains("are relayed to this application").doesNotContain("polar_oat_token", SECRET);
		}
	}

	@Test
	void triggeredEventProvesNothing() throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold, CONNECTED, event("1", true)))) {
			listen(server);
			await(1);
			PolarEvent<?> event = this.received.get(0);
			assertThat(event.isTriggered()).isTrue();
			assertThat(event.buyer()).isInstanceOf(Buyer.Unproven.class);
			assertThat(PolarEvent.read(event.id(), event.body()).isTriggered()).isTrue();
		}
	}

	@Test
	void sameEventOfAnotherConnectionHasTheSameId() throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.stream(END, CONNECTED, event("1", false)),
				StreamServer.stream(this.hold, CONNECTED, event("1", false), event("2", false)))) {
			listen(server);
			await(3);
			assertThat(this.received.get(1).id()).isEqualTo(this.received.get(0).id());
			assertThat(this.received.get(2).id()).isNotEqualTo(this.received.get(0).id());
		}
	}

	@Test
	void eventWithAnotherSignatureIsNotAccepted(CapturedOutput output) throws IOException {
		String forged = event("1", false).replaceFirst("größe", "groesse").replaceFirst("gr\\\\\\\\u00f6", "gro");
		assertThat(forged).isNotEqualTo(event("1", false));
		try (StreamServer server = new StreamServer(
				StreamServer.stream(this.hold, CONNECTED, forged, event("2", false)))) {
			listen(server);
			await(1);
			assertThat(this.received.get(0).businessKey()).endsWith(":2");
			assertThat(output).contains("was not accepted (Rejected). The stream does not send it again");
		}
	}

	@Test
	void garbageIsSkipped(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold, event("early", false), CONNECTED,
				"data: <html>\r\n\r\n", "data: []\r\n\r\n", "data: {\"key\": \"webhook.created\"}\r\n\r\n",
				"data: {\"key\": \"something.new\"}\r\n\r\n", "\u0000\u0001\r\n\r\n", event("1", false)))) {
			listen(server);
			await(1);
			assertThat(this.received.get(0).businessKey()).endsWith(":1");
			assertThat(output.getAll().split("contains a message that cannot be read")).hasSize(2);
		}
	}

	@Test
	void messageThatIsTooLargeIsSkipped(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold, CONNECTED,
				"data: " + "x".repeat(10 * 1024 * 1024) + "\r\n\r\n", event("1", false)))) {
			listen(server);
			await(1);
			assertThat(output).contains("was skipped, because it is too large");
		}
	}

	@Test
	void relayConnectsAgainAfterTheEndInTheMiddleOfAMessage(CapturedOutput output) throws IOException {
		String half = event("1", false).substring(0, 100);
		try (StreamServer server = new StreamServer(
				StreamServer.stream((out) -> StreamServer.chunk(out, half), CONNECTED),
				StreamServer.stream(this.hold, CONNECTED, event("2", false)))) {
			listen(server);
			await(1);
			assertThat(this.received.get(0).businessKey()).endsWith(":2");
			assertThat(output).contains("The connection was lost")
				.contains("relayed again. Those that happened meanwhile were missed");
		}
	}

	@Test
	void relayConnectsAgainWhenPolarAsksForItWithoutAWarning(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(
				StreamServer.stream(END, CONNECTED, event("1", false), "data: {\"type\": \"reconnect\"}\r\n\r\n"),
				StreamServer.stream(this.hold, CONNECTED, event("2", false)))) {
			listen(server);
			await(2);
			assertThat(output).doesNotContain("WARN").doesNotContain("again");
		}
	}

	@Test
	void silentStreamIsReplaced(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold),
				StreamServer.stream(this.hold, CONNECTED, event("1", false)))) {
			start(relay(server, this::accept, Duration.ofMillis(100)));
			await(1);
			assertThat(output).contains("The stream contains no events. Use 'polar listen'");
		}
	}

	private static void wait(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void outageIsReportedOnceAndEnds(CapturedOutput output) throws IOException {
		try (StreamServer server = new StreamServer(StreamServer.status(503), StreamServer.status(429), (out) -> {
		}, StreamServer.stream(this.hold, CONNECTED, event("1", false)))) {
			listen(server);
			await(1);
			assertThat(output.getAll().split("not relayed at present")).hasSize(2);
			assertThat(output).contains("responded with the status 503");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			401 | Check 'polar.access-token'
			403 | Add 'webhooks:read'
			404 | Check 'polar.organization-id', which differs between sandbox and production. Use 'polar listen'
			307 | it may have changed its event stream. Use 'polar listen'
			422 | it may have changed its event stream. Use 'polar listen'""")
	void rejectionEndsTheRelayWithWhatToDo(int status, String advice, CapturedOutput output)
			throws IOException, InterruptedException {
		try (StreamServer server = new StreamServer(StreamServer.status(status))) {
			listen(server);
			this.thread.join(Duration.ofSeconds(10).toMillis());
			assertThat(this.thread.isAlive()).isFalse();
			assertThat(output).contains(advice).doesNotContain("polar_oat_token");
			assertThat(server.requests).hasSize(1);
		}
	}

	@Test
	void unknownOrganizationEndsTheRelay(CapturedOutput output) throws InterruptedException {
		start(new PolarEventRelay(URI.create("http://localhost:1"), "polar_oat_token", () -> {
			throw new PolarConfigurationException("The organization is not known.", "Set 'polar.organization-id'.");
		}, (secret) -> receiver(secret)));
		this.thread.join(Duration.ofSeconds(10).toMillis());
		assertThat(output).contains("The organization is not known. Set 'polar.organization-id'.");
	}

	@Test
	void organizationIsReadAgainIfPolarDoesNotRespond() throws IOException {
		AtomicBoolean failed = new AtomicBoolean();
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold, CONNECTED, event("1", false)))) {
			start(new PolarEventRelay(server.url(), "polar_oat_token", () -> {
				if (failed.compareAndSet(false, true)) {
					throw new PolarConnectionException("No usable response", new IOException());
				}
				return ORGANIZATION;
			}, (secret) -> receiver(secret), Duration.ofSeconds(1), Duration.ofMillis(1)));
			await(1);
		}
	}

	@Test
	void stopEndsAnAttemptToWhichPolarDoesNotRespond() throws IOException, InterruptedException {
		try (StreamServer server = new StreamServer()) {
			listen(server);
			Awaitility.await().until(() -> !server.requests.isEmpty());
			this.relay.stop();
			this.thread.join(Duration.ofSeconds(5).toMillis());
			assertThat(this.thread.isAlive()).isFalse();
		}
	}

	@Test
	void stopWaitsForTheEventThatIsBeingHandled() throws IOException, InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		List<String> steps = new CopyOnWriteArrayList<>();
		try (StreamServer server = new StreamServer(StreamServer.stream(this.hold, CONNECTED, event("1", false)))) {
			start(relay(server, (event) -> {
				begun.countDown();
				wait(proceed);
				steps.add("handled");
				return PolarWebhookInbox.Receipt.ACCEPTED;
			}));
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			Thread stopping = new Thread(() -> {
				this.relay.stop();
				steps.add("stopped");
			});
			stopping.start();
			proceed.countDown();
			stopping.join();
			assertThat(steps).containsExactly("handled", "stopped");
		}
	}

	@Test
	void relayWorksInTheSandboxOnly() {
		for (String url : List.of("https://api.polar.sh", "https://gateway.example")) {
			assertThatExceptionOfType(PolarConfigurationException.class)
				.isThrownBy(() -> new PolarEventRelay(URI.create(url), "polar_oat_token", () -> ORGANIZATION,
						(secret) -> receiver(secret)))
				.withMessageContaining("only in the sandbox");
		}
		assertThat(new PolarEventRelay(URI.create("https://sandbox-api.polar.sh"), "polar_oat_token",
				() -> ORGANIZATION, (secret) -> receiver(secret)))
			.isNotNull();
	}

	private void listen(StreamServer server) {
		start(relay(server, this::accept));
	}

	private static PolarEventRelay relay(StreamServer server, PolarWebhookInbox inbox) {
		return relay(server, inbox, Duration.ofSeconds(30));
	}

	private static PolarEventRelay relay(StreamServer server, PolarWebhookInbox inbox, Duration maxSilence) {
		return new PolarEventRelay(server.url(), "polar_oat_token", () -> ORGANIZATION,
				(secret) -> receiver(secret, inbox), maxSilence, Duration.ofMillis(1));
	}

	private void start(PolarEventRelay relay) {
		this.relay = relay;
		this.thread = new Thread(relay::run);
		this.thread.start();
	}

	private PolarWebhookInbox.Receipt accept(PolarEvent<?> event) {
		this.received.add(event);
		return PolarWebhookInbox.Receipt.ACCEPTED;
	}

	private PolarWebhookReceiver receiver(String secret) {
		return receiver(secret, this::accept);
	}

	private static PolarWebhookReceiver receiver(String secret, PolarWebhookInbox inbox) {
		return PolarWebhookReceiver
			.builder(PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5), Clock.systemUTC()), inbox)
			.identifyByBody(true)
			.build();
	}

	private void await(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.received.size() >= count);
	}

	private static String event(String objectId, boolean triggered) {
		String body = BODY.formatted(objectId);
		Signed signed = Signed.of(SECRET, UUID.randomUUID().toString(), body);
		ObjectNode message = PolarJson.MAPPER.createObjectNode();
		message.put("id", UUID.randomUUID().toString()).put("key", "webhook.created");
		message.putObject("payload").put("webhook_event_id", signed.id()).put("payload", body);
		ObjectNode headers = message.putObject("headers").put("user-agent", "polar.sh webhooks");
		headers.put("webhook-id", signed.id())
			.put("webhook-timestamp", signed.timestamp())
			.put("webhook-signature", signed.signature());
		if (triggered) {
			headers.put("x-polar-triggered", "true");
		}
		return "data: " + message + "\r\n\r\n";
	}

}
