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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for what {@link PolarFake} knows besides checkouts, and for injected faults.
 */
class FakeResourcesTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final UUID MONTHLY = UUID.fromString("c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25");

	private final PolarFake fake = PolarFake.start()
		.addProduct(PRO, "Pro", 2900, "usd")
		.addSubscription(MONTHLY, "Monthly", 900, "usd", RecurringInterval.MONTH);

	private final HttpClient http = HttpClient.newHttpClient();

	@AfterEach
	void close() {
		this.fake.close();
	}

	private PolarCheckoutTemplate checkouts() {
		JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory();
		requests.setReadTimeout(Duration.ofMillis(500));
		PolarClient client = PolarClient.builder()
			.accessToken(this.fake.accessToken())
			.baseUrl(this.fake.baseUrl())
			.requestFactory(requests)
			// what goes wrong shall be seen
			.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
			.build();
		return PolarCheckoutTemplate.builder(client).build();
	}

	private CheckoutSession buy(String customer, UUID product) {
		return checkouts().create(CheckoutRequest.forProducts(product).externalCustomerId(customer).build());
	}

	private HttpResponse<String> send(String method, String path, String body)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method,
					(body.isEmpty() && method.equals("GET")) ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.build();
		return this.http.send(request, BodyHandlers.ofString());
	}

	private JsonNode ok(String schema, int status, String method, String path, String body) throws Exception {
		HttpResponse<String> response = send(method, path, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		OpenApiDocument.all()
			.forEach((name, document) -> assertThat(document.violations(schema, response.body())).as(name).isEmpty());
		return JsonMapper.shared().readTree(response.body());
	}

	@Test
	void productsAreListedAndFound() throws Exception {
		JsonNode list = ok("ListResource_Product_", 200, "GET", "/v1/products/?is_recurring=true", "");
		assertThat(list.at("/items")).hasSize(1);
		assertThat(list.at("/items/0/recurring_interval").asString()).isEqualTo("month");
		ok("Product", 200, "GET", "/v1/products/" + PRO, "");
		assertThat(send("GET", "/v1/products/" + UUID.randomUUID(), "").statusCode()).isEqualTo(404);
		assertThat(send("GET", "/v1/products/x", "").statusCode()).isEqualTo(422);
		assertThat(send("GET", "/v1/products", "").statusCode()).isEqualTo(307);
		assertThat(send("GET", "/v1/products/" + PRO + "/", "").statusCode()).isEqualTo(307);
		assertThat(send("POST", "/v1/products/", "{}").statusCode()).isEqualTo(422);
		assertThat(send("DELETE", "/v1/products/" + PRO, "").statusCode()).isEqualTo(405);
	}

	@Test
	void customersAreCreatedAndFoundByEitherId() throws Exception {
		JsonNode customer = ok("Customer", 201, "POST", "/v1/customers/",
				"{\"email\":\"ada@example.com\",\"external_id\":\"user 1ä\",\"name\":\"Ada\",\"metadata\":{\"plan\":1}}");
		String id = customer.get("id").asString();
		assertThat(ok("Customer", 200, "GET", "/v1/customers/" + id, "")).isEqualTo(customer);
		assertThat(ok("Customer", 200, "GET", "/v1/customers/external/user%201%C3%A4", "")).isEqualTo(customer);
		assertThat(ok("CustomerState", 200, "GET", "/v1/customers/external/user%201%C3%A4/state", "")
			.at("/active_subscriptions")).isEmpty();
		assertThat(ok("CustomerState", 200, "GET", "/v1/customers/" + id + "/state", "").at("/email").asString())
			.isEqualTo("ada@example.com");
		assertThat(ok("ListResource_Customer_", 200, "GET", "/v1/customers/?email=ADA%40example.com", "").at("/items"))
			.hasSize(1);
		HttpResponse<String> conflict = send("POST", "/v1/customers/",
				"{\"email\":\"ADA@example.com\",\"external_id\":\"user 1ä\"}");
		assertThat(conflict.statusCode()).isEqualTo(422);
		assertThat(conflict.body()).contains("A customer with this email address already exists.",
				"A customer with this external ID already exists.", "PolarRequestValidationError");
		assertThat(send("POST", "/v1/customers/", "{}").statusCode()).isEqualTo(422);
		assertThat(send("GET", "/v1/customers/external/nobody", "").statusCode()).isEqualTo(404);
		assertThat(send("GET", "/v1/customers/external/a%2Fb", "").body()).isEqualTo("{\"detail\":\"Not Found\"}");
	}

	@Test
	void purchaseIsAnOrderASubscriptionAndTheStateOfItsCustomer() throws Exception {
		CheckoutSession session = buy("alice", MONTHLY);
		this.fake.pay(session.id());
		JsonNode orders = ok("ListResource_Order_", 200, "GET",
				"/v1/orders/?external_customer_id=alice&checkout_id=" + session.id(), "");
		assertThat(orders.at("/items")).hasSize(1);
		assertThat(orders.at("/items/0/metadata/external_customer_id").asString()).isEqualTo("alice");
		ok("Order", 200, "GET", "/v1/orders/" + this.fake.orderIds().get(0), "");
		assertThat(ok("ListResource_Subscription_", 200, "GET", "/v1/subscriptions/?status=active", "").at("/items"))
			.hasSize(1);
		JsonNode state = ok("CustomerState", 200, "GET", "/v1/customers/external/alice/state", "");
		assertThat(state.at("/active_subscriptions/0/metadata/external_customer_id").asString()).isEqualTo("alice");
	}

	@Test
	void subscriptionIsCanceledKeptAndRevoked() throws Exception {
		this.fake.pay(buy("alice", MONTHLY).id());
		String path = "/v1/subscriptions/" + this.fake.subscriptionIds().get(0);
		assertThat(ok("Subscription", 200, "PATCH", path,
				"{\"cancel_at_period_end\":true,\"customer_cancellation_reason\":\"too_expensive\"}")
			.at("/ends_at")
			.isString()).isTrue();
		assertThat(send("PATCH", path, "{\"cancel_at_period_end\":true}").statusCode()).isEqualTo(403);
		assertThat(ok("Subscription", 200, "PATCH", path, "{\"cancel_at_period_end\":false}").at("/ends_at").isNull())
			.isTrue();
		assertThat(send("PATCH", path, "{\"cancel_at_period_end\":true,\"customer_cancellation_reason\":\"bored\"}")
			.statusCode()).isEqualTo(422);
		assertThat(ok("Subscription", 200, "PATCH", path, "{}").at("/status").asString()).isEqualTo("active");
		assertThat(ok("Subscription", 200, "PATCH", path, "{\"metadata\":{\"note\":\"late\"}}").at("/metadata/note")
			.asString()).isEqualTo("late");
		assertThat(send("PATCH", path, "{\"metadata\":[]}").statusCode()).isEqualTo(422);
		assertThat(ok("Subscription", 200, "DELETE", path, "").at("/status").asString()).isEqualTo("canceled");
		assertThat(send("PATCH", path, "{\"cancel_at_period_end\":false}").statusCode()).isEqualTo(410);
		assertThat(send("PATCH", path, "{\"cancel_at_period_end\":true,\"novel\":1}").statusCode()).isEqualTo(422);
		HttpResponse<String> again = send("DELETE", path, "");
		assertThat(again.statusCode()).isEqualTo(403);
		assertThat(again.body()).contains("AlreadyCanceledSubscription");
		assertThat(
				ok("CustomerState", 200, "GET", "/v1/customers/external/alice/state", "").at("/active_subscriptions"))
			.isEmpty();
	}

	@Test
	void customerSessionLeadsToAPortalUntilItExpires() throws Exception {
		this.fake.pay(buy("alice", MONTHLY).id());
		JsonNode session = ok("CustomerSession", 201, "POST", "/v1/customer-sessions/",
				"{\"external_customer_id\":\"alice\",\"return_url\":\"https://shop.example/\"}");
		URI portal = URI.create(session.at("/customer_portal_url").asString());
		HttpResponse<String> page = this.http.send(HttpRequest.newBuilder(portal).build(), BodyHandlers.ofString());
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.body()).contains("This is a fake of Polar", "Monthly", "$9.80");
		this.fake.advance(Duration.ofMinutes(61));
		URI forged = this.fake.baseUrl().resolve("/fake-organization/portal?customer_session_token=polar_cst_x");
		for (URI url : List.of(portal, forged)) {
			assertThat(this.http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).headers())
				.satisfies((headers) -> assertThat(headers.firstValue("Location"))
					.contains("/fake-organization/portal/request"));
		}
		assertThat(send("POST", "/v1/customer-sessions/", "{\"external_customer_id\":\"nobody\"}").body())
			.contains("Customer does not exist.", "external_customer_id");
		assertThat(send("POST", "/v1/customer-sessions/", "{}").statusCode()).isEqualTo(422);
	}

	@Test
	void dashboardRefundsAnOrderAndEndsASubscription() throws Exception {
		this.fake.pay(buy("alice", MONTHLY).id());
		String page = dashboard("GET", "");
		assertThat(page).contains("This is a fake of Polar", "Monthly", "alice@example.com", "paid", "active");
		assertThat(dashboard("POST", "/cancel?id=" + this.fake.subscriptionIds().get(0)))
			.contains("ends after the current period", "Keep");
		assertThat(dashboard("POST", "/cancel?id=" + this.fake.subscriptionIds().get(0))).doesNotContain("Keep");
		dashboard("POST", "/renew?id=" + this.fake.subscriptionIds().get(0));
		assertThat(this.fake.orderIds()).hasSize(2);
		dashboard("POST", "/refund?id=" + this.fake.orderIds().get(0));
		assertThat(send("GET", "/v1/orders/" + this.fake.orderIds().get(0), "").body())
			.contains("\"status\":\"refunded\"");
		assertThat(dashboard("POST", "/revoke?id=" + this.fake.subscriptionIds().get(0))).contains("ended")
			.doesNotContain("End now");
		// an old page, and nonsense
		dashboard("POST", "/revoke?id=" + this.fake.subscriptionIds().get(0));
		dashboard("POST", "/refund?id=" + this.fake.orderIds().get(0));
		dashboard("POST", "/refund?id=x");
		dashboard("POST", "/explode?id=" + this.fake.orderIds().get(1));
		assertThat(dashboard("GET", "")).contains("refunded", ">Refund</button>");
	}

	private String dashboard(String method, String path) throws Exception {
		HttpResponse<String> response = this.http
			.send(HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl() + path))
				.method(method, BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
		if (response.statusCode() == 303) {
			assertThat(response.headers().firstValue("Location")).contains("/dashboard");
			return dashboard("GET", "");
		}
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	@Test
	void usageIsCountedOnce() throws Exception {
		String event = "{\"name\":\"call\",\"external_customer_id\":\"alice\",\"external_id\":\"e-1\",\"metadata\":{}}";
		JsonNode first = ok("EventsIngestResponse", 200, "POST", "/v1/events/ingest",
				"{\"events\":[" + event + "," + event.replace("e-1", "e-2") + "]}");
		assertThat(first.at("/inserted").asInt()).isEqualTo(2);
		JsonNode second = ok("EventsIngestResponse", 200, "POST", "/v1/events/ingest", "{\"events\":[" + event + "]}");
		assertThat(second.at("/duplicates").asInt()).isEqualTo(1);
		for (String bad : new String[] { "{\"external_customer_id\":\"a\"}", "{\"name\":\"x\"}",
				"{\"name\":\"x\",\"customer_id\":\"" + UUID.randomUUID() + "\"}",
				"{\"name\":\"x\",\"external_customer_id\":\"a\",\"timestamp\":\"2999-01-01T00:00:00Z\"}",
				"{\"name\":\"x\",\"external_customer_id\":\"a\",\"organization_id\":\"" + UUID.randomUUID() + "\"}" }) {
			assertThat(
					send("POST", "/v1/events/ingest", "{\"events\":[" + event.replace("e-1", "e-9") + "," + bad + "]}")
						.statusCode())
				.as(bad)
				.isEqualTo(422);
		}
		assertThat(ok("EventsIngestResponse", 200, "POST", "/v1/events/ingest",
				"{\"events\":[" + event.replace("e-1", "e-9") + "]}")
			.at("/inserted")
			.asInt()).as("all or nothing").isEqualTo(1);
	}

	@Test
	void usageIsReadAsPolarDocumentsIt() throws Exception {
		UUID meter = UUID.randomUUID();
		this.fake.usage().addMeter(meter, "Calls", "call").delay(Duration.ZERO);
		ok("Customer", 201, "POST", "/v1/customers/", "{\"email\":\"ada@example.com\",\"external_id\":\"ada\"}");
		this.fake.usage().credit(meter, "ada", 10);
		ok("EventsIngestResponse", 200, "POST", "/v1/events/ingest",
				"""
						{"events":[{"name":"call","external_customer_id":"ada","metadata":{"_cost":{"amount":"1.5","currency":"usd"}}},
						{"name":"call","external_customer_id":"unknown","metadata":{"n":1,"fast":true}}]}""");
		String events = "/v1/events/?organization_id=%s&query=call".formatted(this.fake.state().organizationId());
		JsonNode list = ok("ListResource_Event_", 200, "GET", events, "");
		assertThat(list.at("/items")).hasSize(2);
		ok("Event", 200, "GET", "/v1/events/" + list.at("/items/0/id").asString(), "");
		assertThat(ok("ListResource_Event_", 200, "GET", "/v1/events/?source=system", "").at("/items")).hasSize(1);
		assertThat(ok("ListResource_EventName_", 200, "GET", "/v1/events/names", "").at("/items")).hasSize(2);
		ok("MeterQuantities", 200, "GET",
				"/v1/meters/%s/quantities?start_timestamp=2026-01-01T00:00:00Z&end_timestamp=2026-02-01T00:00:00Z&interval=week"
					.formatted(meter),
				"");
		assertThat(ok("ListResource_CustomerMeter_", 200, "GET", "/v1/customer-meters/", "").at("/items/0/balance")
			.asInt()).isEqualTo(9);
		ok("ListResource_Meter_", 200, "GET", "/v1/meters/", "");
		ok("CustomerState", 200, "GET", "/v1/customers/external/ada/state", "");
	}

	@Test
	void customersAreChangedAndDeleted() throws Exception {
		String id = ok("Customer", 201, "POST", "/v1/customers/",
				"{\"email\":\"ada@example.com\",\"billing_address\":{\"country\":\"FR\"},\"tax_id\":\"FR61954506077\"}")
			.at("/id")
			.asString();
		ok("Customer", 201, "POST", "/v1/customers/", "{\"email\":\"bob@example.com\",\"external_id\":\"bob\"}");
		JsonNode changed = ok("Customer", 200, "PATCH", "/v1/customers/" + id,
				"{\"name\":\"Ada\",\"external_id\":\"ada\",\"email\":null}");
		assertThat(changed.at("/name").asString()).isEqualTo("Ada");
		assertThat(changed.at("/billing_name").asString()).isEqualTo("Ada");
		assertThat(changed.at("/email").asString()).isEqualTo("ada@example.com");
		for (String bad : new String[] { "\"email\":\"BOB@example.com\"", "\"external_id\":\"other\"",
				"\"external_id\":null", "\"external_id\":\"bob\"", "\"billing_address\":null", "\"metadata\":null",
				"\"tax_id\":\"none\"" }) {
			assertThat(send("PATCH", "/v1/customers/" + id, "{" + bad + "}").statusCode()).as(bad).isEqualTo(422);
		}
		assertThat(ok("Customer", 200, "PATCH", "/v1/customers/external/ada",
				"{\"external_id\":\"other\",\"metadata\":{\"a\":1}}")
			.at("/external_id")
			.asString()).isEqualTo("ada");
		assertThat(send("DELETE", "/v1/customers/external/ada", "").statusCode()).isEqualTo(204);
		for (String method : new String[] { "GET", "PATCH", "DELETE" }) {
			assertThat(send(method, "/v1/customers/" + id, "{}").statusCode()).as(method).isEqualTo(404);
			assertThat(send(method, "/v1/customers/external/ada", "{}").statusCode()).as(method).isEqualTo(404);
		}
	}

	@Test
	void sessionIsConfirmedByItsClient() throws Exception {
		CheckoutSession session = buy("alice", PRO);
		String path = "/v1/checkouts/client/" + session.clientSecret() + "/confirm";
		assertThat(send("POST", path, "{}").statusCode()).isEqualTo(422);
		String buyer = "\"customer_email\":\"ada@example.com\",\"customer_billing_address\":{\"country\":\"FR\"}";
		HttpResponse<String> declined = send("POST", path,
				"{\"confirmation_token_id\":\"ctoken_declined\"," + buyer + "}");
		assertThat(declined.statusCode()).isEqualTo(400);
		assertThat(declined.body()).contains("PaymentError");
		JsonNode confirmed = ok("CheckoutPublicConfirmed", 200, "POST", path,
				"{\"confirmation_token_id\":\"ctoken_1\"," + buyer + "}");
		assertThat(confirmed.at("/customer_session_token").asString()).startsWith("polar_cst_");
		assertThat(checkouts().get(session.id()).isSucceeded()).isTrue();
		assertThat(send("POST", path, "{\"confirmation_token_id\":\"ctoken_1\"}").statusCode()).isEqualTo(403);
		CheckoutSession expired = buy("bob", PRO);
		this.fake.expire(expired.id());
		assertThat(send("GET", "/v1/checkouts/client/" + expired.clientSecret(), "").statusCode()).isEqualTo(410);
		assertThat(checkouts().get(expired.id()).status()).isEqualTo(CheckoutStatus.EXPIRED);
	}

	@Test
	void bodyThatIsTooLargeAndATokenOfABuyerAreRejected() throws Exception {
		assertThat(send("POST", "/v1/checkouts/", " ".repeat(10 * 1024 * 1024 + 1)).statusCode()).isEqualTo(413);
		this.fake.pay(buy("alice", PRO).id());
		String token = ok("CustomerSession", 201, "POST", "/v1/customer-sessions/",
				"{\"external_customer_id\":\"alice\"}")
			.at("/token")
			.asString();
		for (String[] expected : new String[][] { { token, "\"Unauthorized\"" }, { "polar_cst_x", "invalid_token" } }) {
			HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/orders/"))
				.header("Authorization", "Bearer " + expected[0])
				.build();
			HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(response.body()).contains(expected[1]);
		}
	}

	@Test
	void tokenMayDoOnlyWhatItsScopesSay() {
		this.fake.restrictScopes("checkouts:read");
		assertThatExceptionOfType(PolarPermissionException.class).isThrownBy(() -> buy("alice", PRO))
			.withMessageContaining("checkouts:write");
		this.fake.reset();
		assertThat(buy("alice", PRO)).isNotNull();
	}

	@Test
	void pageOfThePayerCanDeclineAndExpire() throws Exception {
		CheckoutSession session = buy("alice", PRO);
		assertThat(post(session.url() + "/decline").body()).contains("The card was declined.");
		assertThat(checkouts().get(session.id()).status()).isEqualTo(CheckoutStatus.OPEN);
		assertThat(post(session.url() + "/expire").statusCode()).isEqualTo(303);
		assertThat(checkouts().get(session.id()).status()).isEqualTo(CheckoutStatus.EXPIRED);
	}

	private HttpResponse<String> post(String url) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.noBody()).build(),
				BodyHandlers.ofString());
	}

	@Test
	void olderNameOfTheExternalIdCounts() throws Exception {
		JsonNode session = ok("Checkout", 201, "POST", "/v1/checkouts/",
				"{\"products\":[\"" + PRO + "\"],\"customer_external_id\":\"alice\"}");
		assertThat(session.at("/external_customer_id").asString()).isEqualTo("alice");
	}

	@Test
	void addressThatSomeoneHasMakesThePurchaseTheirs() {
		this.fake.pay(buy("mallory", PRO).id(), "alice@example.com");
		UUID session = buy("alice", PRO).id();
		this.fake.pay(session, "alice@example.com");
		assertThat(this.fake.orderIds()).hasSize(2);
		assertThat(checkouts().get(session).metadata()).containsEntry("external_customer_id", "alice");
	}

	@ParameterizedTest
	@CsvSource({ "rateLimit,PolarRateLimitException", "serverError,PolarApiException", "badGateway,PolarApiException",
			"checkoutLocked,PolarConflictException", "hanging,PolarTimeoutException",
			"malformedResponse,PolarConnectionException", "truncated,PolarConnectionException",
			"oversized,PolarConnectionException" })
	void faultIsThereOnceAndGoneThen(String fault, String exception) throws Exception {
		UUID session = buy("alice", PRO).id();
		this.fake.injectFault(fault.equals("rateLimit") ? PolarFault.rateLimit(Duration.ofSeconds(7))
				: (PolarFault) PolarFault.class.getMethod(fault).invoke(null));
		assertThatExceptionOfType(PolarException.class).isThrownBy(() -> checkouts().get(session))
			.satisfies((ex) -> assertThat(ex.getClass().getSimpleName()).isEqualTo(exception));
		assertThat(checkouts().get(session).id()).isEqualTo(session);
	}

	/**
	 * Java's client repeats a GET on a connection that was reset by itself.
	 */
	@Test
	void connectionThatIsResetIsNotRepeatedForAPost() {
		buy("alice", PRO);
		this.fake.injectFault(PolarFault.connectionReset());
		assertThatExceptionOfType(PolarConnectionException.class).isThrownBy(() -> buy("alice", PRO));
		assertThat(this.fake.checkoutIds()).hasSize(1);
	}

	@Test
	void faultThatPassesIsNotNoticed() {
		PolarClient client = PolarClient.builder()
			.accessToken(this.fake.accessToken())
			.baseUrl(this.fake.baseUrl())
			.retry(3, Duration.ofMillis(1), Duration.ofMillis(1))
			.build();
		PolarCheckoutTemplate checkouts = PolarCheckoutTemplate.builder(client).build();
		CheckoutRequest request = CheckoutRequest.forProducts(PRO).build();
		this.fake.injectFault(PolarFault.badGateway()).injectFault(PolarFault.connectionReset());
		assertThat(checkouts.create(request)).isNotNull();
		this.fake.injectFault(PolarFault.badGateway(), 3);
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> checkouts.create(request));
		assertThat(checkouts.create(request)).isNotNull();
		this.fake.injectFault(PolarFault.badGateway(), 100).clearFaults();
		assertThat(checkouts.create(request)).isNotNull();
	}

	@Test
	void faultSaysWhatItIs() {
		UUID session = buy("alice", PRO).id();
		this.fake.injectFault(PolarFault.rateLimit(Duration.ofSeconds(7)));
		assertThatExceptionOfType(PolarRateLimitException.class).isThrownBy(() -> checkouts().get(session))
			.satisfies((ex) -> assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(7)));
		this.fake.injectFault(PolarFault.badGateway());
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> checkouts().get(session))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(502));
		assertThat(PolarFault.slow(Duration.ofMillis(1))).hasToString("slow");
	}

	@Test
	void whatThisVersionDoesNotKnowIsRead() {
		UUID session = buy("alice", PRO).id();
		this.fake.injectFault(PolarFault.unknownEnumValue())
			.injectFault(PolarFault.unknownPriceType())
			.injectFault(PolarFault.unknownField());
		assertThat(checkouts().get(session).status()).isEqualTo(CheckoutStatus.UNKNOWN);
		assertThat(checkouts().get(session).prices().values())
			.allSatisfy((prices) -> assertThat(prices).hasOnlyElementsOfType(ProductPrice.Other.class));
		assertThat(checkouts().get(session).property("added_in_the_future")).isNotNull();
		this.fake.injectFault(PolarFault.slow(Duration.ofMillis(100)));
		assertThat(checkouts().get(session).id()).isEqualTo(session);
	}

	@Test
	void faultCanBeForSomeCallsAndAPath() {
		UUID session = buy("alice", PRO).id();
		this.fake.injectFault(PolarFault.serverError(), 2, "/v1/checkouts/" + session);
		assertThat(buy("bob", PRO)).isNotNull();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> checkouts().get(session));
		}
		assertThat(checkouts().get(session)).isNotNull();
		this.fake.injectFault(PolarFault.connectionReset(), 100).reset();
		assertThatExceptionOfType(PolarException.class).isThrownBy(() -> checkouts().get(session))
			.isNotInstanceOf(PolarConnectionException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"prices\":{\"%1$s\":[{\"amount_type\":\"fixed\",\"price_amount\":10}]}}",
			"{\"prices\":{\"%1$s\":[{\"amount_type\":\"fixed\",\"price_amount\":-10}]}}",
			"{\"prices\":{\"%1$s\":[{\"amount_type\":\"fixed\"}]}}",
			"{\"prices\":{\"%1$s\":[{\"amount_type\":\"barter\"}]}}", "{\"prices\":{\"%1$s\":[\"x\"]}}",
			"{\"prices\":{\"%1$s\":[]}}", "{\"prices\":{\"%1$s\":[{\"amount_type\":\"seat_based\"}]}}",
			"{\"prices\":{\"%1$s\":[{\"amount_type\":\"custom\",\"minimum_amount\":500}]},\"amount\":100}",
			"{\"prices\":{\"%1$s\":[{\"amount_type\":\"seat_based\",\"seat_tiers\":{\"tiers\":[{\"min_seats\":1,"
					+ "\"price_per_seat\":100}]}}]},\"max_seats\":3,\"seats\":9}",
			"{\"discount_id\":\"nonsense\"}", "{\"customer_metadata\":{\"a\":[1]}}" })
	void whatPolarRejectsIsRejected(String fields) throws Exception {
		String body = fields.formatted(PRO).replaceFirst("\\{", "{\"products\":[\"" + PRO + "\"],");
		HttpResponse<String> response = send("POST", "/v1/checkouts/", body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
	}

	@Test
	void hangingCallsDoNotStopTheOthers() {
		UUID session = buy("alice", PRO).id();
		this.fake.injectFault(PolarFault.hanging(), 60, "/v1/checkouts/" + session);
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(PolarConnectionException.class).isThrownBy(() -> checkouts().get(session));
		}
		List<CompletableFuture<HttpResponse<String>>> hanging = new ArrayList<>();
		for (int i = 0; i < 57; i++) {
			hanging
				.add(this.http.sendAsync(HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/checkouts/" + session))
					.header("Authorization", "Bearer " + this.fake.accessToken())
					.build(), BodyHandlers.ofString()));
		}
		assertThat(buy("bob", PRO)).isNotNull();
		hanging.forEach((call) -> call.cancel(true));
	}

	@Test
	void buyersOfSimilarNamesAreNotTakenForOneAnother() throws Exception {
		for (String customer : List.of("müller", "möller", "aB3", "Ab3", "ab3")) {
			this.fake.pay(buy(customer, PRO).id());
			assertThat(ok("Customer", 200, "GET",
					"/v1/customers/external/" + UriUtils.encode(customer, StandardCharsets.UTF_8), "")
				.at("/external_id")
				.asString()).isEqualTo(customer);
		}
	}

	@Test
	void renewedSubscriptionKeepsItsDay() {
		this.fake.pay(buy("alice", MONTHLY).id());
		UUID subscription = this.fake.subscriptionIds().get(0);
		FakeSubscription state = this.fake.state().subscription(subscription);
		int day = state.createdAt.atOffset(ZoneOffset.UTC).getDayOfMonth();
		for (int i = 0; i < 12; i++) {
			this.fake.renewSubscription(subscription);
			assertThat(state.modifiedAt).isAfterOrEqualTo(state.periodStart).isBefore(state.periodEnd);
		}
		assertThat(state.periodStart.atOffset(ZoneOffset.UTC).getDayOfMonth()).isEqualTo(day);
		this.fake.cancelSubscription(subscription);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.cancelSubscription(subscription));
		this.fake.renewSubscription(subscription);
		assertThat(state.isActive()).isFalse();
		assertThat(this.fake.orderIds()).hasSize(13);
	}

	@Test
	void timePassesAtTheFakeOnly() {
		UUID session = buy("alice", PRO).id();
		this.fake.advance(Duration.ofHours(23));
		assertThat(checkouts().get(session).status()).isEqualTo(CheckoutStatus.OPEN);
		this.fake.advance(Duration.ofHours(1));
		assertThat(checkouts().get(session).status()).isEqualTo(CheckoutStatus.OPEN);
		this.fake.advance(Duration.ofMinutes(15));
		assertThat(checkouts().get(session).status()).isEqualTo(CheckoutStatus.EXPIRED);
		this.fake.pay(buy("alice", MONTHLY).id());
		this.fake.advance(Duration.ofDays(100));
		assertThat(this.fake.orderIds()).hasSize(4);
	}

	@Test
	void fakeOnAPortOfItsOwnIsFoundThereAgain() {
		int port;
		try (PolarFake first = PolarFake.start()) {
			port = first.baseUrl().getPort();
		}
		try (PolarFake again = PolarFake.start(port)) {
			assertThat(again.baseUrl().getPort()).isEqualTo(port);
		}
	}

}
