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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.github.polarspring.checkout.MinorUnits;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Handles requests like Polar, with the same order of checks.
 */
final class FakeTransformer implements ResponseDefinitionTransformerV2 {

	static final String NAME = "polar-fake";

	private static final Set<String> VERSIONS = Set.of("2026-04", "2026-10", "2027-01");

	private static final String CURRENT_VERSION = "2026-10";

	private static final Pattern CHECKOUT = Pattern.compile("/v1/checkouts/([^/]+)(/?)");

	private static final Pattern CLIENT = Pattern.compile("/v1/checkouts/client/([^/]+)(/confirm)?");

	private static final Set<String> READ = Set.of("checkouts:read", "checkouts:write");

	private static final int MAX_BODY = 10 * 1024 * 1024;

	private static final String EMBED_SCRIPT = "/embed.js";

	private static final Pattern PAGE = Pattern
		.compile("/checkout/(polar_c_\\w+)(/pay|/decline|/expire|/choose|/confirmation)?");

	private final FakeState state;

	private final FakeFaults faults;

	private final FakeResources resources;

	FakeTransformer(FakeState state, FakeFaults faults) {
		this.state = state;
		this.faults = faults;
		this.resources = new FakeResources(state, this);
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public boolean applyGlobally() {
		return false;
	}

	@Override
	public ResponseDefinition transform(ServeEvent serveEvent) {
		Request request = serveEvent.getRequest();
		String path = path(request);
		if (path.equals(EMBED_SCRIPT)) {
			return script().build();
		}
		Matcher page = PAGE.matcher(path);
		if (page.matches()) {
			ResponseDefinition response;
			synchronized (this.state) {
				response = page(request, page.group(1), page.group(2)).build();
			}
			if (page.group(2) != null) {
				// the buyer must not return before the shop is notified; its listeners
				// can call the fake
				this.state.webhooks().await();
			}
			return response;
		}
		if (path.startsWith(FakePortal.PATH)) {
			return changing(() -> new FakePortal(this.state).handle(request, path));
		}
		if (path.startsWith(FakeDashboard.PATH)) {
			return changing(() -> new FakeDashboard(this.state).handle(request, path));
		}
		PolarFault fault = this.faults.take(path);
		return (fault != null) ? withFault(fault, request, path) : apiLocked(request, path).build();
	}

	/**
	 * Make a change, and respond only after the shop was notified. The lock is released
	 * before, because listeners of the shop can call the fake.
	 */
	private ResponseDefinition changing(Supplier<ResponseDefinitionBuilder> action) {
		ResponseDefinition response;
		synchronized (this.state) {
			response = action.get().build();
		}
		this.state.webhooks().await();
		return response;
	}

	private ResponseDefinitionBuilder apiLocked(Request request, String path) {
		synchronized (this.state) {
			return api(request, path);
		}
	}

	private ResponseDefinition withFault(PolarFault fault, Request request, String path) {
		if (fault.replacesResponse()) {
			return fault.response().build();
		}
		ResponseDefinition original = apiLocked(request, path).build();
		ResponseDefinitionBuilder response = new ResponseDefinitionBuilder().withStatus(original.getStatus())
			.withHeaders(original.getHeaders());
		if (original.getByteBody() != null) {
			response.withBody(fault.change(new String(original.getByteBody(), StandardCharsets.UTF_8)));
		}
		return response.withFixedDelay((int) fault.delay().toMillis()).build();
	}

	private static String path(Request request) {
		int query = request.getUrl().indexOf('?');
		return (query != -1) ? request.getUrl().substring(0, query) : request.getUrl();
	}

	private ResponseDefinitionBuilder page(Request request, String clientSecret, @Nullable String action) {
		FakeSession session = this.state.sessionWithSecret(clientSecret);
		if (session == null) {
			return html(404, FakePages.notFound());
		}
		boolean post = request.getMethod().getName().equals("POST");
		FakePages pages = new FakePages(session, request.getUrl().matches(".*[?&]embed=true(&.*)?"));
		if ("/pay".equals(action)) {
			return post ? pay(request, session, pages) : redirect(pages.url());
		}
		if ("/decline".equals(action) || "/expire".equals(action)) {
			if (post && session.isOpen()) {
				return fail(session, "/expire".equals(action), pages);
			}
			return redirect(pages.url());
		}
		if ("/choose".equals(action)) {
			return post ? choose(request, session, pages) : redirect(pages.url());
		}
		return page(200, session, "/confirmation".equals(action) ? pages.confirmation() : pages.checkout());
	}

	private ResponseDefinitionBuilder pay(Request request, FakeSession session, FakePages pages) {
		if (!session.isOpen()) {
			return redirect(pages.url());
		}
		String email = form(request, "email");
		if (email != null && !email.isBlank() && !email.matches(FakeCheckoutBody.EMAIL)) {
			return page(422, session, pages.problem("This is not a valid email address."));
		}
		try {
			String next = this.state.pay(session, email, form(request, "name")).url();
			return pages.isEmbedded() ? page(200, session, pages.paid(next)) : redirect(next);
		}
		catch (IllegalStateException ex) {
			return page(422, session, pages.problem(String.valueOf(ex.getMessage())));
		}
	}

	private ResponseDefinitionBuilder fail(FakeSession session, boolean expire, FakePages pages) {
		if (expire) {
			this.state.expire(session);
			return redirect(pages.url());
		}
		this.state.decline(session);
		return page(200, session, pages.problem("The card was declined. You were not charged."));
	}

	/**
	 * Change product, seats and amount as the buyer.
	 */
	private ResponseDefinitionBuilder choose(Request request, FakeSession session, FakePages pages) {
		if (!session.isOpen()) {
			return redirect(pages.url());
		}
		String productId = form(request, "product");
		session.products.stream()
			.filter((product) -> product.id().toString().equals(productId))
			.forEach(session::select);
		try {
			String seats = form(request, "seats");
			if (seats != null && session.prices().defaultSeats() != null) {
				int number = Integer.parseInt(seats.strip());
				if (!session.acceptsSeats(number)) {
					return page(422, session, pages.problem("This number of seats is not available."));
				}
				session.seats(number);
			}
			String amount = form(request, "amount");
			if (amount != null && session.prices().isChosen()) {
				long minorUnits = MinorUnits.of(new BigDecimal(amount.strip()), session.currency);
				if (!session.prices().acceptsAmount(minorUnits)) {
					return page(422, session, pages.problem("This amount is not allowed."));
				}
				session.choose(minorUnits);
			}
		}
		catch (IllegalArgumentException ex) {
			return page(422, session, pages.problem("This is not a valid number."));
		}
		session.modifiedAt = this.state.now();
		this.state.changed(session);
		return redirect(pages.url());
	}

	private static @Nullable String form(Request request, String name) {
		for (String pair : request.getBodyAsString().split("&")) {
			String[] parts = pair.split("=", 2);
			if (parts.length == 2 && parts[0].equals(name)) {
				try {
					return URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
				}
				catch (IllegalArgumentException ex) {
					return null;
				}
			}
		}
		return null;
	}

	private ResponseDefinitionBuilder api(Request request, String path) {
		String method = request.getMethod().getName();
		String requested = request.containsHeader("Polar-Version") ? request.getHeader("Polar-Version") : "";
		String version = requested.isBlank() ? CURRENT_VERSION : requested;
		if (!VERSIONS.contains(version)) {
			return json(404, Map.of("detail", "Not Found"));
		}
		return versioned(request, method, path).withHeader("Polar-Version", version)
			.withHeader("Cache-Control", "private, no-store");
	}

	private ResponseDefinitionBuilder versioned(Request request, String method, String path) {
		if (Set.of("POST", "PUT", "PATCH").contains(method) && !request.containsHeader("Content-Length")) {
			return error(411, "LengthRequired", "Content-Length header is required");
		}
		if (request.getBody() != null && request.getBody().length > MAX_BODY) {
			return error(413, "RequestBodyTooLarge", "Request body is too large");
		}
		if (path.equals("/v1/checkouts")) {
			return temporaryRedirect(path + "/");
		}
		if (path.equals("/v1/checkouts/")) {
			return switch (method) {
				case "POST" -> authorized(request, Set.of("checkouts:write"), () -> create(request));
				case "GET" -> authorized(request, READ, () -> list(request));
				default -> methodNotAllowed();
			};
		}
		Matcher client = CLIENT.matcher(path);
		if (client.matches()) {
			return client(request, method, client.group(1), client.group(2) != null);
		}
		Matcher checkout = CHECKOUT.matcher(path);
		if (checkout.matches()) {
			if (!checkout.group(2).isEmpty()) {
				return temporaryRedirect(path.substring(0, path.length() - 1));
			}
			return switch (method) {
				case "GET" -> authorized(request, READ, () -> get(checkout.group(1)));
				case "PATCH" ->
					authorized(request, Set.of("checkouts:write"), () -> update(request, checkout.group(1)));
				default -> methodNotAllowed();
			};
		}
		ResponseDefinitionBuilder other = this.resources.handle(request, method, path);
		return (other != null) ? other : unknownPath();
	}

	static ResponseDefinitionBuilder unknownPath() {
		return json(404, Map.of("detail", "Not Found"));
	}

	ResponseDefinitionBuilder temporaryRedirect(String path) {
		return new ResponseDefinitionBuilder().withStatus(307).withHeader("Location", this.state.baseUrl() + path);
	}

	ResponseDefinitionBuilder authorized(Request request, Set<String> scopes,
			Supplier<ResponseDefinitionBuilder> action) {
		String authorization = request.containsHeader("Authorization") ? request.getHeader("Authorization") : "";
		// the token of a buyer is not allowed here
		if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)
				|| authorization.startsWith("polar_cst_", "Bearer ".length())) {
			return error(401, "Unauthorized", "Unauthorized").withHeader("WWW-Authenticate", "Bearer realm=\"polar\"");
		}
		if (!authorization.substring(7).equals(this.state.accessToken())) {
			String description = "The access token provided is expired, revoked, malformed, or invalid for other reasons.";
			Map<String, Object> body = new LinkedHashMap<>();
			body.put("error", "invalid_token");
			body.put("error_description", description);
			return json(401, body).withHeader("WWW-Authenticate",
					"Bearer realm=\"polar\", error=\"invalid_token\", error_description=\"" + description + "\"");
		}
		if (!this.state.allows(scopes)) {
			String description = "The request requires higher privileges than provided by the access token.";
			Map<String, Object> body = new LinkedHashMap<>();
			body.put("error", "insufficient_scope");
			body.put("error_description", description);
			return json(403, body).withHeader("WWW-Authenticate",
					"Bearer realm=\"polar\", error=\"insufficient_scope\", error_description=\"" + description
							+ "\", scope=\"" + String.join(" ", scopes) + "\"");
		}
		return action.get();
	}

	private ResponseDefinitionBuilder withBody(Request request,
			Function<FakeCheckoutBody, ResponseDefinitionBuilder> action) {
		return withJson(request, FakeCheckoutBody.JSON, (json) -> action.apply(new FakeCheckoutBody(json)));
	}

	ResponseDefinitionBuilder withJson(Request request, Function<JsonNode, ResponseDefinitionBuilder> action) {
		return withJson(request, JsonMapper.shared(), action);
	}

	private ResponseDefinitionBuilder withJson(Request request, JsonMapper mapper,
			Function<JsonNode, ResponseDefinitionBuilder> action) {
		if (!String.valueOf(request.contentTypeHeader().mimeTypePart()).equals("application/json")) {
			return validation("RequestValidationError", List.of(Map.of("type", "model_attributes_type", "loc",
					List.of("body"), "msg", "Input should be a valid dictionary", "input", "")));
		}
		JsonNode json;
		try {
			json = mapper.readTree(request.getBodyAsString());
		}
		catch (JacksonException ex) {
			return validation("RequestValidationError", List.of(Map.of("type", "json_invalid", "loc",
					List.of("body", 0), "msg", "JSON decode error", "input", Map.of())));
		}
		return action.apply(json);
	}

	private ResponseDefinitionBuilder create(Request request) {
		return withBody(request, this::create);
	}

	private ResponseDefinitionBuilder create(FakeCheckoutBody body) {
		List<Map<String, @Nullable Object>> schemaErrors = body.schemaErrors();
		if (!schemaErrors.isEmpty()) {
			return validation("RequestValidationError", schemaErrors);
		}
		List<Map<String, @Nullable Object>> businessErrors = body.businessErrors(this.state);
		if (!businessErrors.isEmpty()) {
			return validation("PolarRequestValidationError", businessErrors);
		}
		return body.cannotBeStored() ? internalServerError() : json(201, this.state.create(body));
	}

	private ResponseDefinitionBuilder list(Request request) {
		return list(FakeList.ofCheckouts(this.state, request.getUrl()));
	}

	ResponseDefinitionBuilder list(FakeList list) {
		List<Map<String, Object>> errors = list.errors();
		return errors.isEmpty() ? json(200, list.toJson()) : validation("RequestValidationError", errors);
	}

	private ResponseDefinitionBuilder get(String id) {
		return withSession(id, (session) -> json(200, session.toJson(this.state.organizationId())));
	}

	private ResponseDefinitionBuilder update(Request request, String id) {
		return withSession(id, (session) -> withBody(request,
				(body) -> update(session, body, () -> session.toJson(this.state.organizationId()))));
	}

	private ResponseDefinitionBuilder client(Request request, String method, String clientSecret, boolean confirm) {
		if (confirm ? !method.equals("POST") : !method.equals("GET") && !method.equals("PATCH")) {
			return methodNotAllowed();
		}
		return method.equals("GET") ? client(clientSecret, (session) -> json(200, toClientJson(session)))
				: withBody(request, (body) -> {
					List<Map<String, @Nullable Object>> errors = body.ofClient().updateErrors();
					return errors.isEmpty() ? client(clientSecret,
							(session) -> confirm ? confirm(session, body.ofClient(), body.text("confirmation_token_id"))
									: update(session, body.ofClient(), () -> toClientJson(session)))
							: validation("RequestValidationError", errors);
				});
	}

	private Map<String, Object> toClientJson(FakeSession session) {
		return session.toClientJson(this.state.organizationId());
	}

	private ResponseDefinitionBuilder client(String clientSecret,
			Function<FakeSession, ResponseDefinitionBuilder> action) {
		FakeSession session = this.state.sessionWithSecret(clientSecret);
		if (session == null) {
			return error(404, "ResourceNotFound", "Not found");
		}
		if (session.isExpired(this.state.now())) {
			return error(410, "ExpiredCheckoutError", "This checkout session has expired.");
		}
		return action.apply(session);
	}

	/**
	 * Confirm a session. Any text is accepted as a Stripe token, except for
	 * {@code ctoken_declined}, which is declined.
	 */
	private ResponseDefinitionBuilder confirm(FakeSession session, FakeCheckoutBody body,
			@Nullable String confirmation) {
		boolean paid = session.amounts().net() > 0;
		if (session.isOpen() && paid && confirmation == null) {
			return validation("PolarRequestValidationError", List.of(Map.of("type", "missing", "loc",
					List.of("body", "confirmation_token_id"), "msg", "Confirmation token is required.", "input", "")));
		}
		ResponseDefinitionBuilder[] response = new ResponseDefinitionBuilder[1];
		ResponseDefinitionBuilder updated = update(session, body, () -> {
			if (paid && "ctoken_declined".equals(confirmation)) {
				this.state.decline(session);
				response[0] = error(400, "PaymentError", "Your card was declined.");
				return Map.of();
			}
			try {
				String token = this.state.pay(session, body.text("customer_email"), body.text("customer_name")).token();
				Map<String, Object> json = session.toClientJson(this.state.organizationId());
				json.put("status", "confirmed");
				json.put("customer_session_token", token);
				return json;
			}
			catch (IllegalStateException ex) {
				response[0] = error(422, "CheckoutCustomerExternalIdMismatch", String.valueOf(ex.getMessage()));
				return Map.of();
			}
		});
		return (response[0] != null) ? response[0] : updated;
	}

	private ResponseDefinitionBuilder update(FakeSession session, FakeCheckoutBody body,
			Supplier<Map<String, Object>> response) {
		List<Map<String, @Nullable Object>> schemaErrors = body.updateErrors();
		if (!schemaErrors.isEmpty()) {
			return validation("RequestValidationError", schemaErrors);
		}
		if (!session.isOpen()) {
			return error(403, "NotOpenCheckout", "Checkout " + session.id + " is not open: " + session.status);
		}
		List<Map<String, @Nullable Object>> businessErrors = body.businessErrors(session, this.state);
		if (!businessErrors.isEmpty()) {
			return validation("PolarRequestValidationError", businessErrors);
		}
		if (body.cannotBeStored(session)) {
			return internalServerError();
		}
		this.state.update(session, body);
		return json(200, response.get());
	}

	/**
	 * Return Polar's response to values that it validates, but fails to store.
	 */
	private static ResponseDefinitionBuilder internalServerError() {
		return new ResponseDefinitionBuilder().withStatus(500)
			.withHeader("Content-Type", "text/plain; charset=utf-8")
			.withBody("Internal Server Error");
	}

	private ResponseDefinitionBuilder withSession(String id, Function<FakeSession, ResponseDefinitionBuilder> action) {
		return withId(id, (uuid) -> {
			FakeSession session = this.state.session(uuid);
			return (session != null) ? action.apply(session) : error(404, "ResourceNotFound", "Not found");
		});
	}

	static boolean isUuid(@Nullable String id) {
		return id != null && id.matches("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
	}

	static ResponseDefinitionBuilder withId(String id, Function<UUID, ResponseDefinitionBuilder> action) {
		if (!isUuid(id)) {
			return validation("RequestValidationError", List.of(Map.of("type", "uuid_parsing", "loc",
					List.of("path", "id"), "msg", "Input should be a valid UUID", "input", id)));
		}
		return action.apply(UUID.fromString(id));
	}

	static ResponseDefinitionBuilder methodNotAllowed() {
		return json(405, Map.of("detail", "Method Not Allowed"));
	}

	static ResponseDefinitionBuilder validation(String error, Object detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", error);
		body.put("detail", detail);
		return json(422, body);
	}

	static ResponseDefinitionBuilder error(int status, String error, String detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", error);
		body.put("detail", detail);
		return json(status, body);
	}

	static ResponseDefinitionBuilder json(int status, Object body) {
		return new ResponseDefinitionBuilder().withStatus(status)
			.withHeader("Content-Type", "application/json")
			.withBody(JsonMapper.shared().writeValueAsBytes(body));
	}

	/**
	 * Return a page that can only be embedded by the embed origin of the session.
	 */
	private static ResponseDefinitionBuilder page(int status, FakeSession session, String body) {
		String ancestors = (session.embedOrigin() != null) ? session.embedOrigin() : "'none'";
		return html(status, body).withHeader("Content-Security-Policy", "frame-ancestors " + ancestors);
	}

	private static ResponseDefinitionBuilder script() {
		try (InputStream script = FakeTransformer.class.getResourceAsStream("embed.js")) {
			Assert.state(script != null, "embed.js is missing");
			return new ResponseDefinitionBuilder().withStatus(200)
				.withHeader("Content-Type", "text/javascript;charset=utf-8")
				.withBody(script.readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ResponseDefinitionBuilder html(int status, String body) {
		return new ResponseDefinitionBuilder().withStatus(status)
			.withHeader("Content-Type", "text/html;charset=utf-8")
			.withHeader("Cache-Control", "no-store")
			.withHeader("Referrer-Policy", "no-referrer")
			.withBody(body.getBytes(StandardCharsets.UTF_8));
	}

	static ResponseDefinitionBuilder redirect(String location) {
		return new ResponseDefinitionBuilder().withStatus(303).withHeader("Location", location);
	}

}
