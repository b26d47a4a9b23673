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
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A customer, created with the first payment or by an API call.
 */
record FakeCustomer(UUID id, Instant createdAt, @Nullable String externalId, String email, @Nullable String name,
		Map<String, Object> metadata, @Nullable Map<String, @Nullable Object> billingAddress) {

	Map<String, Object> toJson(UUID organizationId) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("metadata", this.metadata);
		json.put("external_id", this.externalId);
		json.put("email", this.email);
		json.put("email_verified", false);
		json.put("type", "individual");
		json.put("name", this.name);
		for (String name : List.of("billing_name", "tax_id", "locale")) {
			json.put(name, null);
		}
		json.put("billing_address", this.billingAddress);
		json.put("organization_id", organizationId);
		for (String name : List.of("default_payment_method_id", "deleted_at", "first_user_event_at", "avatar_url")) {
			json.put(name, null);
		}
		return json;
	}

}
