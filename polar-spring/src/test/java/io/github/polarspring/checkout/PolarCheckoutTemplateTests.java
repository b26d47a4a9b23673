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

package io.github.polarspring.checkout;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.model.TrialInterval;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.conformance.ConformingRequests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.client.MockRestServiceServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.content;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.method;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withStatus;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Tests for {@link PolarCheckoutTemplate}: what goes over the wire, and what comes back.
 */
class PolarCheckoutTemplateTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final UUID TEAM = UUID.fromString("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d");

	private static final UUID SESSION = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final String ANSWER = """
			{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","created_at":"2026-08-22T09:15:30.482913Z","modified_at":null,
			"status":"open","client_secret":"polar_c_secret","url":"https://polar.sh/checkout/polar_c_secret",
			"expires_at":"2026-08-23T09:15:30.481206Z","success_url":"https://shop.example/thanks","return_url":null,
			"amount":9007199254740993,"discount_amount":100,"net_amount":1800,"tax_amount":null,"total_amount":1800,
			"currency":"usd","product_id":"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710","customer_id":null,
			"external_customer_id":"user_1042","customer_name":"Ada","customer_email":"ada@example.com",
			"customer_ip_address":"203.0.113.7","locale":"en","metadata":{"seats":3,"plan":"pro","beta":true,"rate":0.5},
			"subtotal_amount":1800,"product_price_id":"x","brand_new_field":null}""";

	private MockRestServiceServer polar;

	private PolarClient client;

	private final List<CheckoutRequestCustomizer> customizers = new ArrayList<>();

	@BeforeEach
	void bind() {
		this.client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("https://sandbox-api.polar.sh"))
			.restClient(ConformingRequests::check)
			.restClient((builder) -> this.polar = MockRestServiceServer.bindTo(builder).build())
			.build();
	}

	private CheckoutSession create(CheckoutRequest.Builder checkout, String json) {
		this.polar.expect(requestTo("https://sandbox-api.polar.sh/v1/checkouts/"))
			.andExpect(method(HttpMethod.POST))
			.andExpect(content().contentType(MediaType.APPLICATION_JSON))
			.andExpect(content().json(json, JsonCompareMode.STRICT))
			.andRespond(withStatus(HttpStatus.CREATED).body(ANSWER).contentType(MediaType.APPLICATION_JSON));
		CheckoutSession session = template().create(checkout.build());
		this.polar.verify();
		return session;
	}

	private CheckoutContext context = CheckoutContext.empty();

	private PolarCheckoutTemplate template() {
		return PolarCheckoutTemplate.builder(this.client)
			.products(new PolarProducts(Map.of("pro", PRO, "team", TEAM)))
			.customizers(this.customizers)
			.contextProvider(() -> this.context)
			.build();
	}

	@Test
	void smallestRequestSendsTheProductsAndThatTheBuyerIsAGuest() {
		create(CheckoutRequest.forProducts("pro"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],
				"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void everythingIsSentUnderPolarsNames() {
		create(CheckoutRequest.forProducts(PRO, TEAM)
			.externalCustomerId(" user 1042 ")
			.customerId(SESSION)
			.customerEmail("ada@example.com")
			.customerName("Ada Größe 🚀")
			.customerIpAddress("2001:db8::7")
			.metadata("plan", "pro")
			.metadata("seats", 3)
			.metadata("rate", 0.5)
			.metadata("beta", true)
			.successUrl("https://shop.example/thanks?checkout_id={CHECKOUT_ID}")
			.returnUrl("https://shop.example/")
			.locale(Locale.forLanguageTag("pt-BR")), """
					{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710","0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
					"customer_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","external_customer_id":" user 1042 ",
					"customer_email":"ada@example.com","customer_name":"Ada Größe 🚀",
					"customer_ip_address":"2001:db8::7",
					"metadata":{"plan":"pro","seats":3,"rate":0.5,"beta":true,"external_customer_id":" user 1042 "},
					"success_url":"https://shop.example/thanks?checkout_id={CHECKOUT_ID}",
					"return_url":"https://shop.example/","locale":"pt-BR"}""");
	}

	@Test
	void everyOtherFieldIsSentUnderPolarsName() {
		create(CheckoutRequest.forProducts("team")
			.currency("EUR")
			.discountId(SESSION)
			.allowDiscountCodes(false)
			.requireBillingAddress(true)
			.amount(500)
			.seats(5)
			.minSeats(2)
			.maxSeats(10)
			.units(3)
			.minUnits(1)
			.maxUnits(9)
			.allowTrial(true)
			.trial(2, TrialInterval.WEEK)
			.businessCustomer(true)
			.customerBillingName("Ada Ltd")
			.customerBillingAddress(new BillingAddress("de", "Allee 1", null, "10115", "Berlin", null))
			.customerTaxId("DE123")
			.subscriptionId(PRO)
			.embedOrigin("https://shop.example")
			.customerMetadata("crm", "a")
			.customerMetadata("score", 7)
			.customerMetadata("rate", 5.0)
			.customerMetadata("vip", false)
			.customField("company", "Ada")
			.customField("size", 12)
			.customField("terms", true)
			.customField("start", Instant.parse("2026-11-22T10:00:00Z")), """
					{"products":["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],"currency":"eur",
					"discount_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","allow_discount_codes":false,
					"require_billing_address":true,"amount":500,"seats":5,"min_seats":2,"max_seats":10,"units":3,
					"min_units":1,"max_units":9,"allow_trial":true,"trial_interval":"week","trial_interval_count":2,
					"is_business_customer":true,"customer_billing_name":"Ada Ltd",
					"customer_billing_address":{"country":"DE","line1":"Allee 1","postal_code":"10115","city":"Berlin"},
					"customer_tax_id":"DE123","subscription_id":"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
					"embed_origin":"https://shop.example",
					"customer_metadata":{"crm":"a","score":7,"rate":5,"vip":false},
					"custom_field_data":{"company":"Ada","size":12,"terms":true,"start":"2026-11-22T10:00:00Z"}}""");
	}

	@Test
	void adHocPricesAreSentByProductIdWithTypeAndCurrency() {
		UUID meter = SESSION;
		create(CheckoutRequest.forProducts("pro", "team")
			.price("pro", AdHocPrice.fixed(1999, "usd").taxBehavior(TaxBehavior.EXCLUSIVE),
					AdHocPrice.seatBased("usd", SeatTier.of(1, 10, 500), SeatTier.from(11, 400))
						.graduated()
						.taxBehavior(TaxBehavior.EXCLUSIVE),
					AdHocPrice.metered(meter, new BigDecimal("2.50E-11"), "usd")
						.cap(10000)
						.taxBehavior(TaxBehavior.EXCLUSIVE))
			.price("team", AdHocPrice.custom("usd").minimum(0).maximum(100000).preset(2000),
					AdHocPrice.custom("eur").minimum(100)),
				"""
								{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710","0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
								"prices":{"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710":[
								{"amount_type":"fixed","price_amount":1999,"price_currency":"usd","tax_behavior":"exclusive"},
								{"amount_type":"seat_based","price_currency":"usd","tax_behavior":"exclusive",
								"seat_tiers":{"seat_tier_type":"graduated","tiers":[
								{"min_seats":1,"max_seats":10,"price_per_seat":500},{"min_seats":11,"price_per_seat":400}]}},
								{"amount_type":"metered_unit","meter_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018",
								"unit_amount":"0.000000000025","cap_amount":10000,"price_currency":"usd","tax_behavior":"exclusive"}],
								"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d":[
								{"amount_type":"custom","minimum_amount":0,"maximum_amount":100000,"preset_amount":2000,
								"price_currency":"usd"},
								{"amount_type":"custom","minimum_amount":100,"price_currency":"eur"}]},
						"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void freeAndUnitBasedPricesAreSentAsPolarTakesThem() {
		create(CheckoutRequest.forProducts(PRO, TEAM)
			.price(PRO, AdHocPrice.free("EUR"))
			.price(TEAM,
					AdHocPrice.unitBased("usd", UnitTier.upTo(100, 5), UnitTier.beyond(3))
						.minimum(2)
						.label(Map.of("en", Map.of("one", "call", "other", "calls")))),
				"""
								{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710","0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
								"prices":{"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710":[
								{"amount_type":"fixed","price_amount":0,"price_currency":"eur"}],
								"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d":[
								{"amount_type":"unit_based","tiers":{"type":"volume","tiers":[
								{"bound":100,"unit_amount":5},{"unit_amount":3}]},"minimum_units":2,
								"unit_label":{"en":{"one":"call","other":"calls"}},"price_currency":"usd"}]},
						"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void customizersRunInOrderAndSeeTheRequest() {
		this.customizers.add((checkout) -> checkout.metadata("campaign", "a").metadata("first", true));
		this.customizers.add((checkout) -> checkout.metadata("campaign", "b"));
		create(CheckoutRequest.forProducts("pro"),
				"""
						{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"metadata":{"checkout_buyer":"guest","campaign":"b","first":true}}""");
	}

	@Test
	void customizerCanDecideWhoBuys() {
		this.context = this.context.withIdentity(PolarIdentity.of("alice").withEmail("alice@example.com"));
		this.customizers.add((checkout) -> checkout.externalCustomerId("workspace-7"));
		create(CheckoutRequest.forProducts("pro"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"external_customer_id":"workspace-7",
				"metadata":{"external_customer_id":"workspace-7"}}""");
	}

	@Test
	void givenContextReplacesTheCurrentOne() {
		this.context = this.context.withIdentity(PolarIdentity.of("alice"));
		CheckoutContext taken = template().currentContext();
		this.context = CheckoutContext.empty();
		this.polar.expect(content().json("""
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"external_customer_id":"alice",
				"metadata":{"external_customer_id":"alice"}}""", JsonCompareMode.STRICT))
			.andRespond(withStatus(HttpStatus.CREATED).body(ANSWER).contentType(MediaType.APPLICATION_JSON));
		template().create(CheckoutRequest.forProducts("pro").build(), taken);
		this.polar.verify();
	}

	@Test
	void shortFormBuildsTheRequest() {
		this.polar.expect(content().json("""
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"seats":3,
				"metadata":{"checkout_buyer":"guest"}}""", JsonCompareMode.STRICT))
			.andRespond(withStatus(HttpStatus.CREATED).body(ANSWER).contentType(MediaType.APPLICATION_JSON));
		template().create("pro", (checkout) -> checkout.seats(3));
		this.polar.verify();
	}

	@Test
	void settingsFillInWhatTheRequestLeavesOpen() {
		PolarCheckoutTemplate template = PolarCheckoutTemplate.builder(this.client)
			.successUrl("/thanks?id={CHECKOUT_ID}")
			.returnUrl("/pricing")
			.embedOrigin("https://shop.example")
			.applicationUrl("https://shop.example/app")
			.build();
		this.polar.expect(content().json("""
					{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],
					"success_url":"https://shop.example/app/thanks?id={CHECKOUT_ID}",
					"return_url":"https://other.example/","embed_origin":"https://shop.example",
				"metadata":{"checkout_buyer":"guest"}}""", JsonCompareMode.STRICT))
			.andRespond(withStatus(HttpStatus.CREATED).body(ANSWER).contentType(MediaType.APPLICATION_JSON));
		template.create(CheckoutRequest.forProducts(PRO).returnUrl("https://other.example/").build(),
				CheckoutContext.empty().withApplicationUrl("https://evil.example").withEmbedding(true));
		this.polar.verify();
	}

	@Test
	void embeddingContextMakesTheApplicationTheEmbedOrigin() {
		this.context = this.context.withApplicationUrl("https://shop.example/app").withEmbedding(true);
		create(CheckoutRequest.forProducts("pro"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"embed_origin":"https://shop.example",
				"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void externalIdIsRepeatedInTheMetadata() {
		this.context = this.context
			.withIdentity(PolarIdentity.of("alice").withEmail("alice@example.com").withName("Alice"));
		create(CheckoutRequest.forProducts("pro"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"external_customer_id":"alice",
				"customer_email":"alice@example.com","customer_name":"Alice",
				"metadata":{"external_customer_id":"alice"}}""");
	}

	@Test
	void adminWhoBuysForACustomerSendsNothingOfTheirOwn() {
		this.context = this.context
			.withIdentity(PolarIdentity.of("admin").withEmail("admin@example.com").withName("Admin"));
		create(CheckoutRequest.forProducts("pro").externalCustomerId("customer-42"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"external_customer_id":"customer-42",
				"metadata":{"external_customer_id":"customer-42"}}""");
	}

	@Test
	void guestSendsNoIdentity() {
		this.context = this.context
			.withIdentity(PolarIdentity.of("admin").withEmail("admin@example.com").withName("Admin"));
		create(CheckoutRequest.forProducts("pro").guest(), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],
				"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void pathsAreResolvedAgainstTheApplication() {
		this.context = this.context.withApplicationUrl("https://shop.example/app/");
		create(CheckoutRequest.forProducts("pro").successUrl("/thanks?id={CHECKOUT_ID}").returnUrl("/"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],
				"success_url":"https://shop.example/app/thanks?id={CHECKOUT_ID}",
				"return_url":"https://shop.example/app/",
				"metadata":{"checkout_buyer":"guest"}}""");
	}

	@Test
	void pathWithoutApplicationUrlIsRejectedBeforeTheCall() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> template().create(CheckoutRequest.forProducts("pro").successUrl("/thanks").build()))
			.withMessageContaining("success_url '/thanks' is a path")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("polar.checkout.application-url"));
		this.polar.verify();
	}

	@Test
	void unknownProductIsRejectedBeforeTheCall() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> template().create(CheckoutRequest.forProducts("prro").build()))
			.withMessageContaining("Known products: pro, team");
		this.polar.verify();
	}

	@Test
	void productUnderTwoNamesIsRejectedBeforeTheCall() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> template().create(CheckoutRequest.forProducts("pro", PRO.toString()).build()))
			.withMessageContaining("duplicates");
		this.polar.verify();
	}

	@Test
	void metadataHasNoRoomForTheIdIfItIsFull() {
		CheckoutRequest.Builder checkout = CheckoutRequest.forProducts("pro").externalCustomerId("42");
		for (int i = 0; i < 50; i++) {
			checkout.metadata("key" + i, i);
		}
		assertThatIllegalArgumentException().isThrownBy(() -> template().create(checkout.build()))
			.withMessageContaining("one of which identifies the buyer");
	}

	@Test
	void responseIsReadIntoTheSession() {
		CheckoutSession session = create(CheckoutRequest.forProducts("pro"), """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],
				"metadata":{"checkout_buyer":"guest"}}""");
		assertThat(session.id()).isEqualTo(SESSION);
		assertThat(session.createdAt()).isEqualTo(Instant.parse("2026-08-22T09:15:30.482913Z"));
		assertThat(session.modifiedAt()).isNull();
		assertThat(session.status()).isEqualTo(CheckoutStatus.OPEN);
		assertThat(session.isSucceeded()).isFalse();
		assertThat(session.clientSecret()).isEqualTo("polar_c_secret");
		assertThat(session.url()).isEqualTo("https://polar.sh/checkout/polar_c_secret");
		assertThat(session.expiresAt()).isEqualTo(Instant.parse("2026-08-23T09:15:30.481206Z"));
		assertThat(session.successUrl()).isEqualTo("https://shop.example/thanks");
		assertThat(session.returnUrl()).isNull();
		assertThat(session.amount()).isEqualTo(9007199254740993L);
		assertThat(session.discountAmount()).isEqualTo(100);
		assertThat(session.netAmount()).isEqualTo(1800);
		assertThat(session.taxAmount()).isNull();
		assertThat(session.totalAmount()).isEqualTo(1800);
		assertThat(session.currency()).isEqualTo("usd");
		assertThat(session.productId()).isEqualTo(PRO);
		assertThat(session.customerId()).isNull();
		assertThat(session.externalCustomerId()).isEqualTo("user_1042");
		assertThat(session.customerName()).isEqualTo("Ada");
		assertThat(session.customerEmail()).isEqualTo("ada@example.com");
		assertThat(session.customerIpAddress()).isEqualTo("203.0.113.7");
		assertThat(session.locale()).isEqualTo("en");
		assertThat(session.metadata()).containsEntry("seats", 3L)
			.containsEntry("plan", "pro")
			.containsEntry("beta", true)
			.containsEntry("rate", 0.5);
		assertThat(session.property("subtotal_amount")).isEqualTo(1800L);
		assertThat(session.property("product_price_id")).isEqualTo("x");
		assertThat(session.json().has("brand_new_field")).isTrue();
		assertThat(session).hasToString("CheckoutSession[id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018, status=OPEN]");
	}

	@Test
	void getReadsTheSessionById() {
		this.polar.expect(requestTo("https://sandbox-api.polar.sh/v1/checkouts/" + SESSION))
			.andExpect(method(HttpMethod.GET))
			.andRespond(withSuccess(ANSWER.replace("\"open\"", "\"succeeded\""), MediaType.APPLICATION_JSON));
		assertThat(template().get(SESSION).isSucceeded()).isTrue();
	}

	@Test
	void unknownStatusIsUnknown() {
		this.polar.expect(requestTo("https://sandbox-api.polar.sh/v1/checkouts/" + SESSION))
			.andRespond(withSuccess(ANSWER.replace("\"open\"", "\"on_hold\""), MediaType.APPLICATION_JSON));
		assertThat(template().get(SESSION).status()).isEqualTo(CheckoutStatus.UNKNOWN);
	}

	@Test
	void sessionWithoutUrlThrowsWhenTheUrlIsAskedFor() {
		this.polar.expect(requestTo("https://sandbox-api.polar.sh/v1/checkouts/" + SESSION))
			.andRespond(withSuccess("{\"id\":\"" + SESSION + "\",\"status\":\"open\"}", MediaType.APPLICATION_JSON));
		CheckoutSession session = template().get(SESSION);
		assertThat(session.status()).isEqualTo(CheckoutStatus.OPEN);
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(session::url)
			.withMessageContaining("'url' of CheckoutSession " + SESSION + " is missing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "7", "\"text\"" })
	void responseThatIsNoObjectIsNotUsable(String response) {
		this.polar.expect(requestTo("https://sandbox-api.polar.sh/v1/checkouts/" + SESSION))
			.andRespond(withSuccess(response, MediaType.APPLICATION_JSON));
		assertThatExceptionOfType(PolarConnectionException.class).isThrownBy(() -> template().get(SESSION))
			.withMessageContaining("cannot be read");
	}

}
