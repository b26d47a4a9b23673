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

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A discount on a checkout session.
 *
 * @since 0.1.0
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "type",
		visible = true, defaultImpl = CheckoutDiscount.Other.class)
@JsonSubTypes({ @JsonSubTypes.Type(value = CheckoutDiscount.Fixed.class, name = "fixed"),
		@JsonSubTypes.Type(value = CheckoutDiscount.Percentage.class, name = "percentage") })
public sealed interface CheckoutDiscount
		permits CheckoutDiscount.Fixed, CheckoutDiscount.Percentage, CheckoutDiscount.Other {

	/**
	 * Return the id of the discount.
	 * @return the id
	 */
	UUID id();

	/**
	 * Return its name.
	 * @return the name
	 */
	String name();

	/**
	 * Return the code that buyers can type.
	 * @return the code, or {@code null} without one
	 */
	@Nullable String code();

	/**
	 * Return Polar's name for the type.
	 * @return such as {@code fixed}
	 */
	String type();

	/**
	 * Return for which payments of a subscription it counts.
	 * @return the duration
	 */
	Duration duration();

	/**
	 * Return for how many months a repeating discount counts.
	 * @return the number of months, {@code null} for others
	 */
	@Nullable Integer durationInMonths();

	/**
	 * Return what Polar said of it beyond the other methods.
	 * @return an unmodifiable map from Polar's names to JSON values
	 */
	Map<String, @Nullable Object> additionalProperties();

	/**
	 * A discount of an amount.
	 *
	 * @param id id of the discount
	 * @param name its name
	 * @param code code that buyers can type, {@code null} without one
	 * @param type Polar's name for the type
	 * @param duration for which payments of a subscription it counts
	 * @param durationInMonths for how many months a repeating one counts, else
	 * {@code null}
	 * @param amounts what is taken off in minor units, by currency
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Fixed(UUID id, String name, @Nullable String code, String type, Duration duration,
			@Nullable Integer durationInMonths, Map<String, Long> amounts,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties)
			implements
				CheckoutDiscount {

		public Fixed {
			duration = ResponseValues.known(duration, Duration.UNKNOWN);
			amounts = ResponseValues.map(amounts);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A discount of a part of the price.
	 *
	 * @param id id of the discount
	 * @param name its name
	 * @param code code that buyers can type, {@code null} without one
	 * @param type Polar's name for the type
	 * @param duration for which payments of a subscription it counts
	 * @param durationInMonths for how many months a repeating one counts, else
	 * {@code null}
	 * @param basisPoints what is taken off in hundredths of a percent: 10000 is
	 * everything
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Percentage(UUID id, String name, @Nullable String code, String type, Duration duration,
			@Nullable Integer durationInMonths, int basisPoints,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties)
			implements
				CheckoutDiscount {

		public Percentage {
			duration = ResponseValues.known(duration, Duration.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * A discount of a type that this version of the library does not know.
	 *
	 * @param id id of the discount
	 * @param name its name
	 * @param code code that buyers can type, {@code null} without one
	 * @param type Polar's name for the type
	 * @param duration for which payments of a subscription it counts
	 * @param durationInMonths for how many months a repeating one counts, else
	 * {@code null}
	 * @param additionalProperties what Polar said beyond the others
	 */
	record Other(UUID id, String name, @Nullable String code, String type, Duration duration,
			@Nullable Integer durationInMonths,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties)
			implements
				CheckoutDiscount {

		public Other {
			duration = ResponseValues.known(duration, Duration.UNKNOWN);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * For which payments of a subscription a discount counts.
	 */
	enum Duration {

		/**
		 * The first.
		 */
		ONCE,

		/**
		 * All.
		 */
		FOREVER,

		/**
		 * Those of some months.
		 */
		REPEATING,

		/**
		 * A duration that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
