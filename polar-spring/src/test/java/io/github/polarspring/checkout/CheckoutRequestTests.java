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

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.TrialInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link CheckoutRequest}.
 */
class CheckoutRequestTests {

	private static CheckoutRequest.Builder pro() {
		return CheckoutRequest.forProducts("pro");
	}

	@Test
	void requestIsNotChangedByItsBuilderOrItsCopies() {
		CheckoutRequest.Builder builder = pro().metadata("a", "1");
		CheckoutRequest request = builder.build();
		builder.metadata("b", "2").externalCustomerId("42");
		request.mutate().metadata("c", "3").guest().build();
		assertThat(request.metadata()).containsOnlyKeys("a");
		assertThat(request.externalCustomerId()).isNull();
		assertThat(request).isEqualTo(pro().metadata("a", "1").build())
			.hasSameHashCodeAs(pro().metadata("a", "1").build())
			.isNotEqualTo(builder.build());
	}

	@Test
	void mutateKeepsEverything() {
		CheckoutRequest request = CheckoutRequest.forProducts("pro", "team")
			.externalCustomerId("42")
			.customerEmail("a@example.com")
			.customerName("A")
			.customerIpAddress("203.0.113.1")
			.metadata("campaign", "spring")
			.successUrl("/thanks")
			.returnUrl("https://shop.example/")
			.locale(Locale.GERMANY)
			.build();
		assertThat(request.mutate().build()).isEqualTo(request);
		assertThat(request.products()).containsExactly("pro", "team");
		assertThat(request.locale()).isEqualTo("de-DE");
	}

	@Test
	void toStringNamesNothingPersonal() {
		assertThat(pro().externalCustomerId("42").customerEmail("a@example.com").build())
			.hasToString("CheckoutRequest[pro]");
		assertThat(PolarIdentity.of("42").withEmail("a@example.com")).hasToString("PolarIdentity[***]");
	}

	static Stream<Arguments> badInput() {
		String tooLong = "x".repeat(2084);
		return Stream.of(
				rejected("products must not be empty", (checkout) -> CheckoutRequest.forProducts(new String[0])),
				rejected("products must not contain a blank name", (checkout) -> CheckoutRequest.forProducts(" ")),
				rejected("products must not be null", (checkout) -> CheckoutRequest.forProducts((UUID) null)),
				rejected("products must not contain duplicates", (checkout) -> CheckoutRequest.forProducts("a", "a")),
				rejected("external_customer_id must not be blank", (checkout) -> checkout.externalCustomerId(" ")),
				rejected("at most 200 characters, but has 201",
						(checkout) -> checkout.externalCustomerId("x".repeat(201))),
				rejected("control characters", (checkout) -> checkout.externalCustomerId("a\u0000b")),
				rejected("customer_id must not be null", (checkout) -> checkout.customerId(null)),
				rejected("customer_email must be", (checkout) -> checkout.customerEmail("a b@example.com")),
				rejected("customer_name must have 1 to 256", (checkout) -> checkout.customerName("x".repeat(257))),
				rejected("customer_ip_address must be", (checkout) -> checkout.customerIpAddress("1.2.3.4, 10.0.0.1")),
				rejected("metadata keys must have 1 to 40", (checkout) -> checkout.metadata("x".repeat(41), "a")),
				rejected("metadata keys must have 1 to 40", (checkout) -> checkout.metadata("", "a")),
				rejected("must have 1 to 500", (checkout) -> checkout.metadata("a", "")),
				rejected("must have 1 to 500", (checkout) -> checkout.metadata("a", "x".repeat(501))),
				rejected("must be a finite number", (checkout) -> checkout.metadata("a", Double.NaN)),
				rejected("'external_customer_id' is reserved",
						(checkout) -> checkout.metadata("external_customer_id", "42")),
				rejected("success_url must not be blank", (checkout) -> checkout.successUrl("")),
				rejected("success_url must have at most 2083", (checkout) -> checkout.successUrl("/" + tooLong)),
				rejected("success_url must be an absolute http", (checkout) -> checkout.successUrl("thanks")),
				rejected("success_url must be an absolute http", (checkout) -> checkout.successUrl("shop://thanks")),
				rejected("success_url must be an absolute http",
						(checkout) -> checkout.successUrl("https://a:b@shop.example")),
				rejected("that does not start with '//'", (checkout) -> checkout.successUrl("//evil.example/thanks")),
				rejected("that does not start with '//'", (checkout) -> checkout.successUrl("/\\evil.example")),
				rejected("success_url must not contain", (checkout) -> checkout.successUrl("/thanks\r\nX: y")),
				rejected("return_url is not a valid URL", (checkout) -> checkout.returnUrl("https://shop example/")),
				rejected("currency must have three letters", (checkout) -> checkout.currency("euro")),
				rejected("discount_id must not be null", (checkout) -> checkout.discountId(null)),
				rejected("subscription_id must not be null", (checkout) -> checkout.subscriptionId(null)),
				rejected("amount must not be negative", (checkout) -> checkout.amount(-1)),
				rejected("seats must be 1 to 10000", (checkout) -> checkout.seats(0)),
				rejected("max_seats must be 1 to 10000", (checkout) -> checkout.maxSeats(10_001)),
				rejected("seats must not be less than min_seats", (checkout) -> checkout.seats(1).minSeats(2).build()),
				rejected("seats must not be greater than max_seats",
						(checkout) -> checkout.seats(3).maxSeats(2).build()),
				rejected("min_seats must not be greater than max_seats",
						(checkout) -> checkout.minSeats(3).maxSeats(2).build()),
				rejected("min_units must be at least 1", (checkout) -> checkout.minUnits(0)),
				rejected("units must not be greater than max_units",
						(checkout) -> checkout.units(3).maxUnits(2).build()),
				rejected("trial_interval_count must be 1 to 1000", (checkout) -> checkout.trial(0, TrialInterval.DAY)),
				rejected("trial_interval must be", (checkout) -> checkout.trial(1, TrialInterval.UNKNOWN)),
				rejected("customer_billing_name must not be blank", (checkout) -> checkout.customerBillingName(" ")),
				rejected("country must be an ISO",
						(checkout) -> checkout
							.customerBillingAddress(new BillingAddress("Germany", null, null, null, null, null))),
				rejected("where Polar does not sell",
						(checkout) -> checkout.customerBillingAddress(BillingAddress.inCountry("ru"))),
				rejected("customer_tax_id requires customer_billing_address",
						(checkout) -> checkout.customerTaxId("DE123").build()),
				rejected("embed_origin must consist of scheme, host and port",
						(checkout) -> checkout.embedOrigin("https://shop.example/")),
				rejected("embed_origin must consist of scheme, host and port",
						(checkout) -> checkout.embedOrigin("shop.example")),
				rejected("customer_metadata keys must have", (checkout) -> checkout.customerMetadata("", "a")),
				rejected("customer_metadata value of 'a' must have", (checkout) -> checkout.customerMetadata("a", "")),
				rejected("custom_field_data must contain a slug", (checkout) -> checkout.customField(" ", 1)),
				rejected("locale must have a language", (checkout) -> checkout.locale(Locale.ROOT)),
				rejected("locale must have a language that exists",
						(checkout) -> checkout.locale(Locale.forLanguageTag("xx"))),
				rejected("discount_id must be a version 4 UUID", (checkout) -> checkout.discountId(new UUID(1, 2))),
				rejected("return_url must not contain", (checkout) -> checkout.returnUrl("https:\\\\evil.example")),
				rejected("metadata must be well-formed", (checkout) -> checkout.metadata("a", "\uD800")),
				rejected("metadata must be well-formed", (checkout) -> checkout.metadata("\uDC00", "a")),
				rejected("custom_field_data must be well-formed", (checkout) -> checkout.customField("a", "\uD83Dx")),
				rejected("customer_name must have", (checkout) -> checkout.customerName("a\uD800")),
				rejected("customer_billing_address must be well-formed",
						(checkout) -> checkout
							.customerBillingAddress(new BillingAddress("FR", "\uD800", null, null, null, null))),
				rejected("country must not be null", (checkout) -> BillingAddress.inCountry(null)),
				rejected("currency must be that of a price of the first product",
						(checkout) -> checkout.price("pro", AdHocPrice.fixed(100, "eur")).currency("usd").build()),
				rejected("seats requires a seat-based price",
						(checkout) -> checkout.price("pro", AdHocPrice.fixed(100, "eur")).seats(3).build()),
				rejected("within the tiers of the seat-based price",
						(checkout) -> checkout.price("pro", seatsFiveToNine()).seats(4).build()),
				rejected(
						"within the tiers of the seat-based price", (
								checkout) -> checkout.price("pro", seatsFiveToNine()).minSeats(1).build()),
				rejected(
						"within the tiers of the seat-based price", (
								checkout) -> checkout.price("pro", seatsFiveToNine()).maxSeats(10).build()),
				rejected("units requires a unit-based price",
						(checkout) -> checkout.price("pro", seatsFiveToNine()).units(6).build()),
				rejected("within the tiers of the unit-based price",
						(checkout) -> checkout.price("pro", AdHocPrice.unitBased("usd", UnitTier.upTo(10, 5)))
							.units(11)
							.build()),
				rejected("amount must be between",
						(checkout) -> checkout.price("pro", AdHocPrice.custom("usd").minimum(500)).amount(499).build()),
				rejected("metadata must be well-formed", (checkout) -> checkout.metadata("a", "\uDFFF")),
				rejected("customer_billing_name must be well-formed",
						(checkout) -> checkout.customerBillingName("\uD800")),
				rejected("customer_billing_address must not be null",
						(checkout) -> checkout.customerBillingAddress(null)),
				rejected(
						"custom_field_data value of 'a' must not be null", (checkout) -> checkout.customField("a",
								(String) null)),
				rejected("custom_field_data must be well-formed", (checkout) -> checkout.customField("\uD83D", "x")),
				rejected("trial_interval must be", (checkout) -> checkout.trial(1, null)),
				rejected("trial_interval_count must be 1 to 1000",
						(checkout) -> checkout.trial(1001, TrialInterval.DAY)),
				rejected("amount must be between",
						(checkout) -> checkout.price("pro", AdHocPrice.custom("usd").maximum(500))
							.amount(501)
							.build()));
	}

	/**
	 * Values on which Polar fails with 500, or which it rejects in every field.
	 */
	static Stream<Arguments> valuesThatPolarCannotStore() {
		Instant[] times = { Instant.parse("-0001-12-31T23:59:59Z"), Instant.parse("+10000-01-01T00:00:00Z"),
				Instant.MAX, Instant.MIN };
		Stream<Arguments> dates = Arrays.stream(times)
			.map((time) -> rejected("custom_field_data value of 'born' must be between the years",
					(checkout) -> checkout.customField("born", time)));
		Stream<Arguments> texts = Stream.of("\0", "a\0b", "\uD800", "a\uDC00", "\uDE00\uD83D")
			.flatMap((bad) -> Stream.of(rejected("metadata", (checkout) -> checkout.metadata("k", bad)),
					rejected("metadata", (checkout) -> checkout.metadata(bad, "v")),
					rejected("metadata", (checkout) -> checkout.metadata(bad, 1)),
					rejected("metadata", (checkout) -> checkout.metadata(bad, true)),
					rejected("customer_metadata", (checkout) -> checkout.customerMetadata("k", bad)),
					rejected("customer_metadata", (checkout) -> checkout.customerMetadata(bad, 1)),
					rejected("customer_metadata", (checkout) -> checkout.customerMetadata(bad, 1.0)),
					rejected("custom_field_data", (checkout) -> checkout.customField("k", bad)),
					rejected("custom_field_data", (checkout) -> checkout.customField("k" + bad, 1)),
					rejected("customer_name", (checkout) -> checkout.customerName("Ada" + bad)),
					rejected("customer_email", (checkout) -> checkout.customerEmail(bad + "a@example.com")),
					rejected("customer_billing_name", (checkout) -> checkout.customerBillingName("Ada" + bad)),
					rejected("customer_tax_id", (checkout) -> checkout.customerTaxId("FR" + bad)),
					rejected("external_customer_id", (checkout) -> checkout.externalCustomerId("42" + bad)),
					rejected("success_url", (checkout) -> checkout.successUrl("https://shop.example/?a=" + bad)),
					rejected("return_url", (checkout) -> checkout.returnUrl("/" + bad)),
					rejected("embed_origin", (checkout) -> checkout.embedOrigin("https://shop" + bad + ".example")),
					rejected("customer_ip_address", (checkout) -> checkout.customerIpAddress("1.2.3.4" + bad)),
					rejected("currency", (checkout) -> checkout.currency("us" + bad)),
					rejected("unit_label", (checkout) -> checkout.price("pro", labeled("en", "other", "seat" + bad))),
					rejected("unit_label", (checkout) -> checkout.price("pro", labeled("en" + bad, "other", "seat"))),
					rejected("customer_billing_address",
							(checkout) -> checkout
								.customerBillingAddress(new BillingAddress("FR", bad, null, null, null, null))),
					rejected("customer_billing_address",
							(checkout) -> checkout
								.customerBillingAddress(new BillingAddress("FR", null, bad, null, null, null))),
					rejected("customer_billing_address",
							(checkout) -> checkout
								.customerBillingAddress(new BillingAddress("FR", null, null, bad, null, null))),
					rejected("customer_billing_address",
							(checkout) -> checkout
								.customerBillingAddress(new BillingAddress("FR", null, null, null, bad, null))),
					rejected("customer_billing_address", (checkout) -> checkout
						.customerBillingAddress(new BillingAddress("FR", null, null, null, null, bad)))));
		Stream<Arguments> numbers = DoubleStream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
			.boxed()
			.flatMap((bad) -> Stream.of(
					rejected("metadata value of 'k' must be a finite", (checkout) -> checkout.metadata("k", bad)),
					rejected("customer_metadata value of 'k' must be a finite",
							(checkout) -> checkout.customerMetadata("k", bad))));
		Stream<Arguments> fractions = DoubleStream.of(0.5, -0.1, 1e-300, 1234567.75)
			.mapToObj((fraction) -> rejected("customer_metadata value of 'k' must be a whole number",
					(checkout) -> checkout.customerMetadata("k", fraction)));
		return Stream.of(texts, dates, numbers, fractions).flatMap(Function.identity());
	}

	private static AdHocPrice labeled(String locale, String form, String label) {
		return AdHocPrice.unitBased("usd", UnitTier.beyond(5)).label(Map.of(locale, Map.of(form, label)));
	}

	@ParameterizedTest
	@MethodSource("valuesThatPolarCannotStore")
	void valueThatPolarCannotStoreIsRejectedAtOnce(String message, Consumer<CheckoutRequest.Builder> change) {
		assertThatIllegalArgumentException().isThrownBy(() -> change.accept(pro())).withMessageStartingWith(message);
	}

	@Test
	void wholeNumbersOfCustomerMetadataAreSentAsIntegers() {
		CheckoutRequest request = pro().customerMetadata("whole", 2.0)
			.customerMetadata("zero", -0.0)
			.customerMetadata("large", 1e20)
			.customerMetadata("exact", 9_007_199_254_740_993L)
			.metadata("fraction", 0.5)
			.metadata("whole", 2.0)
			.build();
		assertThat(new CapturingPolar().sent(request)).contains("\"whole\":2,")
			.contains("\"zero\":0")
			.contains("\"large\":100000000000000000000")
			.contains("\"exact\":9007199254740993")
			.contains("\"fraction\":0.5")
			.contains("\"whole\":2.0");
	}

	@Test
	void customizerCannotAddWhatPolarCannotStore() {
		PolarClient unreachable = PolarClient.builder()
			.baseUrl(URI.create("http://127.0.0.1:1"))
			.accessToken("t")
			.build();
		CheckoutRequestCustomizer customizer = (checkout) -> checkout.customerMetadata("ratio", 0.5);
		PolarCheckoutTemplate template = PolarCheckoutTemplate.builder(unreachable)
			.customizers(List.of(customizer))
			.build();
		CheckoutRequest request = CheckoutRequest.forProducts(CapturingPolar.SESSION).build();
		assertThatIllegalArgumentException().isThrownBy(() -> template.create(request))
			.withMessageStartingWith("customer_metadata value of 'ratio'");
	}

	private static AdHocPrice seatsFiveToNine() {
		return AdHocPrice.seatBased("usd", SeatTier.of(5, 9, 100));
	}

	@Test
	void whatFitsTheAdHocPricesIsAccepted() {
		assertThat(pro().price("pro", seatsFiveToNine()).minSeats(5).seats(7).maxSeats(9).build().seats()).isEqualTo(7);
		assertThat(pro().price("pro", AdHocPrice.seatBased("usd", SeatTier.from(1, 100)))
			.maxSeats(10_000)
			.build()
			.maxSeats()).isEqualTo(10_000);
		assertThat(pro().price("pro", AdHocPrice.custom("usd").minimum(500).maximum(600)).amount(600).build().amount())
			.isEqualTo(600);
		// Polar ignores it
		assertThat(pro().price("pro", AdHocPrice.fixed(100, "usd")).amount(5).build().amount()).isEqualTo(5);
		assertThat(pro().price("pro", AdHocPrice.fixed(100, "usd"), AdHocPrice.fixed(90, "eur"))
			.currency("EUR")
			.build()
			.currency()).isEqualTo("eur");
	}

	@Test
	void limitsAreAllowed() {
		CheckoutRequest request = pro().amount(0)
			.customerName("x".repeat(256))
			.metadata("k".repeat(40), "v".repeat(500))
			.minSeats(2)
			.seats(2)
			.maxSeats(2)
			.minUnits(1)
			.units(1)
			.maxUnits(1)
			.trial(1, TrialInterval.DAY)
			.trial(1000, TrialInterval.DAY)
			.build();
		assertThat(request.amount()).isZero();
		assertThat(request.customerName()).hasSize(256);
		assertThat(request.trialIntervalCount()).isEqualTo(1000);
		assertThat(pro().price("pro", AdHocPrice.custom("usd").minimum(500)).amount(500).build().amount())
			.isEqualTo(500);
		assertThat(request.hashCode()).isNotEqualTo(pro().build().hashCode());
	}

	@Test
	void externalIdIsOneOfTheFiftyEntries() {
		CheckoutRequest.Builder checkout = pro().externalCustomerId("42");
		for (int i = 0; i < 49; i++) {
			checkout.metadata("key" + i, i);
		}
		assertThat(new CapturingPolar().sent(checkout.build())).contains("\"metadata\":{", "\"key48\":48");
		CheckoutRequest tooMany = checkout.metadata("key49", 49).build();
		assertThatIllegalArgumentException().isThrownBy(() -> new CapturingPolar().sent(tooMany))
			.withMessageContaining("one of which identifies the buyer");
	}

	@Test
	void idsAndGuestsDecideWhoBuysAndAddressesDoNot() {
		assertThat(pro().build().isBuyerSet()).isFalse();
		assertThat(pro().customerEmail("a@example.com").build().isBuyerSet()).isFalse();
		assertThat(pro().guest().build().isBuyerSet()).isTrue();
		assertThat(pro().externalCustomerId("42").build().isBuyerSet()).isTrue();
		assertThat(pro().customerId(UUID.randomUUID()).build().isBuyerSet()).isTrue();
	}

	@Test
	void whatWasSetIsThere() {
		UUID id = UUID.randomUUID();
		BillingAddress address = BillingAddress.inCountry("fr");
		CheckoutRequest request = pro().customerId(id)
			.customerEmail("a@example.com")
			.metadata("a", true)
			.metadata("b", 1)
			.metadata("c", 1.5)
			.discountId(id)
			.allowDiscountCodes(false)
			.requireBillingAddress(true)
			.minSeats(2)
			.minUnits(3)
			.units(4)
			.maxUnits(5)
			.allowTrial(false)
			.trial(2, TrialInterval.WEEK)
			.businessCustomer(true)
			.customerBillingName("Company Ltd")
			.customerBillingAddress(address)
			.customerTaxId("FR123")
			.subscriptionId(id)
			.embedOrigin("https://shop.example")
			.customerMetadata("a", "x")
			.customerMetadata("b", 1)
			.customerMetadata("c", 2.0)
			.customerMetadata("d", true)
			.customField("a", "x")
			.customField("b", 1)
			.customField("c", true)
			.build();
		assertThat(request.customerId()).isEqualTo(id);
		assertThat(request.customerEmail()).isEqualTo("a@example.com");
		assertThat(request.metadata()).containsOnlyKeys("a", "b", "c");
		assertThat(request.discountId()).isEqualTo(id);
		assertThat(request.allowDiscountCodes()).isFalse();
		assertThat(request.requireBillingAddress()).isTrue();
		assertThat(request.minSeats()).isEqualTo(2);
		assertThat(request.minUnits()).isEqualTo(3);
		assertThat(request.units()).isEqualTo(4);
		assertThat(request.maxUnits()).isEqualTo(5);
		assertThat(request.allowTrial()).isFalse();
		assertThat(request.trialIntervalCount()).isEqualTo(2);
		assertThat(request.trialInterval()).isEqualTo(TrialInterval.WEEK);
		assertThat(request.isBusinessCustomer()).isTrue();
		assertThat(request.customerBillingName()).isEqualTo("Company Ltd");
		assertThat(request.customerBillingAddress()).isEqualTo(address);
		assertThat(request.customerTaxId()).isEqualTo("FR123");
		assertThat(request.subscriptionId()).isEqualTo(id);
		assertThat(request.embedOrigin()).isEqualTo("https://shop.example");
		assertThat(request.customerMetadata()).containsOnlyKeys("a", "b", "c", "d");
		assertThat(request.customFieldData()).containsOnlyKeys("a", "b", "c");
		assertThat(request.mutate().build()).isEqualTo(request);
		assertThat(pro().allowDiscountCodes(true).requireBillingAddress(false).allowTrial(true).build())
			.satisfies((other) -> assertThat(other.allowDiscountCodes()).isTrue())
			.satisfies((other) -> assertThat(other.requireBillingAddress()).isFalse())
			.satisfies((other) -> assertThat(other.allowTrial()).isTrue())
			.satisfies((other) -> assertThat(other.isBusinessCustomer()).isNull());
		assertThat(pro().businessCustomer(false).build().isBusinessCustomer()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://shop_1.example/thanks", "https://münchen.example/danke",
			"https://shop.example/a b", "https://shop.example/thanks?x={X}&id={CHECKOUT_ID}#{CHECKOUT_ID}",
			"http://[::1]:8080/ok", "HTTPS://shop.example", "/thanks?x={X}|a b" })
	void urlsThatPolarNormalizesAreAccepted(String url) {
		assertThat(pro().successUrl(url).build().successUrl()).isEqualTo(url);
	}

	private static Arguments rejected(String message, Consumer<CheckoutRequest.Builder> input) {
		return arguments(message, input);
	}

	@ParameterizedTest
	@MethodSource("badInput")
	void badInputIsRejectedByTheCallThatBuildsIt(String message, Consumer<CheckoutRequest.Builder> input) {
		CheckoutRequest.Builder checkout = pro();
		assertThatIllegalArgumentException().isThrownBy(() -> input.accept(checkout)).withMessageContaining(message);
	}

	@Test
	void metadataTakesFiftyEntries() {
		CheckoutRequest.Builder checkout = pro();
		for (int i = 0; i < 50; i++) {
			checkout.metadata("key" + i, i);
		}
		assertThatIllegalArgumentException().isThrownBy(() -> checkout.metadata("one-more", true))
			.withMessageContaining("at most 50 entries");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/thanks?checkout_id={CHECKOUT_ID}", "/", "/a/{CHECKOUT_ID}#b",
			"https://shop.example/thanks?id={CHECKOUT_ID}", "http://localhost:8080/ok", "/danke-schön" })
	void urlsAreKeptAsTheyAre(String url) {
		CheckoutRequest request = pro().successUrl(url).returnUrl(url).build();
		assertThat(request.successUrl()).isEqualTo(url);
		assertThat(request.returnUrl()).isEqualTo(url);
	}

	@Test
	void guestTakesBackWhoBuys() {
		CheckoutRequest request = pro().externalCustomerId("42").customerId(UUID.randomUUID()).guest().build();
		assertThat(request.externalCustomerId()).isNull();
		assertThat(request.customerId()).isNull();
		assertThat(pro().guest().externalCustomerId("42").build().externalCustomerId()).isEqualTo("42");
	}

	@ParameterizedTest
	@ValueSource(strings = { ":1:2:3:4:5:6:7", "", "unknown", "fe80::1%eth0", "1.2.3.4:80", "999.1.1.1", "dead.beef",
			"[2001:db8::1]" })
	void textThatIsNotAnAddressIsRejected(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> pro().customerIpAddress(text))
			.withMessageContaining("customer_ip_address");
	}

}
