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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Handles requests like Polar, with the same order of checks.
 */
final class FakeTransformer implements ResponseDefinitionTransformerV2 {

	static final String NAME = "polar-fake";

	static final Set<String> VERSIONS = Set.of("2026-04", "2026-10", "2027-01");

	static final String CURRENT_VERSION = "2026-10";

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.build();

	private static final int MAX_BODY = 10 * 1024 * 1024;

	private static final String EMBED_SCRIPT = "/embed.js";

	private static final Pattern PAGE = Pattern
		.compile("/checkout/(polar_c_\\w+)(/pay|/decline|/expire|/choose|/confirmation)?");

	private final FakeState state;

	private final FakeFaults faults;

	private final FakeResources resources;

	private final FakeExports exports;

	private final FakeOrders orders;

	private final FakeCustomerRequests customers;

	private final FakeMemberRequests members;

	private final FakeCustomerSessions customerSessions;

	private final FakeBenefitGrants benefitGrants;

	private final FakeLicenseKeys licenseKeys;

	private final FakeSubscriptionRequests subscriptions;

	private final FakeSeatRequests seats;

	private final FakeCustomerMeterRequests customerMeters;

	private final FakeUsageRequests usage;

	private final FakeQuantities quantities;

	private final FakePortalApi portal;

	private final FakeCheckouts checkouts;

	private final FakeWebhookRequests webhooks;

	private final FakeCliRequests cli;

	private final FakeControl control;

	private final FakeDashboard dashboard;

	FakeTransformer(PolarFake fake, FakeFaults faults) {
		FakeState state = fake.state();
		this.state = state;
		this.faults = faults;
		this.control = new FakeControl(fake);
		this.dashboard = new FakeDashboard(fake, faults);
		this.resources = new FakeResources(state, this);
		this.exports = new FakeExports(this, this.resources);
		this.orders = new FakeOrders(state, this);
		this.customers = new FakeCustomerRequests(state, this);
		this.members = new FakeMemberRequests(state, this);
		this.customerSessions = new FakeCustomerSessions(state, this);
		this.benefitGrants = new FakeBenefitGrants(state, this);
		this.licenseKeys = new FakeLicenseKeys(state, this);
		this.subscriptions = new FakeSubscriptionRequests(state, this);
		this.seats = new FakeSeatRequests(state, this);
		this.portal = new FakePortalApi(state, this, this.orders, this.members, this.seats);
		this.customerMeters = new FakeCustomerMeterRequests(state, this);
		this.usage = new FakeUsageRequests(state, this);
		this.quantities = new FakeQuantities(state, this);
		this.checkouts = new FakeCheckouts(state, this);
		this.webhooks = new FakeWebhookRequests(state, this);
		this.cli = new FakeCliRequests(state, this);
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
		if (path.equals("/favicon.ico")) {
			return icon().build();
		}
		if (path.equals(EMBED_SCRIPT)) {
			return script().build();
		}
		Matcher page = PAGE.matcher(path);
		if (page.matches()) {
			ResponseDefinition response;
			response = this.state.because("Buyer on the checkout page",
					() -> page(request, page.group(1), page.group(2)).build());
			if (page.group(2) != null) {
				// the buyer must not return before the shop is notified; its listeners
				// can call the fake
				this.state.webhooks().await();
			}
			return response;
		}
		if (FakePortal.handles(path)) {
			return changing("Customer in the portal", () -> new FakePortal(this.state).handle(request, path));
		}
		if (FakeDashboard.handles(path)) {
			return this.dashboard.handle(request, path).build();
		}
		if (FakeControl.handles(path)) {
			return this.control.handle(request, path).build();
		}
		PolarFault fault = this.faults.take(path);
		return (fault != null) ? withFault(fault, request, path) : apiLocked(request, path).build();
	}

	/**
	 * Make a change, and respond only after the shop was notified. The lock is released
	 * before, because listeners of the shop can call the fake.
	 */
	private ResponseDefinition changing(String cause, Supplier<ResponseDefinitionBuilder> action) {
		ResponseDefinition response = this.state.because(cause, () -> action.get().build());
		this.state.webhooks().await();
		return response;
	}

	private ResponseDefinitionBuilder apiLocked(Request request, String path) {
		String call = "API call %s %s".formatted(request.getMethod(), FakeSecrets.hide(path));
		ResponseDefinitionBuilder response = this.state.because(call, () -> api(request, path));
		this.state.webhooks().deliverInDisorder();
		return response;
	}

	private ResponseDefinition withFault(PolarFault fault, Request request, String path) {
		if (fault.replacesResponse()) {
			return fault.response().build();
		}
		fault.awaitProcessing();
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
		boolean embedded = request.getUrl().matches(".*[?&]embed=true(&.*)?");
		if (session == null) {
			return html(404, FakePages.notFound(embedded));
		}
		boolean post = request.getMethod().getName().equals("POST");
		FakePages pages = new FakePages(session, embedded);
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
		if (email != null && !email.isBlank() && !FakeSchema.isEmail(email)) {
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
			.filter((product) -> product.id().toString().equals(productId) && !product.equals(session.product()))
			.forEach(session::select);
		try {
			String seats = form(request, "seats");
			if (seats != null && session.prices().minimumSeats() != null) {
				int number = Integer.parseInt(seats.strip());
				if ((number < session.minimumSeats() || number > session.maximumSeats())) {
					return page(422, session, pages.problem("This number of seats is not available."));
				}
				session.seats(number);
			}
			String amount = form(request, "amount");
			if (amount != null && session.prices().chosen() != null) {
				long minorUnits = MinorUnits.of(new BigDecimal(amount.strip()), session.currency);
				if (session.prices().problemOf(minorUnits) != null) {
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

	static @Nullable String form(Request request, String name) {
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
		return versioned(request, method, path.startsWith("/api/v1/") ? path.substring(4) : path)
			.withHeader("Polar-Version", version)
			.withHeader("Cache-Control", "private, no-store");
	}

	/**
	 * Handle a request to a known version. Polar checks the length first, then a wrong
	 * token, and only then the path.
	 */
	private ResponseDefinitionBuilder versioned(Request request, String method, String path) {
		if (Set.of("POST", "PUT", "PATCH").contains(method) && !request.containsHeader("Content-Length")) {
			return error(411, "LengthRequired", "A Content-Length header is required.");
		}
		if (request.getBody() != null && request.getBody().length > MAX_BODY) {
			return error(413, "RequestBodyTooLarge",
					"Request body exceeded the maximum allowed size of %d bytes.".formatted(MAX_BODY));
		}
		if (isWrongToken(token(request))) {
			return invalidToken();
		}
		List<Handler> handlers = List.of(this.checkouts::handle,
				(aRequest, aMethod, aPath) -> this.state.catalog().handle(this, aRequest, aMethod, aPath),
				this.exports::handle, this.orders::handle, this.subscriptions::handle, this.benefitGrants::handle,
				this.licenseKeys::handle, this.seats::handle, this.customerMeters::handle, this.usage::handle,
				this.quantities::handle, this.members::handle, this.customers::handle, this.customerSessions::handle,
				this.portal::handle, this.webhooks::handle, this.cli::handle, this.resources::handle);
		for (Handler handler : handlers) {
			ResponseDefinitionBuilder response = handler.handle(request, method, path);
			if (response != null) {
				return response;
			}
		}
		return unknownPath();
	}

	private static @Nullable String token(Request request) {
		String authorization = request.containsHeader("Authorization") ? request.getHeader("Authorization") : "";
		return authorization.regionMatches(true, 0, "Bearer ", 0, 7) ? authorization.substring(7) : null;
	}

	private boolean isWrongToken(@Nullable String token) {
		if (token == null) {
			return false;
		}
		return token.equals(this.state.accessToken()) ? !this.state.settings().apiAccess()
				: this.state.portalSession(token) == null;
	}

	private static ResponseDefinitionBuilder invalidToken() {
		String description = "The access token provided is expired, revoked, malformed, or invalid for other reasons.";
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", "invalid_token");
		body.put("error_description", description);
		return json(401, body).withHeader("WWW-Authenticate",
				"Bearer realm=\"polar\", error=\"invalid_token\", error_description=\"" + description + "\"");
	}

	static ResponseDefinitionBuilder unknownPath() {
		return json(404, Map.of("detail", "Not Found"));
	}

	/**
	 * Redirect to a path with the query of the request.
	 */
	ResponseDefinitionBuilder temporaryRedirect(Request request, String path) {
		int query = request.getUrl().indexOf('?');
		return new ResponseDefinitionBuilder().withStatus(307)
			.withHeader("Location",
					this.state.baseUrl() + path + ((query != -1) ? request.getUrl().substring(query) : ""));
	}

	private static ResponseDefinitionBuilder unauthorized() {
		return error(401, "Unauthorized", "Unauthorized").withHeader("WWW-Authenticate", "Bearer realm=\"polar\"");
	}

	/**
	 * Handle a request with the token of a session of the customer portal.
	 */
	ResponseDefinitionBuilder inPortal(Request request, Function<FakePortalSession, ResponseDefinitionBuilder> action) {
		String token = token(request);
		FakePortalSession session = (token != null) ? this.state.portalSession(token) : null;
		return (session != null) ? action.apply(session) : unauthorized();
	}

	ResponseDefinitionBuilder authorized(Request request, Set<String> scopes,
			Supplier<ResponseDefinitionBuilder> action) {
		// the token of a buyer is not allowed here
		if (!this.state.accessToken().equals(token(request))) {
			return unauthorized();
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

	/**
	 * Read a body. As at Polar, numbers can be {@code NaN} and {@code Infinity}, and a
	 * body of another type is a text.
	 */
	ResponseDefinitionBuilder withJson(Request request, Function<JsonNode, ResponseDefinitionBuilder> action) {
		byte[] bytes = (request.getBody() != null) ? request.getBody() : new byte[0];
		String body = new String(bytes, StandardCharsets.UTF_8);
		if (body.isEmpty()) {
			return missingBody();
		}
		String type = String.valueOf(request.contentTypeHeader().mimeTypePart()).toLowerCase(Locale.ROOT);
		if (!type.matches("application/([\\w.-]+\\+)?json")) {
			return action.apply(JsonMapper.shared().getNodeFactory().stringNode(body));
		}
		JsonNode json;
		try {
			json = JSON.readTree(body.startsWith("\ufeff") ? body.substring(1) : body);
		}
		catch (JacksonException ex) {
			return (body.indexOf('\ufffd') > 0) ? json(400, Map.of("detail", "There was an error parsing the body"))
					: validation("RequestValidationError", List.of(invalidJson(body, ex)));
		}
		if (body.indexOf('\ufffd') != -1 && !Arrays.equals(bytes, body.getBytes(StandardCharsets.UTF_8))) {
			return json(400, Map.of("detail", "There was an error parsing the body"));
		}
		if (json.isMissingNode()) {
			return validation("RequestValidationError", List.of(invalidJson(body, null)));
		}
		return json.isNull() ? missingBody() : action.apply(json);
	}

	private static ResponseDefinitionBuilder missingBody() {
		Map<String, @Nullable Object> item = new LinkedHashMap<>();
		item.put("type", "missing");
		item.put("loc", List.of("body"));
		item.put("msg", "Field required");
		item.put("input", null);
		return validation("RequestValidationError", List.of(item));
	}

	private static Map<String, Object> invalidJson(String body, @Nullable JacksonException problem) {
		int position = body.length();
		String reason = "Expecting value";
		if (problem != null && problem.getLocation() != null) {
			position = (int) Math.min(position, Math.max(0, problem.getLocation().getCharOffset()));
			String before = body.substring(0, position).stripTrailing();
			if (before.endsWith("{") || body.equals("{")) {
				position = body.indexOf('{', before.length() - 1) + 1;
				reason = "Expecting property name enclosed in double quotes";
			}
			else if (before.endsWith(",")) {
				position = before.length() - 1;
				reason = "Illegal trailing comma before end of array";
			}
		}
		Map<String, Object> item = new LinkedHashMap<>();
		item.put("type", "json_invalid");
		item.put("loc", List.of("body", position));
		item.put("msg", "JSON decode error");
		item.put("input", Map.of());
		item.put("ctx", Map.of("error", reason));
		return item;
	}

	ResponseDefinitionBuilder list(FakeList list) {
		List<Map<String, @Nullable Object>> errors = list.errors();
		return errors.isEmpty() ? json(200, list.toJson()) : validation("RequestValidationError", errors);
	}

	static boolean isUuid(@Nullable String id) {
		return id != null && id.matches("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
	}

	static ResponseDefinitionBuilder withId(String id, Function<UUID, ResponseDefinitionBuilder> action) {
		FakeErrors errors = new FakeErrors("path", "id");
		Object uuid = FakeSchema.uuid().read(JsonMapper.shared().getNodeFactory().stringNode(id), errors);
		return (uuid != null) ? action.apply(UUID.fromString(uuid.toString()))
				: validation("RequestValidationError", errors.items());
	}

	/**
	 * Polar names only one of the allowed methods.
	 */
	static ResponseDefinitionBuilder methodNotAllowed(String allowed) {
		return json(405, Map.of("detail", "Method Not Allowed")).withHeader("Allow", allowed);
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

	/**
	 * Return the icon that browsers request with every page: a black circle.
	 */
	private static ResponseDefinitionBuilder icon() {
		return new ResponseDefinitionBuilder().withStatus(200)
			.withHeader("Content-Type", "image/svg+xml")
			.withHeader("Cache-Control", "max-age=86400")
			.withBody(
					"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/></svg>");
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
		return html(status, body, "no-referrer");
	}

	static ResponseDefinitionBuilder html(int status, String body, String referrerPolicy) {
		return new ResponseDefinitionBuilder().withStatus(status)
			.withHeader("Content-Type", "text/html;charset=utf-8")
			.withHeader("Cache-Control", "private, no-store")
			.withHeader("Referrer-Policy", referrerPolicy)
			.withBody(body.getBytes(StandardCharsets.UTF_8));
	}

	static ResponseDefinitionBuilder redirect(String location) {
		return new ResponseDefinitionBuilder().withStatus(303).withHeader("Location", location);
	}

	/**
	 * Handles the requests for some paths.
	 */
	@FunctionalInterface
	private interface Handler {

		/**
		 * Handle a request, or return {@code null} for other paths.
		 */
		@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path);

	}

}
