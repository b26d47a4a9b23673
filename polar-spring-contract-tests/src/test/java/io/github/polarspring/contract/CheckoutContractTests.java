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

package io.github.polarspring.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutQuery;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.CheckoutProduct;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.CheckoutStatus;
import io.github.polarspring.model.ProductPrice;
import io.github.polarspring.model.TrialInterval;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checkout sessions, as the merchant's server creates, reads, lists, and changes them.
 */
@ContractTest
class CheckoutContractTests {

	private final Contract polar;

	CheckoutContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void everyFieldIsKept() {
		UUID discount = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 2500, "duration", "once"));
		String user = this.polar.names().next();
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.currency("usd")
			.discountId(discount)
			.allowDiscountCodes(false)
			.requireBillingAddress(true)
			.allowTrial(false)
			.externalCustomerId(user)
			.businessCustomer(true)
			.customerName("Ada")
			.customerEmail(this.polar.names().email(user))
			.customerIpAddress("203.0.113.7")
			.customerBillingName("Ada Ltd")
			.customerBillingAddress(new BillingAddress("FR", "1 rue Haute", "2e", "75001", "Paris", null))
			.customerTaxId("FR61954506077")
			.metadata("text", "A-1")
			.metadata("number", 7)
			.metadata("fraction", 0.5)
			.metadata("flag", true)
			.customerMetadata("vip", true)
			.successUrl("https://shop.example.com/ok?checkout={CHECKOUT_ID}")
			.returnUrl("https://shop.example.com/cart")
			.embedOrigin("https://shop.example.com")
			.locale(Locale.FRENCH));
		CheckoutSession read = this.polar.typed(200, "checkout", () -> this.polar.checkouts().get(session.id()));
		for (CheckoutSession each : List.of(session, read)) {
			assertThat(each.status()).isEqualTo(CheckoutStatus.OPEN);
			assertThat(each.amount()).isEqualTo(1000);
			assertThat(each.discountAmount()).isEqualTo(250);
			assertThat(each.discountId()).isEqualTo(discount);
			assertThat(each.allowDiscountCodes()).isFalse();
			assertThat(each.requireBillingAddress()).isTrue();
			assertThat(each.allowTrial()).isFalse();
			assertThat(each.externalCustomerId()).isEqualTo(user);
			assertThat(each.customerId()).isNull();
			assertThat(each.isBusinessCustomer()).isTrue();
			assertThat(each.customerName()).isEqualTo("Ada");
			assertThat(each.customerEmail()).isEqualTo(this.polar.names().email(user));
			assertThat(each.customerIpAddress()).isEqualTo("203.0.113.7");
			assertThat(each.customerBillingName()).isEqualTo("Ada Ltd");
			assertThat(each.customerBillingAddress()).isNotNull();
			assertThat(each.customerBillingAddress().country()).isEqualTo("FR");
			assertThat(each.customerBillingAddress().line2()).isEqualTo("2e");
			assertThat(each.customerTaxId()).isEqualTo("FR61954506077");
			assertThat(each.metadata()).containsKeys("number", "fraction")
				.containsEntry("text", "A-1")
				.containsEntry("flag", true);
			assertThat(each.json().path("metadata").path("number").isIntegralNumber()).isTrue();
			assertThat(each.json().path("metadata").path("fraction").asDouble()).isEqualTo(0.5);
			assertThat(each.customerMetadata()).containsEntry("vip", true);
			assertThat(each.successUrl()).isEqualTo("https://shop.example.com/ok?checkout=" + session.id());
			assertThat(each.returnUrl()).isEqualTo("https://shop.example.com/cart");
			assertThat(each.embedOrigin()).isEqualTo("https://shop.example.com");
			assertThat(each.url()).endsWith("/checkout/" + each.clientSecret());
			assertThat(each.isPaymentRequired()).isTrue();
			assertThat(each.isPaymentSetupRequired()).isFalse();
			assertThat(each.isPaymentFormRequired()).isTrue();
		}
	}

	@Test
	void leastRequestHasDefaults() {
		CheckoutSession session = this.polar.typed(201, "checkout", () -> this.polar.client()
			.post(CheckoutSession.class, "/v1/checkouts/", Map.of("products", List.of(this.polar.paidProduct()))));
		assertThat(session.amount()).isEqualTo(1000);
		assertThat(session.netAmount()).isEqualTo(1000);
		assertThat(session.totalAmount()).isEqualTo(1000);
		assertThat(session.taxAmount()).isNull();
		assertThat(session.currency()).isEqualTo("usd");
		assertThat(session.productId()).isEqualTo(this.polar.paidProduct());
		assertThat(session.allowDiscountCodes()).isTrue();
		assertThat(session.allowTrial()).isTrue();
		assertThat(session.successUrl()).isEqualTo(session.url() + "/confirmation");
		assertThat(session.returnUrl()).isNull();
		assertThat(session.customerEmail()).isNull();
		assertThat(session.metadata()).isEmpty();
		assertThat(session.expiresAt()).isAfter(session.createdAt());
	}

	@Test
	void adHocPriceReplacesThatOfTheCatalog() {
		CheckoutSession fixed = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.price(this.polar.paidProduct(), AdHocPrice.fixed(1234, "usd")));
		assertThat(fixed.amount()).isEqualTo(1234);
		ProductPrice price = fixed.prices().get(this.polar.paidProduct()).get(0);
		assertThat(price.json().path("source").asString()).isEqualTo("ad_hoc");
		CheckoutSession free = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.price(this.polar.paidProduct(), AdHocPrice.free("usd")));
		assertThat(free.isFreeProductPrice()).isTrue();
		assertThat(free.isPaymentFormRequired()).isFalse();
		assertThat(free.taxAmount()).isZero();
		CheckoutSession custom = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.price(this.polar.paidProduct(), AdHocPrice.custom("usd").minimum(500).maximum(5000).preset(700)));
		assertThat(custom.amount()).isEqualTo(700);
		CheckoutSession chosen = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.price(this.polar.paidProduct(), AdHocPrice.custom("usd").minimum(500).maximum(5000))
			.amount(600));
		assertThat(chosen.amount()).isEqualTo(600);
	}

	@Test
	void discountsLowerTheAmount() {
		UUID fixed = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "fixed", "amount", 300,
				"currency", "usd", "duration", "once"));
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct()).discountId(fixed));
		assertThat(session.discountAmount()).isEqualTo(300);
		assertThat(session.netAmount()).isEqualTo(700);
		UUID full = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 10_000, "duration", "once"));
		CheckoutSession free = create(CheckoutRequest.forProducts(this.polar.paidProduct()).discountId(full));
		assertThat(free.totalAmount()).isZero();
		assertThat(free.isPaymentRequired()).isFalse();
		assertThat(free.isPaymentFormRequired()).isFalse();
	}

	@Test
	void trialOfTheProductCanBeReplacedAndSwitchedOff() {
		CheckoutSession own = create(CheckoutRequest.forProducts(this.polar.paidSubscription()));
		assertThat(own.activeTrialInterval()).isEqualTo(TrialInterval.DAY);
		assertThat(own.activeTrialIntervalCount()).isEqualTo(7);
		assertThat(own.trialInterval()).isNull();
		assertThat(own.trialEnd()).isNotNull();
		assertThat(own.isPaymentRequired()).isFalse();
		assertThat(own.isPaymentSetupRequired()).isTrue();
		assertThat(own.totalAmount()).isEqualTo(1000);
		CheckoutSession longer = create(
				CheckoutRequest.forProducts(this.polar.paidSubscription()).trial(2, TrialInterval.WEEK));
		assertThat(longer.activeTrialInterval()).isEqualTo(TrialInterval.WEEK);
		assertThat(longer.trialIntervalCount()).isEqualTo(2);
		CheckoutSession none = create(CheckoutRequest.forProducts(this.polar.paidSubscription()).allowTrial(false));
		assertThat(none.activeTrialInterval()).isNull();
		assertThat(none.trialEnd()).isNull();
		assertThat(none.isPaymentRequired()).isTrue();
	}

	@Test
	void seatsDetermineTheAmount() {
		Map<String, Object> tiers = Map.of("tiers",
				List.of(Map.of("min_seats", 2, "max_seats", 10, "price_per_seat", 1000),
						Map.of("min_seats", 11, "max_seats", 50, "price_per_seat", 800)));
		UUID team = this.polar.createProductOrSkip("seats",
				Map.of("name", this.polar.names().next(), "recurring_interval", "month", "prices",
						List.of(Map.of("amount_type", "seat_based", "price_currency", "usd", "seat_tiers", tiers))));
		CheckoutSession least = create(CheckoutRequest.forProducts(team));
		assertThat(least.seats()).isEqualTo(2);
		assertThat(least.amount()).isEqualTo(2000);
		CheckoutSession more = create(CheckoutRequest.forProducts(team).seats(12));
		assertThat(more.amount()).isEqualTo(9600);
		CheckoutSession bounded = create(CheckoutRequest.forProducts(team).minSeats(5).maxSeats(20));
		assertThat(bounded.seats()).isEqualTo(5);
		assertThat(bounded.minSeats()).isEqualTo(5);
		assertThat(bounded.maxSeats()).isEqualTo(20);
		CheckoutSession adHoc = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.price(this.polar.paidProduct(),
					AdHocPrice.seatBased("usd", SeatTier.of(1, 5, 300), SeatTier.from(6, 200)).graduated())
			.seats(7));
		assertThat(adHoc.amount()).isEqualTo(5 * 300 + 2 * 200);
		this.polar.post("/v1/checkouts/")
			.body(Map.of("products", List.of(team), "seats", 51))
			.expectError(422, "PolarRequestValidationError", "less_than_equal body.seats");
		this.polar.patch("/v1/checkouts/{id}", least.id())
			.body(Map.of("seats", 1))
			.expectError(422, "PolarRequestValidationError", "greater_than_equal body.seats");
	}

	@Test
	void customFieldsAreAttachedAndChecked() {
		String slug = this.polar.names().next();
		UUID field = this.polar.create("custom-fields", "custom-field", Map.of("type", "text", "slug", slug, "name",
				"Note", "properties", Map.of("min_length", 2, "max_length", 5)));
		UUID product = this.polar
			.createProduct(Map.of("name", this.polar.names().next(), "prices", List.of(Contract.price(0)),
					"attached_custom_fields", List.of(Map.of("custom_field_id", field, "required", true))));
		CheckoutSession session = create(CheckoutRequest.forProducts(product).customField(slug, "abc"));
		assertThat(session.customFieldData()).containsEntry(slug, "abc");
		assertThat(session.attachedCustomFields()).singleElement()
			.satisfies((attached) -> assertThat(attached.customFieldId()).isEqualTo(field));
		this.polar.post("/v1/checkouts/")
			.body(Map.of("products", List.of(product), "custom_field_data", Map.of(slug, "abcdef")))
			.expectError(422, "PolarRequestValidationError", "string_too_long body.custom_field_data." + slug);
		this.polar.post("/v1/checkouts/client/{secret}/confirm", session.clientSecret())
			.anonymous()
			.body(Map.of("customer_email", this.polar.names().email(slug)))
			.expectError(422, "PolarRequestValidationError", "missing body.custom_field_data." + slug);
	}

	@Test
	void severalProductsAreOffered() {
		CheckoutSession session = create(
				CheckoutRequest.forProducts(this.polar.paidProduct(), this.polar.freeProduct()));
		assertThat(session.products()).extracting(CheckoutProduct::id)
			.containsExactly(this.polar.paidProduct(), this.polar.freeProduct());
		CheckoutSession changed = update(session, CheckoutUpdate.builder().productId(this.polar.freeProduct()));
		assertThat(changed.productId()).isEqualTo(this.polar.freeProduct());
		assertThat(changed.amount()).isZero();
		this.polar.patch("/v1/checkouts/{id}", session.id())
			.body(Map.of("product_id", this.polar.paidSubscription()))
			.expectError(422, "PolarRequestValidationError", "value_error body.product_id");
	}

	@Test
	void knownCustomerIsLinked() {
		String user = this.polar.externalId();
		String email = this.polar.names().email(user);
		String customer = this.polar.post("/v1/customers/")
			.body(Map.of("email", email, "external_id", user, "name", "Ada"))
			.expect(201)
			.json()
			.path("id")
			.asString();
		CheckoutSession session = create(
				CheckoutRequest.forProducts(this.polar.freeProduct()).externalCustomerId(user));
		assertThat(session.customerId()).hasToString(customer);
		assertThat(session.customerEmail()).isEqualTo(email);
		assertThat(session.customerName()).isEqualTo("Ada");
	}

	@Test
	void sessionsAreListedWithFiltersAndPages() {
		UUID product = this.polar
			.createProduct(Map.of("name", this.polar.names().next(), "prices", List.of(Contract.price(500))));
		CheckoutSession first = create(CheckoutRequest.forProducts(product));
		String email = this.polar.names().email(this.polar.names().next());
		CheckoutSession second = create(CheckoutRequest.forProducts(product).customerEmail(email));
		assertThat(list(CheckoutQuery.builder().products(product)).items()).extracting(CheckoutSession::id)
			.containsExactly(second.id(), first.id());
		PolarPage<CheckoutSession> page = list(CheckoutQuery.builder().products(product).limit(1).page(2));
		assertThat(page.items()).extracting(CheckoutSession::id).containsExactly(first.id());
		assertThat(page.totalCount()).isEqualTo(2);
		assertThat(page.maxPage()).isEqualTo(2);
		assertThat(list(CheckoutQuery.builder().products(product).query(email)).items()).extracting(CheckoutSession::id)
			.containsExactly(second.id());
		assertThat(list(CheckoutQuery.builder().products(product).status(CheckoutStatus.SUCCEEDED)).items()).isEmpty();
		assertThat(list(CheckoutQuery.builder().products(UUID.randomUUID())).maxPage()).isZero();
		JsonNode oldestFirst = this.polar.get("/v1/checkouts/?product_id={id}&sorting=created_at", product)
			.expect(200)
			.page("checkout")
			.json();
		assertThat(Contract.id(oldestFirst.path("items").path(0))).isEqualTo(first.id());
	}

	@Test
	void absentFieldsAreKeptAndNullClears() {
		UUID discount = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 5000, "duration", "once"));
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.discountId(discount)
			.customerName("Ada")
			.metadata("a", "1")
			.metadata("b", "2")
			.successUrl("https://shop.example.com/ok")
			.returnUrl("https://shop.example.com/cart"));
		CheckoutSession renamed = update(session, CheckoutUpdate.builder().customerName("Ada Byron"));
		assertThat(renamed.customerName()).isEqualTo("Ada Byron");
		assertThat(renamed.discountId()).isEqualTo(discount);
		assertThat(renamed.metadata()).containsKeys("a", "b");
		assertThat(renamed.modifiedAt()).isNotNull();
		CheckoutSession replaced = update(session, CheckoutUpdate.builder().metadata(Map.of("c", 3)));
		assertThat(replaced.metadata()).containsKey("c").doesNotContainKeys("a", "b");
		CheckoutSession cleared = update(session,
				CheckoutUpdate.builder().discountId(null).customerName(null).returnUrl(null).successUrl(null));
		assertThat(cleared.discountId()).isNull();
		assertThat(cleared.discountAmount()).isZero();
		assertThat(cleared.amount()).isEqualTo(1000);
		assertThat(cleared.customerName()).isNull();
		assertThat(cleared.returnUrl()).isNull();
		assertThat(cleared.successUrl()).isEqualTo(session.url() + "/confirmation");
		this.polar.patch("/v1/checkouts/{id}", session.id())
			.text("{\"metadata\": null}", "application/json")
			.expectError(422, "RequestValidationError", "dict_type body.metadata");
	}

	private CheckoutSession create(CheckoutRequest.Builder request) {
		return this.polar.typed(201, "checkout", () -> this.polar.checkouts().create(request.build()));
	}

	private CheckoutSession update(CheckoutSession session, CheckoutUpdate.Builder update) {
		return this.polar.typed(200, "checkout", () -> this.polar.checkouts().update(session.id(), update.build()));
	}

	private PolarPage<CheckoutSession> list(CheckoutQuery.Builder query) {
		return this.polar.typed(200, () -> this.polar.checkouts().list(query.build()));
	}

}
