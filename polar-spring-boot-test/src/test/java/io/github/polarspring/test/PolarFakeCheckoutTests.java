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
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutQuery;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.ClientCheckoutUpdate;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.testsupport.conformance.ConformingRequests;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what can be done with a session of a {@link PolarFake} once it is there.
 */
class PolarFakeCheckoutTests {

	private static final UUID PRO = UUID.randomUUID();

	private static final UUID TEAM = UUID.randomUUID();

	private final PolarFake fake = PolarFake.start()
		.addProduct(PRO, "Pro", 2900, "usd")
		.addProduct(TEAM, "Team", 9900, "usd");

	private final HttpClient browser = HttpClient.newHttpClient();

	private PolarClient client;

	private PolarCheckoutTemplate checkouts;

	@BeforeEach
	void connect() {
		this.client = PolarClient.builder()
			.baseUrl(this.fake.baseUrl())
			.accessToken(this.fake.accessToken())
			.restClient(ConformingRequests::check)
			.build();
		this.checkouts = PolarCheckoutTemplate.builder(this.client).build();
	}

	/**
	 * Whatever a test asked: the answers are such as Polar describes.
	 */
	@AfterEach
	void responsesConform() {
		OpenApiDocument.all().forEach((name, document) -> {
			for (ServeEvent event : this.fake.wireMock().getAllServeEvents()) {
				String url = event.getRequest().getUrl();
				if (url.startsWith("/v1/checkouts/") && event.getResponse().getStatus() < 300) {
					String schema = url.contains("/client/") ? "CheckoutPublic"
							: url.matches("/v1/checkouts/\\?.*") ? "ListResource_Checkout_" : "Checkout";
					assertThat(document.violations(schema, event.getResponse().getBodyAsString())).as(name + ": " + url)
						.isEmpty();
				}
			}
		});
		this.fake.close();
	}

	private HttpResponse<String> send(String method, String url, String form) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.method(method, BodyPublishers.ofString(form))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.build();
		return this.browser.send(request, BodyHandlers.ofString());
	}

	private CheckoutSession create(CheckoutRequest.Builder request) {
		return this.checkouts.create(request.build());
	}

	@Test
	void listsNewestFirstInPages() {
		List<UUID> ids = IntStream.range(0, 25)
			.mapToObj((i) -> create(CheckoutRequest.forProducts((i % 2 == 0) ? PRO : TEAM)).id())
			.toList();
		PolarPage<CheckoutSession> first = this.checkouts.list(CheckoutQuery.all());
		assertThat(first.totalCount()).isEqualTo(25);
		assertThat(first.maxPage()).isEqualTo(3);
		assertThat(first.items()).hasSize(10);
		assertThat(first.items().get(0).id()).isEqualTo(ids.get(24));
		assertThat(this.checkouts.list(CheckoutQuery.builder().page(3).build()).items()).extracting(CheckoutSession::id)
			.containsExactly(ids.get(4), ids.get(3), ids.get(2), ids.get(1), ids.get(0));
		assertThat(this.checkouts.list(CheckoutQuery.builder().page(4).build()).items()).isEmpty();
		assertThat(this.checkouts.stream(CheckoutQuery.builder().limit(7).build())).hasSize(25);
		assertThat(this.checkouts.stream(CheckoutQuery.builder().products(TEAM).build())).hasSize(12);
		assertThat(this.checkouts
			.stream(CheckoutQuery.builder().ascending(CheckoutQuery.SortProperty.CREATED_AT).limit(4).build()))
			.extracting(CheckoutSession::id)
			.containsExactlyElementsOf(ids);
	}

	@Test
	void listKnowsEveryFilter() {
		CheckoutSession ofAlice = create(
				CheckoutRequest.forProducts(PRO).externalCustomerId("alice").customerEmail("alice@b.example.com"));
		CheckoutSession ofBob = create(CheckoutRequest.forProducts(TEAM).externalCustomerId("bob"));
		this.fake.pay(ofAlice.id());
		UUID alice = this.checkouts.get(ofAlice.id()).customerId();
		assertThat(ids(CheckoutQuery.builder().status(CheckoutStatus.SUCCEEDED))).containsExactly(ofAlice.id());
		assertThat(ids(CheckoutQuery.builder().status(CheckoutStatus.OPEN, CheckoutStatus.SUCCEEDED))).hasSize(2);
		assertThat(ids(CheckoutQuery.builder().customerId(alice))).containsExactly(ofAlice.id());
		assertThat(ids(CheckoutQuery.builder().externalCustomerId("alice"))).containsExactly(ofAlice.id());
		// not a customer yet
		assertThat(ids(CheckoutQuery.builder().externalCustomerId("bob"))).isEmpty();
		assertThat(ids(CheckoutQuery.builder().query("alice@b"))).containsExactly(ofAlice.id());
		assertThat(ids(CheckoutQuery.builder().organizationId(ofBob.organizationId()))).hasSize(2);
		assertThat(ids(CheckoutQuery.builder().organizationId(UUID.randomUUID()))).isEmpty();
		assertThat(ids(CheckoutQuery.builder().products(PRO, TEAM).ascending(CheckoutQuery.SortProperty.STATUS)))
			.containsExactly(ofBob.id(), ofAlice.id());
	}

	private List<UUID> ids(CheckoutQuery.Builder query) {
		return this.checkouts.stream(query.build()).map(CheckoutSession::id).toList();
	}

	@ParameterizedTest
	@CsvSource({ "limit,0", "page,0", "page,x", "sorting,name" })
	void listRejectsWhatPolarRejects(String parameter, String value) {
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.client.list(Map.class, "/v1/checkouts/",
					MultiValueMap.fromSingleValue(Map.of(parameter, value))))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field")
				.containsExactly(parameter.equals("sorting") ? "sorting[0]" : parameter));
	}

	@Test
	void listCutsTheLimit() {
		assertThat(this.client.list(Map.class, "/v1/checkouts/", MultiValueMap.fromSingleValue(Map.of("limit", "5000")))
			.items()).isEmpty();
	}

	@Test
	void updateChangesWhatItNamesAndClearsNull() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO, TEAM)
			.externalCustomerId("alice")
			.customerName("Alice")
			.customerIpAddress("203.0.113.7")
			.successUrl("https://shop.example/thanks")
			.returnUrl("https://shop.example/")
			.metadata("cart", "c-1")
			.customField("size", "L"));
		CheckoutSession updated = this.checkouts.update(session.id(),
				CheckoutUpdate.builder()
					.productId(TEAM)
					.customerName(null)
					.returnUrl(null)
					.metadata(Map.of("cart", "c-2"))
					.customField("colour", "red")
					.successUrl("https://shop.example/{CHECKOUT_ID}")
					.build());
		assertThat(updated.id()).isEqualTo(session.id());
		assertThat(updated.modifiedAt()).isNotNull();
		assertThat(updated.productId()).isEqualTo(TEAM);
		assertThat(updated.amount()).isEqualTo(9900);
		assertThat(updated.customerName()).isNull();
		assertThat(updated.returnUrl()).isNull();
		assertThat(updated.customerIpAddress()).isEqualTo("203.0.113.7");
		assertThat(updated.successUrl()).isEqualTo("https://shop.example/" + session.id());
		assertThat(updated.metadata())
			.containsExactlyInAnyOrderEntriesOf(Map.of("cart", "c-2", "external_customer_id", "alice"));
		// the products have no custom fields
		assertThat(updated.customFieldData()).isEmpty();
		assertThat(this.checkouts.get(session.id()).productId()).isEqualTo(TEAM);
	}

	@Test
	void nullIsIgnoredClearedOrTakenLiterallyAsByPolar() {
		AdHocPrice price = AdHocPrice.seatBased("usd", SeatTier.from(1, 1200));
		UUID discount = UUID.randomUUID();
		this.fake.addDiscount(discount, "HALF", 50);
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO)
			.price(PRO, price)
			.seats(3)
			.customerBillingAddress(BillingAddress.inCountry("FR"))
			.customerTaxId("FR61954506077")
			.discountId(discount));
		CheckoutSession updated = patch(session, """
				{"product_id":null,"currency":null,"amount":null,"customer_billing_address":null,
				"seats":null,"discount_id":null,"customer_tax_id":null,"allow_trial":null}""");
		assertThat(updated.productId()).isEqualTo(PRO);
		assertThat(updated.currency()).isEqualTo("usd");
		assertThat(updated.customerBillingAddress().country()).isEqualTo("FR");
		assertThat(updated.seats()).isNull();
		assertThat(updated.amount()).isEqualTo(3600);
		assertThat(updated.discountId()).isNull();
		assertThat(updated.customerTaxId()).isNull();
		assertThat(updated.json().get("allow_trial").isNull()).isTrue();
		assertThat(updated.prices().get(PRO).get(0).source()).isEqualTo(ProductPrice.Source.AD_HOC);
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer_metadata", "allow_discount_codes", "require_billing_address",
			"is_business_customer" })
	void nullThatPolarCannotStoreIsAServerError(String field) {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO).customerMetadata("m", 1));
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> patch(session, "{\"" + field + "\":null}"))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(500));
		assertThat(this.checkouts.get(session.id()).json()).isEqualTo(session.json());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			"metadata":{"a":NaN}                | 500
			"metadata":{"a":-Infinity}          | 500
			"metadata":{"a":1e999}              | 500
			"metadata":{"a":"\\ud800"}           | 500
			"metadata":{"\\udc00":"a"}           | 500
			"customer_metadata":{"a":0.5}       | 500
			"customer_metadata":{"a":NaN}       | 500
			"customer_metadata":{"a":"\\ud83d"}  | 500
			"customer_metadata":{"\\ud800":1}    | 500
			"metadata":{"a":"x\\u0000y"}         | 422
			"metadata":{"x\\u0000y":1}           | 422
			"customer_name":"x\\u0000y"          | 422
			"customer_tax_id":"x\\u0000y"        | 422
			"metadata":{"a":0.5,"b":1e20}       | 200
			"metadata":{"a":"\\ud83c\\udf81"}     | 200
			"customer_metadata":{"a":2.0}       | 200
			""")
	void valuesThatPolarCannotStoreFail(String field, int status) throws Exception {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO));
		HttpResponse<String> created = raw("POST", "/v1/checkouts/", "{\"products\":[\"" + PRO + "\"]," + field + "}");
		HttpResponse<String> updated = raw("PATCH", "/v1/checkouts/" + session.id(), "{" + field + "}");
		assertThat(created.statusCode()).isEqualTo((status == 200) ? 201 : status);
		assertThat(updated.statusCode()).isEqualTo(status);
		if (status == 500) {
			assertThat(List.of(created, updated)).allSatisfy((response) -> {
				assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
				assertThat(response.body()).isEqualTo("Internal Server Error");
			});
			assertThat(this.fake.checkoutIds()).containsExactly(session.id());
		}
		if (status == 422) {
			assertThat(updated.body()).contains("This value contains invalid characters", "\"value_error\"");
		}
	}

	private HttpResponse<String> raw(String method, String path, String body) throws Exception {
		return this.browser.send(HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method, BodyPublishers.ofString(body))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.build(), BodyHandlers.ofString());
	}

	@Test
	void nullForTheBuyerBeingABusinessIsFalseIfNothingIsToBePaid() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO).price(PRO, AdHocPrice.free("usd")));
		assertThat(patch(session, "{\"is_business_customer\":null}").isBusinessCustomer()).isFalse();
	}

	@Test
	void buyerWhoIsNoBusinessHasNoBillingName() {
		CheckoutSession session = create(
				CheckoutRequest.forProducts(PRO).businessCustomer(true).customerBillingName("Ada Ltd"));
		assertThat(session.customerBillingName()).isEqualTo("Ada Ltd");
		CheckoutSession updated = this.checkouts.update(session.id(),
				CheckoutUpdate.builder().businessCustomer(false).build());
		assertThat(updated.customerBillingName()).isNull();
	}

	@Test
	void firstUpdateOfAnExpiredSessionIsTheLast() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO));
		this.fake.advance(Duration.ofHours(24).plusMinutes(1));
		assertThat(this.checkouts.get(session.id()).status()).isEqualTo(CheckoutStatus.OPEN);
		assertThatExceptionOfType(PolarApiException.class)
			.isThrownBy(() -> this.checkouts.updateByClientSecret(session.clientSecret(),
					ClientCheckoutUpdate.builder().customerName("Ada").build()))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(410));
		CheckoutUpdate update = CheckoutUpdate.builder().customerName("Ada").build();
		CheckoutSession updated = this.checkouts.update(session.id(), update);
		assertThat(updated.status()).isEqualTo(CheckoutStatus.EXPIRED);
		assertThat(updated.customerName()).isEqualTo("Ada");
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> this.checkouts.update(session.id(), update))
			.satisfies((ex) -> {
				assertThat(ex.getStatus()).isEqualTo(403);
				assertThat(ex.getError()).isEqualTo("NotOpenCheckout");
			});
	}

	private CheckoutSession patch(CheckoutSession session, String body) {
		return this.client.call(HttpMethod.PATCH, "/v1/checkouts/{id}", session.id())
			.body(JsonMapper.shared().readTree(body))
			.retrieve(CheckoutSession.class);
	}

	@Test
	void otherProductIsChargedByTheCatalogEvenWithAdHocPrices() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO, TEAM)
			.price(PRO, AdHocPrice.fixed(100, "usd"))
			.price(TEAM, AdHocPrice.fixed(200, "usd")));
		assertThat(session.amount()).isEqualTo(100);
		assertThat(session.prices().get(TEAM).get(0).source()).isEqualTo(ProductPrice.Source.AD_HOC);
		CheckoutSession updated = this.checkouts.update(session.id(), CheckoutUpdate.builder().productId(TEAM).build());
		assertThat(updated.amount()).isEqualTo(9900);
		assertThat(updated.json().get("product_price_id").asString())
			.isNotEqualTo(updated.prices().get(TEAM).get(0).id().toString());
		assertThat(updated.prices().get(TEAM).get(0).source()).isEqualTo(ProductPrice.Source.AD_HOC);
	}

	@Test
	void updateIsRejectedAsByPolar() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO));
		assertRejected(session, CheckoutUpdate.builder().productId(TEAM), "product_id");
		assertRejected(session, CheckoutUpdate.builder().seats(3), "seats");
		assertRejected(session, CheckoutUpdate.builder().currency("eur"), "currency");
		this.fake.pay(session.id());
		assertThatExceptionOfType(PolarApiException.class)
			.isThrownBy(() -> this.checkouts.update(session.id(), CheckoutUpdate.builder().amount(1L).build()))
			.satisfies((ex) -> {
				assertThat(ex.getStatus()).isEqualTo(403);
				assertThat(ex.getError()).isEqualTo("NotOpenCheckout");
			});
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.checkouts.update(UUID.randomUUID(), CheckoutUpdate.builder().build()));
	}

	private void assertRejected(CheckoutSession session, CheckoutUpdate.Builder update, String field) {
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.checkouts.update(session.id(), update.build()))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly(field));
	}

	@Test
	void seatsNeedASeatBasedPriceAndItsTiers() {
		AdHocPrice price = AdHocPrice.seatBased("usd", SeatTier.of(2, 9, 1200), SeatTier.of(10, 50, 900));
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> create(CheckoutRequest.forProducts(PRO).seats(3)))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly("seats"));
		for (int seats : new int[] { 1, 51 }) {
			// which the builder already rejects
			Map<String, Object> tiers = Map.of("tiers",
					List.of(Map.of("min_seats", 2, "max_seats", 50, "price_per_seat", 900)));
			Map<String, Object> seatBased = Map.of("amount_type", "seat_based", "price_currency", "usd", "seat_tiers",
					tiers);
			Map<String, Object> body = Map.of("products", List.of(PRO), "prices", Map.of(PRO, List.of(seatBased)),
					"seats", seats);
			assertThatExceptionOfType(PolarValidationException.class)
				.isThrownBy(() -> this.client.post(Map.class, "/v1/checkouts/", body))
				.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly("seats"));
		}
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO).price(PRO, price).seats(10));
		assertThat(session.amount()).isEqualTo(9000);
		session = this.checkouts.update(session.id(), CheckoutUpdate.builder().seats(3).build());
		assertThat(session.seats()).isEqualTo(3);
		assertThat(session.amount()).isEqualTo(3600);
	}

	@Test
	void meteredPriceIsDescribedAndChargedLater() {
		UUID meter = catalog("meters", """
				{"name":"Calls","filter":{"conjunction":"and","clauses":[]},"aggregation":{"func":"count"}}""");
		UUID plan = UUID.randomUUID();
		this.fake.addSubscription(plan, "Plan", 1000, "usd", RecurringInterval.MONTH);
		CheckoutSession session = create(CheckoutRequest.forProducts(plan)
			.price(plan, AdHocPrice.fixed(100, "usd"), AdHocPrice.metered(meter, new BigDecimal("0.0025"), "usd")));
		assertThat(session.amount()).isEqualTo(100);
		assertThat(session.prices().get(plan).get(1)).isInstanceOfSatisfying(ProductPrice.Metered.class, (price) -> {
			assertThat(price.meterId()).isEqualTo(meter);
			assertThat(price.unitAmount()).isEqualByComparingTo("0.0025");
			assertThat(price.meter().id()).isEqualTo(meter);
		});
	}

	@Test
	void buyerReadsAndChangesWithTheClientSecret() {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO, TEAM).externalCustomerId("alice"));
		CheckoutSession ofBuyer = this.checkouts.getByClientSecret(session.clientSecret());
		assertThat(ofBuyer.id()).isEqualTo(session.id());
		assertThat(ofBuyer.metadata()).isEmpty();
		assertThat(ofBuyer.externalCustomerId()).isNull();
		assertThat(ofBuyer.organization()).isNotNull();
		ofBuyer = this.checkouts.updateByClientSecret(session.clientSecret(),
				ClientCheckoutUpdate.builder().productId(TEAM).customerName("Alice").build());
		assertThat(ofBuyer.productId()).isEqualTo(TEAM);
		CheckoutSession ofSeller = this.checkouts.get(session.id());
		assertThat(ofSeller.customerName()).isEqualTo("Alice");
		assertThat(ofSeller.metadata()).containsEntry("external_customer_id", "alice");
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.checkouts.getByClientSecret("polar_c_unknown"))
			.withMessageNotContaining("polar_c_unknown");
	}

	@Test
	void buyerCannotChangeWhatIsTheSellers() throws Exception {
		CheckoutSession session = create(CheckoutRequest.forProducts(PRO).externalCustomerId("alice"));
		HttpRequest request = HttpRequest
			.newBuilder(this.fake.baseUrl().resolve("/v1/checkouts/client/" + session.clientSecret()))
			.method("PATCH", BodyPublishers.ofString(
					"""
							{"metadata":{"external_customer_id":"mallory"},"success_url":"https://evil.example/","amount":5}"""))
			.header("Content-Type", "application/json")
			.build();
		assertThat(this.browser.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
		CheckoutSession after = this.checkouts.get(session.id());
		assertThat(after.metadata()).containsEntry("external_customer_id", "alice");
		assertThat(after.successUrl()).isEqualTo(session.successUrl());
	}

	@Test
	void buyerChoosesProductSeatsAndAmountOnThePage() throws Exception {
		UUID donation = catalog("products", """
				{"name":"Donation","prices":[{"amount_type":"custom","minimum_amount":500,"maximum_amount":5000,
				"preset_amount":1500}]}""");
		UUID team = catalog("products", """
				{"name":"Team","prices":[{"amount_type":"seat_based","seat_tiers":{"tiers":[
				{"min_seats":1,"max_seats":10,"price_per_seat":1000}]}}]}""");
		CheckoutSession session = create(CheckoutRequest.forProducts(team, donation).maxSeats(5));
		assertThat(choose(session, "product=" + donation)).isEqualTo(303);
		assertThat(send("GET", session.url(), "").body()).contains("$15.00", "type=\"radio\"", "name=\"amount\"")
			.doesNotContain("name=\"seats\"");
		assertThat(choose(session, "product=" + donation + "&amount=42.50")).isEqualTo(303);
		assertThat(this.checkouts.get(session.id()).amount()).isEqualTo(4250);
		assertThat(choose(session, "product=" + donation + "&amount=4.99")).isEqualTo(422);
		assertThat(choose(session, "product=" + donation + "&amount=50.01")).isEqualTo(422);
		assertThat(choose(session, "product=" + donation + "&amount=much")).isEqualTo(422);
		assertThat(choose(session, "product=" + team)).isEqualTo(303);
		assertThat(send("GET", session.url(), "").body()).contains("$10.00", "name=\"seats\"")
			.doesNotContain("name=\"amount\"");
		assertThat(choose(session, "product=" + team + "&seats=4")).isEqualTo(303);
		assertThat(choose(session, "product=" + team + "&seats=6")).isEqualTo(422);
		assertThat(choose(session, "product=" + team + "&seats=")).isEqualTo(422);
		assertThat(choose(session, "product=" + UUID.randomUUID())).isEqualTo(303);
		CheckoutSession chosen = this.checkouts.get(session.id());
		assertThat(chosen.productId()).isEqualTo(team);
		assertThat(chosen.seats()).isEqualTo(4);
		assertThat(chosen.totalAmount()).isEqualTo(4000);
		this.fake.pay(session.id());
		assertThat(choose(session, "product=" + donation)).isEqualTo(303);
		assertThat(this.checkouts.get(session.id()).productId()).isEqualTo(team);
	}

	@Test
	void choiceShowsThePriceOfEveryKindOfProduct() throws Exception {
		UUID meter = catalog("meters",
				"""
						{"name":"Calls","filter":{"conjunction":"and","clauses":[{"property":"name","operator":"eq","value":"call"}]},
						"aggregation":{"func":"count"}}""");
		String fixed = "{\"amount_type\":\"fixed\",\"price_amount\":900}";
		String custom = "{\"amount_type\":\"custom\",\"minimum_amount\":500}";
		String seats = """
				{"amount_type":"seat_based","seat_tiers":{"tiers":[{"min_seats":3,"max_seats":9,"price_per_seat":1000}]}}""";
		String oneSeat = seats.replace("\"min_seats\":3", "\"min_seats\":1");
		String metered = """
				{"amount_type":"metered_unit","meter_id":"%s","unit_amount":"0.5"}""".formatted(meter);
		UUID[] products = { PRO, product("Monthly", "\"month\"", fixed),
				product("Quarterly", "\"month\",\"recurring_interval_count\":3", fixed),
				product("Donation", "null", custom), product("Patron", "\"year\"", custom),
				product("Group", "null", seats), product("Solo", "\"month\"", oneSeat),
				product("Pay as you go", "\"month\"", metered), product("Base", "\"month\"", fixed + "," + metered) };
		assertThat(send("GET", create(CheckoutRequest.forProducts(products)).url(), "").body()).contains(
				"> Pro · $29.00</label>", "> Monthly · $9.00 per month</label>",
				"> Quarterly · $9.00 every 3 months</label>", "> Donation · you choose the amount</label>",
				"> Patron · you choose the amount per year</label>", "> Group · $30.00 for 3 seats</label>",
				"> Solo · $10.00 per month for 1 seat</label>", "> Pay as you go · billed by usage</label>",
				"> Base · $9.00 per month, plus usage</label>");
	}

	private UUID product(String name, String interval, String prices) {
		return catalog("products",
				"{\"name\":\"%s\",\"recurring_interval\":%s,\"prices\":[%s]}".formatted(name, interval, prices));
	}

	@Test
	void everyEmbeddedPageCanBeClosed() throws Exception {
		String url = create(CheckoutRequest.forProducts(PRO).embedOrigin("https://shop.example")).url();
		String expired = create(CheckoutRequest.forProducts(PRO).embedOrigin("https://shop.example")).url();
		assertThat(send("POST", expired + "/expire?embed=true", "").statusCode()).isEqualTo(303);
		List<HttpResponse<String>> pages = List.of(send("GET", url + "?embed=true", ""),
				send("POST", url + "/decline?embed=true", ""), send("POST", url + "/pay?embed=true", ""),
				send("GET", url + "?embed=true", ""), send("GET", url + "/confirmation?embed=true", ""),
				send("GET", expired + "?embed=true", ""));
		assertThat(pages).extracting(HttpResponse::body)
			.allMatch((page) -> page.contains(">Close</button>") && page.contains("key === \"Escape\"")
					&& page.contains("\"event\":\"close\"}, \"https://shop.example\")"));
		assertThat(send("GET", url + "x?embed=true", "").body()).contains(">Close</button>",
				"\"event\":\"close\"}, \"*\")");
		assertThat(send("GET", expired, "").body()).contains("This checkout is expired")
			.doesNotContain("Close</button>");
	}

	/**
	 * Fill the catalog by a call of Polar's API.
	 */
	private UUID catalog(String collection, String body) {
		Map<?, ?> created = PolarClient.builder()
			.baseUrl(this.fake.baseUrl())
			.accessToken(this.fake.accessToken())
			.build()
			.post(Map.class, "/v1/" + collection + "/", JsonMapper.shared().readTree(body));
		return UUID.fromString(String.valueOf(created.get("id")));
	}

	private int choose(CheckoutSession session, String form) throws Exception {
		return send("POST", session.url() + "/choose", form).statusCode();
	}

}
