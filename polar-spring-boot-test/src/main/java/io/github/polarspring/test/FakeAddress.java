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

package io.github.polarspring.test;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Billing addresses: what Polar accepts, and which parts it asks for.
 */
final class FakeAddress {

	private static final List<String> PARTS = List.of("line1", "line2", "postal_code", "city", "state");

	/**
	 * Countries that Polar does not sell to, apart from territories without an own code
	 * in Java.
	 */
	private static final Set<String> EMBARGOED = Set.of("CU", "IR", "KP", "SY", "RU");

	private static final List<String> COUNTRIES = Arrays.stream(Locale.getISOCountries())
		.filter((country) -> !EMBARGOED.contains(country))
		.sorted()
		.toList();

	private static final Set<String> STATES = Set.of(("AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA "
			+ "MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC")
		.split(" "));

	private static final Set<String> PROVINCES = Set.of("AB BC MB NB NL NS NT NU ON PE QC SK YT".split(" "));

	static final FakeType SCHEMA = (value, errors) -> {
		int before = errors.size();
		Map<String, @Nullable Object> address = new FakeFields()
			.required("country", FakeSchema.oneOf(COUNTRIES, (country) -> country.toUpperCase(Locale.ROOT)))
			.optional(PARTS, FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.check(FakeAddress::checkState)
			.read(value, errors);
		return (address != null && errors.size() == before) ? complete(address) : null;
	};

	private FakeAddress() {
	}

	private static void checkState(Map<String, @Nullable Object> address, FakeErrors errors) {
		Object country = address.get("country");
		if (!(address.get("state") instanceof String state) || !hasStates(country)) {
			return;
		}
		String code = state.replaceFirst("^" + country + "-", "");
		if (("US".equals(country) ? STATES : PROVINCES).contains(code)) {
			address.put("state", country + "-" + code);
		}
		else {
			errors.addValueError("US".equals(country) ? "Invalid US state" : "Invalid CA subdivision");
		}
	}

	private static boolean hasStates(@Nullable Object country) {
		return "US".equals(country) || "CA".equals(country);
	}

	/**
	 * Return an address with all parts.
	 */
	static Map<String, @Nullable Object> complete(Map<String, ?> parts) {
		Map<String, @Nullable Object> address = new LinkedHashMap<>();
		PARTS.forEach((part) -> address.put(part, parts.get(part)));
		address.put("country", parts.get("country"));
		return Collections.unmodifiableMap(address);
	}

	/**
	 * Return whether an address contains more than the country, and the state in
	 * countries where Polar always asks for it.
	 */
	static boolean isMoreThanCountry(Map<String, @Nullable Object> address) {
		return PARTS.stream()
			.anyMatch((part) -> address.get(part) != null
					&& !(part.equals("state") && hasStates(address.get("country"))));
	}

	/**
	 * Return whether an address contains more than the country and the state.
	 */
	static boolean isFull(Map<?, ?> address) {
		return PARTS.stream().anyMatch((part) -> !part.equals("state") && address.get(part) != null);
	}

	/**
	 * Return which parts Polar asks for: {@code required}, {@code optional} or
	 * {@code disabled}.
	 */
	static Map<String, String> fields(@Nullable Object country, boolean full) {
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("country", "required");
		boolean all = full || "US".equals(country);
		for (String part : List.of("city", "postal_code", "line1")) {
			fields.put(part, all ? "required" : "disabled");
		}
		fields.put("line2", all ? "optional" : "disabled");
		fields.put("state", hasStates(country) ? "required" : full ? "optional" : "disabled");
		return fields;
	}

}
