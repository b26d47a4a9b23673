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
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Handles requests of customers, who have the token of a session of the portal.
 */
final class FakePortalApi {

	private static final String PREFIX = "/v1/customer-portal/";

	private static final Pattern SESSION = Pattern.compile("customer-session/(introspect|user)");

	private static final Pattern ME = Pattern.compile("customers/me(/payment-methods)?");

	/**
	 * Lists, of which the fake never has items in some.
	 */
	private static final Pattern LIST = Pattern
		.compile("(subscriptions|orders|benefit-grants|license-keys|downloadables|meters|wallets)(/?)");

	private static final Pattern ITEM = Pattern
		.compile("(subscriptions|orders|benefit-grants|license-keys|downloadables)/([^/]+)(?:/([a-z-]+))?");

	private static final Pattern ORGANIZATION = Pattern.compile("organizations/([^/]+)");

	private static final Pattern SEAT = Pattern.compile("seats(?:/([^/]+)(/resend)?)?");

	private static final Pattern MEMBER = Pattern.compile("members(?:/([^/]+))?");

	private final FakeState state;

	private final FakeTransformer transformer;

	private final FakeOrders orders;

	private final FakeMemberRequests members;

	private final FakeSeatRequests seats;

	private final FakePortalSubscriptions subscriptions;

	FakePortalApi(FakeState state, FakeTransformer transformer, FakeOrders orders, FakeMemberRequests members,
			FakeSeatRequests seats) {
		this.state = state;
		this.seats = seats;
		this.subscriptions = new FakePortalSubscriptions(state);
		this.transformer = transformer;
		this.orders = orders;
		this.members = members;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		if (!path.startsWith(PREFIX)) {
			return null;
		}
		String resource = path.substring(PREFIX.length());
		Matcher list = LIST.matcher(resource);
		if (list.matches()) {
			return list.group(2).isEmpty() ? this.transformer.temporaryRedirect(request, path + "/")
					: get(request, method, (session) -> list(request, session, list.group(1)));
		}
		Matcher item = ITEM.matcher(resource);
		if (item.matches()) {
			return item(request, method, item);
		}
		Matcher who = SESSION.matcher(resource);
		if (who.matches()) {
			return get(request, method, (session) -> FakeTransformer.json(200,
					who.group(1).equals("user") ? user(session) : introspect(session)));
		}
		Matcher me = ME.matcher(resource);
		if (me.matches()) {
			return me(request, method, me.group(1) != null);
		}
		Matcher organization = ORGANIZATION.matcher(resource);
		if (organization.matches()) {
			return organization(method, organization.group(1));
		}
		Matcher member = MEMBER.matcher(resource);
		if (member.matches()) {
			return members(request, method, member.group(1));
		}
		if (resource.equals("seats/subscriptions")) {
			return get(request, method, (session) -> list(request, claimed(session), Map.of()));
		}
		Matcher seat = SEAT.matcher(resource);
		return seat.matches() ? this.seats.inPortal(request, method, seat.group(1), seat.group(2) != null) : null;
	}

	/**
	 * Return the subscriptions in which the member of a session has claimed a seat.
	 */
	private List<Map<String, @Nullable Object>> claimed(FakePortalSession session) {
		return subscriptionsOf(session)
			.filter((subscription) -> this.state.seats().isClaimed(subscription, session.member()))
			.map((subscription) -> FakePortalJson.subscription(subscription, this.state.organizationId()))
			.toList();
	}

	private ResponseDefinitionBuilder get(Request request, String method,
			Function<FakePortalSession, ResponseDefinitionBuilder> action) {
		return method.equals("GET") ? this.transformer.inPortal(request, action)
				: FakeTransformer.methodNotAllowed("GET");
	}

	private ResponseDefinitionBuilder billing(Request request,
			Function<FakePortalSession, ResponseDefinitionBuilder> action) {
		return this.transformer.inPortal(request, (session) -> session.isBilling() ? action.apply(session)
				: notPermitted("Only owners and billing managers can access billing features."));
	}

	private static ResponseDefinitionBuilder notPermitted(String detail) {
		return FakeTransformer.error(403, "NotPermitted", detail);
	}

	private static Map<String, @Nullable Object> introspect(FakePortalSession session) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("expires_at", session.expiresAt());
		json.put("return_url", session.returnUrl());
		return json;
	}

	private static Map<String, @Nullable Object> user(FakePortalSession session) {
		FakeMember member = session.member();
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("type", "member");
		json.put("name", member.name);
		json.put("email", member.email);
		json.put("customer_id", session.customer().id());
		json.put("member_id", member.id);
		json.put("role", member.role);
		return json;
	}

	private ResponseDefinitionBuilder me(Request request, String method, boolean cards) {
		if (cards) {
			return method.equals("GET") ? billing(request, (session) -> list(request, cards(session), Map.of()))
					: FakeTransformer.methodNotAllowed("GET");
		}
		if (method.equals("PATCH")) {
			return billing(request, (session) -> this.transformer.withJson(request,
					(body) -> FakeCustomers.changeBilling(this.state, session.customer(), body, this::toJson)));
		}
		return get(request, method, (session) -> FakeTransformer.json(200, toJson(session.customer())));
	}

	private Map<String, @Nullable Object> toJson(FakeCustomer customer) {
		return FakePortalJson.customer(customer, this.state.organizationId());
	}

	private List<Map<String, @Nullable Object>> cards(FakePortalSession session) {
		return this.state.sales().cards.stream()
			.filter((card) -> session.customer().id().equals(card.get("customer_id")))
			.<Map<String, @Nullable Object>>map(LinkedHashMap::new)
			.toList();
	}

	private ResponseDefinitionBuilder organization(String method, String slug) {
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return slug.equals(FakeState.ORGANIZATION)
				? FakeTransformer.json(200,
						FakePortalJson.organization(this.state.products(), this.state.organizationId()))
				: FakeOrders.notFound();
	}

	private ResponseDefinitionBuilder members(Request request, String method, @Nullable String id) {
		String action = method + ((id != null) ? " member" : "");
		if (!List.of("GET", "POST", "PATCH member", "DELETE member").contains(action)) {
			return FakeTransformer.methodNotAllowed((id != null) ? "PATCH" : "GET");
		}
		return this.transformer.inPortal(request, (session) -> {
			if (!session.customer().isTeam()) {
				return notPermitted(
						"Member management is only available for team customers. Purchase a seat-based product to enable team features.");
			}
			if (!session.isBilling()) {
				return notPermitted("Insufficient role for this operation");
			}
			FakeMemberRequests members = this.members;
			if (id != null) {
				return FakeTransformer.withId(id, (uuid) -> members.change(request, method,
						FakeMembers.withId(session.customer(), uuid), FakePortalJson::member));
			}
			return method.equals("GET") ? list(request, members(session), Map.of()) : this.transformer.withJson(request,
					(body) -> members.create(session.customer(), body, FakePortalJson::member));
		});
	}

	private static List<Map<String, @Nullable Object>> members(FakePortalSession session) {
		return session.customer().members().stream().map(FakePortalJson::member).toList();
	}

	private ResponseDefinitionBuilder list(Request request, FakePortalSession session, String name) {
		UUID organization = this.state.organizationId();
		return switch (name) {
			case "subscriptions" -> list(request, this.subscriptionsOf(session).map((subscription) -> {
				Map<String, @Nullable Object> json = FakePortalJson.subscription(subscription, organization);
				json.put("#active", subscription.isActive() ? Boolean.TRUE
						: (subscription.isPastDue() || subscription.isPaused()) ? null : Boolean.FALSE);
				return json;
			}).toList(), Map.of("product_id", Filter.id("product_id"), "active", Filter.flag("#active")));
			case "orders" -> session.isBilling()
					? list(request,
							this.ordersOf(session)
								.map((order) -> FakeResources.withExternalId(FakePortalJson.order(order, organization)))
								.toList(),
							Map.of("product_id", Filter.id("product_id"), "subscription_id",
									Filter.id("subscription_id"), "product_billing_type",
									Filter.oneOf("#billing_type", "ProductBillingType", "one_time", "recurring")))
					: notPermitted("Only owners and billing managers can access billing features.");
			case "benefit-grants" -> list(request, grants(session),
					Map.of("type", Filter.text("#type"), "benefit_id", Filter.id("benefit_id"), "order_id",
							Filter.id("order_id"), "subscription_id", Filter.id("subscription_id")));
			case "license-keys" -> list(request, licenseKeys(session).map((key) -> key.toJson(organization)).toList(),
					Map.of("benefit_id", Filter.id("benefit_id")));
			default -> list(request, List.of(), Map.of("benefit_id", Filter.id("benefit_id")));
		};
	}

	private ResponseDefinitionBuilder list(Request request, List<Map<String, @Nullable Object>> items,
			Map<String, Filter> filters) {
		return this.transformer
			.list(new FakeList(items, filters, null, List.of("created_at", "amount", "status"), request.getUrl()));
	}

	private Stream<FakeSubscription> subscriptionsOf(FakePortalSession session) {
		return this.state.subscriptions()
			.stream()
			.filter((subscription) -> subscription.customer.equals(session.customer()));
	}

	private Stream<FakeOrder> ordersOf(FakePortalSession session) {
		return this.state.orders().stream().filter((order) -> order.customer.equals(session.customer()));
	}

	private List<Map<String, @Nullable Object>> grants(FakePortalSession session) {
		List<Map<String, @Nullable Object>> grants = new ArrayList<>();
		grantsOf(session).forEach((grant) -> {
			Map<String, @Nullable Object> json = FakePortalJson.grant(grant, this.state.organizationId());
			json.put("#type", (json.get("benefit") instanceof Map<?, ?> benefit) ? benefit.get("type") : null);
			grants.add(0, json);
		});
		return grants;
	}

	/**
	 * Return the grants of the member of a session.
	 */
	private Stream<FakeGrant> grantsOf(FakePortalSession session) {
		return this.state.sales().grants.stream()
			.filter((grant) -> grant.isGranted() && grant.customer.equals(session.customer())
					&& session.member().isOwner());
	}

	private Stream<FakeLicenseKey> licenseKeys(FakePortalSession session) {
		return grantsOf(session).flatMap((grant) -> Stream.ofNullable(grant.licenseKey));
	}

	private @Nullable ResponseDefinitionBuilder item(Request request, String method, Matcher path) {
		String name = path.group(1);
		String id = path.group(2);
		String action = path.group(3);
		return switch (name) {
			case "subscriptions" -> subscription(request, method, id, action);
			case "orders" -> order(request, method, id, action);
			case "benefit-grants" -> (action != null) ? null
					: get(request, method,
							(session) -> FakeTransformer.withId(id,
									(uuid) -> found(grantsOf(session).filter((grant) -> grant.id.equals(uuid)),
											(grant) -> FakeTransformer.json(200,
													FakePortalJson.grant(grant, this.state.organizationId())))));
			case "license-keys" -> (action != null || !method.equals("GET")) ? null
					: get(request, method,
							(session) -> FakeTransformer.withId(id, (uuid) -> found(
									licenseKeys(session).filter((key) -> key.id.equals(uuid)),
									(key) -> FakeTransformer.json(200, key.toFullJson(this.state.organizationId())))));
			default -> (action != null) ? null : FakeOrders.notFound();
		};
	}

	private static <T> ResponseDefinitionBuilder found(Stream<T> found, Function<T, ResponseDefinitionBuilder> action) {
		return found.findFirst().map(action).orElseGet(FakeOrders::notFound);
	}

	private @Nullable ResponseDefinitionBuilder subscription(Request request, String method, String id,
			@Nullable String action) {
		FakePortalSubscriptions subscriptions = this.subscriptions;
		return switch (method + ((action != null) ? " " + action : "")) {
			case "PATCH" ->
				billing(request, (session) -> this.transformer.withJson(request, (body) -> withSubscription(session, id,
						(subscription) -> subscriptions.update(subscription, body))));
			case "DELETE" -> billing(request, (session) -> withSubscription(session, id, subscriptions::cancel));
			case "POST revoke" -> billing(request, (session) -> withSubscription(session, id, subscriptions::revoke));
			case "POST change-preview" ->
				billing(request, (session) -> this.transformer.withJson(request, (body) -> withSubscription(session, id,
						(subscription) -> subscriptions.previewChange(subscription, body))));
			case "GET charge-preview" ->
				get(request, method, (session) -> withSubscription(session, id, subscriptions::previewCharge));
			case "GET cancel-preview" ->
				get(request, method, (session) -> withSubscription(session, id, subscriptions::previewCancellation));
			default -> (action != null) ? notAllowed(action)
					: get(request, method, (session) -> withSubscription(session, id, subscriptions::json));
		};
	}

	private static @Nullable ResponseDefinitionBuilder notAllowed(String action) {
		return switch (action) {
			case "revoke", "change-preview" -> FakeTransformer.methodNotAllowed("POST");
			case "charge-preview", "cancel-preview" -> FakeTransformer.methodNotAllowed("GET");
			default -> null;
		};
	}

	private ResponseDefinitionBuilder withSubscription(FakePortalSession session, String id,
			Function<FakeSubscription, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id,
				(uuid) -> found(subscriptionsOf(session).filter((subscription) -> subscription.id.equals(uuid)),
						action));
	}

	private @Nullable ResponseDefinitionBuilder order(Request request, String method, String id,
			@Nullable String action) {
		return switch (method + " " + ((action != null) ? action : "")) {
			case "GET " -> withOrder(request, id, this::json);
			case "PATCH " -> withOrder(request, id, (order) -> this.transformer.withJson(request, (body) -> this.orders
				.update(order, body, (updated) -> FakePortalJson.order(updated, this.state.organizationId()))));
			case "GET invoice" -> withOrder(request, id, this.orders::invoice);
			case "POST invoice" -> withOrder(request, id, this.orders::createInvoice);
			case "GET receipt" -> withOrder(request, id, this.orders::receipt);
			case "GET payment-status" -> withOrder(request, id, this::paymentStatus);
			case "POST confirm-payment" ->
				withOrder(request, id, (order) -> this.transformer.withJson(request, (body) -> pay(order, body)));
			default -> null;
		};
	}

	private ResponseDefinitionBuilder withOrder(Request request, String id,
			Function<FakeOrder, ResponseDefinitionBuilder> action) {
		return billing(request, (session) -> FakeTransformer.withId(id,
				(uuid) -> found(ordersOf(session).filter((order) -> order.id.equals(uuid)), action)));
	}

	private ResponseDefinitionBuilder json(FakeOrder order) {
		return FakeTransformer.json(200, FakePortalJson.order(order, this.state.organizationId()));
	}

	private ResponseDefinitionBuilder paymentStatus(FakeOrder order) {
		FakePayment.Reason reason = this.state.lastDecline(order);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("status", order.paid ? "succeeded" : (reason != null) ? "failed" : "pending");
		json.put("error", (reason != null) ? reason.message() : null);
		return FakeTransformer.json(200, json);
	}

	private ResponseDefinitionBuilder pay(FakeOrder order, JsonNode body) {
		if (!order.isOutstanding()) {
			return FakeTransformer.error(422, "OrderNotEligibleForRetry",
					"Order %s is not eligible for retry.".formatted(order.id));
		}
		boolean declined = FakeCheckouts.reason(body.path("confirmation_token_id").asString("")) != null;
		boolean paid = this.state.payOutstanding(order,
				declined ? FakePayment.DECLINED_CARD : FakePayment.ACCEPTED_CARD);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("status", paid ? "succeeded" : "failed");
		json.put("client_secret", null);
		json.put("error", paid ? null : "Your card was declined.");
		return FakeTransformer.json(200, json);
	}

}
