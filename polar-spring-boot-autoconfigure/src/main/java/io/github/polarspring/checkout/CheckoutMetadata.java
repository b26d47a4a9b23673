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

	static void put(Map<String, Object> metadata, String key, Object value) {
		Assert.isTrue(!EXTERNAL_CUSTOMER_ID.equals(key),
				"metadata key 'external_customer_id' is reserved: set externalCustomerId instead");
		Assert.isTrue(key != null && !key.isEmpty() && key.length() <= MAX_KEY_LENGTH,
				() -> "metadata keys must have 1 to " + MAX_KEY_LENGTH + " characters");
		Assert.isTrue(
				value != null
						&& (!(value instanceof String text) || (!text.isEmpty() && text.length() <= MAX_VALUE_LENGTH)),
				() -> "metadata value of '" + key + "' must have 1 to " + MAX_VALUE_LENGTH + " characters");
		metadata.put(key, value);
		requireSize(metadata);
	}

	static void requireSize(Map<String, Object> metadata) {
		Assert.isTrue(metadata.size() <= MAX_ENTRIES,
				() -> "metadata must have at most " + MAX_ENTRIES + " entries; 'external_customer_id' is one of them");
	}

}
