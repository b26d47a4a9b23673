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

package io.github.polarspring.license;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * License key to validate.
 *
 * <pre class="code">
 * LicenseKeyValidation.of(key).benefitId(pro).usage(1)
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 */
public final class LicenseKeyValidation {

	private static final String USAGE = "increment_usage";

	private final Map<String, Object> body;

	private LicenseKeyValidation(Map<String, Object> body) {
		this.body = body;
	}

	/**
	 * Return a validation of a key.
	 * @param key the key, which is neither trimmed nor converted to another case
	 * @return a validation
	 */
	public static LicenseKeyValidation of(String key) {
		Assert.hasText(key, "key must not be blank");
		return new LicenseKeyValidation(Map.of("key", key));
	}

	/**
	 * Return a validation that requires the key of a benefit. Without it, a key of any
	 * product of the organization is valid.
	 * @param benefitId Polar's id of the benefit
	 * @return a new validation
	 */
	public LicenseKeyValidation benefitId(UUID benefitId) {
		return with("benefit_id", benefitId);
	}

	/**
	 * Return a validation that requires the key of a customer.
	 * @param customerId Polar's id of the customer
	 * @return a new validation
	 */
	public LicenseKeyValidation customerId(UUID customerId) {
		return with("customer_id", customerId);
	}

	/**
	 * Return a validation that requires an activation.
	 * @param activationId Polar's id of the activation
	 * @return a new validation
	 */
	public LicenseKeyValidation activationId(UUID activationId) {
		return with("activation_id", activationId);
	}

	/**
	 * Return a validation that counts usage.
	 * @param usage the number to add, from 1
	 * @return a new validation
	 */
	public LicenseKeyValidation usage(int usage) {
		Assert.isTrue(usage > 0, "usage must be positive");
		return with(USAGE, usage);
	}

	private LicenseKeyValidation with(String name, @Nullable Object value) {
		Assert.notNull(value, () -> name + " must not be null");
		Map<String, Object> body = new LinkedHashMap<>(this.body);
		body.put(name, value);
		return new LicenseKeyValidation(body);
	}

	boolean isRepeatable() {
		return !this.body.containsKey(USAGE);
	}

	Map<String, Object> body(UUID organizationId) {
		Map<String, Object> body = new LinkedHashMap<>(this.body);
		body.put("organization_id", organizationId);
		return body;
	}

	/**
	 * Return a text without the key.
	 */
	@Override
	public String toString() {
		return "LicenseKeyValidation[repeatable=" + isRepeatable() + "]";
	}

}
