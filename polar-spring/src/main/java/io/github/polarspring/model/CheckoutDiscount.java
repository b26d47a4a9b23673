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

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Discount of a checkout session, an order or a subscription.
 *
 * @since 0.1.0
 */
public abstract sealed class CheckoutDiscount extends PolarResource {

	CheckoutDiscount(Value value) {
		super(value);
	}

	/**
	 * Create the discount of the type that Polar names.
	 */
	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	static CheckoutDiscount of(Value value) {
		return switch (value.object().path("type").asString("")) {
			case "fixed" -> new Fixed(value);
			case "percentage" -> new Percentage(value);
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
	 * Return the name.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public final @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the code that buyers can enter.
	 * @return the code, or {@code null} if there is none, or if it cannot be read
	 */
	public final @Nullable String code() {
		return read("code", Form.TEXT);
	}

	/**
	 * Return Polar's name of the type.
	 * @return the name, such as {@code fixed}, or {@code null} if absent or unreadable
	 */
	public final @Nullable String type() {
		return read("type", Form.TEXT);
	}

	/**
	 * Return which payments of a subscription the discount applies to.
	 * @return the duration, or {@code null} if absent or unreadable
	 */
	public final @Nullable Duration duration() {
		return read("duration", Form.oneOf(Duration.class));
	}

	/**
	 * Return for how many months a {@link Duration#REPEATING} discount applies.
	 * @return the number of months, or {@code null} if it does not repeat, or if it
	 * cannot be read
	 */
	public final @Nullable Integer durationInMonths() {
		return read("duration_in_months", Form.INTEGER);
	}

	/**
	 * Discount of a fixed amount.
	 */
	public static final class Fixed extends CheckoutDiscount {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Fixed(Value value) {
			super(value);
		}

		/**
		 * Return the discount in minor units, by currency.
		 * @return an unmodifiable map
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public Map<String, Long> amounts() {
			return required("amounts", Form.AMOUNTS);
		}

	}

	/**
	 * Discount of a percentage of the price.
	 */
	public static final class Percentage extends CheckoutDiscount {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Percentage(Value value) {
			super(value);
		}

		/**
		 * Return the discount in hundredths of a percent.
		 * @return the number, 10000 for the full price
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public int basisPoints() {
			return required("basis_points", Form.INTEGER);
		}

	}

	/**
	 * Discount of a type that this version of the library does not know.
	 */
	public static final class Other extends CheckoutDiscount {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Other(Value value) {
			super(value);
		}

	}

	/**
	 * Payments of a subscription that a discount applies to.
	 */
	public enum Duration {

		/**
		 * The first payment.
		 */
		ONCE,

		/**
		 * All payments.
		 */
		FOREVER,

		/**
		 * The payments of a number of months.
		 */
		REPEATING,

		/**
		 * A duration that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
