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
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Price of a product: from the catalog, or created for one checkout session.
 *
 * @since 0.1.0
 */
public abstract sealed class ProductPrice extends PolarResource {

	ProductPrice(Value value) {
		super(value);
	}

	/**
	 * Create the price of the type that Polar names.
	 */
	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	static ProductPrice of(Value value) {
		return switch (value.object().path("amount_type").asString("")) {
			case "fixed" -> new Fixed(value);
			case "custom" -> new Custom(value);
			case "seat_based" -> new SeatBased(value);
			case "metered_unit" -> new Metered(value);
			case "unit_based" -> new UnitBased(value);
			default -> new Other(value);
		};
	}

	/**
	 * Return the id.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public final UUID id() {
		return required("id", Form.ID);
	}

	/**
	 * Return when it was created.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public final @Nullable Instant createdAt() {
		return read("created_at", Form.TIME);
	}

	/**
	 * Return when it was last changed.
	 * @return the time, or {@code null} if never, or if it cannot be read
	 */
	public final @Nullable Instant modifiedAt() {
		return read("modified_at", Form.TIME);
	}

	/**
	 * Return where the price comes from.
	 * @return the source, or {@code null} if absent or unreadable
	 */
	public final @Nullable Source source() {
		return read("source", Form.oneOf(Source.class));
	}

	/**
	 * Return Polar's name of the type.
	 * @return the name, such as {@code fixed}, or {@code null} if absent or unreadable
	 */
	public final @Nullable String amountType() {
		return read("amount_type", Form.TEXT);
	}

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public final String priceCurrency() {
		return required("price_currency", Form.TEXT);
	}

	/**
	 * Return whether the price includes tax.
	 * @return the behavior, or {@code null} if the default of the organization applies,
	 * or if it cannot be read
	 */
	public final @Nullable TaxBehavior taxBehavior() {
		return read("tax_behavior", Form.oneOf(TaxBehavior.class));
	}

	/**
	 * Return whether the price is archived.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public final boolean isArchived() {
		return flag("is_archived");
	}

	/**
	 * Return the product.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public final @Nullable UUID productId() {
		return read("product_id", Form.ID);
	}

	/**
	 * Return whether the price is paid once or repeatedly.
	 * @return {@code one_time} or {@code recurring}, or {@code null} if absent or
	 * unreadable
	 */
	public final @Nullable String type() {
		return read("type", Form.TEXT);
	}

	/**
	 * Return the unit of the billing period.
	 * @return the unit, or {@code null} if the product is sold once, or if it cannot be
	 * read
	 */
	public final @Nullable RecurringInterval recurringInterval() {
		return read("recurring_interval", Form.oneOf(RecurringInterval.class));
	}

	/**
	 * Return whether this is an old price with a separate billing period.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public final boolean legacy() {
		return flag("legacy");
	}

	/**
	 * Fixed price.
	 */
	public static final class Fixed extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Fixed(Value value) {
			super(value);
		}

		/**
		 * Return the price. {@link #taxBehavior()} determines whether it includes tax.
		 * @return the amount in minor units, 0 if free
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public long priceAmount() {
			return required("price_amount", Form.LONG);
		}

	}

	/**
	 * Price that the buyer chooses.
	 */
	public static final class Custom extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Custom(Value value) {
			super(value);
		}

		/**
		 * Return the minimum price. Like the other amounts, it includes tax if
		 * {@link #taxBehavior()} says so.
		 * @return the amount in minor units
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public long minimumAmount() {
			return required("minimum_amount", Form.LONG);
		}

		/**
		 * Return the maximum price.
		 * @return the amount in minor units, or {@code null} if not limited
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Long maximumAmount() {
			return checked("maximum_amount", Form.LONG);
		}

		/**
		 * Return the price that the page suggests.
		 * @return the amount in minor units, or {@code null} if there is none
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Long presetAmount() {
			return checked("preset_amount", Form.LONG);
		}

	}

	/**
	 * Price per seat.
	 */
	public static final class SeatBased extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		SeatBased(Value value) {
			super(value);
		}

		/**
		 * Return the prices of a seat.
		 * @return the tiers, or {@code null} if absent or unreadable
		 */
		public @Nullable SeatTiers seatTiers() {
			return resource("seat_tiers", SeatTiers::new);
		}

	}

	/**
	 * Price for metered usage.
	 */
	public static final class Metered extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Metered(Value value) {
			super(value);
		}

		/**
		 * Return the price of a unit.
		 * @return the amount in minor units, with decimals
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public BigDecimal unitAmount() {
			return required("unit_amount", Form.DECIMAL_TEXT);
		}

		/**
		 * Return the maximum that is charged in a period.
		 * @return the amount in minor units, or {@code null} if not limited
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Long capAmount() {
			return checked("cap_amount", Form.LONG);
		}

		/**
		 * Return the meter.
		 * @return the id, or {@code null} if absent or unreadable
		 */
		public @Nullable UUID meterId() {
			return read("meter_id", Form.ID);
		}

		/**
		 * Return the meter.
		 * @return the meter, or {@code null} if absent or unreadable
		 */
		public @Nullable Meter meter() {
			return resource("meter", Meter::new);
		}

	}

	/**
	 * Price per unit.
	 */
	public static final class UnitBased extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		UnitBased(Value value) {
			super(value);
		}

		/**
		 * Return the prices of a unit.
		 * @return the tiers, or {@code null} if absent or unreadable
		 */
		public @Nullable UnitTiers tiers() {
			return resource("tiers", UnitTiers::new);
		}

		/**
		 * Return the minimum number of units.
		 * @return the number, or {@code null} if not limited, or if it cannot be read
		 */
		public @Nullable Integer minimumUnits() {
			return read("minimum_units", Form.INTEGER);
		}

		/**
		 * Return the maximum number of units.
		 * @return the number, or {@code null} if not limited, or if it cannot be read
		 */
		public @Nullable Integer maximumUnits() {
			return read("maximum_units", Form.INTEGER);
		}

		/**
		 * Return the name of a unit.
		 * @return an unmodifiable map from locales to plural forms, empty if absent or
		 * unreadable
		 */
		public Map<String, Map<String, String>> unitLabel() {
			return map("unit_label", Function.identity(), Form.mapOf(Function.identity(), Form.TEXT));
		}

	}

	/**
	 * Price of a type that this version of the library does not know.
	 */
	public static final class Other extends ProductPrice {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Other(Value value) {
			super(value);
		}

	}

	/**
	 * Tiers of a {@link SeatBased} price.
	 */
	public static final class SeatTiers extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		SeatTiers(Value value) {
			super(value);
		}

		/**
		 * Return how the tiers are combined.
		 * @return the type, or {@code null} if absent or unreadable
		 */
		public @Nullable TierType seatTierType() {
			return read("seat_tier_type", Form.oneOf(TierType.class));
		}

		/**
		 * Return the tiers, in ascending order.
		 * @return an unmodifiable list, empty if absent or unreadable
		 */
		public List<Tier> tiers() {
			return resources("tiers", Tier::new);
		}

		/**
		 * Return the minimum number of seats.
		 * @return the number, or {@code null} if absent
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Integer minimumSeats() {
			return checked("minimum_seats", Form.INTEGER);
		}

		/**
		 * Return the maximum number of seats.
		 * @return the number, or {@code null} if not limited
		 * @throws PolarDataException if it cannot be read
		 */
		public @Nullable Integer maximumSeats() {
			return checked("maximum_seats", Form.INTEGER);
		}

		/**
		 * Range of seats with the price of each seat.
		 */
		public static final class Tier extends PolarResource {

			@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
			Tier(Value value) {
				super(value);
			}

			/**
			 * Return the first number of seats of the range.
			 * @return the number
			 * @throws PolarDataException if it is missing or cannot be read
			 */
			public int minSeats() {
				return required("min_seats", Form.INTEGER);
			}

			/**
			 * Return the last number of seats of the range.
			 * @return the number, or {@code null} if the range is open-ended
			 * @throws PolarDataException if it cannot be read
			 */
			public @Nullable Integer maxSeats() {
				return checked("max_seats", Form.INTEGER);
			}

			/**
			 * Return the price of a seat.
			 * @return the amount in minor units
			 * @throws PolarDataException if it is missing or cannot be read
			 */
			public long pricePerSeat() {
				return required("price_per_seat", Form.LONG);
			}

		}

	}

	/**
	 * Tiers of a {@link UnitBased} price.
	 */
	public static final class UnitTiers extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		UnitTiers(Value value) {
			super(value);
		}

		/**
		 * Return how the tiers are combined.
		 * @return the type, or {@code null} if absent or unreadable
		 */
		public @Nullable TierType type() {
			return read("type", Form.oneOf(TierType.class));
		}

		/**
		 * Return the tiers, in ascending order.
		 * @return an unmodifiable list, empty if absent or unreadable
		 */
		public List<Tier> tiers() {
			return resources("tiers", Tier::new);
		}

		/**
		 * Range of units with the price of each unit. It starts after the preceding
		 * range.
		 */
		public static final class Tier extends PolarResource {

			@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
			Tier(Value value) {
				super(value);
			}

			/**
			 * Return the last unit of the range.
			 * @return the number, or {@code null} if the range is open-ended
			 * @throws PolarDataException if it cannot be read
			 */
			public @Nullable Long bound() {
				return checked("bound", Form.LONG);
			}

			/**
			 * Return the price of a unit.
			 * @return the amount in minor units, with decimals
			 * @throws PolarDataException if it is missing or cannot be read
			 */
			public BigDecimal unitAmount() {
				return required("unit_amount", Form.DECIMAL_TEXT);
			}

		}

	}

	/**
	 * Meter of a {@link Metered} price.
	 */
	public static final class Meter extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Meter(Value value) {
			super(value);
		}

		/**
		 * Return the id.
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public UUID id() {
			return required("id", Form.ID);
		}

		/**
		 * Return the name.
		 * @return the name, or {@code null} if absent or unreadable
		 */
		public @Nullable String name() {
			return read("name", Form.TEXT);
		}

		/**
		 * Return what the meter counts.
		 * @return the unit, or {@code null} if absent or unreadable
		 */
		public @Nullable MeterUnit unit() {
			return read("unit", Form.oneOf(MeterUnit.class));
		}

		/**
		 * Return the name of a unit.
		 * @return the name, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable String customLabel() {
			return read("custom_label", Form.TEXT);
		}

		/**
		 * Return how many counted units make up one displayed unit.
		 * @return the number, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable Long customMultiplier() {
			return read("custom_multiplier", Form.LONG);
		}

	}

	/**
	 * Source of a price.
	 */
	public enum Source {

		/**
		 * From the catalog.
		 */
		CATALOG,

		/**
		 * Created for one checkout session.
		 */
		AD_HOC,

		/**
		 * A source that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

	/**
	 * Unit that a meter counts.
	 */
	public enum MeterUnit {

		/**
		 * Plain numbers.
		 */
		SCALAR,

		/**
		 * Tokens of a language model.
		 */
		TOKEN,

		/**
		 * Anything, with a custom label.
		 */
		CUSTOM,

		/**
		 * A unit that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
