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
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A member of a customer: the owner, and other people of a team. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeMember {

	static final String OWNER = "owner";

	static final String BILLING_MANAGER = "billing_manager";

	static final String MEMBER = "member";

	final UUID id = UUID.randomUUID();

	final FakeCustomer customer;

	final Instant createdAt;

	final @Nullable String externalId;

	@Nullable Instant modifiedAt;

	@Nullable String email;

	@Nullable String name;

	String role;

	FakeMember(FakeCustomer customer, @Nullable String email, @Nullable String name, @Nullable String externalId,
			String role, Instant createdAt) {
		this.customer = customer;
		this.email = email;
		this.name = name;
		this.externalId = externalId;
		this.role = role;
		this.createdAt = createdAt;
	}

	boolean isOwner() {
		return this.role.equals(OWNER);
	}

	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("customer_id", this.customer.id());
		json.put("email", this.email);
		json.put("name", this.name);
		json.put("external_id", this.externalId);
		json.put("role", this.role);
		return json;
	}

}
