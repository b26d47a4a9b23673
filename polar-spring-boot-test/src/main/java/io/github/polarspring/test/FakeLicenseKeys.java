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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeLicenseKey.Activation;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Handles requests for license keys, those of the merchant and those of applications,
 * which need no token.
 */
final class FakeLicenseKeys {

	private static final Pattern USE = Pattern
		.compile("/v1/(customer-portal/)?license-keys/(validate|activate|deactivate)");

	private static final Pattern PATH = Pattern.compile("/v1/license-keys/([^/]*)(/rotate|/activations/([^/]+))?");

	private static final Set<String> READ = Set.of("license_keys:read", "license_keys:write");

	private static final Set<String> WRITE = Set.of("license_keys:write");

	private static final FakeType OPTIONAL_ID = FakeSchema.nullable(FakeSchema.uuid());

	private static final FakeFields VALIDATE = key().optional("activation_id", OPTIONAL_ID)
		.optional("benefit_id", OPTIONAL_ID)
		.optional("customer_id", OPTIONAL_ID)
		.optional("increment_usage", FakeSchema.nullable(FakeSchema.integer(0, Long.MAX_VALUE)))
		.withDefault("conditions", Map.of(), FakeSchema.metadata());

	private static final FakeFields ACTIVATE = key().required("label", FakeSchema.text())
		.withDefault("conditions", Map.of(), FakeSchema.metadata())
		.withDefault("meta", Map.of(), FakeSchema.metadata());

	private static final FakeFields DEACTIVATE = key().required("activation_id", FakeSchema.uuid());

	private static final FakeFields UPDATE = new FakeFields()
		.optional("status",
				FakeSchema.nullable(
						FakeSchema.oneOf(FakeLicenseKey.GRANTED, FakeLicenseKey.REVOKED, FakeLicenseKey.DISABLED)))
		.optional("usage", FakeSchema.integer(Integer.MIN_VALUE, Integer.MAX_VALUE))
		.optional(List.of("limit_activations", "limit_usage"), FakeSchema.nullable(FakeSchema.positive()))
		.optional("expires_at", FakeSchema.nullable(FakeSchema.time()));

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeLicenseKeys(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	private static FakeFields key() {
		return new FakeFields().required("key", FakeSchema.text()).required("organization_id", FakeSchema.uuid());
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher use = USE.matcher(path);
		if (use.matches() && method.equals("POST")) {
			boolean open = use.group(1) != null;
			return open ? use(request, use.group(2))
					: this.transformer.authorized(request, WRITE, () -> use(request, use.group(2)));
		}
		if (path.equals("/v1/license-keys")) {
			return this.transformer.temporaryRedirect(request, path + "/");
		}
		Matcher matcher = PATH.matcher(path);
		return matcher.matches() ? administer(request, method, matcher) : null;
	}

	private ResponseDefinitionBuilder administer(Request request, String method, Matcher path) {
		String id = path.group(1);
		String activation = path.group(3);
		if ("/rotate".equals(path.group(2))) {
			return method.equals("POST")
					? this.transformer.authorized(request, WRITE, () -> withGrant(id, (grant) -> rotate(key(grant))))
					: FakeTransformer.methodNotAllowed("POST");
		}
		if (method.equals("PATCH") && activation == null && !id.isEmpty()) {
			return this.transformer.authorized(request, WRITE,
					() -> this.transformer.withJson(request, (json) -> update(id, json)));
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, READ, () -> {
			if (id.isEmpty()) {
				return this.transformer.list(list(request));
			}
			return withGrant(id,
					(grant) -> (activation != null)
							? FakeTransformer.withId(activation,
									(uuid) -> found(key(grant), key(grant).activation(uuid)))
							: FakeTransformer.json(200, key(grant).toFullJson(this.state.organizationId())));
		});
	}

	private List<FakeGrant> grants() {
		return this.state.sales().grants.stream().filter((grant) -> grant.licenseKey != null).toList();
	}

	private static FakeLicenseKey key(FakeGrant grant) {
		return Objects.requireNonNull(grant.licenseKey);
	}

	private ResponseDefinitionBuilder withGrant(String id, Function<FakeGrant, ResponseDefinitionBuilder> action) {
		return FakeTransformer.withId(id,
				(uuid) -> grants().stream()
					.filter((grant) -> key(grant).id.equals(uuid))
					.findFirst()
					.map(action)
					.orElseGet(FakeLicenseKeys::notFound));
	}

	private FakeList list(Request request) {
		List<Map<String, @Nullable Object>> all = new ArrayList<>();
		grants().forEach((grant) -> all.add(0, key(grant).toJson(this.state.organizationId())));
		return new FakeList(
				all, Map.of("organization_id", Filter.id("organization_id"), "benefit_id", Filter.id("benefit_id"),
						"status", Filter.oneOf("status", "LicenseKeyStatus", FakeLicenseKey.GRANTED,
								FakeLicenseKey.REVOKED, FakeLicenseKey.DISABLED)),
				null, List.of("created_at"), request.getUrl());
	}

	private ResponseDefinitionBuilder found(FakeLicenseKey key, @Nullable Activation activation) {
		if (activation == null) {
			return notFound();
		}
		Map<String, @Nullable Object> json = key.toJson(activation);
		json.put("license_key", key.toJson(this.state.organizationId()));
		return FakeTransformer.json(200, json);
	}

	private ResponseDefinitionBuilder use(Request request, String action) {
		return this.transformer.withJson(request, (json) -> switch (action) {
			case "validate" -> withKey(VALIDATE, json, this::validate);
			case "activate" -> withKey(ACTIVATE, json, this::activate);
			default -> withKey(DEACTIVATE, json, (key, values) -> key.deactivate(id(values, "activation_id"))
					? new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json")
					: notFound());
		});
	}

	private ResponseDefinitionBuilder withKey(FakeFields fields, JsonNode json,
			BiFunction<FakeLicenseKey, Map<String, @Nullable Object>, ResponseDefinitionBuilder> action) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = fields.read(json, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (!this.state.organizationId().equals(id(values, "organization_id"))) {
			return notFound();
		}
		return grants().stream()
			.map(FakeLicenseKeys::key)
			.filter((key) -> key.key.equals(values.get("key")))
			.findFirst()
			.map((key) -> action.apply(key, values))
			.orElseGet(FakeLicenseKeys::notFound);
	}

	private ResponseDefinitionBuilder validate(FakeLicenseKey key, Map<String, @Nullable Object> values) {
		if (!key.status.equals(FakeLicenseKey.GRANTED)) {
			return notFound("License key is no longer active.");
		}
		if (key.isExpired(this.state.now())) {
			return notFound("License key has expired.");
		}
		Activation activation = null;
		if (values.get("activation_id") != null) {
			activation = key.activation(id(values, "activation_id"));
			if (activation == null) {
				return notFound();
			}
			if (!activation.conditions().isEmpty() && !activation.conditions().equals(values.get("conditions"))) {
				return notFound("License key does not match required conditions");
			}
		}
		if (values.get("benefit_id") instanceof String benefit && !key.isOfBenefit(benefit)) {
			return notFound("License key does not match given benefit.");
		}
		if (values.get("customer_id") != null && !key.isOf(id(values, "customer_id"))) {
			return notFound("License key does not match given user.");
		}
		long uses = (values.get("increment_usage") instanceof Long number) ? number : 0;
		if (uses > 0 && key.limitUsage != null && key.usage + uses > key.limitUsage) {
			return FakeTransformer.error(400, "BadRequest",
					"License key only has %d more usages.".formatted(key.limitUsage - key.usage));
		}
		key.validate(uses, this.state.now());
		Map<String, @Nullable Object> json = key.toJson(this.state.organizationId());
		json.put("activation", (activation != null) ? key.toJson(activation) : null);
		return FakeTransformer.json(200, json);
	}

	private ResponseDefinitionBuilder activate(FakeLicenseKey key, Map<String, @Nullable Object> values) {
		String problem = null;
		if (!key.status.equals(FakeLicenseKey.GRANTED)) {
			problem = "License key is no longer active. This license key can not be activated.";
		}
		else if (key.isExpired(this.state.now())) {
			problem = "License key has expired.";
		}
		else if (key.limitActivations == null) {
			problem = "This license key does not support activations. Use the /validate endpoint instead to check license validity.";
		}
		else if (!key.hasActivationLeft()) {
			problem = "License key activation limit already reached";
		}
		return (problem != null) ? FakeTransformer.error(403, "NotPermitted", problem)
				: found(key, key.activate(String.valueOf(values.get("label")), map(values, "meta"),
						map(values, "conditions"), this.state.now()));
	}

	private ResponseDefinitionBuilder rotate(FakeLicenseKey key) {
		if (key.status.equals(FakeLicenseKey.REVOKED)) {
			return FakeTransformer.error(400, "RotateNotPermitted",
					"License key cannot be rotated in its current status. Current status: revoked. Allowed statuses: disabled, granted.");
		}
		key.rotate(this.state.now());
		return FakeTransformer.json(200, key.toJson(this.state.organizationId()));
	}

	private ResponseDefinitionBuilder update(String id, JsonNode json) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = UPDATE.read(json, errors);
		return (!errors.isEmpty() || values == null)
				? FakeTransformer.validation("RequestValidationError", errors.items())
				: withGrant(id, (grant) -> FakeTransformer.json(200, update(grant, values)));
	}

	/**
	 * Change a key. A revoked key revokes its benefit, and a key that is granted again
	 * grants it, which resets the limits after the response.
	 */
	private Map<String, @Nullable Object> update(FakeGrant grant, Map<String, @Nullable Object> values) {
		FakeLicenseKey key = key(grant);
		boolean revoked = key.status.equals(FakeLicenseKey.REVOKED);
		if (values.get("usage") instanceof Long usage) {
			key.usage = usage;
		}
		if (values.containsKey("limit_usage")) {
			key.limitUsage = (Long) values.get("limit_usage");
		}
		if (values.containsKey("limit_activations")) {
			key.limitActivations = (Long) values.get("limit_activations");
		}
		if (values.containsKey("expires_at")) {
			key.expiresAt = (values.get("expires_at") instanceof String time) ? FakeTime.toInstant(time) : null;
		}
		if (values.get("status") instanceof String status) {
			key.status = status;
		}
		key.touch(this.state.now());
		Map<String, @Nullable Object> json = key.toJson(this.state.organizationId());
		if (values.get("expires_at") != null) {
			json.put("expires_at", values.get("expires_at"));
		}
		if (key.status.equals(FakeLicenseKey.REVOKED) && grant.isGranted()) {
			this.state.sales().revoke(grant);
		}
		else if (revoked && key.status.equals(FakeLicenseKey.GRANTED) && !grant.isGranted()) {
			this.state.sales().grantAgain(grant);
		}
		return json;
	}

	private static UUID id(Map<String, @Nullable Object> values, String name) {
		return UUID.fromString(String.valueOf(values.get(name)));
	}

	private static Map<String, Object> map(Map<String, @Nullable Object> values, String name) {
		Map<String, Object> map = new LinkedHashMap<>();
		((Map<?, ?>) Objects.requireNonNull(values.get(name)))
			.forEach((key, value) -> map.put(key.toString(), Objects.requireNonNull(value)));
		return map;
	}

	private static ResponseDefinitionBuilder notFound() {
		return notFound("Not found");
	}

	private static ResponseDefinitionBuilder notFound(String detail) {
		return FakeTransformer.error(404, "ResourceNotFound", detail);
	}

}
