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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What customers see of resources in the portal.
 */
final class FakePortalJson {

	private static final List<String> CUSTOMER = List.of("created_at", "modified_at", "id", "email", "email_verified",
			"name", "billing_name", "billing_address", "tax_id", "default_payment_method_id", "type", "locale");

	private static final List<String> MEMBER = List.of("created_at", "modified_at", "id", "email", "name", "role");

	private static final Set<String> MERCHANTS_ONLY = Set.of("metadata", "custom_field_data", "customer", "user",
			"discount", "platform_fee_amount", "platform_fee_currency");

	private static final Set<String> GRANT = Set.of("member", "previous_properties", "user_id");

	private static final List<String> BENEFIT = List.of("id", "created_at", "modified_at", "type", "description",
			"selectable", "deletable", "is_deleted", "organization_id", "properties");

	private FakePortalJson() {
	}

	static Map<String, @Nullable Object> customer(FakeCustomer customer, UUID organization) {
		Map<String, @Nullable Object> json = part(customer.toJson(organization), CUSTOMER);
		json.put("oauth_accounts", Map.of());
		return json;
	}

	static Map<String, @Nullable Object> member(FakeMember member) {
		return part(member.toJson(), MEMBER);
	}

	private static Map<String, @Nullable Object> part(Map<String, @Nullable Object> all, List<String> names) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		names.forEach((name) -> json.put(name, all.get(name)));
		return json;
	}

	static Map<String, @Nullable Object> subscription(FakeSubscription subscription, UUID organization) {
		Map<String, @Nullable Object> json = subscription.toJson(organization);
		json.keySet().removeAll(MERCHANTS_ONLY);
		json.put("product", product(subscription.product, organization));
		return json;
	}

	static Map<String, @Nullable Object> order(FakeOrder order, UUID organization) {
		Map<String, @Nullable Object> json = order.toJson(organization);
		json.keySet().removeAll(MERCHANTS_ONLY);
		json.put("product", product(order.session.product(), organization));
		if (order.subscription != null) {
			Map<String, @Nullable Object> subscription = order.subscription.toOrderJson(organization);
			subscription.keySet().removeAll(MERCHANTS_ONLY);
			subscription.remove("user_id");
			json.put("subscription", subscription);
		}
		return json;
	}

	private static Map<String, @Nullable Object> product(FakeProduct product, UUID organization) {
		Map<String, @Nullable Object> json = product.toJson(organization);
		json.put("organization", FakeSession.organization(organization, product.createdAt()));
		return json;
	}

	static Map<String, @Nullable Object> grant(FakeGrant grant, UUID organization) {
		Map<String, @Nullable Object> json = grant.toJson(organization);
		json.keySet().removeAll(GRANT);
		json.put("customer", customer(grant.customer, organization));
		Map<String, @Nullable Object> benefit = new LinkedHashMap<>();
		if (json.get("benefit") instanceof Map<?, ?> all) {
			BENEFIT.forEach((name) -> benefit.put(name, all.get(name)));
		}
		benefit.put("organization", FakeSession.organization(organization, Instant.EPOCH));
		json.put("benefit", benefit);
		return json;
	}

	/**
	 * Return the organization with the products that it sells.
	 */
	static Map<String, @Nullable Object> organization(List<FakeProduct> products, UUID organization) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("organization", FakeSession.organization(organization, Instant.EPOCH));
		List<Map<String, @Nullable Object>> sold = new ArrayList<>();
		products.stream()
			.filter((product) -> !product.isArchived() && "public".equals(product.get("visibility")))
			.forEach((product) -> sold.add(0, product.toJson(organization)));
		json.put("products", sold);
		return json;
	}

}
