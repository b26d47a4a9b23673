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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A customer, created with the first purchase or by an API call. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeCustomer {

	private final UUID id;

	private final Instant createdAt;

	private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

	private final List<FakeMember> members = new ArrayList<>();

	/**
	 * The part of the invoice numbers that identifies the customer.
	 */
	final String number = FakeState.secret("").substring(0, 10).toUpperCase(Locale.ROOT);

	int orders;

	int receipts;

	boolean deleted;

	/**
	 * Create a customer.
	 * @param values the email address and other fields
	 * @param owner the fields of the owner that differ from those of the customer
	 */
	FakeCustomer(Map<String, ? extends @Nullable Object> values, Map<String, ? extends @Nullable Object> owner,
			Instant createdAt) {
		this(UUID.randomUUID(), values, owner, createdAt);
	}

	FakeCustomer(UUID id, Map<String, ? extends @Nullable Object> values, Map<String, ? extends @Nullable Object> owner,
			Instant createdAt) {
		this.id = id;
		this.createdAt = createdAt;
		this.values.put("modified_at", null);
		this.values.put("metadata", Map.of());
		this.values.put("external_id", null);
		this.values.put("email", null);
		this.values.put("email_verified", false);
		this.values.put("type", "individual");
		for (String name : List.of("name", "billing_name", "billing_address", "tax_id", "locale",
				"default_payment_method_id", "deleted_at", "first_user_event_at")) {
			this.values.put(name, null);
		}
		this.values.putAll(values);
		this.members.add(new FakeMember(this, ofOwner("email", owner), ofOwner("name", owner),
				ofOwner("external_id", owner), FakeMember.OWNER, createdAt));
	}

	private @Nullable String ofOwner(String name, Map<String, ? extends @Nullable Object> owner) {
		String own = (String) owner.get(name);
		return (own != null) ? own : text(name);
	}

	UUID id() {
		return this.id;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	@Nullable String externalId() {
		return text("external_id");
	}

	/**
	 * Return the email address, which is that of the owner for a team without an own one.
	 */
	String email() {
		String email = text("email");
		return (email != null) ? email : String.valueOf(owner().email);
	}

	@Nullable String name() {
		return text("name");
	}

	boolean isTeam() {
		return "team".equals(this.values.get("type"));
	}

	@Nullable String billingName() {
		String own = text("billing_name");
		return (own != null) ? own : name();
	}

	@Nullable Object get(String name) {
		return this.values.get(name);
	}

	void put(String name, @Nullable Object value) {
		this.values.put(name, value);
	}

	private @Nullable String text(String name) {
		return (String) this.values.get(name);
	}

	@SuppressWarnings("unchecked")
	Map<String, Object> metadata() {
		return (Map<String, Object>) Objects.requireNonNull(this.values.get("metadata"));
	}

	/**
	 * Return the members, oldest first.
	 */
	List<FakeMember> members() {
		return this.members;
	}

	/**
	 * Return the member who owns this customer.
	 */
	FakeMember owner() {
		return this.members.stream().filter(FakeMember::isOwner).findFirst().orElseThrow();
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.putAll(this.values);
		json.put("billing_name", billingName());
		json.put("organization_id", organizationId);
		json.put("avatar_url", avatarUrl());
		return json;
	}

	private String avatarUrl() {
		return "https://www.gravatar.com/avatar/%s?d=404".formatted(sha256(email().toLowerCase(Locale.ROOT)));
	}

	/**
	 * Mark this customer as deleted.
	 */
	void delete(boolean anonymize, Instant now) {
		this.deleted = true;
		put("deleted_at", now);
		put("modified_at", now);
		if (!anonymize) {
			put("external_id", null);
			return;
		}
		String email = text("email");
		put("email", (email != null) ? hash(email) + "@anonymized.polar.sh" : null);
		for (String name : List.of("name", "billing_name")) {
			String value = text(name);
			put(name, (value != null) ? hash(value) : null);
		}
		put("billing_address", null);
		put("tax_id", null);
		Map<String, Object> metadata = new LinkedHashMap<>(metadata());
		if (externalId() != null) {
			metadata.put("__external_id", externalId());
		}
		metadata.put("__anonymized_at", now);
		put("metadata", metadata);
	}

	/**
	 * Return a hash that cannot be computed without a key of the server, as at Polar.
	 */
	private String hash(String text) {
		return sha256(this.id + text);
	}

	private static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the fields that Polar adds to orders and subscriptions for older clients.
	 */
	void putInto(Map<String, @Nullable Object> json, UUID organizationId) {
		Map<String, @Nullable Object> user = new LinkedHashMap<>();
		user.put("id", this.id);
		user.put("email", text("email"));
		String name = name();
		user.put("public_name", ((name != null && !name.isEmpty()) ? name : email()).substring(0, 1));
		user.put("avatar_url", avatarUrl());
		user.put("github_username", null);
		json.put("customer_id", this.id);
		json.put("customer", toJson(organizationId));
		json.put("user_id", this.id);
		json.put("user", user);
	}

}
