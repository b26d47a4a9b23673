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

package io.github.polarspring.checkout;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Validation of metadata, and the keys that this library reserves.
 */
final class CheckoutMetadata {

	/**
	 * Key for a copy of the external customer id. Polar attributes a purchase to the
	 * customer with the e-mail address that the buyer enters. The buyer cannot change
	 * metadata, which Polar copies to the order and the subscription, so the copy
	 * identifies the buyer.
	 */
	static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	/**
	 * Key for the hash that identifies the browser in which the checkout was started.
	 */
	static final String BROWSER_HASH = "browser_hash";

	/**
	 * Key for what is known about the buyer of a checkout without an external customer
	 * id: {@code guest}, or the customer for whom the application created it. Without it,
	 * a purchase that the application did not start would look like that of a guest.
	 */
	static final String BUYER = "checkout_buyer";

	static final String GUEST = "guest";

	static final String CUSTOMER = "customer:";

	/**
	 * Keys that are retained when metadata is replaced.
	 */
	static final Set<String> RESERVED = Set.of(EXTERNAL_CUSTOMER_ID, BUYER, BROWSER_HASH);

	private static final int MAX_ENTRIES = 50;

	private static final int MAX_KEY_LENGTH = 40;

	private static final int MAX_VALUE_LENGTH = 500;

	private static final Set<Class<?>> TYPES = Set.of(String.class, Boolean.class, Byte.class, Short.class,
			Integer.class, Long.class, BigInteger.class, Float.class, Double.class, BigDecimal.class);

	private CheckoutMetadata() {
	}

	static void put(String field, Map<String, Object> metadata, String key, Object value) {
		Assert.isTrue(!(field.equals("metadata") && EXTERNAL_CUSTOMER_ID.equals(key)),
				"metadata key 'external_customer_id' is reserved: set externalCustomerId instead");
		Assert.isTrue(!(field.equals("metadata") && RESERVED.contains(key)),
				() -> "metadata key '" + key + "' is reserved");
		Assert.isTrue(key != null && !key.isEmpty() && CheckoutFields.length(key) <= MAX_KEY_LENGTH,
				() -> field + " keys must have 1 to " + MAX_KEY_LENGTH + " characters");
		Assert.isTrue(
				value != null && (!(value instanceof String text)
						|| (!text.isEmpty() && CheckoutFields.length(text) <= MAX_VALUE_LENGTH)),
				() -> field + " value of '" + key + "' must have 1 to " + MAX_VALUE_LENGTH + " characters");
		Assert.isTrue(
				!(value instanceof Double || value instanceof Float) || Double.isFinite(((Number) value).doubleValue()),
				() -> field + " value of '" + key + "' must be a finite number");
		CheckoutFields.requireWellFormed(field, key);
		CheckoutFields.requireWellFormed(field, value);
		Assert.isTrue(metadata.containsKey(key) || metadata.size() < MAX_ENTRIES,
				() -> field + " must have at most " + MAX_ENTRIES + " entries");
		metadata.put(key, value);
	}

	/**
	 * Copy untyped metadata.
	 */
	static Map<String, Object> copy(String field, Map<String, ?> metadata) {
		Map<String, Object> copy = new LinkedHashMap<>();
		metadata.forEach((key, value) -> {
			Assert.isTrue(value != null && TYPES.contains(value.getClass()),
					() -> field + " value of '" + key + "' must be a string, a number or a boolean");
			put(field, copy, key, value);
		});
		return copy;
	}

	/**
	 * Return whether there is room for an optional value.
	 */
	static boolean hasRoom(Map<?, ?> metadata) {
		return metadata.size() < MAX_ENTRIES;
	}

	static boolean fits(Map<?, ?> metadata) {
		return metadata.size() <= MAX_ENTRIES;
	}

	/**
	 * Check the size of metadata to which a reserved key was added.
	 */
	static void requireSize(Map<?, ?> metadata) {
		Assert.isTrue(metadata.size() <= MAX_ENTRIES,
				() -> "metadata must have at most " + MAX_ENTRIES + " entries, one of which identifies the buyer");
	}

}
