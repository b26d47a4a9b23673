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
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * A session of the customer portal, for one member of a customer.
 *
 * @param customer the customer
 * @param member the member, who is the owner of an individual customer
 * @param returnUrl the URL of the link back to the shop
 * @param expiresAt when the session ends
 */
record FakePortalSession(FakeCustomer customer, FakeMember member, @Nullable String returnUrl, Instant expiresAt) {

	static final Duration LIFETIME = Duration.ofHours(1);

	boolean isValid(Instant now) {
		return now.isBefore(this.expiresAt) && !this.customer.deleted && this.customer.members().contains(this.member);
	}

	/**
	 * Return whether the member can see orders and change billing data.
	 */
	boolean isBilling() {
		return !this.member.role.equals(FakeMember.MEMBER);
	}

	/**
	 * Return the JSON of a new session.
	 * @param portal the URL of the portal
	 */
	Map<String, @Nullable Object> toJson(String token, String portal, UUID organizationId, Instant now) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", now);
		json.put("modified_at", null);
		json.put("id", UUID.randomUUID());
		json.put("token", token);
		json.put("expires_at", this.expiresAt);
		json.put("return_url", this.returnUrl);
		json.put("customer_portal_url",
				FakeUrl.withParameter(FakeUrl.withParameter(portal, "customer_session_token=" + token),
						"email=" + UriUtils.encode(String.valueOf(this.member.email), StandardCharsets.UTF_8)));
		json.put("customer_id", this.customer.id());
		json.put("customer", this.customer.toJson(organizationId));
		return json;
	}

}
