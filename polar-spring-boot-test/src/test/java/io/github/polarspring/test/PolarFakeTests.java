package io.github.polarspring.test;

import java.io.IOException;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.CheckoutStatus;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.checkout.PolarProducts;
import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
			.build();
		return new PolarCheckoutTemplate(client, new PolarProducts(Map.of()), List.of());
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
		assertThat(session.metadata()).containsEntry("seats", 3).containsEntry("external_customer_id", "alice");
		assertThat(session.additionalProperties()).containsKeys("products", "subtotal_amount",
				"billing_address_fields");
		CheckoutSession read = this.checkouts.get(session.id());
		assertThat(read).usingRecursiveComparison().isEqualTo(session);
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
	void unknownProductIsRefusedAsPolarDoes() {
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.checkouts.create(CheckoutRequest.forProducts(PRO, UUID.randomUUID()).build()))
			.withMessageEndingWith("(PolarRequestValidationError): products[1]: Product does not exist.");
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
			{"products":["PRO"],"metadata":{"a":""}}                  | metadata.a               | string_type
			""")
	void bodyOfTheWrongShapeIsRefusedAsNoisilyAsByPolar(String body, String field, String type) {
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
	void otherTokenAndNoTokenAreRefused() throws Exception {
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
		assertThat(send("GET", "/v1/nothing", "", "Polar-Version", "2026-04").headers().firstValue("Polar-Version"))
			.contains("2026-04");
	}

	@Test
	void unknownSessionIsNotFound() {
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> this.checkouts.get(UUID.randomUUID()));
	}

	@Test
	void bodyWithoutLengthIsRefused() throws Exception {
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
	void unknownPathsAndMethodsAreAnsweredWithoutAnError(String method, String path, int status) throws Exception {
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
	void productThatPolarCouldNotHaveIsRefused(UUID id, long amount, @Nullable String currency) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.fake.addProduct(id, "x", amount, currency));
	}

}
