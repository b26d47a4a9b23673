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

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the billing address that the checkout page asks for.
 *
 * @since 0.1.0
 */
public final class BillingAddressFields extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	BillingAddressFields(Value value) {
		super(value);
	}

	/**
	 * Return whether to ask for the country.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode country() {
		return read("country", Form.oneOf(Mode.class));
	}

	/**
	 * Return whether to ask for the state.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode state() {
		return read("state", Form.oneOf(Mode.class));
	}

	/**
	 * Return whether to ask for the city.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode city() {
		return read("city", Form.oneOf(Mode.class));
	}

	/**
	 * Return whether to ask for the postal code.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode postalCode() {
		return read("postal_code", Form.oneOf(Mode.class));
	}

	/**
	 * Return whether to ask for the street and the number.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode line1() {
		return read("line1", Form.oneOf(Mode.class));
	}

	/**
	 * Return whether to ask for the second address line.
	 * @return the mode, or {@code null} if absent or unreadable
	 */
	public @Nullable Mode line2() {
		return read("line2", Form.oneOf(Mode.class));
	}

	/**
	 * Mode in which the page asks for a part of the address.
	 */
	public enum Mode {

		/**
		 * The buyer must enter it.
		 */
		REQUIRED,

		/**
		 * The buyer can enter it.
		 */
		OPTIONAL,

		/**
		 * The page does not ask for it.
		 */
		DISABLED,

		/**
		 * A mode that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
