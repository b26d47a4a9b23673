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
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutProduct;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.testsupport.conformance.ConformingRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link PolarFake}.
 */
class PolarFakeTests {

	private static final UUID PRO = UUID.randomUUID();

	private static final UUID TEAM = UUID.randomUUID();

	private final PolarFake fake = PolarFake.start()
		.addProduct(PRO, "Pro <Edition>", 2900, "usd")
		.addProduct(TEAM, "チーム", 9900, "jpy");

	private final HttpClient browser = HttpClient.newHttpClient();

	private PolarCheckoutTemplate checkouts;

	@BeforeEach
	void connect() {
		this.checkouts = checkouts(this.fake.accessToken(), "2026-10");
	}

	private PolarCheckoutTemplate checkouts(String accessToken, String version) {
		PolarClient client = PolarClient.builder()
			.baseUrl(this.fake.baseUrl())
			.accessToken(accessToken)
			.apiVersion(version)
			.restClient(ConformingRequests::check)
			.build();
		return PolarCheckoutTemplate.builder(client).build();
	}

	@AfterEach
	void stop() {
		this.fake.close();
	}

	private HttpResponse<String> send(String method, String path, String body, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		return this.browser.send(request.build(), BodyHandlers.ofString());
	}

	private String pay(CheckoutSession session, String email) throws Exception {
		HttpResponse<String> response = send("POST", URI.create(session.url()).getPath() + "/pay",
				"name=&email=" + URLEncoder.encode(email, StandardCharsets.UTF_8));
		assertThat(response.statusCode()).isEqualTo(303);
		return response.headers().firstValue("Location").orElseThrow();
	}

	@Test
	void createsAndReadsASession() {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO, TEAM)
			.externalCustomerId("alice")
			.customerEmail("alice@example.com")
			.customerIpAddress("203.0.113.7")
			.metadata("seats", 3)
			.successUrl("https://shop.example/thanks?id={CHECKOUT_ID}")
			.build());
		assertThat(session.status()).isEqualTo(CheckoutStatus.OPEN);
		assertThat(session.id().version()).isEqualTo(4);
		assertThat(session.clientSecret()).matches("polar_c_\\w{43}");
		assertThat(session.url()).isEqualTo(this.fake.baseUrl() + "/checkout/" + session.clientSecret());
		assertThat(session.createdAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		assertThat(session.expiresAt()).isEqualTo(session.createdAt().plus(Duration.ofHours(24)));
		assertThat(session.successUrl()).isEqualTo("https://shop.example/thanks?id=" + session.id());
		assertThat(session.amount()).isEqualTo(2900);
		assertThat(session.totalAmount()).isEqualTo(2900);
		assertThat(session.currency()).isEqualTo("usd");
		assertThat(session.productId()).isEqualTo(PRO);
		assertThat(session.customerId()).isNull();
		assertThat(session.externalCustomerId()).isEqualTo("alice");
		assertThat(session.customerEmail()).isEqualTo("alice@example.com");
		assertThat(session.locale()).isEqualTo("en");
		assertThat(session.metadata()).containsEntry("seats", 3L).containsEntry("external_customer_id", "alice");
		assertThat(session.products()).extracting(CheckoutProduct::id).containsExactly(PRO, TEAM);
		assertThat(session.prices()).containsOnlyKeys(PRO, TEAM);
		assertThat(session.property("subtotal_amount")).isEqualTo(session.amount());
		CheckoutSession read = this.checkouts.get(session.id());
		assertThat(read).isEqualTo(session);
	}

	@Test
	void paidSessionSucceedsAndLeadsToTheSuccessUrl() throws Exception {
		CheckoutSession session = this.checkouts.create(
				CheckoutRequest.forProducts(PRO).successUrl("https://shop.example/thanks?id={CHECKOUT_ID}").build());
		assertThat(pay(session, "guest@example.com"))
			.matches("https://shop\\.example/thanks\\?id=" + session.id() + "&customer_session_token=polar_cst_\\w+");
		CheckoutSession paid = this.checkouts.get(session.id());
		assertThat(paid.isSucceeded()).isTrue();
		assertThat(paid.modifiedAt()).isNotNull();
		assertThat(paid.customerId()).isNotNull();
		assertThat(paid.customerEmail()).isEqualTo("guest@example.com");
	}

	@Test
	void paidSessionCannotBePaidAgain() throws Exception {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO).build());
		this.fake.pay(session.id());
		assertThat(this.checkouts.get(session.id()).isSucceeded()).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> this.fake.pay(session.id()))
			.withMessageContaining("is succeeded");
		assertThatIllegalStateException().isThrownBy(() -> this.fake.pay(UUID.randomUUID()));
		assertThat(pay(session, "x@example.com")).isEqualTo(session.url());
		assertThat(send("GET", URI.create(session.url()).getPath(), "").body()).contains("This checkout is succeeded");
	}

	@Test
	void sessionWithoutSuccessUrlEndsAtPolarsOwnPage() throws Exception {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO).build());
		assertThat(session.successUrl()).isEqualTo(session.url() + "/confirmation");
		assertThat(pay(session, "guest@example.com")).isEqualTo(session.successUrl());
		assertThat(send("GET", URI.create(session.successUrl()).getPath(), "").body()).contains("Payment successful");
	}

	@Test
	void knownCustomerIsLinkedAndFilledIn() {
		CheckoutRequest request = CheckoutRequest.forProducts(PRO)
			.externalCustomerId("alice")
			.customerEmail("alice@example.com")
			.customerName("Alice")
			.build();
		CheckoutSession first = this.checkouts.create(request);
		this.fake.pay(first.id());
		CheckoutSession second = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).externalCustomerId("alice").build());
		assertThat(second.customerId()).isNotNull().isEqualTo(this.checkouts.get(first.id()).customerId());
		assertThat(second.customerEmail()).isEqualTo("alice@example.com");
		assertThat(second.customerName()).isEqualTo("Alice");
	}

	@Test
	void purchaseWithAKnownEmailGoesToThatCustomerAndKeepsTheExternalIdOfBoth() throws Exception {
		CheckoutSession first = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).externalCustomerId("mallory").build());
		pay(first, "alice@example.com");
		CheckoutSession second = this.checkouts.create(CheckoutRequest.forProducts(PRO)
			.externalCustomerId("alice")
			.successUrl("https://shop.example/thanks")
			.build());
		assertThat(pay(second, "Alice@Example.com")).isEqualTo("https://shop.example/thanks");
		CheckoutSession paid = this.checkouts.get(second.id());
		assertThat(paid.customerId()).isEqualTo(this.checkouts.get(first.id()).customerId());
		assertThat(paid.externalCustomerId()).isEqualTo("alice");
		assertThat(paid.metadata()).containsEntry("external_customer_id", "alice");
	}

	@Test
	void adHocPricesAreChargedAndShown() throws Exception {
		CheckoutSession fixed = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).price(PRO, AdHocPrice.fixed(1999, "usd")).build());
		assertThat(fixed.totalAmount()).isEqualTo(1999);
		assertThat(send("GET", URI.create(fixed.url()).getPath(), "").body()).contains("$19.99", "ad-hoc");
		CheckoutSession custom = this.checkouts.create(CheckoutRequest.forProducts(PRO)
			.price(PRO, AdHocPrice.custom("usd").preset(700), AdHocPrice.custom("eur").preset(600))
			.currency("eur")
			.build());
		assertThat(custom.totalAmount()).isEqualTo(600);
		assertThat(custom.currency()).isEqualTo("eur");
		SeatTier[] tiers = { SeatTier.of(1, 10, 500), SeatTier.from(11, 400) };
		AdHocPrice.SeatBased seats = AdHocPrice.seatBased("usd", tiers);
		assertThat(amount(CheckoutRequest.forProducts(PRO).price(PRO, seats).seats(12))).isEqualTo(12 * 400);
		assertThat(amount(CheckoutRequest.forProducts(PRO).price(PRO, seats.graduated()).seats(12)))
			.isEqualTo(10 * 500 + 2 * 400);
		assertThat(amount(CheckoutRequest.forProducts(PRO).price(PRO, seats))).isEqualTo(500);
		assertThat(amount(CheckoutRequest.forProducts(PRO).price(PRO, AdHocPrice.fixed(100, "usd"), seats).seats(2)))
			.isEqualTo(1100);
	}

	private long amount(CheckoutRequest.Builder checkout) {
		return this.checkouts.create(checkout.build()).totalAmount();
	}

	@Test
	void pricesNeedTheDefaultCurrencyAndTheCurrencyAPrice() {
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> amount(CheckoutRequest.forProducts(PRO).price(PRO, AdHocPrice.fixed(100, "eur"))))
			.withMessageContaining("default presentment currency");
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> amount(CheckoutRequest.forProducts(PRO).currency("eur")))
			.withMessageContaining("not available in the specified currency");
	}

	@Test
	void knownCustomerIsLinkedByPolarsIdAndAnUnknownOneRejected() {
		CheckoutSession first = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).externalCustomerId("alice").build());
		this.fake.pay(first.id());
		UUID customer = this.checkouts.get(first.id()).customerId();
		assertThat(this.checkouts.create(CheckoutRequest.forProducts(PRO).customerId(customer).build()).customerId())
			.isEqualTo(customer);
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.checkouts.create(CheckoutRequest.forProducts(PRO).customerId(PRO).build()))
			.withMessageEndingWith("customer_id: Customer does not exist.");
	}

	@Test
	void externalIdBelongsToOneCustomerOnly() throws Exception {
		CheckoutRequest request = CheckoutRequest.forProducts(PRO).externalCustomerId("carol").build();
		CheckoutSession first = this.checkouts.create(request);
		CheckoutSession second = this.checkouts.create(request);
		pay(first, "carol@example.com");
		HttpResponse<String> response = send("POST", URI.create(second.url()).getPath() + "/pay",
				"email=carol%40other.example");
		assertThat(response.statusCode()).isEqualTo(422);
		assertThat(response.body()).contains("CheckoutCustomerExternalIdMismatch");
		assertThat(this.checkouts.get(second.id()).status()).isEqualTo(CheckoutStatus.OPEN);
		assertThat(this.checkouts.get(second.id()).modifiedAt()).isNull();
	}

	@Test
	void sessionIsPaidOnceHoweverManyPress() throws Exception {
		CheckoutSession session = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).successUrl("https://shop.example/thanks").build());
		List<CompletableFuture<String>> presses = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			presses.add(this.browser.sendAsync(
					HttpRequest.newBuilder(URI.create(session.url() + "/pay")).POST(BodyPublishers.noBody()).build(),
					BodyHandlers.ofString())
				.thenApply((response) -> response.headers().firstValue("Location").orElse("")));
		}
		assertThat(presses).extracting(CompletableFuture::join)
			.filteredOn((location) -> location.startsWith("https://shop.example/thanks"))
			.hasSize(1);
		assertThat(send("GET", URI.create(session.url()).getPath(), "").body())
			.contains("href=\"https://shop.example/thanks\"");
	}

	@ParameterizedTest
	@CsvSource({ "email=%zz,303", "email=noname%40%40,422", "email=%3Cscript%3E%40a.example,422", "'',303" })
	void strangeFormsAreHandled(String form, int status) throws Exception {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO).build());
		assertThat(send("POST", URI.create(session.url()).getPath() + "/pay", form).statusCode()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			https://shop.example                      | https://shop.example/
			https://shop.example/a b                  | https://shop.example/a%20b
			HTTPS://shop.example/dänke                | https://shop.example/d%C3%A4nke
			https://shop.example/%7BCHECKOUT_ID%7D    | https://shop.example/ID
			https://shop.example/#{CHECKOUT_ID}       | https://shop.example/#ID
			https://shop.example/%7bCHECKOUT_ID%7d    | https://shop.example/%7bCHECKOUT_ID%7d
			https://shop.example/%7BCHECKOUT_ID%7d    | https://shop.example/%7BCHECKOUT_ID%7d
			https://shop.example/{checkout_id}        | https://shop.example/%7Bcheckout_id%7D
			https://shop.example/?c={checkout_id}     | https://shop.example/?c={checkout_id}
			""")
	void successUrlIsNormalized(String url, String expected) {
		PolarClient client = PolarClient.builder()
			.baseUrl(this.fake.baseUrl())
			.accessToken(this.fake.accessToken())
			.build();
		CheckoutSession session = client.post(CheckoutSession.class, "/v1/checkouts/",
				Map.of("products", List.of(PRO), "success_url", url));
		assertThat(session.successUrl()).isEqualTo(expected.replaceFirst("ID$", session.id().toString()));
	}

	@Test
	void tokenStandsBeforeTheFragment() throws Exception {
		CheckoutSession session = this.checkouts
			.create(CheckoutRequest.forProducts(PRO).successUrl("https://shop.example/thanks?a=b#top").build());
		assertThat(pay(session, "a@b.example"))
			.matches("https://shop\\.example/thanks\\?a=b&customer_session_token=polar_cst_\\w+#top");
	}

	@Test
	void listensOnTheLoopbackAddressOnly() throws Exception {
		assertThat(this.fake.wireMock().getOptions().bindAddress()).isEqualTo("127.0.0.1");
		for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
			for (InetAddress address : Collections.list(network.getInetAddresses())) {
				if (!address.isLoopbackAddress()) {
					assertThatIOException()
						.isThrownBy(() -> new Socket(address, this.fake.baseUrl().getPort()).close());
				}
			}
		}
	}

	@Test
	void bodyThatIsNotDeclaredAsJsonIsRejected() throws Exception {
		HttpResponse<String> response = send("POST", "/v1/checkouts/", "{\"products\":[\"" + PRO + "\"]}",
				"Authorization", "bearer " + this.fake.accessToken(), "Content-Type", "text/plain");
		assertThat(response.statusCode()).isEqualTo(422);
		assertThat(send("POST", "/v1/checkouts/", "{\"products\":[\"" + PRO + "\"]}", "Authorization",
				"bearer " + this.fake.accessToken(), "Content-Type", "application/json;charset=utf-8")
			.statusCode()).isEqualTo(201);
	}

	@Test
	void pageShowsProductAmountAndCustomerAndEscapesThem() throws Exception {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO)
			.externalCustomerId("<alice>")
			.customerEmail("alice@example.com")
			.customerName("Alice \"A\" <b>")
			.customerIpAddress("203.0.113.7")
			.metadata("<k>", "<v>")
			.returnUrl("https://shop.example/?a=%22b%22")
			.build());
		HttpResponse<String> page = send("GET", URI.create(session.url()).getPath(), "");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
		assertThat(page.body())
			.contains("This is a fake of Polar", "Pro &lt;Edition&gt;", "$29.00", "alice@example.com",
					"Alice &quot;A&quot; &lt;b&gt;", "&lt;alice&gt;", "203.0.113.7", "metadata.&lt;k&gt;", "&lt;v&gt;",
					"https://shop.example/?a=%22b%22", "action=\"" + session.url() + "/pay\"")
			.doesNotContain("<b>", "<v>", "<alice>", "<script");
	}

	@Test
	void pageKnowsCurrenciesWithoutDecimals() throws Exception {
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(TEAM).build());
		assertThat(send("GET", URI.create(session.url()).getPath(), "").body()).contains("チーム", "¥9,900");
	}

	@Test
	void unknownPageIsNotFound() throws Exception {
		assertThat(send("GET", "/checkout/polar_c_unknown", "").statusCode()).isEqualTo(404);
	}

	@Test
	void unknownProductIsRejectedAsPolarDoes() {
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.checkouts.create(CheckoutRequest.forProducts(PRO, UUID.randomUUID()).build()))
			.withMessageEndingWith("(PolarRequestValidationError): products[1]: Product does not exist."
					+ " (Production and sandbox have separate products. Check 'polar.products' and 'polar.environment'.)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{}                                                        | products                 | missing
			{"products":[]}                                           | products                 | too_short
			{"products":["x"]}                                        | products[0]              | uuid_parsing
			{"products":["c2b8e6f4-9d57-1f2c-b1a3-8e4f7a6d0e25"]}     | products[0]              | uuid_version
			{"products":["PRO","PRO"]}                                | products                 | value_error
			{"products":["PRO"],"customer_ip_address":"1.2.3.4:80"}   | customer_ip_address      | ip_any_address
			{"products":["PRO"],"customer_email":"nobody"}            | customer_email           | value_error
			{"products":["PRO"],"success_url":"/thanks"}              | success_url              | url_parsing
			{"products":["PRO"],"return_url":"shop://x"}              | return_url               | url_scheme
			{"products":["PRO"],"metadata":{"a":[1]}}                 | metadata.a               | string_type
			{"products":["PRO"],"metadata":{"a":""}}                  | metadata.a               | string_too_short
			""")
	void bodyOfTheWrongShapeIsRejectedAsNoisilyAsByPolar(String body, String field, String type) {
		PolarClient client = PolarClient.builder()
			.baseUrl(this.fake.baseUrl())
			.accessToken(this.fake.accessToken())
			.build();
		Map<?, ?> content = JsonMapper.shared().readValue(body.replace("PRO", PRO.toString()), Map.class);
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> client.post(Map.class, "/v1/checkouts/", content))
			.satisfies((ex) -> {
				assertThat(ex.getFieldErrors()).extracting("field", "type").containsExactly(tuple(field, type));
				assertThat(this.fake.wireMock().getAllServeEvents().get(0).getResponse().getBodyAsString())
					.contains("CheckoutProductsCreate", "CheckoutProductCreate", "CheckoutPriceCreate");
			});
	}

	@Test
	void scopeToWriteCheckoutsIsSufficientForASale() throws Exception {
		this.fake.restrictScopes("checkouts:write");
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO).build());
		assertThat(this.checkouts.get(session.id()).status()).isEqualTo(CheckoutStatus.OPEN);
		pay(session, "alice@example.com");
		assertThat(this.checkouts.get(session.id()).status()).isEqualTo(CheckoutStatus.SUCCEEDED);
	}

	@Test
	void otherTokenAndNoTokenAreRejected() throws Exception {
		assertThatExceptionOfType(PolarAuthenticationException.class)
			.isThrownBy(() -> checkouts("polar_oat_other", "2026-10").get(UUID.randomUUID()))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("invalid_token"));
		HttpResponse<String> response = send("GET", "/v1/checkouts/" + UUID.randomUUID(), "");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"polar\"");
		assertThat(response.body()).isEqualTo("{\"error\":\"Unauthorized\",\"detail\":\"Unauthorized\"}");
	}

	@Test
	void unknownVersionIsABareNotFound() {
		assertThatExceptionOfType(PolarApiVersionException.class)
			.isThrownBy(() -> checkouts(this.fake.accessToken(), "2019-01").get(UUID.randomUUID()));
	}

	@Test
	void versionIsEchoedAndDefaultsToTheCurrentOne() throws Exception {
		assertThat(send("GET", "/v1/nothing", "").headers().firstValue("Polar-Version")).contains("2026-10");
		assertThat(send("GET", "/v1/nothing", "", "Polar-Version", "").headers().firstValue("Polar-Version"))
			.contains("2026-10");
		assertThat(send("GET", "/v1/nothing", "").headers().firstValue("Cache-Control")).contains("private, no-store");
		assertThat(send("GET", "/v1/nothing", "", "Polar-Version", "2026-04").headers().firstValue("Polar-Version"))
			.contains("2026-04");
	}

	@Test
	void unknownSessionIsNotFound() {
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> this.checkouts.get(UUID.randomUUID()));
	}

	@Test
	void bodyWithoutLengthIsRejected() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve("/v1/checkouts/"))
			.POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("{}")))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.build();
		assertThat(this.browser.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(411);
	}

	@ParameterizedTest
	@CsvSource({ "POST,/v1/checkouts,/v1/checkouts/", "GET,/v1/checkouts/x/,/v1/checkouts/x" })
	void otherFormOfSlashIsRedirected(String method, String path, String location) throws Exception {
		HttpResponse<String> response = send(method, path, method.equals("POST") ? "{}" : "");
		assertThat(response.statusCode()).isEqualTo(307);
		assertThat(response.headers().firstValue("Location")).contains(this.fake.baseUrl() + location);
		assertThat(response.body()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "GET,/v1/unknown,404", "DELETE,/v1/checkouts/,405", "DELETE,/v1/checkouts/x,405", "GET,/,404" })
	void unknownPathsAndMethodsAreHandledWithoutAnError(String method, String path, int status) throws Exception {
		HttpResponse<String> response = send(method, path, "");
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.body()).startsWith("{\"detail\":");
	}

	@Test
	void stubsOfATestComeFirstUntilTheyAreReset() {
		this.fake.wireMock().stubFor(WireMock.get(WireMock.anyUrl()).willReturn(WireMock.serverError()));
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> this.checkouts.get(UUID.randomUUID()))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(500));
		this.fake.wireMock().resetAll();
		CheckoutSession session = this.checkouts.create(CheckoutRequest.forProducts(PRO).build());
		assertThat(this.checkouts.get(session.id()).id()).isEqualTo(session.id());
	}

	@Test
	void resetForgetsSessionsCustomersAndRequestsButNoProducts() {
		CheckoutRequest request = CheckoutRequest.forProducts(PRO).externalCustomerId("alice").build();
		CheckoutSession session = this.checkouts.create(request);
		this.fake.pay(session.id());
		this.fake.reset();
		assertThat(this.fake.wireMock().getAllServeEvents()).isEmpty();
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> this.checkouts.get(session.id()));
		assertThat(this.checkouts.create(request).customerId()).isNull();
	}

	@Test
	void anyNumberRunsAtTheSameTime() {
		try (PolarFake other = PolarFake.start()) {
			assertThat(other.baseUrl()).isNotEqualTo(this.fake.baseUrl());
			assertThat(other.accessToken()).isNotEqualTo(this.fake.accessToken());
			assertThat(other.toString()).doesNotContain(other.accessToken());
		}
	}

	@ParameterizedTest
	@CsvSource({ "c2b8e6f4-9d57-1f2c-b1a3-8e4f7a6d0e25,1,usd", "c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25,-1,usd",
			"c2b8e6f4-9d57-4f2c-b1a3-8e4f7a6d0e25,1,USD" })
	void productThatPolarCouldNotHaveIsRejected(UUID id, long amount, @Nullable String currency) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.addProduct(id, "x", amount, currency));
	}

}
