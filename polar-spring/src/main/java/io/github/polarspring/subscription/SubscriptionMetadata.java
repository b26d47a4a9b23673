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

package io.github.polarspring.subscription;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Rules for the metadata of subscriptions. A checkout writes the reserved keys, Polar
 * copies them to the subscription, and they prove who the buyer is.
 */
final class SubscriptionMetadata {

	static final String USER = "external_customer_id";

	static final String BUYER = "checkout_buyer";

	static final String CHOSEN_CUSTOMER = "customer:";

	static final Set<String> RESERVED = Set.of(USER, BUYER, "browser_hash");

	private SubscriptionMetadata() {
	}

	static String requireKey(String key) {
		Assert.hasText(key, "metadata keys must not be blank");
		Assert.isTrue(!RESERVED.contains(key), () -> "metadata key '" + key + "' is reserved");
		return key;
	}

	static Object requireValue(String key, @Nullable Object value) {
		if (value instanceof String || value instanceof Number || value instanceof Boolean) {
			return value;
		}
		throw new IllegalArgumentException("metadata value of '" + key + "' must be a string, a number or a boolean");
	}

	/**
	 * Return metadata with changes. A {@code null} value removes the entry.
	 */
	static Map<String, @Nullable Object> merge(Map<String, @Nullable Object> metadata,
			Map<String, ? extends @Nullable Object> changes) {
		Map<String, @Nullable Object> merged = new LinkedHashMap<>(metadata);
		changes.forEach((key, value) -> {
			requireKey(key);
			if (value != null) {
				merged.put(key, requireValue(key, value));
			}
			else {
				merged.remove(key);
			}
		});
		return merged;
	}

	/**
	 * Return whether metadata is the same at Polar, where numbers have no Java type.
	 */
	static boolean isSame(Map<String, @Nullable Object> metadata, Map<String, @Nullable Object> other) {
		return metadata.keySet().equals(other.keySet()) && metadata.entrySet()
			.stream()
			.allMatch((entry) -> String.valueOf(entry.getValue()).equals(String.valueOf(other.get(entry.getKey())))
					&& (entry.getValue() instanceof String) == (other.get(entry.getKey()) instanceof String));
	}

}
