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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Handles requests of merchants for subscriptions.
 */
final class FakeSubscriptionRequests {

	private static final Pattern COLLECTION = Pattern.compile("/v1/subscriptions/?");

	private static final Pattern BY_ID = Pattern.compile("/v1/subscriptions/([^/]+)(/?)");

	private static final Pattern PREVIEW = Pattern.compile("/v1/subscriptions/([^/]+)/(charge|cancel|change)-preview");

	private static final Set<String> READ = Set.of("subscriptions:read", "subscriptions:write");

	private static final Set<String> WRITE = Set.of("subscriptions:write");

	private static final FakeType CREATE = FakeSubscriptionSchema.create();

	private static final FakeType CHANGE_PREVIEW = FakeSubscriptionSchema.changePreview();

	private final FakeState state;

	private final FakeTransformer transformer;

	private final FakeType update;

	private final FakePreviews previews;

	FakeSubscriptionRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
		this.update = new FakeSubscriptionSchema(state).update();
		this.previews = new FakePreviews(state);
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		if (method.equals("GET") && path.startsWith("/v1/subscriptions/")) {
			this.state.countUsage();
		}
		if (COLLECTION.matcher(path).matches()) {
			return path.endsWith("/") ? collection(request, method)
					: this.transformer.temporaryRedirect(request, path + "/");
		}
		Matcher preview = PREVIEW.matcher(path);
		if (preview.matches()) {
			return preview(request, method, preview.group(1), preview.group(2));
		}
		Matcher byId = BY_ID.matcher(path);
		if (!byId.matches()) {
			return null;
		}
		return byId.group(2).isEmpty() ? byId(request, method, byId.group(1))
				: this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
	}

	private ResponseDefinitionBuilder collection(Request request, String method) {
		return switch (method) {
			case "GET" ->
				this.transformer.authorized(request, READ, () -> this.transformer.list(list(this.state, request)));
			case "POST" ->
				this.transformer.authorized(request, WRITE, () -> this.transformer.withJson(request, this::create));
			default -> FakeTransformer.methodNotAllowed("GET");
		};
	}

	static FakeList list(FakeState state, Request request) {
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
				"CustomerCancellationReason", FakeSubscriptionSchema.REASONS.toArray(String[]::new)));
		for (String time : List.of("canceled_at_after", "canceled_at_before")) {
			filters.put(time, Filter.time("canceled_at"));
		}
		for (String time : List.of("started_after", "started_before")) {
			filters.put(time, Filter.time("started_at"));
		}
		return new FakeList(state.subscriptions().stream().map((each) -> forFilters(state, each)).toList(), filters,
				null, List.of("customer", "status", "started_at", "current_period_end", "ended_at", "ends_at", "amount",
						"product", "discount"),
				request.getUrl());
	}

	private static Map<String, @Nullable Object> forFilters(FakeState state, FakeSubscription subscription) {
		Map<String, @Nullable Object> json = FakeResources.withExternalId(subscription.toJson(state.organizationId()));
		json.put("#organization_id", state.organizationId());
		// one that is past due or paused is neither
		json.put("#active", subscription.isActive() ? Boolean.TRUE : subscription.hasEnded() ? false : null);
		return json;
	}

	private ResponseDefinitionBuilder create(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		if (!(CREATE.read(json, errors) instanceof Map<?, ?> values) || !errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		return accepted(201, () -> {
			String productId = String.valueOf(values.get("product_id"));
			FakeProduct product = freeProduct(productId);
			String field = values.containsKey("customer_id") ? "customer_id" : "external_customer_id";
			String id = String.valueOf(values.get(field));
			FakeCustomer customer = field.equals("customer_id") ? this.state.customer(UUID.fromString(id))
					: this.state.customerWithExternalId(id);
			if (customer == null) {
				throw FakeRejection.of(field, "Customer does not exist.", id);
			}
			return this.state.subscribe(product, customer, FakeResources.metadata(FakeOrders.stringKeys(values)));
		});
	}

	private FakeProduct freeProduct(String id) {
		FakeProduct product = this.state.product(UUID.fromString(id));
		if (product == null) {
			throw FakeRejection.of("product_id", "Product does not exist.", id);
		}
		if (!product.isRecurring()) {
			throw FakeRejection.of("product_id", "Product is not a recurring product.", id);
		}
		if (!product.prices().isFree()) {
			throw FakeRejection.of("product_id",
					"Product is not free. The customer should go through a checkout to create a paid subscription.",
					id);
		}
		return product;
	}

	private static ResponseDefinitionBuilder accepted(int status, Supplier<Object> action) {
		try {
			return FakeTransformer.json(status, action.get());
		}
		catch (FakeRejection ex) {
			return ex.response();
		}
	}

	private ResponseDefinitionBuilder byId(Request request, String method, String id) {
		return switch (method) {
			case "PATCH" -> this.transformer.authorized(request, WRITE,
					() -> this.transformer.withJson(request, (json) -> update(id, json)));
			case "DELETE" -> this.transformer.authorized(request, WRITE, () -> withSubscription(id,
					(subscription) -> change(subscription, () -> this.state.end(subscription))));
			case "GET" -> this.transformer.authorized(request, READ, () -> withSubscription(id,
					(subscription) -> FakeTransformer.json(200, subscription.toJson(this.state.organizationId()))));
			default -> FakeTransformer.methodNotAllowed("GET");
		};
	}

	private ResponseDefinitionBuilder withSubscription(String id,
			Function<FakeSubscription, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id, (uuid) -> {
			FakeSubscription subscription = this.state.subscription(uuid);
			return (subscription != null) ? action.apply(subscription) : FakeOrders.notFound();
		});
	}

	private ResponseDefinitionBuilder change(FakeSubscription subscription, Runnable change) {
		return accepted(200, () -> {
			change.run();
			Map<String, @Nullable Object> json = subscription.toJson(this.state.organizationId());
			subscription.sentPeriodEnd = null;
			return json;
		});
	}

	/**
	 * Change a subscription. Polar reads the body before it looks for the subscription.
	 */
	private ResponseDefinitionBuilder update(String id, JsonNode json) {
		return withBody(id, json, this.update, (FakeSubscription subscription,
				Map<String, @Nullable Object> values) -> change(subscription, () -> update(subscription, values)));
	}

	private ResponseDefinitionBuilder withBody(String id, JsonNode json, FakeType type,
			BiFunction<FakeSubscription, Map<String, @Nullable Object>, ResponseDefinitionBuilder> action) {
		FakeErrors inPath = new FakeErrors("path", "id");
		FakeSchema.uuid().read(JsonMapper.shared().getNodeFactory().stringNode(id), inPath);
		FakeErrors inBody = new FakeErrors("body");
		Object values = type.read(json, inBody);
		List<Map<String, @Nullable Object>> problems = new ArrayList<>(inPath.items());
		problems.addAll(inBody.items());
		if (!problems.isEmpty() || !(values instanceof Map<?, ?> read)) {
			return FakeTransformer.validation("RequestValidationError", problems);
		}
		return withSubscription(id, (subscription) -> action.apply(subscription, FakeOrders.stringKeys(read)));
	}

	private void update(FakeSubscription subscription, Map<String, @Nullable Object> values) {
		FakeSubscriptionChanges changes = this.state.sales().changes;
		String proration = (String) values.get("proration_behavior");
		String reason = (String) values.get("customer_cancellation_reason");
		String comment = (String) values.get("customer_cancellation_comment");
		if (values.get("seats") instanceof Long seats) {
			changes.seats(subscription, seats, proration);
		}
		else if (values.get("units") instanceof Long units) {
			changes.units(subscription, units, proration);
		}
		else if (values.get("current_billing_period_end") instanceof String end) {
			changes.endPeriodAt(subscription, end);
		}
		else if (values.get("cancel_at_period_end") instanceof Boolean cancel) {
			if (cancel) {
				changes.cancel(subscription, reason, comment);
			}
			else {
				changes.uncancel(subscription);
			}
		}
		else if (values.containsKey("revoke")) {
			changes.end(subscription, reason, comment);
		}
		else if (values.get("pause_at_period_end") instanceof Boolean pause) {
			if (pause) {
				changes.pause(subscription, (String) values.get("resumes_at"));
			}
			else {
				changes.unschedulePause(subscription);
			}
		}
		else if (values.containsKey("resume")) {
			this.state.sales().renewals.resume(subscription);
		}
		else if (values.containsKey("pending_update")) {
			changes.clearPendingUpdate(subscription);
		}
		else {
			changes.update(subscription, values);
		}
	}

	private ResponseDefinitionBuilder preview(Request request, String method, String id, String kind) {
		if (kind.equals("change")) {
			return method.equals("POST")
					? this.transformer.authorized(request, WRITE,
							() -> this.transformer.withJson(request, (json) -> previewChange(id, json)))
					: FakeTransformer.methodNotAllowed("POST");
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, READ, () -> withSubscription(id, (subscription) -> {
			Map<String, @Nullable Object> json = kind.equals("charge") ? this.previews.charge(subscription)
					: this.previews.cancellation(subscription);
			return (json != null) ? FakeTransformer.json(200, json) : FakeOrders.notFound();
		}));
	}

	private ResponseDefinitionBuilder previewChange(String id, JsonNode json) {
		return withBody(id, json, CHANGE_PREVIEW, (FakeSubscription subscription,
				Map<String, @Nullable Object> values) -> accepted(200, () -> previewChange(subscription, values)));
	}

	private Object previewChange(FakeSubscription subscription, Map<String, @Nullable Object> values) {
		FakeSubscriptionChanges changes = this.state.sales().changes;
		String proration = changes.proration((String) values.get("proration_behavior"));
		if (values.get("product_id") instanceof String productId) {
			FakeProduct product = changes.requireProduct(subscription, productId, false);
			return this.previews.change(subscription,
					new FakePlanChange(this.state, subscription, product, proration, FakeDiscountChange.NONE));
		}
		FakeQuantity quantity = (values.get("seats") instanceof Long seats)
				? FakeQuantity.seats(this.state, subscription, seats)
				: FakeQuantity.units(subscription, (Long) Objects.requireNonNull(values.get("units")));
		return this.previews.change(subscription, quantity, proration);
	}

}
