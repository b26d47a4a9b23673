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

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A license key that was granted as a benefit. Guarded by the lock of {@link FakeState}.
 */
final class FakeLicenseKey {

	static final String GRANTED = "granted";

	static final String REVOKED = "revoked";

	static final String DISABLED = "disabled";

	final UUID id = UUID.randomUUID();

	private final FakeCustomer customer;

	private final Map<String, @Nullable Object> benefit;

	private final Instant createdAt;

	private final List<Activation> activations = new ArrayList<>();

	private @Nullable Instant modifiedAt;

	String key;

	String status = GRANTED;

	@Nullable Long limitActivations;

	@Nullable Long limitUsage;

	@Nullable Instant expiresAt;

	long usage;

	private long validations;

	private @Nullable Instant lastValidatedAt;

	FakeLicenseKey(FakeCustomer customer, Map<String, @Nullable Object> benefit, Instant now) {
		this.customer = customer;
		this.benefit = benefit;
		this.createdAt = now;
		this.key = newKey();
		setLimits(now);
	}

	private String newKey() {
		String key = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
		return (settings().get("prefix") instanceof String prefix) ? prefix + "-" + key : key;
	}

	private void setLimits(Instant now) {
		this.limitActivations = (settings().get("activations") instanceof Map<?, ?> activation)
				? number(activation.get("limit")) : null;
		this.limitUsage = number(settings().get("limit_usage"));
		this.expiresAt = (settings().get("expires") instanceof Map<?, ?> expires) ? now.atZone(ZoneOffset.UTC)
			.plus(Objects.requireNonNull(number(expires.get("ttl"))),
					ChronoUnit.valueOf((expires.get("timeframe") + "s").toUpperCase(Locale.ROOT)))
			.toInstant() : null;
	}

	private Map<?, ?> settings() {
		return (this.benefit.get("properties") instanceof Map<?, ?> settings) ? settings : Map.of();
	}

	private static @Nullable Long number(@Nullable Object value) {
		return (value instanceof Number number) ? number.longValue() : null;
	}

	String displayKey() {
		return "****-" + this.key.substring(this.key.length() - 6);
	}

	boolean isOf(UUID customerId) {
		return this.customer.id().equals(customerId);
	}

	boolean isOfBenefit(String benefitId) {
		return benefitId.equals(String.valueOf(this.benefit.get("id")));
	}

	boolean isExpired(Instant now) {
		return this.expiresAt != null && !now.isBefore(this.expiresAt);
	}

	void touch(Instant now) {
		this.modifiedAt = now;
	}

	void revoke(Instant now) {
		this.status = REVOKED;
		touch(now);
	}

	/**
	 * Grant this key again, with the limits of the benefit.
	 */
	void grant(Instant now) {
		this.status = GRANTED;
		setLimits(now);
		touch(now);
	}

	void rotate(Instant now) {
		this.key = newKey();
		touch(now);
	}

	void validate(long uses, Instant now) {
		this.usage += uses;
		this.validations++;
		this.lastValidatedAt = now;
		touch(now);
	}

	boolean hasActivationLeft() {
		return this.limitActivations != null && this.activations.size() < this.limitActivations;
	}

	Activation activate(String label, Map<String, Object> meta, Map<String, Object> conditions, Instant now) {
		Activation activation = new Activation(UUID.randomUUID(), label, meta, conditions, now);
		this.activations.add(activation);
		return activation;
	}

	@Nullable Activation activation(UUID id) {
		return this.activations.stream().filter((activation) -> activation.id().equals(id)).findFirst().orElse(null);
	}

	boolean deactivate(UUID id) {
		return this.activations.removeIf((activation) -> activation.id().equals(id));
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("organization_id", organizationId);
		this.customer.putInto(json, organizationId);
		((Map<?, ?>) Objects.requireNonNull(json.get("user"))).remove("github_username");
		json.put("benefit_id", this.benefit.get("id"));
		json.put("key", this.key);
		json.put("display_key", displayKey());
		json.put("status", this.status);
		json.put("limit_activations", this.limitActivations);
		json.put("usage", this.usage);
		json.put("limit_usage", this.limitUsage);
		json.put("validations", this.validations);
		json.put("last_validated_at", this.lastValidatedAt);
		json.put("expires_at", this.expiresAt);
		return json;
	}

	/**
	 * Return the JSON with all activations.
	 */
	Map<String, @Nullable Object> toFullJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toJson(organizationId);
		json.put("activations", this.activations.stream().map(this::toJson).toList());
		return json;
	}

	Map<String, @Nullable Object> toJson(Activation activation) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", activation.id());
		json.put("license_key_id", this.id);
		json.put("label", activation.label());
		json.put("meta", activation.meta());
		json.put("created_at", activation.createdAt());
		json.put("modified_at", null);
		return json;
	}

	/**
	 * A use of a key on one device.
	 *
	 * @param id the ID
	 * @param label the name of the device
	 * @param meta what the application stores
	 * @param conditions what a validation must contain
	 * @param createdAt the time
	 */
	record Activation(UUID id, String label, Map<String, Object> meta, Map<String, Object> conditions,
			Instant createdAt) {

	}

}
