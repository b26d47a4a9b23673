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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.polarspring.checkout.AdHocPrice;
import org.jspecify.annotations.Nullable;

/**
 * A price of a product, as Polar describes it: from the catalog, or made for one checkout
 * session.
 *
 * @since 0.1.0
 * @see AdHocPrice
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "amount_type",
		visible = true, defaultImpl = ProductPrice.Other.class)
@JsonSubTypes({ @JsonSubTypes.Type(value = ProductPrice.Fixed.class, name = "fixed"),
		@JsonSubTypes.Type(value = ProductPrice.Custom.class, name = "custom"),
		@JsonSubTypes.Type(value = ProductPrice.SeatBased.class, name = "seat_based"),
		@JsonSubTypes.Type(value = ProductPrice.Metered.class, name = "metered_unit"),
		@JsonSubTypes.Type(value = ProductPrice.UnitBased.class, name = "unit_based") })
public sealed interface ProductPrice permits ProductPrice.Fixed, ProductPrice.Custom, ProductPrice.SeatBased,
		ProductPrice.Metered, ProductPrice.UnitBased, ProductPrice.Other {

	/**
	 * Return the id of the price.
	 * @return the id
	 */
	UUID id();

	/**
	 * Return when it was created.
	 * @return the time
	 */
	Instant createdAt();

	/**
	 * Return when it was last changed.
	 * @return the time, or {@code null} if never
	 */
	@Nullable Instant modifiedAt();

	/**
	 * Return where it comes from.
	 * @return catalog or ad-hoc
	 */
	Source source();

	/**
	 * Return Polar's name for the type.
	 * @return such as {@code fixed}
	 */
	String amountType();

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 */
	String priceCurrency();

	/**
	 * Return whether it includes tax.
	 * @return the behaviour, or {@code null} for the organization's default
	 */
	@Nullable TaxBehavior taxBehavior();

	/**
	 * Return whether it is archived.
	 * @return {@code true} if so
	 */
	boolean isArchived();

	/**
	 * Return the product that it belongs to.
	 * @return the id of the product
	 */
	UUID productId();

	/**
	 * Return whether it is paid once or again and again.
	 * @return {@code one_time} or {@code recurring}, or {@code null} if not known
	 */
	@Nullable String type();

	/**
	 * Return the billing period.
	 * @return the unit of the billing period, or {@code null} if sold once
	 */
	@Nullable RecurringInterval recurringInterval();

	/**
	 * Return whether it is an old price, with a billing period of its own.
	 * @return {@code true} if so
	 */
	boolean legacy();

	/**
	 * Return what Polar said of it beyond the other methods.
	 * @return an unmodifiable map from Polar's names to JSON values
	 */
	Map<String, @Nullable Object> additionalProperties();

	/**
	 * A fixed price.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param priceAmount amount in minor units, 0 for free
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Fixed(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			long priceAmount, @Nullable String type, @Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public Fixed {
			source = ResponseValues.known(source, Source.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A price that the buyer chooses.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param minimumAmount least amount in minor units
	 * @param maximumAmount most amount in minor units, {@code null} without limit
	 * @param presetAmount amount in minor units that the page starts with, or
	 * {@code null}
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Custom(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			long minimumAmount, @Nullable Long maximumAmount, @Nullable Long presetAmount, @Nullable String type,
			@Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public Custom {
			source = ResponseValues.known(source, Source.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A price for each seat.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param seatTiers what a seat costs
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record SeatBased(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			SeatTiers seatTiers, @Nullable String type, @Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public SeatBased {
			source = ResponseValues.known(source, Source.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A price for metered usage.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param unitAmount price of a unit in minor units, with decimals
	 * @param capAmount most that is charged in a period, in minor units, {@code null}
	 * without limit
	 * @param meterId id of the meter
	 * @param meter the meter, {@code null} if Polar left it out
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Metered(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			BigDecimal unitAmount, @Nullable Long capAmount, UUID meterId, @Nullable Meter meter, @Nullable String type,
			@Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public Metered {
			source = ResponseValues.known(source, Source.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A price for each unit.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param tiers what a unit costs
	 * @param minimumUnits least number of units, {@code null} without limit
	 * @param maximumUnits most units, {@code null} without limit
	 * @param unitLabel what a unit is called: locale to plural forms, empty if not set
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record UnitBased(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			@Nullable UnitTiers tiers, @Nullable Integer minimumUnits, @Nullable Integer maximumUnits,
			Map<String, Map<String, String>> unitLabel, @Nullable String type,
			@Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public UnitBased {
			source = ResponseValues.known(source, Source.UNKNOWN);
			unitLabel = ResponseValues.maps(unitLabel);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A price of a type that this version of the library does not know.
	 *
	 * @param id id of the price
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param source where it comes from
	 * @param amountType Polar's name for the type
	 * @param priceCurrency three letters in lower case
	 * @param taxBehavior whether it includes tax, {@code null} for the organization's
	 * default
	 * @param isArchived whether it is archived
	 * @param productId id of the product
	 * @param type {@code one_time} or {@code recurring}
	 * @param recurringInterval unit of the billing period, {@code null} if sold once
	 * @param legacy whether it is an old price with a billing period of its own
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Other(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Source source, String amountType,
			String priceCurrency, @Nullable TaxBehavior taxBehavior, boolean isArchived, UUID productId,
			@Nullable String type, @Nullable RecurringInterval recurringInterval, boolean legacy,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) implements ProductPrice {

		public Other {
			source = ResponseValues.known(source, Source.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * Tiers of a {@link SeatBased} price.
	 *
	 * @param seatTierType how the tiers add up
	 * @param tiers the tiers, in rising order
	 * @param minimumSeats least number of seats
	 * @param maximumSeats most seats, {@code null} without limit
	 * @param additionalProperties what Polar said beyond the others
	 */
	record SeatTiers(TierType seatTierType, List<Tier> tiers, int minimumSeats, @Nullable Integer maximumSeats,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public SeatTiers {
			seatTierType = ResponseValues.known(seatTierType, TierType.UNKNOWN);
			tiers = ResponseValues.list(tiers);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

		/**
		 * A range of seats and what each costs.
		 *
		 * @param minSeats first number of seats of the range
		 * @param maxSeats last number of seats of the range, {@code null} if it is
		 * open-ended
		 * @param pricePerSeat price of a seat in minor units
		 * @param additionalProperties what Polar said beyond the others
		 */
		public record Tier(int minSeats, @Nullable Integer maxSeats, long pricePerSeat,
				@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

			public Tier {
				additionalProperties = ResponseValues.map(additionalProperties);
			}

		}

	}

	/**
	 * Tiers of a {@link UnitBased} price.
	 *
	 * @param type how the tiers add up
	 * @param tiers the tiers, in rising order
	 * @param additionalProperties what Polar said beyond the others
	 */
	record UnitTiers(TierType type, List<Tier> tiers,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public UnitTiers {
			type = ResponseValues.known(type, TierType.UNKNOWN);
			tiers = ResponseValues.list(tiers);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

		/**
		 * A range of units and what each costs. It begins after the range before it.
		 *
		 * @param bound last unit of the range, {@code null} if it is open-ended
		 * @param unitAmount price of a unit in minor units
		 * @param additionalProperties what Polar said beyond the others
		 */
		public record Tier(@Nullable Long bound, BigDecimal unitAmount,
				@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

			public Tier {
				additionalProperties = ResponseValues.map(additionalProperties);
			}

		}

	}

	/**
	 * The meter of a {@link Metered} price.
	 *
	 * @param id id of the meter
	 * @param name its name
	 * @param unit what it counts
	 * @param customLabel what a unit is called, or {@code null}
	 * @param customMultiplier how many make one unit on the page, or {@code null}
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Meter(UUID id, String name, MeterUnit unit, @Nullable String customLabel, @Nullable Long customMultiplier,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public Meter {
			unit = ResponseValues.known(unit, MeterUnit.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * Where a price comes from.
	 */
	enum Source {

		/**
		 * The product's own.
		 */
		CATALOG,

		/**
		 * Made for one checkout session.
		 */
		AD_HOC,

		/**
		 * A source that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

	/**
	 * What a meter counts.
	 */
	enum MeterUnit {

		/**
		 * Plain numbers.
		 */
		SCALAR,

		/**
		 * Tokens of a language model.
		 */
		TOKEN,

		/**
		 * Something with a label of its own.
		 */
		CUSTOM,

		/**
		 * A unit that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
