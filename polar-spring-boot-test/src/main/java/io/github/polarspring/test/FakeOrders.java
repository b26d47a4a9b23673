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
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.StringUtils;

/**
 * Handles requests for what follows from an order: invoices, receipts, refunds, and
 * disputes.
 */
final class FakeOrders {

	private static final Pattern ORDER = Pattern.compile("/v1/orders/([^/]*)(?:/(invoice|receipt))?");

	private static final Pattern LIST = Pattern.compile("/v1/(refunds|disputes)(/?)");

	private static final Pattern DISPUTE = Pattern.compile("/v1/disputes/([^/]+)(/accept)?");

	private static final FakeFields UPDATE = new FakeFields()
		.optional("billing_name", FakeSchema.nullable(FakeSchema.textOrBlank(Integer.MAX_VALUE)))
		.optional("billing_address", FakeSchema.nullable(FakeAddress.SCHEMA));

	private static final FakeFields ORDER_OF_MERCHANT = new FakeFields().required("product_id", FakeSchema.uuid())
		.required("customer_id", FakeSchema.uuid());

	private static final FakeFields REFUND = new FakeFields().required("order_id", FakeSchema.uuid())
		.required("reason",
				FakeSchema.literal(List.of("duplicate", "fraudulent", "customer_request", "service_disruption",
						"satisfaction_guarantee", "other"), "<RefundReason.%s: '%s'>"))
		.required("amount", FakeSchema.positive())
		.optional("revoke_benefits", FakeSchema.bool())
		.optional("metadata", FakeSchema.metadata())
		.optional("comment", FakeSchema.textOrBlank(Integer.MAX_VALUE));

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeOrders(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher dispute = DISPUTE.matcher(path);
		if (dispute.matches()) {
			return dispute(request, method, dispute);
		}
		Matcher list = LIST.matcher(path);
		if (list.matches()) {
			return list.group(2).isEmpty() ? this.transformer.temporaryRedirect(request, path + "/")
					: list(request, method, list.group(1));
		}
		Matcher order = ORDER.matcher(path);
		return order.matches() ? order(request, method, order.group(1), order.group(2)) : null;
	}

	private ResponseDefinitionBuilder get(Request request, String method, String scope,
			Supplier<ResponseDefinitionBuilder> response) {
		return method.equals("GET")
				? this.transformer.authorized(request, Set.of(scope, scope.replace(":read", ":write")), response)
				: FakeTransformer.methodNotAllowed("GET");
	}

	/**
	 * Handle a request for an order, unless it reads orders.
	 */
	private @Nullable ResponseDefinitionBuilder order(Request request, String method, String id,
			@Nullable String document) {
		if (id.isEmpty()) {
			return (method.equals("POST") && document == null) ? this.transformer.authorized(request,
					Set.of("orders:write"), () -> this.transformer.withJson(request, this::create)) : null;
		}
		if (document == null) {
			return method.equals("PATCH")
					? this.transformer
						.authorized(request, Set.of("orders:write"),
								() -> withOrder(id,
										(order) -> this.transformer.withJson(request,
												(json) -> update(order, json,
														(updated) -> updated.toJson(this.state.organizationId())))))
					: null;
		}
		boolean post = method.equals("POST") && document.equals("invoice");
		if (!post && !method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, Set.of("orders:read"), () -> withOrder(id,
				post ? this::createInvoice : document.equals("invoice") ? this::invoice : this::receipt));
	}

	private ResponseDefinitionBuilder withOrder(String id, Function<FakeOrder, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id, (uuid) -> {
			FakeOrder order = this.state.order(uuid);
			return (order != null) ? action.apply(order) : notFound();
		});
	}

	static ResponseDefinitionBuilder notFound() {
		return FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	/**
	 * Polar charges a card on file only for organizations that it has opted in.
	 */
	private ResponseDefinitionBuilder create(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		ORDER_OF_MERCHANT.read(json, errors);
		return errors.isEmpty() ? FakeTransformer.error(403, "OffSessionChargesNotEnabled",
				"Off-session charges are not enabled for this organization (%s). Contact Polar support to opt in."
					.formatted(this.state.organizationId()))
				: FakeTransformer.validation("RequestValidationError", errors.items());
	}

	/**
	 * Change the billing details. Polar ignores all other members.
	 */
	ResponseDefinitionBuilder update(FakeOrder order, JsonNode json, Function<FakeOrder, Object> toJson) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = UPDATE.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		Map<String, @Nullable Object> address = null;
		if (values.get("billing_address") instanceof Map<?, ?> parts) {
			address = FakeAddress.complete(stringKeys(parts));
			checkTaxLocation(order, address, errors.at("billing_address"));
		}
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		if (json.has("billing_address")) {
			order.billingAddress = address;
			order.invoiceOutdated = true;
		}
		if (json.has("billing_name")) {
			order.billingName = (String) values.get("billing_name");
			order.invoiceOutdated = true;
		}
		this.state.sales().touch(order);
		return FakeTransformer.json(200, toJson.apply(order));
	}

	/**
	 * Check that an address is in the place for which tax was calculated.
	 */
	private static void checkTaxLocation(FakeOrder order, Map<String, @Nullable Object> address, FakeErrors errors) {
		Map<String, @Nullable Object> before = order.billingAddress;
		if (before == null) {
			return;
		}
		for (String part : List.of("country", "state")) {
			Object value = address.get(part);
			if (!Objects.equals(before.get(part), value)) {
				errors.at(part)
					.add("value_error", StringUtils.capitalize(part) + " cannot be changed",
							JsonMapper.shared().valueToTree(value));
			}
		}
	}

	static Map<String, @Nullable Object> stringKeys(Map<?, ?> map) {
		Map<String, @Nullable Object> result = new LinkedHashMap<>();
		map.forEach((key, value) -> result.put(key.toString(), value));
		return result;
	}

	/**
	 * Generate the invoice, unless it is up to date.
	 */
	ResponseDefinitionBuilder createInvoice(FakeOrder order) {
		if (order.voided) {
			return FakeTransformer.error(409, "OrderNotEligibleForInvoice",
					"Order %s is not eligible for invoice generation (current status: %s).".formatted(order.id,
							order.status()));
		}
		if (!order.hasBillingDetails()) {
			return FakeTransformer.error(422, "MissingInvoiceBillingDetails",
					"Billing name and address are required to generate an invoice for this order.");
		}
		this.state.generateInvoice(order);
		return new ResponseDefinitionBuilder().withStatus(202)
			.withHeader("Content-Type", "application/json")
			.withBody("null");
	}

	ResponseDefinitionBuilder invoice(FakeOrder order) {
		return order.invoiceGenerated ? FakeTransformer.json(200, Map.of("url", order.invoiceUrl(this.state.baseUrl())))
				: FakeTransformer.error(404, "InvoiceDoesNotExist", "No invoice exists for order " + order.id + ".");
	}

	/**
	 * Return the receipt, which is only made when it is asked for.
	 */
	ResponseDefinitionBuilder receipt(FakeOrder order) {
		if (order.receiptNumber == null) {
			return FakeTransformer.error(404, "ReceiptNotAllocated",
					"No receipt allocated for order " + order.id + ".");
		}
		if (!order.receiptRequested) {
			order.receiptRequested = true;
			return new ResponseDefinitionBuilder().withStatus(202);
		}
		return FakeTransformer.json(200, Map.of("url", order.receiptUrl(this.state.baseUrl())));
	}

	private ResponseDefinitionBuilder list(Request request, String method, String name) {
		if (name.equals("refunds") && method.equals("POST")) {
			return this.transformer.authorized(request, Set.of("refunds:write"),
					() -> this.transformer.withJson(request, this::refund));
		}
		return get(request, method, name + ":read",
				() -> this.transformer.list(name.equals("refunds") ? refunds(request) : disputes(request)));
	}

	/**
	 * Return the list of orders.
	 */
	static FakeList list(FakeState state, Request request) {
		Map<String, Filter> filters = new LinkedHashMap<>();
		for (String id : List.of("product_id", "discount_id", "customer_id", "checkout_id", "subscription_id")) {
			filters.put(id, Filter.id(id));
		}
		// all orders are those of the only organization
		filters.put("organization_id", Filter.id("#organization_id"));
		filters.put("external_customer_id", Filter.text("#external_customer_id"));
		filters.put("status", Filter.oneOf("status", "OrderStatus", "draft", "pending", "paid", "refunded",
				"partially_refunded", "void"));
		filters.put("product_billing_type",
				Filter.oneOf("#billing_type", "ProductBillingType", "one_time", "recurring"));
		filters.put("created_after", Filter.time("created_at"));
		filters.put("created_before", Filter.time("created_at"));
		return new FakeList(state.orders().stream().map((order) -> {
			Map<String, @Nullable Object> json = FakeResources.withExternalId(order.toJson(state.organizationId()));
			json.put("#organization_id", state.organizationId());
			return json;
		}).toList(), filters, null, List.of("created_at", "status", "invoice_number", "amount", "net_amount",
				"customer", "product", "discount", "subscription"), request.getUrl());
	}

	private FakeList refunds(Request request) {
		List<Map<String, @Nullable Object>> all = copies(this.state.sales().refunds.all());
		all.forEach((Map<String, @Nullable Object> refund) -> {
			refund.put("#external_customer_id", externalId(refund));
			refund.put("#succeeded", "succeeded".equals(refund.get("status")));
		});
		return new FakeList(all,
				Map.of("id", Filter.id("id"), "organization_id", Filter.id("organization_id"), "order_id",
						Filter.id("order_id"), "subscription_id", Filter.id("subscription_id"), "customer_id",
						Filter.id("customer_id"), "external_customer_id", Filter.text("#external_customer_id"),
						"succeeded", Filter.flag("#succeeded")),
				null, List.of("created_at", "amount"), request.getUrl());
	}

	private FakeList disputes(Request request) {
		List<Map<String, @Nullable Object>> all = copies(this.state.sales().refunds.disputes());
		all.forEach((dispute) -> dispute.put("#organization_id", this.state.organizationId()));
		return new FakeList(all,
				Map.of("organization_id", Filter.id("#organization_id"), "order_id", Filter.id("order_id"), "status",
						Filter.oneOf("status", "DisputeStatus", "prevented", "early_warning", "needs_response",
								"under_review", "lost", "won")),
				null, List.of("created_at", "amount"), request.getUrl());
	}

	private @Nullable Object externalId(Map<String, @Nullable Object> json) {
		Object customerId = json.get("customer_id");
		return (customerId != null) ? this.state.externalIdOfCustomer(customerId) : null;
	}

	private static List<Map<String, @Nullable Object>> copies(List<Map<String, @Nullable Object>> all) {
		return all.stream().<Map<String, @Nullable Object>>map(LinkedHashMap::new).toList();
	}

	private ResponseDefinitionBuilder dispute(Request request, String method, Matcher path) {
		String id = path.group(1);
		if (path.group(2) == null) {
			return get(request, method, "disputes:read",
					() -> withDispute(id, (found) -> FakeTransformer.json(200, found)));
		}
		return method.equals("POST")
				? this.transformer.authorized(request, Set.of("disputes:write"), () -> withDispute(id, this::accept))
				: FakeTransformer.methodNotAllowed("POST");
	}

	private ResponseDefinitionBuilder withDispute(String id,
			Function<Map<String, @Nullable Object>, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id,
				(uuid) -> this.state.sales().refunds.disputes()
					.stream()
					.filter((dispute) -> uuid.equals(dispute.get("id")))
					.findFirst()
					.map(action)
					.orElseGet(FakeOrders::notFound));
	}

	/**
	 * Accept a dispute, which is lost by that.
	 */
	private ResponseDefinitionBuilder accept(Map<String, @Nullable Object> dispute) {
		if (!FakeRefunds.isOpen(dispute)) {
			return FakeTransformer.error(409, "DisputeNotOpenError",
					"Dispute %s is not awaiting a response.".formatted(dispute.get("id")));
		}
		FakeOrder order = Objects
			.requireNonNull(this.state.order((UUID) Objects.requireNonNull(dispute.get("order_id"))));
		this.state.sales().refunds.closeDispute(order, false);
		return FakeTransformer.json(200, dispute);
	}

	private ResponseDefinitionBuilder refund(JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = REFUND.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		long amount = (Long) Objects.requireNonNull(values.get("amount"));
		FakeOrder order = this.state.order(UUID.fromString(String.valueOf(values.get("order_id"))));
		if (order == null) {
			errors.at("order_id").add("value_error", "Order not found", json.path("order_id"));
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		if (order.status().equals("refunded")) {
			return FakeTransformer.error(403, "RefundedAlready", "Order is already fully refunded: " + order.id);
		}
		boolean revokeBenefits = Boolean.TRUE.equals(values.get("revoke_benefits"));
		if (revokeBenefits && order.subscription != null) {
			return FakeTransformer.error(400, "RevokeSubscriptionBenefitsProhibited",
					"Subscription benefits can only be revoked upon cancellation");
		}
		if (amount > order.refundable()) {
			errors.at("amount").add("value_error", "Refund amount exceeds refundable amount", json.path("amount"));
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		if (!order.paid) {
			return FakeTransformer.error(404, "RefundUnknownPayment", "Refund issued for unknown order: " + order.id);
		}
		// only the bank knows of a dispute, so Polar notices it last
		if (this.state.sales().refunds.isDisputed(order)) {
			return FakeTransformer.error(403, "RefundDisputedPayment",
					"Refund cannot be issued for order with disputed payment: " + order.id);
		}
		return FakeTransformer.json(201, this.state.refund(order, amount, String.valueOf(values.get("reason")),
				revokeBenefits, FakeResources.metadata(values)));
	}

}
