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

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of the billing address the checkout page asks for.
 *
 * @param country the country
 * @param state the state
 * @param city the city
 * @param postalCode the postal code
 * @param line1 street and number
 * @param line2 anything more
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record BillingAddressFields(Mode country, Mode state, Mode city, Mode postalCode, Mode line1, Mode line2,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public BillingAddressFields {
		country = ResponseValues.known(country, Mode.UNKNOWN);
		state = ResponseValues.known(state, Mode.UNKNOWN);
		city = ResponseValues.known(city, Mode.UNKNOWN);
		postalCode = ResponseValues.known(postalCode, Mode.UNKNOWN);
		line1 = ResponseValues.known(line1, Mode.UNKNOWN);
		line2 = ResponseValues.known(line2, Mode.UNKNOWN);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * Whether a part is asked for.
	 */
	public enum Mode {

		/**
		 * It must be given.
		 */
		REQUIRED,

		/**
		 * It can be given.
		 */
		OPTIONAL,

		/**
		 * It is not asked for.
		 */
		DISABLED,

		/**
		 * A mode that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
