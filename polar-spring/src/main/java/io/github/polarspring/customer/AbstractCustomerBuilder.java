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

package io.github.polarspring.customer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.github.polarspring.checkout.BillingAddress;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Base class for builders of what is sent to create or change a customer. Polar checks
 * the values, and names the field of each that it rejects.
 *
 * @param <B> the type of the builder
 */
abstract class AbstractCustomerBuilder<B extends AbstractCustomerBuilder<B>> {

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	AbstractCustomerBuilder() {
	}

	@SuppressWarnings("unchecked")
	final B set(String field, @Nullable Object value) {
		this.fields.put(field, value);
		return (B) this;
	}

	/**
	 * Return a copy of the fields that were set so far.
	 */
	final Map<String, @Nullable Object> snapshot() {
		Map<String, @Nullable Object> snapshot = new LinkedHashMap<>(this.fields);
		snapshot.computeIfPresent("metadata", (field, metadata) -> new LinkedHashMap<>((Map<?, ?>) metadata));
		return snapshot;
	}

	/**
	 * Set the address on invoices. It replaces the previous one as a whole, and cannot be
	 * removed.
	 * @param billingAddress the address
	 * @return this builder
	 */
	public B billingAddress(BillingAddress billingAddress) {
		Assert.notNull(billingAddress, "billing_address must not be null. Polar rejects its removal");
		return set("billing_address", billingAddress);
	}

	/**
	 * Add an entry to the metadata.
	 * @param key the key, at most 40 characters
	 * @param value the value, at most 500 characters
	 * @return this builder
	 */
	public B metadata(String key, String value) {
		return putMetadata(key, value);
	}

	/**
	 * Add an entry to the metadata. Polar fails on numbers with a fraction: use a text.
	 * @param key the key, at most 40 characters
	 * @param value the value
	 * @return this builder
	 */
	public B metadata(String key, long value) {
		return putMetadata(key, value);
	}

	/**
	 * Add an entry to the metadata.
	 * @param key the key, at most 40 characters
	 * @param value the value
	 * @return this builder
	 */
	public B metadata(String key, boolean value) {
		return putMetadata(key, value);
	}

	private B putMetadata(String key, Object value) {
		Assert.hasText(key, "metadata keys must not be blank");
		Assert.notNull(value, () -> "metadata value of '" + key + "' must not be null");
		Map<String, Object> metadata = new LinkedHashMap<>();
		if (this.fields.get("metadata") instanceof Map<?, ?> known) {
			known.forEach((name, each) -> metadata.put((String) name, each));
		}
		metadata.put(key, value);
		return set("metadata", metadata);
	}

	/**
	 * Return the tag of a locale, or {@code null}.
	 */
	static @Nullable String tag(@Nullable Locale locale) {
		return (locale != null) ? locale.toLanguageTag() : null;
	}

}
