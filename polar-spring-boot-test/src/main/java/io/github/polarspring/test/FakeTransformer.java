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
 * Answers requests as Polar does, in the order in which Polar checks them.
 */
final class FakeTransformer implements ResponseDefinitionTransformerV2 {

	static final String NAME = "polar-fake";

	private static final Set<String> VERSIONS = Set.of("2026-04", "2026-10", "2027-01");

	private static final String CURRENT_VERSION = "2026-10";

	private static final Pattern CHECKOUT = Pattern.compile("/v1/checkouts/([^/]+)(/?)");

	private static final Pattern CLIENT = Pattern.compile("/v1/checkouts/client/([^/]+)");

	private static final String EMBED_SCRIPT = "/embed.js";

	private static final Pattern PAGE = Pattern.compile("/checkout/(polar_c_\\w+)(/pay|/choose|/confirmation)?");

	private final FakeState state;

	FakeTransformer(FakeState state) {
		this.state = state;
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
		ResponseDefinition answer;
		synchronized (this.state) {
			answer = (page.matches() ? page(request, page.group(1), page.group(2)) : api(request, path)).build();
		}
		if (page.matches() && "/pay".equals(page.group(2))) {
			// the buyer comes back when the shop knows; its listeners may call the fake
			this.state.webhooks().await();
		}
		return answer;
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
			return page(422, session, pages.problem("This is not an e-mail address."));
		}
		try {
			String next = this.state.pay(session, email, form(request, "name"));
			return pages.isEmbedded() ? page(200, session, pages.paid(next)) : redirect(next);
		}
		catch (IllegalStateException ex) {
			return page(422, session, pages.problem(String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * Let the buyer choose product, seats and amount.
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
					return page(422, session, pages.problem("This number of seats is not for sale."));
				}
				session.seats = number;
			}
			String amount = form(request, "amount");
			if (amount != null && session.prices().isChosen()) {
				long minorUnits = MinorUnits.of(new BigDecimal(amount.strip()), session.currency);
				if (!session.prices().acceptsAmount(minorUnits)) {
					return page(422, session, pages.problem("This amount is not accepted."));
				}
				session.choose(minorUnits);
			}
		}
		catch (IllegalArgumentException ex) {
			return page(422, session, pages.problem("This is not a number."));
		}
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
		String asked = request.containsHeader("Polar-Version") ? request.getHeader("Polar-Version") : "";
		String version = asked.isBlank() ? CURRENT_VERSION : asked;
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
		if (path.equals("/v1/checkouts")) {
			return temporaryRedirect(path + "/");
		}
		if (path.equals("/v1/checkouts/")) {
			return switch (method) {
				case "POST" -> authorized(request, () -> create(request));
				case "GET" -> authorized(request, () -> list(request));
				default -> methodNotAllowed();
			};
		}
		Matcher client = CLIENT.matcher(path);
		if (client.matches()) {
			return client(request, method, client.group(1));
		}
		Matcher checkout = CHECKOUT.matcher(path);
		if (checkout.matches()) {
			if (!checkout.group(2).isEmpty()) {
				return temporaryRedirect(path.substring(0, path.length() - 1));
			}
			return switch (method) {
				case "GET" -> authorized(request, () -> get(checkout.group(1)));
				case "PATCH" -> authorized(request, () -> update(request, checkout.group(1)));
				default -> methodNotAllowed();
			};
		}
		return json(404, Map.of("detail", "Not Found"));
	}

	private ResponseDefinitionBuilder temporaryRedirect(String path) {
		return new ResponseDefinitionBuilder().withStatus(307).withHeader("Location", this.state.baseUrl() + path);
	}

	private ResponseDefinitionBuilder authorized(Request request, Supplier<ResponseDefinitionBuilder> action) {
		String authorization = request.containsHeader("Authorization") ? request.getHeader("Authorization") : "";
		if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
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
		return action.get();
	}

	private ResponseDefinitionBuilder withBody(Request request,
			Function<FakeCheckoutBody, ResponseDefinitionBuilder> action) {
		if (!String.valueOf(request.contentTypeHeader().mimeTypePart()).equals("application/json")) {
			return validation("RequestValidationError", List.of(Map.of("type", "model_attributes_type", "loc",
					List.of("body"), "msg", "Input should be a valid dictionary", "input", "")));
		}
		JsonNode json;
		try {
			json = JsonMapper.shared().readTree(request.getBody());
		}
		catch (JacksonException ex) {
			return validation("RequestValidationError", List.of(Map.of("type", "json_invalid", "loc",
					List.of("body", 0), "msg", "JSON decode error", "input", Map.of())));
		}
		return action.apply(new FakeCheckoutBody(json));
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
		return json(201, this.state.create(body));
	}

	private ResponseDefinitionBuilder list(Request request) {
		FakeList list = new FakeList(this.state, request.getUrl());
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

	private ResponseDefinitionBuilder client(Request request, String method, String clientSecret) {
		if (!method.equals("GET") && !method.equals("PATCH")) {
			return methodNotAllowed();
		}
		FakeSession session = this.state.sessionWithSecret(clientSecret);
		if (session == null) {
			return error(404, "ResourceNotFound", "Not found");
		}
		return method.equals("GET") ? json(200, session.toClientJson(this.state.organizationId())) : withBody(request,
				(body) -> update(session, body.ofClient(), () -> session.toClientJson(this.state.organizationId())));
	}

	private static ResponseDefinitionBuilder update(FakeSession session, FakeCheckoutBody body,
			Supplier<Map<String, Object>> answer) {
		List<Map<String, @Nullable Object>> schemaErrors = body.updateErrors();
		if (!schemaErrors.isEmpty()) {
			return validation("RequestValidationError", schemaErrors);
		}
		if (!session.isOpen()) {
			return error(403, "NotOpenCheckout", "Checkout is not open.");
		}
		List<Map<String, @Nullable Object>> businessErrors = body.businessErrors(session);
		if (!businessErrors.isEmpty()) {
			return validation("PolarRequestValidationError", businessErrors);
		}
		session.update(body);
		return json(200, answer.get());
	}

	private ResponseDefinitionBuilder withSession(String id, Function<FakeSession, ResponseDefinitionBuilder> action) {
		UUID uuid;
		try {
			uuid = UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			return validation("RequestValidationError", List.of(Map.of("type", "uuid_parsing", "loc",
					List.of("path", "id"), "msg", "Input should be a valid UUID", "input", id)));
		}
		FakeSession session = this.state.session(uuid);
		return (session != null) ? action.apply(session) : error(404, "ResourceNotFound", "Not found");
	}

	private static ResponseDefinitionBuilder methodNotAllowed() {
		return json(405, Map.of("detail", "Method Not Allowed"));
	}

	private static ResponseDefinitionBuilder validation(String error, Object detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", error);
		body.put("detail", detail);
		return json(422, body);
	}

	private static ResponseDefinitionBuilder error(int status, String error, String detail) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("error", error);
		body.put("detail", detail);
		return json(status, body);
	}

	private static ResponseDefinitionBuilder json(int status, Object body) {
		return new ResponseDefinitionBuilder().withStatus(status)
			.withHeader("Content-Type", "application/json")
			.withBody(JsonMapper.shared().writeValueAsBytes(body));
	}

	/**
	 * Only the page that the session names may embed its pages.
	 */
	private static ResponseDefinitionBuilder page(int status, FakeSession session, String body) {
		String ancestors = (session.embedOrigin() != null) ? session.embedOrigin() : "'none'";
		return html(status, body).withHeader("Content-Security-Policy", "frame-ancestors " + ancestors);
	}

	private static ResponseDefinitionBuilder script() {
		try (InputStream script = FakeTransformer.class.getResourceAsStream("embed.js")) {
			Assert.state(script != null, "No script");
			return new ResponseDefinitionBuilder().withStatus(200)
				.withHeader("Content-Type", "text/javascript;charset=utf-8")
				.withBody(script.readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ResponseDefinitionBuilder html(int status, String body) {
		return new ResponseDefinitionBuilder().withStatus(status)
			.withHeader("Content-Type", "text/html;charset=utf-8")
			.withHeader("Cache-Control", "no-store")
			.withHeader("Referrer-Policy", "no-referrer")
			.withBody(body.getBytes(StandardCharsets.UTF_8));
	}

	private static ResponseDefinitionBuilder redirect(String location) {
		return new ResponseDefinitionBuilder().withStatus(303).withHeader("Location", location);
	}

}
