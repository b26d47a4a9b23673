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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for webhook endpoints and deliveries of {@link PolarFake}.
 */
class PolarFakeEndpointTests {

	private static final String SECRET = "correct horse battery staple 2026";

	private static final String ENDPOINTS = "/v1/webhooks/endpoints";

	@RegisterExtension
	static final WireMockExtension shop = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort())
		.build();

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final PolarFake fake = PolarFake.start();

	@BeforeEach
	void respond() {
		respond(WireMock.aResponse().withStatus(200).withBody("ok"));
	}

	private static void respond(ResponseDefinitionBuilder response) {
		shop.stubFor(post(anyUrl()).willReturn(response));
	}

	@AfterEach
	void close() {
		this.fake.close();
	}

	private HttpResponse<String> call(String method, String path, String body) throws Exception {
		return this.http.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body.replace('\'', '"')))
			.build(), BodyHandlers.ofString());
	}

	private JsonNode json(int status, String method, String path, String body) throws Exception {
		HttpResponse<String> response = call(method, path, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonMapper.shared().readTree(response.body());
	}

	private JsonNode deliveries(String query) throws Exception {
		return json(200, "GET", "/v1/webhooks/deliveries" + query, "");
	}

	private JsonNode create(String events) throws Exception {
		return json(201, "POST", ENDPOINTS,
				"{'url':'https://shop.example.com/hook','format':'raw','events':[%s]}".formatted(events));
	}

	private UUID listen() throws Exception {
		this.fake.webhooks().addEndpoint(URI.create(shop.baseUrl() + "/hook"), SECRET);
		return UUID.fromString(json(200, "GET", ENDPOINTS, "").at("/items/0/id").asString());
	}

	private void send(String type) {
		this.fake.webhooks().send(type, "{\"id\":\"x\"}");
	}

	private List<String> types() {
		return this.fake.webhooks().deliveries().stream().map(Delivery::type).toList();
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThat(condition.getAsBoolean()).isTrue();
	}

	@Test
	void endpointOfATestIsListedAsSubscribedToAllEvents() throws Exception {
		listen();
		this.fake.webhooks().addEndpoint(() -> null, SECRET);
		JsonNode list = json(200, "GET", ENDPOINTS, "");
		assertThat(list.at("/pagination/total_count").asInt()).isOne();
		JsonNode endpoint = list.at("/items/0");
		assertThat(endpoint.path("url").asString()).isEqualTo(shop.baseUrl() + "/hook");
		assertThat(endpoint.path("secret").asString()).isEqualTo(SECRET);
		assertThat(endpoint.path("enabled").asBoolean()).isTrue();
		assertThat(endpoint.path("format").asString()).isEqualTo("raw");
		assertThat(endpoint.path("events").size()).isEqualTo(42);
		assertThat(endpoint.path("api_version").asString()).isEqualTo("2026-10");
		assertThat(endpoint.path("uses_standard_webhook_signature").asBoolean()).isFalse();
		assertThat(endpoint.path("organization_id").asString())
			.isEqualTo(this.fake.state().organizationId().toString());
	}

	@Test
	void endpointReceivesOnlyTheEventsToWhichItIsSubscribed() throws Exception {
		this.fake.webhooks().addEndpoint(URI.create(shop.baseUrl()), SECRET, Set.of("order.paid"));
		send("order.created");
		send("order.paid");
		assertThat(types()).containsExactly("order.paid");
		UUID id = UUID.fromString(json(200, "GET", ENDPOINTS, "").at("/items/0/id").asString());
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'events':['order.created']}");
		send("order.created");
		send("order.paid");
		assertThat(types()).containsExactly("order.paid", "order.created");
	}

	@Test
	void disabledEndpointRecordsNothing() throws Exception {
		UUID id = listen();
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'enabled':false}");
		assertThat(call("GET", "/dashboard", "").body())
			.contains(shop.baseUrl() + "/hook, <span class=\"mark\">disabled");
		send("order.paid");
		assertThat(json(200, "PATCH", ENDPOINTS + "/" + id, "{'enabled':true}").path("enabled").asBoolean()).isTrue();
		send("order.created");
		assertThat(types()).containsExactly("order.created");
		assertThat(deliveries("").at("/pagination/total_count").asInt()).isOne();
	}

	@Test
	void endpointOfTheApiIsSignedByTheStandardSchemeAndDeliversToAUrlOfTheTest() throws Exception {
		this.fake.webhooks().holdRetries();
		JsonNode endpoint = create("'order.paid'");
		assertThat(endpoint.path("secret").asString()).matches("whsec_[A-Za-z0-9+/]{43}=");
		assertThat(endpoint.path("uses_standard_webhook_signature").asBoolean()).isTrue();
		send("order.paid");
		assertThat(deliveries("").at("/items/0/response").asString()).isEqualTo("All connection attempts failed");
		UUID id = UUID.fromString(endpoint.path("id").asString());
		this.fake.webhooks().deliverTo(id, URI.create(shop.baseUrl()));
		send("order.paid");
		JsonNode delivered = deliveries("?succeeded=true").path("items");
		assertThat(delivered.size()).isOne();
		assertThat(delivered.at("/0/response").asString()).isEqualTo("ok");
		assertThat(json(200, "GET", ENDPOINTS + "/" + id, "").path("url").asString())
			.isEqualTo("https://shop.example.com/hook");
		assertThatIllegalStateException()
			.isThrownBy(() -> this.fake.webhooks().deliverTo(UUID.randomUUID(), URI.create("http://localhost/")));
	}

	@Test
	void newSecretSignsTheNextAttempt() throws Exception {
		UUID id = listen();
		String secret = json(200, "PATCH", ENDPOINTS + "/" + id + "/secret", "{}").path("secret").asString();
		send("order.paid");
		var request = shop.getAllServeEvents().get(0).getRequest();
		Map<String, String> headers = WebhookSigner.standard(secret)
			.headers(request.getHeader("webhook-id"),
					Instant.ofEpochSecond(Long.parseLong(request.getHeader("webhook-timestamp"))), request.getBody());
		assertThat(request.getHeader("webhook-signature")).isEqualTo(headers.get("webhook-signature"));
	}

	@Test
	void resetRestoresTheEndpointsOfTheTestAndRemovesOthers() throws Exception {
		UUID id = listen();
		create("");
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'enabled':false,'events':[]}");
		this.fake.reset();
		JsonNode list = json(200, "GET", ENDPOINTS, "").path("items");
		assertThat(list.size()).isOne();
		assertThat(list.at("/0/enabled").asBoolean()).isTrue();
		send("order.paid");
		assertThat(types()).containsExactly("order.paid");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			http://shop.example.com/ | url_scheme
			https://localhost/ | value_error
			https://127.1/ | value_error
			https://2130706433/ | value_error
			https://10.1.2.3/ | value_error
			https://100.64.0.1/ | value_error
			https://[::1]/ | value_error
			https://[fd00::1]/ | value_error
			https://shop-.example.com/ | value_error
			shop.example.com | url_parsing
			""")
	void urlThatPolarRejectsIsRejected(String url, String type) throws Exception {
		JsonNode problem = json(422, "POST", ENDPOINTS, "{'url':'%s','format':'raw','events':[]}".formatted(url))
			.at("/detail/0");
		assertThat(problem.path("type").asString()).isEqualTo(type);
		assertThat(problem.path("loc").toString()).isEqualTo("[\"body\",\"url\"]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://8.8.8.8/", "https://intranet/", "https://foo.localhost/",
			"https://u:p@shop.example.com/?x=1#f" })
	void urlThatPolarAcceptsIsAccepted(String url) throws Exception {
		assertThat(json(201, "POST", ENDPOINTS, "{'url':'%s','format':'raw','events':[]}".formatted(url)).path("url")
			.asString()).isEqualTo(url);
	}

	@Test
	void scopesAndLengthsAreCheckedAsForOtherPaths() throws Exception {
		UUID id = listen();
		this.fake.restrictScopes("webhooks:read");
		json(200, "GET", ENDPOINTS, "");
		json(200, "GET", "/v1/webhooks/deliveries", "");
		assertThat(json(403, "POST", ENDPOINTS, "{}").path("error").asString()).isEqualTo("insufficient_scope");
		json(403, "PATCH", ENDPOINTS + "/" + id, "{}");
		json(403, "POST", "/v1/webhooks/events/%s/redeliver".formatted(UUID.randomUUID()), "{}");
		Map<String, String> headers = Map.of("Authorization", "Bearer " + this.fake.accessToken());
		assertThat(RawHttp.send(this.fake.baseUrl(), "PATCH", ENDPOINTS + "/" + id + "/secret", headers, null).status())
			.isEqualTo(411);
		assertThat(call("GET", ENDPOINTS + "/", "").statusCode()).isEqualTo(307);
		for (String path : List.of("/v1/webhooks/events", "/v1/webhooks/events/" + id,
				"/v1/webhooks/deliveries/" + id)) {
			assertThat(call("GET", path, "").body()).isEqualTo("{\"detail\":\"Not Found\"}");
		}
	}

	@Test
	void failedAttemptsAreListedWithTheirResponse() throws Exception {
		UUID id = listen();
		respond(WireMock.aResponse().withStatus(503).withBody("x".repeat(3000)));
		send("order.paid");
		respond(WireMock.aResponse().withStatus(204));
		await(() -> types().size() == 2);
		JsonNode items = deliveries("?endpoint_id=" + id).path("items");
		assertThat(items.at("/0/http_code").asInt()).isEqualTo(204);
		assertThat(items.at("/0/response").isNull()).isTrue();
		assertThat(items.at("/1/http_code").asInt()).isEqualTo(503);
		assertThat(items.at("/1/succeeded").asBoolean()).isFalse();
		assertThat(items.at("/1/response").asString()).hasSize(2048);
		JsonNode event = items.at("/1/webhook_event");
		assertThat(event.path("succeeded").asBoolean()).isTrue();
		assertThat(event.path("last_http_code").asInt()).isEqualTo(204);
		assertThat(event.path("payload").asString())
			.isEqualTo(shop.getAllServeEvents().get(0).getRequest().getBodyAsString());
	}

	@Test
	void deliveriesAreFiltered() throws Exception {
		UUID id = listen();
		send("order.created");
		respond(WireMock.aResponse().withStatus(404));
		this.fake.webhooks().holdRetries();
		send("order.paid");
		String event = this.fake.webhooks().deliveries().get(1).id();
		assertThat(count("")).isEqualTo(2);
		assertThat(count("?endpoint_id=" + id)).isEqualTo(2);
		assertThat(count("?endpoint_id=" + UUID.randomUUID())).isZero();
		assertThat(count("?succeeded=false")).isOne();
		assertThat(count("?http_code_class=4xx")).isOne();
		assertThat(count("?http_code_class=5xx")).isZero();
		assertThat(count("?event_type=order.paid")).isOne();
		assertThat(count("?event_type=order.paid&event_type=order.created")).isEqualTo(2);
		assertThat(count("?query=" + event.substring(9, 20))).isOne();
		assertThat(count("?query=404")).isOne();
		assertThat(count("?start_timestamp=" + Instant.now().plusSeconds(60))).isZero();
		assertThat(count("?start_timestamp=" + Instant.now().minusSeconds(60))).isEqualTo(2);
		assertThat(count("?end_timestamp=" + Instant.now().minusSeconds(60))).isZero();
		JsonNode page = deliveries("?limit=1&page=2");
		assertThat(page.at("/items/0/webhook_event/type").asString()).isEqualTo("order.created");
		assertThat(page.at("/pagination/max_page").asInt()).isEqualTo(2);
		assertThat(problem("?start_timestamp=2026-11-01T00:00:00")).isEqualTo("timezone_aware");
		assertThat(problem("?http_code_class=6xx")).isEqualTo("literal_error");
		assertThat(problem("?event_type=order.lost")).isEqualTo("enum");
		assertThat(problem("?limit=0")).isEqualTo("greater_than");
	}

	private int count(String query) throws Exception {
		return deliveries(query).at("/pagination/total_count").asInt();
	}

	private String problem(String query) throws Exception {
		return json(422, "GET", "/v1/webhooks/deliveries" + query, "").at("/detail/0/type").asString();
	}

	@Test
	void missingResponseIsDescribedAsByPolar() throws Exception {
		this.fake.webhooks().holdRetries();
		this.fake.webhooks().addEndpoint(URI.create("http://localhost:1/"), SECRET);
		send("order.paid");
		assertThat(deliveries("").at("/items/0/http_code").isNull()).isTrue();
		assertThat(deliveries("").at("/items/0/response").asString()).isEqualTo("All connection attempts failed");
		listen();
		respond(WireMock.aResponse().withFault(Fault.EMPTY_RESPONSE));
		send("order.paid");
		assertThat(deliveries("?query=").at("/items").toString())
			.contains("Server disconnected without sending a response.");
		respond(WireMock.permanentRedirect("/target"));
		send("order.created");
		assertThat(deliveries("?http_code_class=3xx").at("/items/0/response").asString())
			.isEqualTo("Redirect response '301 Moved Permanently' for url '%s/hook'%nRedirect location: '/target'%n"
				.formatted(shop.baseUrl())
				.replace("\r", "")
					+ "For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/301");
	}

	@Test
	void eventIsGivenUpAfterTenAttempts() throws Exception {
		listen();
		respond(WireMock.serverError());
		this.fake.webhooks().holdRetries();
		send("order.paid");
		assertThat(deliveries("").at("/items/0/webhook_event/succeeded").isNull()).isTrue();
		this.fake.webhooks().retry();
		assertThat(this.fake.webhooks().deliveries()).extracting(Delivery::attempt)
			.containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		JsonNode event = deliveries("").at("/items/0/webhook_event");
		assertThat(event.path("succeeded").isBoolean()).isTrue();
		assertThat(event.path("succeeded").asBoolean()).isFalse();
		assertThat(event.path("last_http_code").asInt()).isEqualTo(500);
	}

	@Test
	void endpointIsDisabledWhenItsTenLatestEventsHaveFailed() throws Exception {
		UUID id = listen();
		respond(WireMock.serverError());
		this.fake.webhooks().holdRetries();
		for (int i = 0; i < 9; i++) {
			send("order.paid");
			this.fake.webhooks().retry();
		}
		assertThat(json(200, "GET", ENDPOINTS + "/" + id, "").path("enabled").asBoolean()).isTrue();
		send("order.paid");
		send("order.created");
		String last = this.fake.webhooks().deliveries().get(90).id();
		String pending = this.fake.webhooks().deliveries().get(91).id();
		this.fake.webhooks().log().event(UUID.fromString(last)).pretend(9, false);
		this.fake.webhooks().retry();
		assertThat(json(200, "GET", ENDPOINTS + "/" + id, "").path("enabled").asBoolean()).isFalse();
		JsonNode event = deliveries("?limit=1&query=" + pending).at("/items/0/webhook_event");
		assertThat(event.path("skipped").asBoolean()).isTrue();
		assertThat(event.path("succeeded").isNull()).isTrue();
		respond();
		int before = types().size();
		send("order.refunded");
		json(202, "POST", "/v1/webhooks/events/%s/redeliver".formatted(pending), "{}");
		this.fake.webhooks().await();
		assertThat(types()).hasSize(before);
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'enabled':true}");
		respond(WireMock.serverError());
		json(202, "POST", "/v1/webhooks/events/%s/redeliver".formatted(pending), "{}");
		this.fake.webhooks().await();
		respond();
		this.fake.webhooks().retry();
		assertThat(types()).hasSize(before + 2);
		event = deliveries("?limit=1&query=" + pending).at("/items/0/webhook_event");
		assertThat(event.path("skipped").asBoolean()).isFalse();
		assertThat(event.path("succeeded").asBoolean()).isTrue();
	}

	@Test
	void redeliveryKeepsIdAndBodyAndAnArchivedEventIsNotSent() throws Exception {
		UUID id = listen();
		send("order.paid");
		String event = this.fake.webhooks().deliveries().get(0).id();
		json(202, "POST", "/v1/webhooks/events/%s/redeliver".formatted(event), "{}");
		this.fake.webhooks().await();
		assertThat(this.fake.webhooks().deliveries()).hasSize(2).extracting(Delivery::id).containsOnly(event);
		assertThat(call("DELETE", ENDPOINTS + "/" + id, "").statusCode()).isEqualTo(204);
		json(202, "POST", "/v1/webhooks/events/%s/redeliver".formatted(event), "{}");
		this.fake.webhooks().await();
		assertThat(count("")).isEqualTo(3);
		assertThat(count("?endpoint_id=" + id)).isZero();
		this.fake.webhooks().archive(event);
		json(202, "POST", "/v1/webhooks/events/%s/redeliver".formatted(event), "{}");
		this.fake.webhooks().await();
		JsonNode newest = deliveries("?limit=1");
		assertThat(newest.at("/pagination/total_count").asInt()).isEqualTo(3);
		assertThat(newest.at("/items/0/webhook_event/payload").isNull()).isTrue();
		assertThat(newest.at("/items/0/webhook_event/is_archived").asBoolean()).isTrue();
		json(404, "POST", "/v1/webhooks/events/%s/redeliver".formatted(UUID.randomUUID()), "{}");
	}

	@Test
	void failedEventDoesNotHoldBackLaterOnes() throws Exception {
		listen();
		this.fake.webhooks().holdRetries();
		respond(WireMock.serverError());
		send("order.created");
		respond();
		send("order.paid");
		this.fake.webhooks().retry();
		assertThat(this.fake.webhooks().deliveries()).extracting((delivery) -> delivery.type() + delivery.attempt())
			.containsExactly("order.created1", "order.paid1", "order.created2");
	}

	@Test
	void slowEndpointHoldsBackItsOwnEventsOnly() throws Exception {
		listen();
		respond(WireMock.aResponse().withStatus(200).withFixedDelay(500));
		shop.stubFor(post("/fast").willReturn(WireMock.ok()));
		this.fake.webhooks().addEndpoint(URI.create(shop.baseUrl() + "/fast"), SECRET);
		List<String> types = List.of("order.created", "order.paid");
		this.fake.webhooks().hold();
		types.forEach(this::send);
		this.fake.webhooks().release();
		List<String> arrived = new ArrayList<>();
		this.fake.webhooks()
			.deliveries()
			.forEach((delivery) -> arrived.add(delivery.url().getPath() + " " + delivery.type()));
		assertThat(arrived).containsExactly("/fast order.created", "/fast order.paid", "/hook order.created",
				"/hook order.paid");
	}

	@ParameterizedTest
	@CsvSource({ "slack, blocks", "discord, embeds" })
	void eventsOfOtherFormatsHaveOtherBodies(String format, String member) throws Exception {
		UUID id = listen();
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'format':'%s'}".formatted(format));
		send("order.paid");
		JsonNode body = JsonMapper.shared().readTree(this.fake.webhooks().deliveries().get(0).body());
		assertThat(body.path(member).size()).isPositive();
		assertThat(body.has("type")).isFalse();
		assertThat(body.toString()).contains("order.paid", "Powered by Polar.sh");
	}

	@Test
	void versionOfTheEndpointIsThatOfLaterEvents() throws Exception {
		UUID id = listen();
		json(200, "PATCH", ENDPOINTS + "/" + id, "{'api_version':'2026-04'}");
		send("order.paid");
		assertThat(shop.getAllServeEvents().get(0).getRequest().getHeader("webhook-api-version")).isEqualTo("2026-04");
		assertThat(deliveries("").at("/items/0/webhook_event/api_version").asString()).isEqualTo("2026-04");
		json(422, "PATCH", ENDPOINTS + "/" + id, "{'api_version':'2020-01'}");
	}

}
