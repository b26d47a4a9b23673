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

import org.jspecify.annotations.Nullable;

/**
 * An address. Personal data, so {@link #toString()} names the country only.
 *
 * @param country ISO 3166-1 alpha-2 code in upper case
 * @param line1 street and number
 * @param line2 anything more
 * @param postalCode postal code
 * @param city city
 * @param state state; of the US and Canada as in {@code US-NY}
 * @since 0.1.0
 */
public record Address(String country, @Nullable String line1, @Nullable String line2, @Nullable String postalCode,
		@Nullable String city, @Nullable String state) {

	@Override
	public String toString() {
		return "Address[country=" + this.country + "]";
	}

}
