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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.github.polarspring.webhook.catchup.CatchUpReport;
import io.github.polarspring.webhook.catchup.CatchUpRequest;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Kind;
import io.github.polarspring.webhook.relay.PolarEventRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the check of the endpoint, the catch-up and the relay with the fake.
 */
class StayInSyncFakeTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

	private static final String NOWHERE = "http://127.0.0.1:9/";

	private final PolarFake fake = PolarFake.start().addProduct(BOOK, "Book", 1900, "usd");

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final List<PolarEvent<?>> received = new CopyOnWriteArrayList<>();

	private final PolarWebhookInbox inbox = (event) -> {
		if (this.received.stream().noneMatch((earlier) -> earlier.id().equals(event.id()))) {
			this.received.add(event);
		}
		return PolarWebhookInbox.Receipt.ACCEPTED;
	};

	private final PolarWebhookEndpoints endpoints = new PolarWebhookEndpoints(this.client,
			() -> new Needs(Set.of(SECRET), null, "/webhooks/polar", Set.of("order.paid"), Set.of(), false, "2026-10"),
			Clock.systemUTC());

	@AfterEach
	void close() {
		this.fake.close();
	}

	private void buy() {
		UUID session = PolarCheckoutTemplate.builder(this.client)
			.build()
			.create(CheckoutRequest.forProducts(BOOK).externalCustomerId("ada").build())
			.id();
		this.fake.pay(session, "ada@example.com");
	}

	private CatchUpReport catchUp() {
		return PolarCatchUp
			.builder(this.client, this.endpoints, PolarWebhookReceiver.builderForApi(this.inbox).build(), this.inbox)
			.pause(Duration.ZERO)
			.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)))
			.build()
			.run(CatchUpRequest.since(Instant.now().minus(Duration.ofHours(1))))
			.orElseThrow();
	}

	private List<Kind> kinds() {
		return this.endpoints.check().findings().stream().map(Finding::kind).toList();
	}

	@Test
	void endpointIsDisabledAfterTenFailedEventsThenRepairedAndCaughtUpOn() {
		this.fake.webhooks().addEndpoint(URI.create(NOWHERE), SECRET, Set.of("order.paid"));
		assertThat(kinds()).isEmpty();
		for (int i = 0; i < 10; i++) {
			buy();
		}
		await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(kinds()).startsWith(Kind.DISABLED));
		assertThat(kinds()).contains(Kind.FAILURES);
		buy();
		CatchUpReport report = catchUp();
		assertThat(report.complete()).isTrue();
		assertThat(report.recovered()).isEqualTo(Map.of("order.paid", 10));
		assertThat(report.rebuilt()).isEqualTo(Map.of("order.paid", 1));
		assertThat(this.received).hasSize(11)
			.allSatisfy((event) -> assertThat(event.buyer()).isEqualTo(new Buyer.Known("ada")));
		assertThat(this.received.stream().map(PolarEvent::businessKey)).doesNotHaveDuplicates();
		assertThat(this.endpoints.repair().findings()).extracting(Finding::kind).doesNotContain(Kind.DISABLED);
		catchUp();
		assertThat(this.received).hasSize(11);
	}

	@Test
	void deliveredEventsAreNeitherRecoveredNorRebuilt() throws Exception {
		HttpServer shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		shop.createContext("/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(202, -1);
			exchange.close();
		});
		shop.start();
		try {
			this.fake.webhooks().addEndpoint(URI.create("http://127.0.0.1:" + shop.getAddress().getPort()), SECRET);
			buy();
			CatchUpReport report = catchUp();
			assertThat(report.recovered()).isEmpty();
			assertThat(report.rebuilt()).isEmpty();
			assertThat(report.delivered()).isPositive();
		}
		finally {
			shop.stop(0);
		}
	}

	@Test
	void eventsOfTheStreamHaveTheIdsOfTheSameEventsAtAnEndpoint() throws Exception {
		PolarWebhookReceiver endpoint = receiver(SECRET);
		UUID organization = UUID
			.fromString(this.client.get(JsonNode.class, "/v1/products/{id}", BOOK).path("organization_id").asString());
		PolarEventRelay relay = new PolarEventRelay(this.fake.baseUrl(), this.fake.accessToken(), () -> organization,
				this::receiver);
		Thread thread = new Thread(relay::run);
		thread.start();
		try {
			await().until(relay::isListening);
			buy();
			await().until(() -> this.received.stream().anyMatch((event) -> event.type().equals("order.paid")));
			this.fake.stream().trigger("order.paid", "{\"id\":\"" + UUID.randomUUID() + "\",\"metadata\":{}}");
			await().until(() -> this.received.stream().anyMatch(PolarEvent::isTriggered));
			int events = this.received.size();
			this.received.forEach((event) -> endpoint.receiveFromApi("any", event.body()));
			assertThat(this.received.stream().filter((event) -> !event.isTriggered()).map(PolarEvent::id))
				.doesNotHaveDuplicates();
			assertThat(this.received).hasSize(events + 1);
		}
		finally {
			relay.stop();
			thread.join();
		}
	}

	private PolarWebhookReceiver receiver(String secret) {
		return PolarWebhookReceiver
			.builder(PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5), Clock.systemUTC()), this.inbox)
			.identifyByBody(true)
			.build();
	}

}
