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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.model.TierType;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Price that applies to one checkout session instead of the prices in Polar's catalog.
 * Every price names its currency; one of a product's prices must be in the organization's
 * default currency. Amounts include tax or not, depending on {@link #taxBehavior()}.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/checkout/session#ad-hoc-prices">Polar on
 * ad-hoc prices</a>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "amount_type")
@JsonSubTypes({ @JsonSubTypes.Type(value = AdHocPrice.Fixed.class, name = "fixed"),
		@JsonSubTypes.Type(value = AdHocPrice.Custom.class, name = "custom"),
		@JsonSubTypes.Type(value = AdHocPrice.SeatBased.class, name = "seat_based"),
		@JsonSubTypes.Type(value = AdHocPrice.Metered.class, name = "metered_unit"),
		@JsonSubTypes.Type(value = AdHocPrice.UnitBased.class, name = "unit_based") })
public sealed interface AdHocPrice
		permits AdHocPrice.Fixed, AdHocPrice.Custom, AdHocPrice.SeatBased, AdHocPrice.Metered, AdHocPrice.UnitBased {

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 */
	String priceCurrency();

	/**
	 * Return whether the price includes tax.
	 * @return the behavior, or {@code null} for the organization's default
	 */
	@Nullable TaxBehavior taxBehavior();

	/**
	 * Return this price with another tax behavior.
	 * @param taxBehavior the behavior, {@code null} for the organization's default
	 * @return a new price
	 */
	AdHocPrice taxBehavior(@Nullable TaxBehavior taxBehavior);

	/**
	 * Create a fixed price.
	 * @param amount the amount in minor units of the currency: 1999 for 19.99 usd
	 * @param currency the currency, three letters
	 * @return a price
	 */
	static Fixed fixed(long amount, String currency) {
		return new Fixed(amount, currency, null);
	}

	/**
	 * Create a fixed price from an amount in major units.
	 * @param amount the amount, such as 19.99
	 * @param currency the currency, three letters
	 * @return a price
	 * @see MinorUnits#of
	 */
	static Fixed fixed(BigDecimal amount, String currency) {
		return fixed(MinorUnits.of(amount, currency), currency);
	}

	/**
	 * Create a price for a free product. It is sent as a fixed price of 0, which Polar
	 * currently requires.
	 * @param currency the currency, three letters
	 * @return a price
	 */
	static Fixed free(String currency) {
		return fixed(0, currency);
	}

	/**
	 * Create a pay-what-you-want price, which the buyer chooses.
	 * @param currency the currency, three letters
	 * @return a price with Polar's minimum (50), without a maximum and a preset
	 */
	static Custom custom(String currency) {
		return new Custom(null, null, null, currency, null);
	}

	/**
	 * Create a price per seat with volume tiers: the tier that contains the number of
	 * seats determines the price of all seats.
	 * @param currency the currency, three letters
	 * @param tiers prices of a seat; together the tiers must cover a range without gaps
	 * @return a price
	 */
	static SeatBased seatBased(String currency, SeatTier... tiers) {
		return new SeatBased(new SeatTiers(TierType.VOLUME, Arrays.asList(tiers)), currency, null);
	}

	/**
	 * Create a price for metered usage. For recurring products only.
	 * @param meterId id of the meter
	 * @param unitAmount price of a unit in minor units of the currency, with up to 12
	 * decimals
	 * @param currency the currency, three letters
	 * @return a price
	 */
	static Metered metered(UUID meterId, BigDecimal unitAmount, String currency) {
		return new Metered(meterId, unitAmount, null, currency, null);
	}

	/**
	 * Create a price per unit with volume tiers. For recurring products only, and only if
	 * Polar has enabled the feature for the organization.
	 * @param currency the currency, three letters
	 * @param tiers prices of a unit, in ascending order
	 * @return a price
	 */
	static UnitBased unitBased(String currency, UnitTier... tiers) {
		return new UnitBased(new UnitTiers(TierType.VOLUME, Arrays.asList(tiers)), null, null, currency, null);
	}

	private static void requireNotNegative(String field, @Nullable Long amount) {
		Assert.isTrue(amount == null || amount >= 0, () -> field + " must not be negative");
	}

	private static String requireCurrency(String currency) {
		return MinorUnits.code(currency);
	}

	private static void requireKnown(@Nullable TaxBehavior taxBehavior) {
		Assert.isTrue(taxBehavior != TaxBehavior.UNKNOWN, "tax_behavior must not be unknown");
	}

	/**
	 * Fixed price.
	 *
	 * @param priceAmount amount in minor units, 0 for free
	 * @param priceCurrency three letters
	 * @param taxBehavior whether the price includes tax
	 */
	record Fixed(long priceAmount, String priceCurrency, @Nullable TaxBehavior taxBehavior) implements AdHocPrice {

		public Fixed {
			requireNotNegative("price_amount", priceAmount);
			priceCurrency = requireCurrency(priceCurrency);
			requireKnown(taxBehavior);
		}

		@Override
		public Fixed taxBehavior(@Nullable TaxBehavior taxBehavior) {
			return new Fixed(this.priceAmount, this.priceCurrency, taxBehavior);
		}

	}

	/**
	 * Price that the buyer chooses.
	 *
	 * @param minimumAmount minimum amount in minor units, {@code null} for Polar's
	 * default, 0 to permit the buyer to pay nothing
	 * @param maximumAmount maximum amount in minor units
	 * @param presetAmount amount in minor units that the page starts with
	 * @param priceCurrency three letters
	 * @param taxBehavior whether the price includes tax
	 */
	record Custom(@Nullable Long minimumAmount, @Nullable Long maximumAmount, @Nullable Long presetAmount,
			String priceCurrency, @Nullable TaxBehavior taxBehavior) implements AdHocPrice {

		public Custom {
			requireNotNegative("minimum_amount", minimumAmount);
			requireNotNegative("preset_amount", presetAmount);
			Assert.isTrue(maximumAmount == null || maximumAmount >= 1, "maximum_amount must be at least 1");
			Assert.isTrue(minimumAmount == null || maximumAmount == null || minimumAmount <= maximumAmount,
					"minimum_amount must not be greater than maximum_amount");
			Assert.isTrue(presetAmount == null || maximumAmount == null || presetAmount <= maximumAmount,
					"preset_amount must not be greater than maximum_amount");
			Assert.isTrue(presetAmount == null || minimumAmount == null || presetAmount >= minimumAmount,
					"preset_amount must not be less than minimum_amount");
			priceCurrency = requireCurrency(priceCurrency);
			requireKnown(taxBehavior);
		}

		/**
		 * Return this price with a minimum.
		 * @param amount the amount in minor units, 0 to permit the buyer to pay nothing
		 * @return a new price
		 */
		public Custom minimum(long amount) {
			return new Custom(amount, this.maximumAmount, this.presetAmount, this.priceCurrency, this.taxBehavior);
		}

		/**
		 * Return this price with a maximum.
		 * @param amount the amount in minor units
		 * @return a new price
		 */
		public Custom maximum(long amount) {
			return new Custom(this.minimumAmount, amount, this.presetAmount, this.priceCurrency, this.taxBehavior);
		}

		/**
		 * Return this price with an amount that the page starts with.
		 * @param amount the amount in minor units
		 * @return a new price
		 */
		public Custom preset(long amount) {
			return new Custom(this.minimumAmount, this.maximumAmount, amount, this.priceCurrency, this.taxBehavior);
		}

		@Override
		public Custom taxBehavior(@Nullable TaxBehavior taxBehavior) {
			return new Custom(this.minimumAmount, this.maximumAmount, this.presetAmount, this.priceCurrency,
					taxBehavior);
		}

	}

	/**
	 * Price per seat.
	 *
	 * @param seatTiers prices of a seat
	 * @param priceCurrency three letters
	 * @param taxBehavior whether the price includes tax
	 */
	record SeatBased(SeatTiers seatTiers, String priceCurrency,
			@Nullable TaxBehavior taxBehavior) implements AdHocPrice {

		public SeatBased {
			Assert.notNull(seatTiers, "seat_tiers must not be null");
			priceCurrency = requireCurrency(priceCurrency);
			requireKnown(taxBehavior);
		}

		/**
		 * Return this price with graduated tiers: each tier determines the price of the
		 * seats within it.
		 * @return a new price
		 */
		public SeatBased graduated() {
			return new SeatBased(new SeatTiers(TierType.GRADUATED, this.seatTiers.tiers()), this.priceCurrency,
					this.taxBehavior);
		}

		@Override
		public SeatBased taxBehavior(@Nullable TaxBehavior taxBehavior) {
			return new SeatBased(this.seatTiers, this.priceCurrency, taxBehavior);
		}

	}

	/**
	 * Price for metered usage.
	 *
	 * @param meterId id of the meter
	 * @param unitAmount price of a unit in minor units
	 * @param capAmount maximum amount that is charged in a period, in minor units
	 * @param priceCurrency three letters
	 * @param taxBehavior whether the price includes tax
	 */
	record Metered(UUID meterId, @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal unitAmount,
			@Nullable Long capAmount, String priceCurrency, @Nullable TaxBehavior taxBehavior) implements AdHocPrice {

		private static final int MAX_INTEGER_DIGITS = 5;

		private static final int MAX_SCALE = 12;

		public Metered {
			CheckoutFields.id("meter_id", meterId);
			Assert.isTrue(unitAmount != null && unitAmount.signum() > 0, "unit_amount must be positive");
			unitAmount = unitAmount.stripTrailingZeros();
			Assert.isTrue(
					unitAmount.scale() <= MAX_SCALE
							&& (long) unitAmount.precision() - unitAmount.scale() <= MAX_INTEGER_DIGITS,
					"unit_amount must have at most 5 digits and 12 decimals");
			unitAmount = (unitAmount.scale() < 0) ? unitAmount.setScale(0) : unitAmount;
			requireNotNegative("cap_amount", capAmount);
			Assert.isTrue(capAmount == null || capAmount <= Integer.MAX_VALUE,
					"cap_amount must be at most " + Integer.MAX_VALUE);
			priceCurrency = requireCurrency(priceCurrency);
			requireKnown(taxBehavior);
		}

		/**
		 * Return this price with a cap.
		 * @param amount maximum amount that is charged in a period, in minor units
		 * @return a new price
		 */
		public Metered cap(long amount) {
			return new Metered(this.meterId, this.unitAmount, amount, this.priceCurrency, this.taxBehavior);
		}

		@Override
		public Metered taxBehavior(@Nullable TaxBehavior taxBehavior) {
			return new Metered(this.meterId, this.unitAmount, this.capAmount, this.priceCurrency, taxBehavior);
		}

	}

	/**
	 * Price per unit.
	 *
	 * @param tiers prices of a unit
	 * @param minimumUnits minimum number of units
	 * @param unitLabel name of a unit: map from locales to plural forms ({@code one},
	 * {@code other}), at most 32 characters each
	 * @param priceCurrency three letters
	 * @param taxBehavior whether the price includes tax
	 */
	record UnitBased(UnitTiers tiers, @Nullable Integer minimumUnits,
			@Nullable Map<String, Map<String, String>> unitLabel, String priceCurrency,
			@Nullable TaxBehavior taxBehavior) implements AdHocPrice {

		private static final int MAX_LABEL_LENGTH = 32;

		public UnitBased {
			Assert.notNull(tiers, "tiers must not be null");
			Assert.isTrue(minimumUnits == null || minimumUnits >= 1, "minimum_units must be at least 1");
			if (unitLabel != null) {
				unitLabel.forEach((locale, forms) -> {
					CheckoutFields.requireWellFormed("unit_label", locale);
					forms.forEach((form, label) -> {
						CheckoutFields.requireWellFormed("unit_label", form);
						CheckoutFields.requireWellFormed("unit_label", label);
					});
					Assert.isTrue(forms.containsKey("other"), "unit_label must contain the plural form 'other'");
					Assert.isTrue(
							forms.values()
								.stream()
								.allMatch((form) -> !form.isEmpty() && form.length() <= MAX_LABEL_LENGTH),
							"unit_label must have 1 to 32 characters");
				});
				unitLabel = Map.copyOf(unitLabel);
			}
			priceCurrency = requireCurrency(priceCurrency);
			requireKnown(taxBehavior);
		}

		/**
		 * Return this price with graduated tiers: each tier determines the price of the
		 * units within it.
		 * @return a new price
		 */
		public UnitBased graduated() {
			return new UnitBased(new UnitTiers(TierType.GRADUATED, this.tiers.tiers()), this.minimumUnits,
					this.unitLabel, this.priceCurrency, this.taxBehavior);
		}

		/**
		 * Return this price with a minimum number of units.
		 * @param units the number
		 * @return a new price
		 */
		public UnitBased minimum(int units) {
			return new UnitBased(this.tiers, units, this.unitLabel, this.priceCurrency, this.taxBehavior);
		}

		/**
		 * Return this price with a name for its units.
		 * @param unitLabel map from locales to plural forms
		 * @return a new price
		 */
		public UnitBased label(Map<String, Map<String, String>> unitLabel) {
			return new UnitBased(this.tiers, this.minimumUnits, unitLabel, this.priceCurrency, this.taxBehavior);
		}

		@Override
		public UnitBased taxBehavior(@Nullable TaxBehavior taxBehavior) {
			return new UnitBased(this.tiers, this.minimumUnits, this.unitLabel, this.priceCurrency, taxBehavior);
		}

	}

	/**
	 * Tiers of a {@link SeatBased} price.
	 *
	 * @param seatTierType how the tiers are combined
	 * @param tiers the tiers, in ascending order
	 */
	record SeatTiers(TierType seatTierType, List<SeatTier> tiers) {

		public SeatTiers {
			Assert.isTrue(seatTierType != TierType.UNKNOWN, "seat_tier_type must not be unknown");
			tiers = SeatTier.sorted(tiers);
		}

	}

	/**
	 * Tiers of a {@link UnitBased} price.
	 *
	 * @param type how the tiers are combined
	 * @param tiers the tiers, in ascending order
	 */
	record UnitTiers(TierType type, List<UnitTier> tiers) {

		public UnitTiers {
			Assert.isTrue(type != TierType.UNKNOWN, "type must not be unknown");
			tiers = UnitTier.rising(tiers);
		}

	}

}
