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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Validation of what is sent to Polar. As at Polar, lengths are counted in code points.
 * Messages contain no values, which can be personal data.
 */
final class UsageFields {

	private static final int MAX_NAME_LENGTH = 128;

	private static final int MAX_KEY_LENGTH = 500;

	private static final int MAX_TEXT_LENGTH = 500;

	private static final int MAX_COST_DIGITS = 17;

	private static final int MAX_COST_DECIMALS = 12;

	private static final Set<Class<?>> NUMBERS = Set.of(Byte.class, Short.class, Integer.class, Long.class,
			BigInteger.class, Float.class, Double.class, BigDecimal.class);

	private UsageFields() {
	}

	static String name(String name) {
		Assert.hasText(name, "name must not be blank");
		Assert.isTrue(length(name) <= MAX_NAME_LENGTH,
				() -> "name must have at most " + MAX_NAME_LENGTH + " characters");
		requireWellFormed("name", name);
		return name;
	}

	static String key(String key) {
		Assert.hasText(key, "key must not be blank");
		Assert.isTrue(length(key) <= MAX_KEY_LENGTH, () -> "key must have at most " + MAX_KEY_LENGTH + " characters");
		return key;
	}

	static String text(String field, String value) {
		Assert.notNull(value, () -> field + " must not be null");
		Assert.isTrue(!value.isEmpty() && length(value) <= MAX_TEXT_LENGTH,
				() -> field + " must have 1 to " + MAX_TEXT_LENGTH + " characters");
		requireWellFormed(field, value);
		return value;
	}

	static String metadataKey(String key) {
		Assert.hasLength(key, "metadata keys must not be empty");
		Assert.isTrue(!key.equals("_cost") && !key.equals("_llm"),
				() -> "metadata key '" + key + "' is reserved: use " + key.substring(1) + "(…) instead");
		requireWellFormed("metadata keys", key);
		return key;
	}

	static Object metadataValue(String key, Object value) {
		String field = "metadata value of '" + key + "'";
		if (value instanceof String text) {
			return text(field, text);
		}
		Assert.isTrue(value instanceof Boolean || (value != null && NUMBERS.contains(value.getClass())),
				() -> field + " must be a string, a number or a boolean, but is "
						+ ((value != null) ? "of type " + value.getClass().getName() : "null"));
		Assert.isTrue(!(value instanceof Number number) || Double.isFinite(number.doubleValue()),
				() -> field + " must be a finite number");
		return value;
	}

	static BigDecimal cost(BigDecimal cents) {
		Assert.notNull(cents, "cost must not be null");
		BigDecimal cost = cents.stripTrailingZeros();
		int decimals = Math.max(cost.scale(), 0);
		Assert.isTrue(decimals <= MAX_COST_DECIMALS,
				() -> "cost must have at most " + MAX_COST_DECIMALS + " decimal places");
		Assert.isTrue(cost.precision() - (long) cost.scale() + decimals <= MAX_COST_DIGITS,
				() -> "cost must have at most " + MAX_COST_DIGITS + " digits");
		return cost;
	}

	static int length(String text) {
		return text.codePointCount(0, text.length());
	}

	/**
	 * Check that Polar can store a text.
	 */
	private static void requireWellFormed(String field, String text) {
		Assert.isTrue(text.codePoints().noneMatch((c) -> c == 0 || (c >= 0xD800 && c <= 0xDFFF)),
				() -> field + " must contain neither the NUL character nor unpaired surrogates");
	}

}
