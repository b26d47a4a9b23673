package io.github.polarspring.checkout;

import java.util.Map;

import org.springframework.util.Assert;

/**
 * Limits that Polar sets on metadata, and the key that this library reserves.
 */
final class CheckoutMetadata {

	/**
	 * Repeats the external customer id. Polar attaches a purchase to whichever customer
	 * has the e-mail that the buyer types, but the buyer cannot change metadata, which
	 * Polar copies to order and subscription: it says who bought.
	 */
	static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	private static final int MAX_ENTRIES = 50;

	private static final int MAX_KEY_LENGTH = 40;

	private static final int MAX_VALUE_LENGTH = 500;

	private CheckoutMetadata() {
	}

	static void put(String field, Map<String, Object> metadata, String key, Object value) {
		Assert.isTrue(!(field.equals("metadata") && EXTERNAL_CUSTOMER_ID.equals(key)),
				"metadata key 'external_customer_id' is reserved: set externalCustomerId instead");
		Assert.isTrue(key != null && !key.isEmpty() && key.length() <= MAX_KEY_LENGTH,
				() -> field + " keys must have 1 to " + MAX_KEY_LENGTH + " characters");
		Assert.isTrue(
				value != null
						&& (!(value instanceof String text) || (!text.isEmpty() && text.length() <= MAX_VALUE_LENGTH)),
				() -> field + " value of '" + key + "' must have 1 to " + MAX_VALUE_LENGTH + " characters");
		Assert.isTrue(!(value instanceof Double number) || Double.isFinite(number),
				() -> field + " value of '" + key + "' must be a finite number");
		Assert.isTrue(metadata.containsKey(key) || metadata.size() < MAX_ENTRIES,
				() -> field + " must have at most " + MAX_ENTRIES + " entries");
		metadata.put(key, value);
	}

	/**
	 * Check the size of metadata to which the reserved key was added.
	 */
	static void requireSize(Map<String, Object> metadata) {
		Assert.isTrue(metadata.size() <= MAX_ENTRIES,
				() -> "metadata must have at most " + MAX_ENTRIES + " entries; 'external_customer_id' is one of them");
	}

}
