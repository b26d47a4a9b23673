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
import org.jspecify.annotations.Nullable;

/**
 * Address. Contains personal data.
 *
 * @since 0.1.0
 */
public final class Address extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Address(Value value) {
		super(value);
	}

	/**
	 * Return the country.
	 * @return an ISO 3166-1 alpha-2 code in upper case, or {@code null} if absent or
	 * unreadable
	 */
	public @Nullable String country() {
		return read("country", Form.TEXT);
	}

	/**
	 * Return the street and the number.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String line1() {
		return read("line1", Form.TEXT);
	}

	/**
	 * Return the second address line.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String line2() {
		return read("line2", Form.TEXT);
	}

	/**
	 * Return the postal code.
	 * @return the code, or {@code null} if absent or unreadable
	 */
	public @Nullable String postalCode() {
		return read("postal_code", Form.TEXT);
	}

	/**
	 * Return the city.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String city() {
		return read("city", Form.TEXT);
	}

	/**
	 * Return the state, for the US and Canada with the country, as in {@code US-NY}.
	 * @return the code, or {@code null} if absent or unreadable
	 */
	public @Nullable String state() {
		return read("state", Form.TEXT);
	}

}
