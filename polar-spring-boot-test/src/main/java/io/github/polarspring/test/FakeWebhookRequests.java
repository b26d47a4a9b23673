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

/**
 * Handles requests for webhook endpoints and deliveries.
 */
final class FakeWebhookRequests {

	private static final Pattern PATH = Pattern
		.compile("/v1/webhooks/(?:(endpoints)(?:/([^/]+)(/secret)?)?|(deliveries)|events/([^/]+)/redeliver)(/?)");

	static final Set<String> READ = Set.of("webhooks:read", "webhooks:write");

	private static final Set<String> WRITE = Set.of("webhooks:write");

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeWebhookRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	private FakeWebhookLog log() {
		return this.state.webhooks().log();
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		if (!matcher.group(6).isEmpty()) {
			return this.transformer.temporaryRedirect(request, path.substring(0, path.length() - 1));
		}
		if (matcher.group(4) != null) {
			return only("GET", method, () -> authorized(request, READ, () -> deliveries(request)));
		}
		if (matcher.group(5) != null) {
			return only("POST", method, () -> authorized(request, WRITE, () -> redeliver(matcher.group(5))));
		}
		String id = matcher.group(2);
		if (id == null) {
			return endpoints(request, method);
		}
		return (matcher.group(3) != null) ? only("PATCH", method, () -> rotate(request, id))
				: endpoint(request, method, id);
	}

	private static ResponseDefinitionBuilder only(String allowed, String method,
			Supplier<ResponseDefinitionBuilder> action) {
		return method.equals(allowed) ? action.get() : FakeTransformer.methodNotAllowed(allowed);
	}

	private ResponseDefinitionBuilder authorized(Request request, Set<String> scopes,
			Supplier<ResponseDefinitionBuilder> action) {
		return this.transformer.authorized(request, scopes, action);
	}

	private ResponseDefinitionBuilder endpoints(Request request, String method) {
		UUID organization = this.state.organizationId();
		return switch (method) {
			case "GET" ->
				authorized(request, READ, () -> this.transformer.list(new FakeList(log().endpoints(organization),
						Map.of("organization_id", Filter.id("organization_id")), null, List.of(), request.getUrl())));
			case "POST" -> authorized(request, WRITE, () -> read(request, FakeWebhookSchema.create(), this::create));
			default -> FakeTransformer.methodNotAllowed("GET");
		};
	}

	private ResponseDefinitionBuilder read(Request request, FakeFields fields,
			BiFunction<JsonNode, Map<String, @Nullable Object>, ResponseDefinitionBuilder> action) {
		return this.transformer.withJson(request, (json) -> {
			FakeErrors errors = new FakeErrors("body");
			Map<String, @Nullable Object> values = fields.read(json, errors);
			return (values != null && errors.isEmpty()) ? action.apply(json, values)
					: FakeTransformer.validation("RequestValidationError", errors.items());
		});
	}

	private ResponseDefinitionBuilder create(JsonNode json, Map<String, @Nullable Object> values) {
		if (json.hasNonNull("organization_id")) {
			return invalid("organization_id", "organization_token",
					"Setting organization_id is disallowed when using an organization token.",
					json.path("organization_id"));
		}
		FakeEndpoint endpoint = new FakeEndpoint(values);
		log().add(endpoint);
		return FakeTransformer.json(201, endpoint.toJson(this.state.organizationId()));
	}

	private static ResponseDefinitionBuilder invalid(String field, String type, String message, Object input) {
		FakeErrors errors = new FakeErrors("body", field);
		errors.add(type, message, input);
		return FakeTransformer.validation("PolarRequestValidationError", errors.items());
	}

	private ResponseDefinitionBuilder endpoint(Request request, String method, String id) {
		return switch (method) {
			case "GET" -> authorized(request, READ, () -> with(id, this::show));
			case "PATCH" -> authorized(request, WRITE, () -> FakeTransformer.withId(id, (uuid) -> update(request, id)));
			case "DELETE" -> authorized(request, WRITE, () -> with(id, (endpoint) -> {
				endpoint.delete();
				return new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json");
			}));
			default -> FakeTransformer.methodNotAllowed("GET");
		};
	}

	private ResponseDefinitionBuilder update(Request request, String id) {
		return read(request, FakeWebhookSchema.update(),
				(JsonNode json, Map<String, @Nullable Object> values) -> update(id, values));
	}

	private ResponseDefinitionBuilder update(String id, Map<String, @Nullable Object> values) {
		return with(id, (endpoint) -> update(endpoint, values));
	}

	private ResponseDefinitionBuilder with(String id, Function<FakeEndpoint, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id,
				(uuid) -> Objects.requireNonNullElseGet(log().withEndpoint(uuid, action), FakeCustomers::notFound));
	}

	private ResponseDefinitionBuilder show(FakeEndpoint endpoint) {
		return FakeTransformer.json(200, endpoint.toJson(this.state.organizationId()));
	}

	/**
	 * Change an endpoint. As with Polar, the URL of before decides whether it can be
	 * enabled.
	 */
	private ResponseDefinitionBuilder update(FakeEndpoint endpoint, Map<String, @Nullable Object> values) {
		if (Boolean.TRUE.equals(values.get("enabled")) && !endpoint.isUrlValid()) {
			return invalid("enabled", "value_error",
					"Cannot enable a webhook endpoint with an invalid URL. Please update the URL first.", true);
		}
		endpoint.update(values);
		return show(endpoint);
	}

	private ResponseDefinitionBuilder rotate(Request request, String id) {
		return authorized(request, WRITE, () -> with(id, (endpoint) -> {
			endpoint.rotateSecret();
			return show(endpoint);
		}));
	}

	private ResponseDefinitionBuilder deliveries(Request request) {
		FakeType time = FakeWebhookRequests::timeWithOffset;
		return this.transformer.list(new FakeList(log().deliveries(), Map.of("endpoint_id", Filter.id("#endpoint_id"),
				"start_timestamp", Filter.single("created_at", time), "end_timestamp",
				Filter.single("created_at", time), "succeeded", Filter.flag("succeeded"), "http_code_class",
				Filter.single("#http_code_class", FakeSchema.literal(List.of("2xx", "3xx", "4xx", "5xx"), "'%s'")),
				"event_type",
				Filter.oneOf("#event_type", "WebhookEventType", FakeWebhookSchema.TYPES.toArray(String[]::new))),
				"#query", List.of(), request.getUrl()));
	}

	private static @Nullable Object timeWithOffset(JsonNode value, FakeErrors errors) {
		Object time = FakeSchema.time().read(value, errors);
		return (time != null && !time.toString().matches(".*(Z|[+-]\\d\\d:\\d\\d)"))
				? errors.add("timezone_aware", "Input should have timezone info", value) : time;
	}

	private ResponseDefinitionBuilder redeliver(String id) {
		return FakeTransformer.withId(id,
				(uuid) -> this.state.webhooks().submit(uuid) ? new ResponseDefinitionBuilder().withStatus(202)
					.withHeader("Content-Type", "application/json")
					.withBody("null") : FakeCustomers.notFound());
	}

}
