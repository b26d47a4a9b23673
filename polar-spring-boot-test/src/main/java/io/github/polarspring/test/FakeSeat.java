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

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A seat of a subscription or an order, which is assigned to a member of the customer.
 * Polar uses the record of a revoked seat again. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeSeat {

	private static final Duration INVITATION = Duration.ofDays(1);

	private static final String PENDING = "pending";

	private static final String CLAIMED = "claimed";

	private static final String REVOKED = "revoked";

	final UUID id = UUID.randomUUID();

	final @Nullable FakeSubscription subscription;

	final @Nullable FakeOrder order;

	private final Instant createdAt;

	private @Nullable Instant modifiedAt;

	private @Nullable FakeMember member;

	private String status = REVOKED;

	private Map<String, ? extends @Nullable Object> metadata = Map.of();

	private @Nullable String token;

	private @Nullable Instant tokenExpiresAt;

	private @Nullable Instant claimedAt;

	private @Nullable Instant revokedAt;

	FakeSeat(@Nullable FakeSubscription subscription, @Nullable FakeOrder order, Instant now) {
		this.subscription = subscription;
		this.order = (subscription != null) ? null : order;
		this.createdAt = now;
	}

	boolean isOf(@Nullable FakeSubscription subscription, @Nullable FakeOrder order) {
		return (subscription != null) ? subscription.equals(this.subscription)
				: order != null && order.equals(this.order);
	}

	boolean isOf(FakeMember member) {
		return member.equals(this.member);
	}

	FakeMember member() {
		return Objects.requireNonNull(this.member);
	}

	FakeProduct product() {
		return (this.subscription != null) ? this.subscription.product
				: Objects.requireNonNull(this.order).session.product();
	}

	@Nullable String token() {
		return this.token;
	}

	boolean isRevoked() {
		return this.status.equals(REVOKED);
	}

	boolean isPending() {
		return this.status.equals(PENDING);
	}

	boolean canBeClaimed(Instant now) {
		return isPending() && this.tokenExpiresAt != null && now.isBefore(this.tokenExpiresAt);
	}

	void assign(FakeMember member, Map<String, ? extends @Nullable Object> metadata, boolean claimed, Instant now) {
		this.modifiedAt = (this.member != null || this.revokedAt != null) ? now : null;
		this.member = member;
		this.metadata = metadata;
		this.status = claimed ? CLAIMED : PENDING;
		this.token = claimed ? null : FakeState.secret("");
		this.tokenExpiresAt = claimed ? null : now.plus(INVITATION);
		this.claimedAt = claimed ? now : null;
		this.revokedAt = null;
	}

	void claim(Instant now) {
		this.status = CLAIMED;
		this.token = null;
		this.claimedAt = now;
		this.modifiedAt = now;
	}

	/**
	 * Revoke this seat.
	 * @return the JSON, which still contains the member
	 */
	Map<String, @Nullable Object> revoke(Instant now) {
		this.status = REVOKED;
		this.token = null;
		this.revokedAt = now;
		this.modifiedAt = now;
		Map<String, @Nullable Object> json = toJson();
		this.member = null;
		return json;
	}

	Map<String, @Nullable Object> toJson() {
		FakeMember member = this.member;
		FakeMember holder = isRevoked() ? null : member;
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("subscription_id", (this.subscription != null) ? this.subscription.id : null);
		json.put("order_id", (this.order != null) ? this.order.id : null);
		json.put("status", this.status);
		json.put("customer_id", (holder != null) ? holder.customer.id() : null);
		json.put("member_id", (holder != null) ? holder.id : null);
		json.put("member", (member != null) ? member.toJson() : null);
		json.put("email", (holder != null) ? holder.email : null);
		json.put("customer_email", (member != null) ? member.email : null);
		json.put("invitation_token_expires_at", this.tokenExpiresAt);
		json.put("claimed_at", this.claimedAt);
		json.put("revoked_at", this.revokedAt);
		json.put("seat_metadata", this.metadata);
		return json;
	}

}
