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

package io.github.polarspring.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.checkout.CapturingPolar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link CheckoutSession} and what it consists of.
 */
class CheckoutSessionTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final Instant EXPIRY = Instant.parse("2026-08-23T09:15:30.481206Z");

	private final CapturingPolar polar = new CapturingPolar();

	private CheckoutSession read(String members) {
		return this.polar.read("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open",
				"url":"https://polar.sh/checkout/polar_c_secret",%s}""".formatted(members));
	}

	private List<ProductPrice> prices(String... prices) {
		Map<UUID, List<ProductPrice>> byProduct = read(
				"\"prices\":{\"" + PRO + "\":[" + String.join(",", prices) + "]}")
			.prices();
		assertThat(byProduct).containsOnlyKeys(PRO);
		return byProduct.get(PRO);
	}

	private static String price(String type, String members) {
		return """
				{"id":"9a7f3e15-6c2d-4b80-9f14-d8e5c7b60a21","created_at":"2026-05-04T08:12:44.105920Z",
				"modified_at":null,"source":"ad_hoc","amount_type":"%s","price_currency":"usd","tax_behavior":null,
				"is_archived":false,"product_id":"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"%s}""".formatted(type, members);
	}

	@Test
	void pricesAreOfTheirTypes() {
		List<ProductPrice> prices = prices(price("fixed", ",\"price_amount\":1900"),
				price("custom", ",\"minimum_amount\":500,\"maximum_amount\":null,\"preset_amount\":1500"),
				price("seat_based",
						",\"seat_tiers\":{\"seat_tier_type\":\"graduated\",\"tiers\":[{\"min_seats\":1,\"max_seats\":null,"
								+ "\"price_per_seat\":1200}],\"minimum_seats\":1,\"maximum_seats\":null}"),
				price("metered_unit",
						",\"unit_amount\":\"0.002500000000\",\"cap_amount\":50000,\"meter_id\":\"" + PRO
								+ "\",\"meter\":{\"id\":\"" + PRO + "\",\"name\":\"Tokens\",\"unit\":\"token\"}"),
				price("unit_based",
						",\"tiers\":{\"type\":\"volume\",\"tiers\":[{\"bound\":10,\"unit_amount\":\"5.5\"}]},"
								+ "\"minimum_units\":2,\"unit_label\":{\"en\":{\"other\":\"credits\"}}"));
		assertThat(prices).allSatisfy((price) -> {
			assertThat(price.source()).isEqualTo(ProductPrice.Source.AD_HOC);
			assertThat(price.priceCurrency()).isEqualTo("usd");
			assertThat(price.productId()).isEqualTo(PRO);
			assertThat(price.taxBehavior()).isNull();
			assertThat(price.isArchived()).isFalse();
			assertThat(price.legacy()).isFalse();
		});
		assertThat(prices.get(0)).isInstanceOfSatisfying(ProductPrice.Fixed.class,
				(price) -> assertThat(price.priceAmount()).isEqualTo(1900));
		assertThat(prices.get(1)).isInstanceOfSatisfying(ProductPrice.Custom.class, (price) -> {
			assertThat(price.minimumAmount()).isEqualTo(500);
			assertThat(price.maximumAmount()).isNull();
			assertThat(price.presetAmount()).isEqualTo(1500);
		});
		assertThat(prices.get(2)).isInstanceOfSatisfying(ProductPrice.SeatBased.class, (price) -> {
			assertThat(price.seatTiers().seatTierType()).isEqualTo(TierType.GRADUATED);
			assertThat(price.seatTiers().tiers()).singleElement().satisfies((tier) -> {
				assertThat(tier.minSeats()).isOne();
				assertThat(tier.maxSeats()).isNull();
				assertThat(tier.pricePerSeat()).isEqualTo(1200);
			});
		});
		assertThat(prices.get(3)).isInstanceOfSatisfying(ProductPrice.Metered.class, (price) -> {
			assertThat(price.unitAmount()).isEqualByComparingTo(new BigDecimal("0.0025"));
			assertThat(price.meter().unit()).isEqualTo(ProductPrice.MeterUnit.TOKEN);
		});
		assertThat(prices.get(4)).isInstanceOfSatisfying(ProductPrice.UnitBased.class, (price) -> {
			assertThat(price.tiers().tiers()).singleElement().satisfies((tier) -> {
				assertThat(tier.bound()).isEqualTo(10);
				assertThat(tier.unitAmount()).isEqualByComparingTo("5.5");
			});
			assertThat(price.unitLabel()).containsEntry("en", Map.of("other", "credits"));
		});
	}

	@Test
	void priceOfAnUnknownTypeKeepsEverything() {
		ProductPrice price = prices(price("per_moon", ",\"moons\":{\"phases\":[1,2]},\"legacy\":true")).get(0);
		assertThat(price).isInstanceOf(ProductPrice.Other.class);
		assertThat(price.amountType()).isEqualTo("per_moon");
		assertThat(price.priceCurrency()).isEqualTo("usd");
		assertThat(price.legacy()).isTrue();
		assertThat(price.property("moons")).isEqualTo(Map.of("phases", List.of(1L, 2L)));
	}

	@Test
	void legacyPriceHasItsBillingPeriod() {
		ProductPrice price = prices(price("fixed",
				",\"price_amount\":1900,\"type\":\"recurring\",\"recurring_interval\":\"month\",\"legacy\":true"))
			.get(0);
		assertThat(price.type()).isEqualTo("recurring");
		assertThat(price.recurringInterval()).isEqualTo(RecurringInterval.MONTH);
		assertThat(price.legacy()).isTrue();
	}

	@Test
	void unknownValuesOfEnumsAreUnknown() {
		CheckoutSession session = read("""
				"tax_behavior":"by_moon","trial_interval":"moon","billing_address_fields":{"country":"guessed"},
				"discount":{"id":"%1$s","name":"x","type":"by_moon","duration":"eternal","moons":3},
				"product":{"id":"%1$s","name":"Pro","visibility":"ghost","recurring_interval":"moon",
				"benefits":[{"id":"%1$s","type":"teleport"}]},
				"attached_custom_fields":[{"custom_field_id":"%1$s","custom_field":{"type":"smell"}}],
				"prices":{"%1$s":[{"amount_type":"fixed","source":"dream","tax_behavior":"by_moon"}]}"""
			.formatted(PRO));
		assertThat(session.taxBehavior()).isEqualTo(TaxBehavior.UNKNOWN);
		assertThat(session.trialInterval()).isEqualTo(TrialInterval.UNKNOWN);
		assertThat(session.billingAddressFields().country()).isEqualTo(BillingAddressFields.Mode.UNKNOWN);
		assertThat(session.discount()).isInstanceOf(CheckoutDiscount.Other.class);
		assertThat(session.discount().duration()).isEqualTo(CheckoutDiscount.Duration.UNKNOWN);
		assertThat(session.discount().type()).isEqualTo("by_moon");
		assertThat(session.discount().property("moons")).isEqualTo(3L);
		assertThat(session.discount().property("duration")).isEqualTo("eternal");
		assertThat(session.product().visibility()).isEqualTo(CheckoutProduct.Visibility.UNKNOWN);
		assertThat(session.product().recurringInterval()).isEqualTo(RecurringInterval.UNKNOWN);
		assertThat(session.product().benefits().get(0).type()).isEqualTo(ProductBenefit.Type.UNKNOWN);
		assertThat(session.attachedCustomFields().get(0).customField().type()).isEqualTo(CustomField.Type.UNKNOWN);
		ProductPrice price = session.prices().get(PRO).get(0);
		assertThat(price.source()).isEqualTo(ProductPrice.Source.UNKNOWN);
		assertThat(price.taxBehavior()).isEqualTo(TaxBehavior.UNKNOWN);
	}

	@Test
	void discountsAreOfTheirTypes() {
		CheckoutDiscount fixed = read("\"discount\":{\"id\":\"" + PRO + "\",\"name\":\"Spring\",\"code\":\"SPRING\","
				+ "\"type\":\"fixed\",\"duration\":\"repeating\",\"duration_in_months\":3,\"amounts\":{\"usd\":1000}}")
			.discount();
		assertThat(fixed).isInstanceOfSatisfying(CheckoutDiscount.Fixed.class,
				(discount) -> assertThat(discount.amounts()).containsExactly(entry("usd", 1000L)));
		assertThat(fixed.durationInMonths()).isEqualTo(3);
		assertThat(read("\"discount\":{\"id\":\"" + PRO + "\",\"name\":\"Spring\",\"code\":null,"
				+ "\"type\":\"percentage\",\"duration\":\"once\",\"basis_points\":2500}")
			.discount()).isInstanceOfSatisfying(CheckoutDiscount.Percentage.class,
					(discount) -> assertThat(discount.basisPoints()).isEqualTo(2500));
	}

	@Test
	void nullAndAbsentCollectionsAreEmpty() {
		CheckoutSession session = read("""
				"prices":null,"products":null,"attached_custom_fields":null,"metadata":null,"customer_metadata":null,
				"custom_field_data":null,"payment_processor_metadata":null""");
		assertThat(session.prices()).isEmpty();
		assertThat(session.products()).isEmpty();
		assertThat(session.attachedCustomFields()).isEmpty();
		assertThat(session.metadata()).isEmpty();
		assertThat(session.customerMetadata()).isEmpty();
		assertThat(session.customFieldData()).isEmpty();
		assertThat(session.paymentProcessorMetadata()).isEmpty();
		CheckoutProduct product = read("\"product\":{\"id\":\"" + PRO + "\"}").product();
		assertThat(product.prices()).isEmpty();
		assertThat(product.benefits()).isEmpty();
		assertThat(product.medias()).isEmpty();
	}

	@Test
	void unitsHaveTheirBounds() {
		CheckoutSession session = read("\"units\":5,\"min_units\":2,\"max_units\":9");
		assertThat(session.units()).isEqualTo(5);
		assertThat(session.minUnits()).isEqualTo(2);
		assertThat(session.maxUnits()).isEqualTo(9);
	}

	@Test
	void numbersOfAnySizeAreReadWhole() {
		CheckoutSession session = read(
				"\"metadata\":{\"long\":9007199254740993,\"huge\":123456789012345678901234567890,\"half\":0.5,"
						+ "\"beyond\":1e400},\"custom_field_data\":{\"age\":999999999999999999999}");
		assertThat(session.metadata()).containsEntry("long", 9007199254740993L)
			.containsEntry("huge", new BigInteger("123456789012345678901234567890"))
			.containsEntry("half", 0.5)
			.containsEntry("beyond", new BigDecimal("1e400"));
		assertThat(session.customFieldData()).containsEntry("age", new BigInteger("999999999999999999999"));
	}

	@Test
	void tiersAreReadAsTheyAre() {
		List<ProductPrice> prices = prices(
				price("seat_based",
						",\"seat_tiers\":{\"seat_tier_type\":\"spiral\",\"tiers\":[{\"max_seats\":3,"
								+ "\"flat_fee\":7}]}"),
				price("unit_based", ",\"tiers\":{\"tiers\":[{\"bound\":0,\"unit_amount\":\"5.000000000000\"}]}"));
		ProductPrice.SeatTiers seats = ((ProductPrice.SeatBased) prices.get(0)).seatTiers();
		assertThat(seats.seatTierType()).isEqualTo(TierType.UNKNOWN);
		assertThat(seats.tiers().get(0).property("flat_fee")).isEqualTo(7L);
		ProductPrice.UnitTiers units = ((ProductPrice.UnitBased) prices.get(1)).tiers();
		assertThat(units.type()).isNull();
		assertThat(units.tiers().get(0).unitAmount()).isEqualByComparingTo("5");
	}

	@Test
	void amountWithDecimalsIsNotCutOff() {
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(() -> read("\"amount\":5.5").amount())
			.withMessageContaining("'amount'");
	}

	@Test
	void absentEnumsOfAProductAreNull() {
		assertThat(read("\"product\":{\"id\":\"" + PRO + "\",\"benefits\":[{}]}").product().benefits().get(0).type())
			.isNull();
		assertThat(prices("{}").get(0).source()).isNull();
	}

	@Test
	void nullAmongPricesIsLeftOut() {
		assertThat(read("\"prices\":{\"" + PRO + "\":[null]}").prices()).containsEntry(PRO, List.of());
		assertThat(read("\"prices\":{\"" + PRO + "\":null}").prices()).isEmpty();
	}

	@Test
	void whatIsInsideOfCollectionsCannotBeChanged() {
		CheckoutSession session = read("\"prices\":{\"" + PRO + "\":["
				+ price("unit_based", ",\"unit_label\":{\"en\":{\"other\":\"credits\"}}")
				+ "]},\"novelty\":{\"list\":[{\"a\":1}]}");
		List<ProductPrice> prices = session.prices().get(PRO);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(prices::clear);
		Map<String, String> label = ((ProductPrice.UnitBased) prices.get(0)).unitLabel().get("en");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(label::clear);
		Map<?, ?> novelty = (Map<?, ?>) session.property("novelty");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(novelty::clear);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ((List<?>) novelty.get("list")).clear());
	}

	@Test
	void collectionsCannotBeChanged() {
		CheckoutSession session = read("\"metadata\":{\"a\":1},\"products\":[{\"id\":\"" + PRO + "\"}]");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> session.metadata().put("b", 2));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> session.products().clear());
	}

	@Test
	void secretsAndPersonalDataAreNotInTheText() {
		CheckoutSession session = read("""
				"client_secret":"polar_c_secret","customer_email":"ada@example.com","customer_name":"Ada",
				"customer_ip_address":"203.0.113.7","customer_tax_id":"FR61","metadata":{"note":"confidential"},
				"customer_billing_address":{"country":"FR","line1":"1 rue de la Paix","city":"Paris"},
				"payment_processor_metadata":{"customer_session_client_secret":"cuss_secret"},"brand_new":"novelty"\
				""");
		assertThat(session).hasToString("CheckoutSession[id=8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018, status=OPEN]");
		assertThat(session.customerBillingAddress()).hasToString("Address[]");
	}

	@Test
	void unreadableKeysAndTimesLeaveTheRestReadable() {
		CheckoutSession session = read("\"prices\":{\"no-id\":[]},\"expires_at\":\"tomorrow\",\"seats\":3");
		assertThat(session.prices()).isEmpty();
		assertThat(session.expiresAt()).isNull();
		assertThat(session.property("expires_at")).isEqualTo("tomorrow");
		assertThat(session.seats()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "OPEN, -1, false", "OPEN, 0, true", "OPEN, 1, true", "EXPIRED, -1, true", "CONFIRMED, 1, false",
			"SUCCEEDED, 1, false", "FAILED, 1, false", "UNKNOWN, 1, false" })
	void openSessionIsExpiredWhenItsTimeIsOver(CheckoutStatus status, long offset, boolean expired) {
		CheckoutSession session = read("\"expires_at\":\"%s\",\"status\":\"%s\"".formatted(EXPIRY, status));
		Clock clock = Clock.offset(Clock.fixed(EXPIRY, ZoneOffset.UTC), Duration.ofNanos(offset));
		assertThat(session.isExpired(clock)).isEqualTo(expired);
	}

	@Test
	void sessionWithoutTimeIsNotExpired() {
		assertThat(read("\"expires_at\":null").isExpired(Clock.systemUTC())).isFalse();
	}

}
