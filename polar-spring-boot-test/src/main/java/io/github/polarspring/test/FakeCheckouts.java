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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeCheckoutSchema.Read;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Handles requests for checkout sessions, of the server and of the buyer.
 */
final class FakeCheckouts {

	private static final Pattern CHECKOUT = Pattern.compile("/v1/checkouts/(?:custom/)?([^/]+)(/?)");

	private static final Pattern CLIENT = Pattern
		.compile("/v1/checkouts/client/([^/]+)(?:/(confirm|opened|stream))?(/?)");

	private static final Set<String> READ = Set.of("checkouts:read", "checkouts:write");

	private static final Set<String> WRITE = Set.of("checkouts:write");

	/**
	 * Tokens of cards that are declined, by a part of the token.
	 */
	private static final Map<String, FakePayment.Reason> DECLINED = Map.of("decline", FakePayment.DECLINED, "nofunds",
			FakePayment.INSUFFICIENT_FUNDS);

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeCheckouts(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		if (path.equals("/v1/checkouts") || path.equals("/v1/checkouts/client/")) {
			return this.transformer.temporaryRedirect(request,
					path.equals("/v1/checkouts") ? path + "/" : path.substring(0, path.length() - 1));
		}
		if (path.equals("/v1/checkouts/")) {
			return switch (method) {
				case "POST" -> this.transformer.authorized(request, WRITE, () -> create(request));
				case "GET" -> this.transformer.authorized(request, READ, () -> list(request));
				default -> FakeTransformer.methodNotAllowed("GET");
			};
		}
		Matcher client = CLIENT.matcher(path);
		if (client.matches()) {
			return client.group(3).isEmpty() ? client(request, method, client.group(1), client.group(2))
					: withoutSlash(request, path);
		}
		Matcher checkout = CHECKOUT.matcher(path);
		if (!checkout.matches()) {
			return null;
		}
		if (!checkout.group(2).isEmpty()) {
			return withoutSlash(request, path);
		}
		return switch (method) {
			case "GET" -> this.transformer.authorized(request, READ, () -> get(checkout.group(1)));
			case "PATCH" -> this.transformer.authorized(request, WRITE, () -> update(request, checkout.group(1)));
			default -> FakeTransformer.methodNotAllowed("GET");
		};
	}

	private ResponseDefinitionBuilder withoutSlash(Request request, String path) {
		return this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
	}

	private ResponseDefinitionBuilder create(Request request) {
		return this.transformer.withJson(request, (body) -> {
			Read read = FakeCheckoutSchema.create(body);
			if (!read.errors().isEmpty()) {
				return FakeTransformer.validation("RequestValidationError", read.errors());
			}
			List<FakeProduct> products = products(read.values());
			Map<UUID, FakePrices> prices = new LinkedHashMap<>();
			List<Map<String, @Nullable Object>> problems = new FakeCheckoutRules(this.state, read.values(), body)
				.check(products, prices);
			if (!problems.isEmpty()) {
				return FakeTransformer.validation("PolarRequestValidationError", problems);
			}
			return FakeCheckoutSchema.cannotBeStored(body) ? internalServerError()
					: FakeTransformer.json(201, this.state.create(read.values(), products, prices));
		});
	}

	private List<FakeProduct> products(Map<String, @Nullable Object> values) {
		if (values.get("products") instanceof List<?> ids) {
			return ids.stream()
				.map((id) -> this.state.product(UUID.fromString(String.valueOf(id))))
				.filter(Objects::nonNull)
				.map(Objects::requireNonNull)
				.toList();
		}
		FakeProduct product = (values.get("product_id") instanceof String id) ? this.state.product(UUID.fromString(id))
				: this.state.productOfPrice(String.valueOf(values.get("product_price_id")));
		return (product != null) ? List.of(product) : List.of();
	}

	private ResponseDefinitionBuilder list(Request request) {
		return this.transformer.list(FakeList.ofCheckouts(this.state, request.getUrl()));
	}

	private ResponseDefinitionBuilder get(String id) {
		return withSession(id, (session) -> FakeTransformer.json(200, session.toJson(this.state.organizationId())));
	}

	private ResponseDefinitionBuilder withSession(String id, Function<FakeSession, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id, (uuid) -> {
			FakeSession session = this.state.session(uuid);
			return (session != null) ? action.apply(session)
					: FakeTransformer.error(404, "ResourceNotFound", "Not found");
		});
	}

	private ResponseDefinitionBuilder update(Request request, String id) {
		return this.transformer.withJson(request, (body) -> {
			Read read = FakeCheckoutSchema.update(body);
			if (!read.errors().isEmpty()) {
				return FakeTransformer.validation("RequestValidationError", read.errors());
			}
			return withSession(id, (session) -> update(session, read.values(), body, false,
					(changed) -> changed.toJson(this.state.organizationId())));
		});
	}

	private ResponseDefinitionBuilder client(Request request, String method, String clientSecret,
			@Nullable String action) {
		String allowed = (action != null && !action.equals("stream")) ? "POST" : "GET";
		boolean update = action == null && method.equals("PATCH");
		if (!method.equals(allowed) && !update) {
			return FakeTransformer.methodNotAllowed(allowed);
		}
		if (action == null && !update) {
			return client(clientSecret, (session) -> FakeTransformer.json(200, toClientJson(session)));
		}
		if ("stream".equals(action)) {
			// the page of the fake needs no events
			return client(clientSecret,
					(session) -> FakeTransformer.json(404, Map.of("detail", "The fake has no event stream")));
		}
		return this.transformer.withJson(request, (body) -> {
			Read read = update ? FakeCheckoutSchema.updateOfBuyer(body) : FakeCheckoutSchema.confirm(body);
			if (!"opened".equals(action) && !read.errors().isEmpty()) {
				return FakeTransformer.validation("RequestValidationError", read.errors());
			}
			return client(clientSecret, (session) -> {
				if ("opened".equals(action)) {
					return FakeTransformer.json(200, toClientJson(session));
				}
				return update ? update(session, read.values(), body, true, this::toClientJson)
						: confirm(session, read.values(), body);
			});
		});
	}

	private Map<String, @Nullable Object> toClientJson(FakeSession session) {
		return session.toClientJson(this.state.organizationId());
	}

	private ResponseDefinitionBuilder client(String clientSecret,
			Function<FakeSession, ResponseDefinitionBuilder> action) {
		FakeSession session = this.state.sessionWithSecret(clientSecret);
		if (session == null) {
			return FakeTransformer.error(404, "ResourceNotFound", "Not found");
		}
		if (!this.state.settings().apiAccess()) {
			return FakeTransformer.error(403, "NotPermitted", "Not permitted");
		}
		if (session.isExpired(this.state.now())) {
			return FakeTransformer.error(410, "ExpiredCheckoutError", "This checkout session has expired.");
		}
		return action.apply(session);
	}

	private ResponseDefinitionBuilder update(FakeSession session, Map<String, @Nullable Object> values, JsonNode body,
			boolean buyer, Function<FakeSession, Map<String, @Nullable Object>> response) {
		ResponseDefinitionBuilder rejected = reject(session, values, body, false);
		if (rejected != null) {
			return rejected;
		}
		FakeSession changed = session.copy();
		this.state.apply(changed, values);
		ResponseDefinitionBuilder forbidden = forbid(changed, buyer);
		if (forbidden != null) {
			return forbidden;
		}
		this.state.changed(session, changed, values);
		return FakeTransformer.json(200, response.apply(changed));
	}

	/**
	 * Return the response to a change that Polar does not accept, or {@code null}.
	 */
	private @Nullable ResponseDefinitionBuilder reject(FakeSession session, Map<String, @Nullable Object> values,
			JsonNode body, boolean confirm) {
		if (!session.isOpen()) {
			return FakeTransformer.error(403, "NotOpenCheckout",
					"Checkout " + session.id + " is not open: " + session.status);
		}
		List<Map<String, @Nullable Object>> problems = new FakeCheckoutRules(this.state, values, body).check(session,
				confirm);
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems);
		}
		return FakeCheckoutSchema.cannotBeStored(body, session) ? internalServerError() : null;
	}

	/**
	 * Return the response to a customer who cannot buy, or {@code null}.
	 * @param limited whether it matters how often the customer redeemed the discount
	 */
	private @Nullable ResponseDefinitionBuilder forbid(FakeSession session, boolean limited) {
		if (limited && session.discount != null && session.discount.isRedeemedBy(this.state.customersLike(session))) {
			return FakeTransformer.error(403, "DiscountRedemptionLimitReached",
					"You have already redeemed this discount the maximum number of times allowed per customer.");
		}
		return this.state.isSecondSubscription(session) ? FakeTransformer.error(403, "AlreadyActiveSubscriptionError",
				"You already have an active subscription.") : null;
	}

	/**
	 * Confirm a session. Any text is accepted as a token of the card processor, except
	 * for those that stand for a declined card. A declined or rejected confirmation
	 * changes nothing.
	 */
	private ResponseDefinitionBuilder confirm(FakeSession session, Map<String, @Nullable Object> values,
			JsonNode body) {
		ResponseDefinitionBuilder rejected = reject(session, values, body, true);
		if (rejected != null) {
			return rejected;
		}
		FakeSession changed = session.copy();
		changed.customFieldData(Map.of());
		this.state.apply(changed, values);
		ResponseDefinitionBuilder forbidden = forbid(changed, false);
		if (forbidden != null) {
			return forbidden;
		}
		FakeCheckoutRules rules = new FakeCheckoutRules(this.state, values, body);
		List<Map<String, @Nullable Object>> problems = rules.checkRedeemable(changed);
		if (problems.isEmpty() && changed.isPaymentFormRequired() && !this.state.settings().checkoutPayments()) {
			return FakeTransformer.error(403, "PaymentNotReady", "Organization is not ready to accept payments");
		}
		Object token = values.get("confirmation_token_id");
		problems = problems.isEmpty() ? rules.checkConfirmation(changed, token) : problems;
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems);
		}
		if (session.customerId != null && this.state.customer(session.customerId) == null) {
			return FakeTransformer.error(409, "CheckoutCustomerDeleted",
					"The customer associated with this checkout has been deleted.");
		}
		if (this.state.isExternalIdTaken(changed)) {
			return FakeTransformer.error(422, "CheckoutCustomerExternalIdMismatch",
					"A customer with this external ID already exists but with a different email address.");
		}
		forbidden = forbid(changed, true);
		if (forbidden != null) {
			return forbidden;
		}
		FakePayment.Reason reason = changed.isPaymentFormRequired() ? reason(String.valueOf(token)) : null;
		if (reason != null) {
			if (!this.state.holdDecline(session, reason)) {
				this.state.decline(session, reason);
			}
			return FakeTransformer.error(400, "PaymentError", "The payment failed: " + reason.text());
		}
		if (changed.trial() != null && this.state.hasUsedTrial(changed)) {
			return FakeTransformer.error(403, "TrialAlreadyRedeemed",
					"You have already used a trial for this product. Trials can only be used once per customer.");
		}
		return pay(changed, changed.isPaymentFormRequired() && String.valueOf(token).contains("3ds"));
	}

	static FakePayment.@Nullable Reason reason(String token) {
		return DECLINED.entrySet()
			.stream()
			.filter((declined) -> token.contains(declined.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	private ResponseDefinitionBuilder pay(FakeSession session, boolean challenge) {
		boolean late = this.state.isDeclineHeld(session);
		String token = this.state.pay(session, null, null, challenge || late).token();
		Map<String, @Nullable Object> json = toClientJson(session);
		if (late) {
			this.state.handleHeldDecline(session);
		}
		json.put("status", "confirmed");
		json.put("customer_session_token", token);
		return FakeTransformer.json(200, json);
	}

	/**
	 * Return Polar's response to values that it validates, but fails to store.
	 */
	private static ResponseDefinitionBuilder internalServerError() {
		return new ResponseDefinitionBuilder().withStatus(500)
			.withHeader("Content-Type", "text/plain; charset=utf-8")
			.withBody("Internal Server Error");
	}

}
