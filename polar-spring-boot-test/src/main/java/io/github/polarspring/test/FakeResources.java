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
import tools.jackson.databind.JsonNode;

/**
 * Handles requests for products, orders, subscriptions, and usage events.
 */
final class FakeResources {

	private static final Pattern COLLECTION = Pattern.compile("/v1/(products|orders|subscriptions)(/?)");

	private static final Pattern BY_ID = Pattern.compile("/v1/(products|orders|subscriptions)/([^/]+)(/?)");

	private static final Pattern PAYMENT = Pattern.compile("/v1/payments/([^/]*)");

	private static final FakeFields SUBSCRIPTION = new FakeFields().required("product_id", FakeSchema.uuid())
		.optional("customer_id", FakeSchema.nullable(FakeSchema.uuid()))
		.optional("external_customer_id", FakeSchema.textOrBlank(Integer.MAX_VALUE))
		.optional("metadata", FakeSchema.metadata());

	static final List<String> REASONS = List.of("customer_service", "low_quality", "missing_features",
			"switched_service", "too_complex", "too_expensive", "unused", "other");

	private static final FakeFields METADATA = new FakeFields().optional("metadata", FakeSchema.metadata());

	private static final Set<String> UPDATES = Set.of("cancel_at_period_end", "revoke", "customer_cancellation_reason",
			"customer_cancellation_comment");

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
		if (path.startsWith("/v1/events/ingest")) {
			return ingest(request, method, path);
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
		if (name.equals("subscriptions") && method.equals("POST")) {
			return this.transformer.authorized(request, Set.of("subscriptions:write"),
					() -> this.transformer.withJson(request, this::createSubscription));
		}
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
			default -> subscriptions(request);
		};
	}

	private FakeList subscriptions(Request request) {
		Map<String, Filter> filters = new LinkedHashMap<>();
		for (String id : List.of("product_id", "customer_id", "discount_id")) {
			filters.put(id, Filter.id(id));
		}
		filters.put("organization_id", Filter.id("#organization_id"));
		filters.put("external_customer_id", Filter.text("#external_customer_id"));
		filters.put("active", Filter.flag("#active"));
		filters.put("status", Filter.oneOf("status", "SubscriptionStatus", "incomplete", "incomplete_expired",
				"trialing", "active", "past_due", "canceled", "unpaid", "paused"));
		filters.put("cancel_at_period_end", Filter.flag("cancel_at_period_end"));
		filters.put("customer_cancellation_reason", Filter.oneOf("customer_cancellation_reason",
				"CustomerCancellationReason", REASONS.toArray(String[]::new)));
		for (String time : List.of("canceled_at_after", "canceled_at_before")) {
			filters.put(time, Filter.time("canceled_at"));
		}
		for (String time : List.of("started_after", "started_before")) {
			filters.put(time, Filter.time("started_at"));
		}
		return new FakeList(this.state.subscriptions().stream().map(this::forFilters).toList(), filters, null,
				List.of("customer", "status", "started_at", "current_period_end", "ended_at", "ends_at", "amount",
						"product", "discount"),
				request.getUrl());
	}

	private Map<String, @Nullable Object> forFilters(FakeSubscription subscription) {
		Map<String, @Nullable Object> json = withExternalId(subscription.toJson(this.state.organizationId()));
		json.put("#organization_id", this.state.organizationId());
		// one that is past due or paused is neither
		json.put("#active", subscription.isActive() ? Boolean.TRUE : subscription.hasEnded() ? false : null);
		return json;
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
		if (name.equals("subscriptions") && method.equals("PATCH")) {
			return this.transformer.authorized(request, Set.of("subscriptions:write"), () -> withSubscription(id,
					(subscription) -> this.transformer.withJson(request, (json) -> update(subscription, json))));
		}
		if (name.equals("subscriptions") && method.equals("DELETE")) {
			return this.transformer.authorized(request, Set.of("subscriptions:write"),
					() -> withSubscription(id, this::revoke));
		}
		return get(request, method, name + ":read", () -> withId(id, (uuid) -> find(name, uuid)));
	}

	private ResponseDefinitionBuilder find(String name, UUID id) {
		UUID organization = this.state.organizationId();
		FakeProduct product = name.equals("products") ? this.state.product(id) : null;
		FakeOrder order = name.equals("orders") ? this.state.order(id) : null;
		FakeSubscription subscription = name.equals("subscriptions") ? this.state.subscription(id) : null;
		if (product != null) {
			return FakeTransformer.json(200, product.toFullJson(organization));
		}
		if (order != null) {
			return FakeTransformer.json(200, order.toJson(organization));
		}
		return (subscription != null) ? FakeTransformer.json(200, subscription.toJson(organization)) : notFound();
	}

	private static ResponseDefinitionBuilder notFound() {
		return FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	private ResponseDefinitionBuilder withSubscription(String id,
			Function<FakeSubscription, ResponseDefinitionBuilder> action) {
		return withId(id, (uuid) -> {
			FakeSubscription subscription = this.state.subscription(uuid);
			return (subscription != null) ? action.apply(subscription) : notFound();
		});
	}

	private static ResponseDefinitionBuilder withId(String id, Function<UUID, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id, action);
	}

	private ResponseDefinitionBuilder createSubscription(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = SUBSCRIPTION.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		FakeProduct product = this.state.product(UUID.fromString(String.valueOf(values.get("product_id"))));
		FakeCustomer customer = (values.get("customer_id") instanceof String id)
				? this.state.customer(UUID.fromString(id))
				: this.state.customerWithExternalId(String.valueOf(values.get("external_customer_id")));
		if (product == null || !product.isRecurring() || !product.prices().isFree()) {
			return invalid("PolarRequestValidationError",
					item("value_error", List.of("body", "product_id"), (product != null)
							? "Product is not free or not a recurring product." : "Product does not exist.",
							json.path("product_id")));
		}
		if (customer == null) {
			return invalid("PolarRequestValidationError", item("value_error", List.of("body", "customer_id"),
					"Customer does not exist.", json.path("customer_id")));
		}
		return FakeTransformer.json(201, this.state.subscribe(product, customer, metadata(values)));
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

	private ResponseDefinitionBuilder ingest(Request request, String method, String path) {
		if (path.equals("/v1/events/ingest/")) {
			return this.transformer.temporaryRedirect(request, "/v1/events/ingest");
		}
		if (!path.equals("/v1/events/ingest")) {
			return FakeTransformer.unknownPath();
		}
		if (!method.equals("POST")) {
			return FakeTransformer.methodNotAllowed("POST");
		}
		return this.transformer.authorized(request, Set.of("events:write"),
				() -> this.transformer.withJson(request, new FakeUsage(this.state)::ingest));
	}

	private ResponseDefinitionBuilder update(FakeSubscription subscription, JsonNode json) {
		if (json.isObject() && Set.of("metadata").containsAll(json.propertyNames())) {
			FakeErrors errors = new FakeErrors("body", "SubscriptionUpdateBase");
			Map<String, @Nullable Object> values = METADATA.read(json, errors);
			if (!errors.isEmpty() || values == null) {
				return FakeTransformer.validation("RequestValidationError", errors.items());
			}
			return FakeTransformer.json(200,
					this.state.update(subscription, values.containsKey("metadata") ? metadata(values) : null));
		}
		String reason = text(json, "customer_cancellation_reason");
		if (reason != null && !REASONS.contains(reason)) {
			return invalid("RequestValidationError",
					item("enum", List.of("body", "SubscriptionCancel", "customer_cancellation_reason"),
							"Input should be one of " + REASONS, reason));
		}
		for (String field : json.propertyNames()) {
			if (!UPDATES.contains(field)) {
				return invalid("RequestValidationError", item("extra_forbidden",
						List.of("body", "SubscriptionCancel", field), "Extra inputs are not permitted", ""));
			}
		}
		boolean revoke = json.path("revoke").asBoolean(false);
		if (!revoke && !json.path("cancel_at_period_end").isBoolean()) {
			return invalid("RequestValidationError",
					item("union", List.of("body"), "The fake knows cancel_at_period_end and revoke only", Map.of()));
		}
		boolean cancel = json.path("cancel_at_period_end").asBoolean(false);
		boolean ended = !subscription.isActive() && !subscription.isPastDue();
		if (ended && !revoke && !cancel) {
			return FakeTransformer.error(410, "ResourceUnavailable", "Unavailable");
		}
		if (revoke ? subscription.hasEnded() : ended || (cancel && subscription.cancelAtPeriodEnd)) {
			return alreadyCanceled();
		}
		subscription.cancellationReason = reason;
		subscription.cancellationComment = text(json, "customer_cancellation_comment");
		if (revoke) {
			return revoke(subscription);
		}
		if (cancel != subscription.cancelAtPeriodEnd) {
			this.state.cancel(subscription, cancel);
		}
		return FakeTransformer.json(200, subscription.toJson(this.state.organizationId()));
	}

	private ResponseDefinitionBuilder revoke(FakeSubscription subscription) {
		if (subscription.hasEnded()) {
			return alreadyCanceled();
		}
		this.state.end(subscription);
		return FakeTransformer.json(200, subscription.toJson(this.state.organizationId()));
	}

	private static ResponseDefinitionBuilder alreadyCanceled() {
		return FakeTransformer.error(403, "AlreadyCanceledSubscription",
				"This subscription is already canceled or will be at the end of the period.");
	}

	private static @Nullable String text(JsonNode json, String field) {
		JsonNode value = json.path(field);
		return value.isString() ? value.asString() : null;
	}

	private static Map<String, Object> item(String type, List<Object> loc, String msg, Object input) {
		return Map.of("type", type, "loc", loc, "msg", msg, "input", input);
	}

	private static ResponseDefinitionBuilder invalid(String error, Map<String, Object> item) {
		return invalid(error, List.of(item));
	}

	private static ResponseDefinitionBuilder invalid(String error, List<Map<String, Object>> items) {
		return FakeTransformer.validation(error, items);
	}

}
