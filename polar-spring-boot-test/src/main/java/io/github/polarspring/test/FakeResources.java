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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Handles requests for products, orders, and payments.
 */
final class FakeResources {

	private static final Pattern COLLECTION = Pattern.compile("/v1/(products|orders)(/?)");

	private static final Pattern BY_ID = Pattern.compile("/v1/(products|orders)/([^/]+)(/?)");

	private static final Pattern PAYMENT = Pattern.compile("/v1/payments/([^/]*)");

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeResources(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher collection = COLLECTION.matcher(path);
		if (collection.matches()) {
			if (collection.group(2).isEmpty()) {
				return this.transformer.temporaryRedirect(request, path + "/");
			}
			return collection(request, method, collection.group(1));
		}
		Matcher payment = PAYMENT.matcher(path);
		if (payment.matches()) {
			return payments(request, method, payment.group(1));
		}
		Matcher byId = BY_ID.matcher(path);
		return byId.matches()
				? withoutSlash(request, path, byId.group(3), () -> byId(request, method, byId.group(1), byId.group(2)))
				: null;
	}

	private ResponseDefinitionBuilder withoutSlash(Request request, String path, String slash,
			Supplier<ResponseDefinitionBuilder> response) {
		return slash.isEmpty() ? response.get()
				: this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
	}

	private ResponseDefinitionBuilder get(Request request, String method, String scope,
			Supplier<ResponseDefinitionBuilder> response) {
		return method.equals("GET") ? this.transformer.authorized(request, scopes(scope), response)
				: FakeTransformer.methodNotAllowed("GET");
	}

	/**
	 * A write scope includes the read scope.
	 */
	static Set<String> scopes(String scope) {
		return (scope.endsWith(":read") && !scope.startsWith("orders") && !scope.startsWith("payments"))
				? Set.of(scope, scope.replace(":read", ":write")) : Set.of(scope);
	}

	private ResponseDefinitionBuilder collection(Request request, String method, String name) {
		return get(request, method, name + ":read", () -> this.transformer.list(list(request, name)));
	}

	FakeList list(Request request, String name) {
		UUID organization = this.state.organizationId();
		return switch (name) {
			case "products" ->
				new FakeList(this.state.products().stream().map((product) -> product.toFullJson(organization)).toList(),
						Map.of("id", Filter.id("id"), "organization_id", Filter.id("organization_id"), "is_archived",
								Filter.flag("is_archived"), "is_recurring", Filter.flag("is_recurring"), "visibility",
								Filter.oneOf("visibility", "ProductVisibility", "draft", "private", "public")),
						"name", List.of("created_at", "name", "price_amount_type", "price_amount"), request.getUrl());
			case "customers" -> FakeCustomerRequests.list(this.state, request);
			case "orders" -> FakeOrders.list(this.state, request);
			default -> FakeSubscriptionRequests.list(this.state, request);
		};
	}

	/**
	 * Add fields that are only used by filters.
	 */
	static Map<String, @Nullable Object> withExternalId(Map<String, @Nullable Object> json) {
		if (json.get("customer") instanceof Map<?, ?> customer) {
			json.put("#external_customer_id", customer.get("external_id"));
		}
		if (json.get("product") instanceof Map<?, ?> product) {
			json.put("#billing_type", Boolean.TRUE.equals(product.get("is_recurring")) ? "recurring" : "one_time");
		}
		return json;
	}

	private ResponseDefinitionBuilder byId(Request request, String method, String name, String id) {
		return get(request, method, name + ":read", () -> withId(id, (uuid) -> find(name, uuid)));
	}

	private ResponseDefinitionBuilder find(String name, UUID id) {
		UUID organization = this.state.organizationId();
		FakeProduct product = name.equals("products") ? this.state.product(id) : null;
		FakeOrder order = name.equals("orders") ? this.state.order(id) : null;
		if (product != null) {
			return FakeTransformer.json(200, product.toFullJson(organization));
		}
		return (order != null) ? FakeTransformer.json(200, order.toJson(organization)) : notFound();
	}

	private static ResponseDefinitionBuilder notFound() {
		return FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	private static ResponseDefinitionBuilder withId(String id, Function<UUID, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id, action);
	}

	static Map<String, Object> metadata(Map<String, @Nullable Object> values) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		if (values.get("metadata") instanceof Map<?, ?> sent) {
			sent.forEach((key, value) -> metadata.put(key.toString(), Objects.requireNonNull(value)));
		}
		return metadata;
	}

	private ResponseDefinitionBuilder payments(Request request, String method, String id) {
		UUID organization = this.state.organizationId();
		List<Map<String, @Nullable Object>> all = this.state.payments()
			.stream()
			.map((payment) -> payment.toJson(organization))
			.toList();
		if (id.isEmpty()) {
			return get(request, method, "payments:read",
					() -> this.transformer.list(new FakeList(all,
							Map.of("organization_id", Filter.id("organization_id"), "checkout_id",
									Filter.id("checkout_id"), "order_id", Filter.id("order_id"), "status",
									Filter.oneOf("status", "PaymentStatus", "pending", "succeeded", "failed"), "method",
									Filter.text("method"), "customer_id", Filter.id("#customer_id")),
							null, List.of("created_at", "status", "amount", "method"), request.getUrl())));
		}
		return get(request, method, "payments:read",
				() -> withId(id,
						(uuid) -> all.stream()
							.filter((payment) -> uuid.equals(payment.get("id")))
							.findFirst()
							.map((payment) -> FakeTransformer.json(200, FakePayment.visible(payment)))
							.orElseGet(FakeResources::notFound)));
	}

}
