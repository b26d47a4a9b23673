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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.model.TierType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link AdHocPrice}, and for the lists of them that a request accepts.
 */
class AdHocPriceTests {

	private static final UUID METER = UUID.randomUUID();

	@ParameterizedTest
	@CsvSource({ "19.99,usd,1999", "19.9,EUR,1990", "1000,jpy,1000", "0,usd,0", "0.01,isk,1", "12.00,usd,1200",
			"1E+3,krw,1000", "5,ugx,500" })
	void majorUnitsBecomeMinorUnits(BigDecimal amount, String currency, long expected) {
		assertThat(MinorUnits.of(amount, currency)).isEqualTo(expected);
		assertThat(MinorUnits.toMajorUnits(expected, currency)).isEqualByComparingTo(amount);
		assertThat(AdHocPrice.fixed(amount, currency)).isEqualTo(AdHocPrice.fixed(expected, currency.toLowerCase()));
	}

	@ParameterizedTest
	@CsvSource({ "19.999,usd", "1.5,jpy", "1E+30,usd", "1,us", "1,usdt" })
	void amountThatTheCurrencyCannotHoldIsRejected(BigDecimal amount, String currency) {
		assertThatIllegalArgumentException().isThrownBy(() -> MinorUnits.of(amount, currency));
	}

	static Stream<Arguments> badPrices() {
		return Stream.of(bad("price_amount", () -> AdHocPrice.fixed(-1, "usd")),
				bad("currency", () -> AdHocPrice.fixed(1, "dollar")), bad("currency", () -> AdHocPrice.fixed(1, null)),
				bad("minimum_amount must not be negative", () -> AdHocPrice.custom("usd").minimum(-1)),
				bad("maximum_amount must be at least 1", () -> AdHocPrice.custom("usd").maximum(0)),
				bad("minimum_amount must not be greater", () -> AdHocPrice.custom("usd").minimum(200).maximum(100)),
				bad("preset_amount must not be greater", () -> AdHocPrice.custom("usd").maximum(100).preset(101)),
				bad("preset_amount must not be less", () -> AdHocPrice.custom("usd").minimum(100).preset(99)),
				bad("seat_tiers must not be empty", () -> AdHocPrice.seatBased("usd")),
				bad("min_seats", () -> SeatTier.from(0, 1)), bad("max_seats", () -> SeatTier.of(5, 4, 1)),
				bad("price_per_seat", () -> SeatTier.from(1, -1)),
				bad("overlaps", () -> AdHocPrice.seatBased("usd", SeatTier.of(1, 10, 5), SeatTier.from(10, 4))),
				bad("leaves a gap", () -> AdHocPrice.seatBased("usd", SeatTier.of(1, 10, 5), SeatTier.from(12, 4))),
				bad("seat_tiers must be contiguous",
						() -> AdHocPrice.seatBased("usd", SeatTier.from(1, 5), SeatTier.from(11, 4))),
				bad("unit_amount must be positive", () -> AdHocPrice.metered(METER, BigDecimal.ZERO, "usd")),
				bad("at most 5 digits and 12 decimals",
						() -> AdHocPrice.metered(METER, new BigDecimal("100000"), "usd")),
				bad("at most 5 digits and 12 decimals",
						() -> AdHocPrice.metered(METER, new BigDecimal("0.0000000000001"), "usd")),
				bad("at most 5 digits and 12 decimals",
						() -> AdHocPrice.metered(METER, new BigDecimal("1E+2147483647"), "usd")),
				bad("amount must be a number", () -> AdHocPrice.fixed(new BigDecimal("1E+2147483647"), "usd")),
				bad("amount must be a number", () -> AdHocPrice.fixed(new BigDecimal("1E-2147483647"), "usd")),
				bad("cap_amount", () -> AdHocPrice.metered(METER, BigDecimal.ONE, "usd").cap(-1)),
				bad("tiers must not be empty", () -> AdHocPrice.unitBased("usd")),
				bad("bound", () -> UnitTier.upTo(0, 1)), bad("unit_amount", () -> UnitTier.beyond(-1)),
				bad("ascending bounds", () -> AdHocPrice.unitBased("usd", UnitTier.upTo(5, 1), UnitTier.upTo(5, 1))),
				bad("ascending bounds", () -> AdHocPrice.unitBased("usd", UnitTier.beyond(1), UnitTier.upTo(5, 1))),
				bad("minimum_units", () -> AdHocPrice.unitBased("usd", UnitTier.beyond(1)).minimum(0)),
				bad("plural form 'other'",
						() -> AdHocPrice.unitBased("usd", UnitTier.beyond(1))
							.label(Map.of("en", Map.of("one", "call")))),
				bad("1 to 32 characters",
						() -> AdHocPrice.unitBased("usd", UnitTier.beyond(1))
							.label(Map.of("en", Map.of("other", "x".repeat(33))))),
				bad("1 to 32 characters",
						() -> AdHocPrice.unitBased("usd", UnitTier.beyond(1))
							.label(Map.of("en", Map.of("other", "calls", "one", "")))),
				bad("preset_amount must not be negative", () -> AdHocPrice.custom("usd").preset(-1)),
				bad("cap_amount must be at most 2147483647",
						() -> AdHocPrice.metered(METER, BigDecimal.ONE, "usd").cap(Integer.MAX_VALUE + 1L)),
				bad("seat_tiers must not be null", () -> new AdHocPrice.SeatBased(null, "usd", null)),
				bad("tiers must not be null", () -> new AdHocPrice.UnitBased(null, null, null, "usd", null)),
				bad("seat_tier_type must not be unknown",
						() -> new AdHocPrice.SeatTiers(TierType.UNKNOWN, List.of(SeatTier.from(1, 5)))),
				bad("type must not be unknown",
						() -> new AdHocPrice.UnitTiers(TierType.UNKNOWN, List.of(UnitTier.beyond(1)))));
	}

	static Stream<AdHocPrice> onePriceOfEachKind() {
		return Stream.of(AdHocPrice.free("usd"), AdHocPrice.custom("usd").minimum(100).maximum(900).preset(500),
				AdHocPrice.seatBased("usd", SeatTier.from(1, 5)).graduated(),
				AdHocPrice.metered(METER, BigDecimal.ONE, "usd").cap(100),
				AdHocPrice.unitBased("usd", UnitTier.beyond(1))
					.graduated()
					.minimum(2)
					.label(Map.of("en", Map.of("other", "calls"))));
	}

	@ParameterizedTest
	@MethodSource("onePriceOfEachKind")
	void taxBehaviorIsAllThatChanges(AdHocPrice price) {
		AdHocPrice inclusive = price.taxBehavior(TaxBehavior.INCLUSIVE);
		assertThat(inclusive.taxBehavior()).isEqualTo(TaxBehavior.INCLUSIVE);
		assertThat(inclusive).isNotEqualTo(price);
		assertThat(inclusive.taxBehavior(null)).isEqualTo(price);
		assertThatIllegalArgumentException().isThrownBy(() -> price.taxBehavior(TaxBehavior.UNKNOWN))
			.withMessageContaining("tax_behavior");
	}

	@Test
	void changesArePartOfThePrice() {
		assertThat(AdHocPrice.custom("usd").minimum(100).maximum(900).preset(500))
			.isEqualTo(new AdHocPrice.Custom(100L, 900L, 500L, "usd", null));
		assertThat(AdHocPrice.seatBased("usd", SeatTier.from(1, 5)).graduated().seatTiers().seatTierType())
			.isEqualTo(TierType.GRADUATED);
		assertThat(AdHocPrice.metered(METER, BigDecimal.ONE, "usd").cap(100).capAmount()).isEqualTo(100);
		AdHocPrice.UnitBased units = AdHocPrice.unitBased("usd", UnitTier.beyond(1)).graduated().minimum(2);
		assertThat(units.tiers().type()).isEqualTo(TierType.GRADUATED);
		assertThat(units.minimumUnits()).isEqualTo(2);
		assertThat(units.label(Map.of("en", Map.of("other", "calls"))).unitLabel()).containsOnlyKeys("en");
	}

	@Test
	void limitsAreAllowed() {
		AdHocPrice.custom("usd").minimum(0).preset(0);
		AdHocPrice.custom("usd").maximum(1).minimum(1).preset(1);
		SeatTier.of(1, 1, 0);
		UnitTier.upTo(1, 0);
		AdHocPrice.metered(METER, BigDecimal.ONE, "usd").cap(0).cap(Integer.MAX_VALUE);
		AdHocPrice.unitBased("usd", UnitTier.beyond(0))
			.minimum(1)
			.label(Map.of("en", Map.of("other", "x".repeat(32), "one", "x")));
		assertThat(AdHocPrice.metered(METER, new BigDecimal("99999.999999999999"), "usd").unitAmount())
			.isEqualTo("99999.999999999999");
		assertThat(AdHocPrice.metered(METER, new BigDecimal("0.0000000000010"), "usd").unitAmount())
			.isEqualTo("0.000000000001");
		assertThat(AdHocPrice.metered(METER, new BigDecimal("1E+3"), "usd").unitAmount()).isEqualTo("1000");
	}

	static Stream<Arguments> badLists() {
		AdHocPrice usd = AdHocPrice.fixed(100, "usd");
		AdHocPrice eur = AdHocPrice.fixed(100, "eur");
		AdHocPrice custom = AdHocPrice.custom("usd");
		AdHocPrice seats = AdHocPrice.seatBased("usd", SeatTier.from(1, 5));
		AdHocPrice units = AdHocPrice.unitBased("usd", UnitTier.beyond(1));
		AdHocPrice metered = AdHocPrice.metered(METER, BigDecimal.ONE, "usd");
		return Stream.of(list("prices must not be empty"), list("prices must not contain null", usd, null),
				list("at most one fixed price in usd", usd, AdHocPrice.free("usd")),
				list("at most one seatbased price in usd", seats, seats),
				list("must not combine a custom price", custom, usd),
				list("must not combine a custom price", seats, custom),
				list("must not combine a seat-based with a unit-based", seats, units),
				list("a meter more than once in usd", metered, metered),
				list("the same tax_behavior", usd.taxBehavior(TaxBehavior.INCLUSIVE), seats),
				list("same types in every currency", usd, seats, eur));
	}

	private static Arguments bad(String message, Supplier<?> price) {
		return arguments(message, price);
	}

	private static Arguments list(String message, AdHocPrice... prices) {
		return bad(message, () -> CheckoutRequest.forProducts("pro").price("pro", prices));
	}

	@ParameterizedTest
	@MethodSource({ "badPrices", "badLists" })
	void whatPolarWouldRejectIsRejectedWhereItIsBuilt(String message, Supplier<?> price) {
		assertThatIllegalArgumentException().isThrownBy(price::get).withMessageContaining(message);
	}

	@Test
	void listsThatPolarAcceptsAreAccepted() {
		CheckoutRequest request = CheckoutRequest.forProducts("a", "b", "c")
			.price("a", AdHocPrice.fixed(100, "usd"), AdHocPrice.seatBased("usd", SeatTier.from(1, 5)),
					AdHocPrice.metered(METER, BigDecimal.ONE, "usd"),
					AdHocPrice.metered(UUID.randomUUID(), BigDecimal.ONE, "usd"))
			.price("b", AdHocPrice.custom("usd"), AdHocPrice.metered(METER, BigDecimal.ONE, "usd"))
			.price("c", AdHocPrice.fixed(100, "usd").taxBehavior(TaxBehavior.INCLUSIVE), AdHocPrice.fixed(90, "eur"))
			.build();
		assertThat(request.prices()).containsOnlyKeys("a", "b", "c");
		assertThat(request.mutate().build()).isEqualTo(request);
	}

	@Test
	void priceOfAProductThatIsNotInTheSessionIsRejected() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CheckoutRequest.forProducts("pro").price("team", AdHocPrice.free("usd")))
			.withMessage("prices: 'team' is not one of the products of the session: [pro]");
	}

	@Test
	void tiersAreSorted() {
		assertThat(AdHocPrice.seatBased("usd", SeatTier.from(11, 4), SeatTier.of(1, 10, 5)).seatTiers().tiers())
			.containsExactly(SeatTier.of(1, 10, 5), SeatTier.from(11, 4));
	}

}
