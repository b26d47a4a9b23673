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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A benefit that was granted with an order or a subscription. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeGrant {

	final UUID id = UUID.randomUUID();

	final FakeCustomer customer;

	final @Nullable FakeOrder order;

	final FakeMember member;

	/**
	 * The license key, if the benefit is one.
	 */
	final @Nullable FakeLicenseKey licenseKey;

	private final @Nullable FakeSubscription subscription;

	private final Map<String, @Nullable Object> benefit;

	private final Instant createdAt;

	private Map<String, @Nullable Object> previousProperties = Map.of();

	private @Nullable Instant modifiedAt;

	private @Nullable Instant grantedAt;

	private @Nullable Instant revokedAt;

	FakeGrant(FakeOrder order, Map<String, @Nullable Object> benefit, Instant now) {
		this(order.customer.owner(), order, order.subscription, benefit, now);
	}

	FakeGrant(FakeSubscription subscription, Map<String, @Nullable Object> benefit, Instant now) {
		this(subscription.customer.owner(), null, subscription, benefit, now);
	}

	/**
	 * Grant a benefit to the member who claims a seat.
	 */
	FakeGrant(FakeSeat seat, Map<String, @Nullable Object> benefit, Instant now) {
		this(seat.member(), seat.order, seat.subscription, benefit, now);
	}

	private FakeGrant(FakeMember member, @Nullable FakeOrder order, @Nullable FakeSubscription subscription,
			Map<String, @Nullable Object> benefit, Instant now) {
		this.customer = member.customer;
		this.member = member;
		this.order = order;
		this.subscription = subscription;
		this.benefit = benefit;
		this.createdAt = now;
		this.grantedAt = now;
		this.licenseKey = "license_keys".equals(benefit.get("type")) ? new FakeLicenseKey(this.customer, benefit, now)
				: null;
		// Polar stores the properties afterwards
		this.modifiedAt = properties().isEmpty() ? null : now;
	}

	boolean isGranted() {
		return this.grantedAt != null;
	}

	boolean isOf(FakeSubscription subscription) {
		return subscription.equals(this.subscription);
	}

	boolean isOf(Map<String, @Nullable Object> benefit) {
		return Objects.equals(this.benefit.get("id"), benefit.get("id"));
	}

	/**
	 * Return whether the member has the same benefit with the same purchase.
	 */
	boolean isSame(FakeGrant other) {
		return this.member.equals(other.member) && isOf(other.benefit) && ((this.subscription != null)
				? other.isOf(this.subscription) : Objects.equals(this.order, other.order));
	}

	String description() {
		return String.valueOf(this.benefit.get("description"));
	}

	/**
	 * Return whether this benefit was granted with a seat.
	 */
	boolean isOf(FakeSeat seat, FakeMember member) {
		return this.member.equals(member) && seat.isOf(this.subscription, this.order);
	}

	void revoke(Instant now) {
		touch(now);
		if (this.licenseKey != null) {
			this.licenseKey.revoke(now);
		}
		this.grantedAt = null;
		this.revokedAt = now;
	}

	void grantAgain(Instant now) {
		touch(now);
		if (this.licenseKey != null) {
			this.licenseKey.grant(now);
		}
		this.grantedAt = now;
		this.revokedAt = null;
	}

	void touch(Instant now) {
		this.modifiedAt = now;
		this.previousProperties = properties();
	}

	/**
	 * Return the meter and the units of a credit, or {@code null} for other benefits.
	 */
	@Nullable Map<?, ?> credit() {
		return "meter_credit".equals(this.benefit.get("type")) ? (Map<?, ?>) this.benefit.get("properties") : null;
	}

	/**
	 * Return the properties, which depend on the type of the benefit.
	 */
	private Map<String, @Nullable Object> properties() {
		Map<?, ?> settings = (this.benefit.get("properties") instanceof Map<?, ?> map) ? map : Map.of();
		Map<String, @Nullable Object> properties = new LinkedHashMap<>();
		if (this.licenseKey != null) {
			properties.put("license_key_id", this.licenseKey.id);
			properties.put("display_key", this.licenseKey.displayKey());
		}
		else if ("downloadables".equals(this.benefit.get("type"))) {
			properties.put("files", settings.get("files"));
		}
		else if ("meter_credit".equals(this.benefit.get("type"))) {
			properties.put("last_credited_meter_id", settings.get("meter_id"));
			properties.put("last_credited_units", settings.get("units"));
			properties.put("last_credited_at", this.grantedAt);
		}
		return properties;
	}

	/**
	 * Return the properties as the API shows them. Only webhooks tell of credits.
	 */
	private Map<String, @Nullable Object> visibleProperties() {
		return "meter_credit".equals(this.benefit.get("type")) ? Map.of() : properties();
	}

	/**
	 * Return the JSON for responses.
	 */
	Map<String, @Nullable Object> toApiJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toJson(organizationId);
		json.remove("previous_properties");
		json.put("properties", visibleProperties());
		return json;
	}

	/**
	 * Return the JSON for webhooks.
	 */
	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeSubscription subscription = this.subscription;
		FakeOrder order = (subscription != null) ? null : this.order;
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("granted_at", this.grantedAt);
		json.put("is_granted", isGranted());
		json.put("revoked_at", this.revokedAt);
		json.put("is_revoked", this.revokedAt != null);
		json.put("subscription_id", (subscription != null) ? subscription.id : null);
		json.put("order_id", (order != null) ? order.id : null);
		json.put("customer_id", this.customer.id());
		json.put("member_id", this.member.id);
		json.put("benefit_id", this.benefit.get("id"));
		json.put("error", null);
		json.put("customer", this.customer.toJson(organizationId));
		json.put("member", this.member.toJson());
		json.put("benefit", this.benefit);
		json.put("properties", properties());
		json.put("previous_properties", this.previousProperties);
		json.put("user_id", this.customer.id());
		return json;
	}

	/**
	 * Return the JSON for the state of a customer.
	 */
	Map<String, @Nullable Object> toStateJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("granted_at", this.grantedAt);
		json.put("benefit_id", this.benefit.get("id"));
		json.put("benefit_type", this.benefit.get("type"));
		json.put("benefit_metadata", this.benefit.get("metadata"));
		json.put("properties", visibleProperties());
		return json;
	}

}
