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
import java.util.function.Function;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates, changes, and deletes customers.
 */
final class FakeCustomers {

	private static final String VALUE_ERROR = "value_error";

	private static final String DISCRIMINATOR = "_customer_create_type()";

	private static final String TAGS = "'individual', 'team'";

	private static final FakeType OWNER = FakeSchema
		.nullable(new FakeFields().optional("email", FakeSchema.nullable(FakeSchema.email()))
			.optional(List.of("name", "external_id"), FakeSchema.textOrBlank(Integer.MAX_VALUE)));

	private static final FakeFields INDIVIDUAL = fields().required("email", FakeSchema.email())
		.optional("owner", OWNER)
		.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()));

	private static final FakeFields TEAM = fields().optional("email", FakeSchema.nullable(FakeSchema.email()))
		.optional("owner", OWNER)
		.optional("organization_id", FakeSchema.nullable(FakeSchema.uuid()))
		.check(FakeCustomers::checkOwner);

	private static final FakeFields UPDATE = fields().optional("email", FakeSchema.nullable(FakeSchema.email()));

	private static final FakeFields BILLING = new FakeFields().optional("billing_name", FakeSchema.textOrBlank(256))
		.optional("billing_address", FakeSchema.nullable(FakeAddress.SCHEMA))
		.optional("tax_id", FakeSchema.textOrBlank(Integer.MAX_VALUE));

	private final FakeState state;

	FakeCustomers(FakeState state) {
		this.state = state;
	}

	private static FakeFields fields() {
		return new FakeFields().optional("name", FakeSchema.textOrBlank(256))
			.optional("external_id", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.optional("type", FakeSchema.nullable(FakeSchema.oneOf("individual", "team")))
			.optional("billing_address", FakeSchema.nullable(FakeAddress.SCHEMA))
			.optional("tax_id", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.optional("locale", FakeSchema.nullable(FakeSchema.language()))
			.optional("metadata", FakeSchema.metadata());
	}

	private static void checkOwner(Map<String, @Nullable Object> values, FakeErrors errors) {
		if (values.get("email") == null
				&& !(values.get("owner") instanceof Map<?, ?> owner && owner.get("email") != null)) {
			errors.addValueError(
					"An owner with an email address is required when creating a team customer without an email.");
		}
	}

	ResponseDefinitionBuilder create(JsonNode body) {
		JsonNode type = body.path("type");
		if (body.has("type") && !type.asString("").matches("individual|team")) {
			return unknownType(body, type);
		}
		boolean team = type.asString("").equals("team");
		FakeErrors errors = new FakeErrors("body", team ? "team" : "individual");
		Map<String, @Nullable Object> values = (team ? TEAM : INDIVIDUAL).read(body, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		FakeErrors problems = check(values, null);
		if (values.remove("organization_id") instanceof String organization) {
			problems = new FakeErrors("body");
			problems.at("organization_id")
				.add("organization_token", "Setting organization_id is disallowed when using an organization token.",
						organization);
		}
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems.items());
		}
		Map<String, @Nullable Object> owner = new LinkedHashMap<>();
		if (values.remove("owner") instanceof Map<?, ?> sent) {
			sent.forEach((name, value) -> owner.put(name.toString(), value));
		}
		values.putIfAbsent("type", "individual");
		FakeCustomer customer = new FakeCustomer(values, owner, this.state.now());
		this.state.add(customer);
		return FakeTransformer.json(201, customer.toJson(this.state.organizationId()));
	}

	private static ResponseDefinitionBuilder unknownType(JsonNode body, JsonNode type) {
		FakeErrors errors = new FakeErrors("body");
		if (type.isNull()) {
			errors.add("union_tag_not_found", "Unable to extract tag using discriminator " + DISCRIMINATOR, body,
					"discriminator", DISCRIMINATOR);
		}
		else {
			String tag = type.asString(type.toString());
			errors.add("union_tag_invalid",
					"Input tag '%s' found using %s does not match any of the expected tags: %s".formatted(tag,
							DISCRIMINATOR, TAGS),
					body, "discriminator", DISCRIMINATOR, "tag", tag, "expected_tags", TAGS);
		}
		return FakeTransformer.validation("RequestValidationError", errors.items());
	}

	/**
	 * Delete a customer.
	 * @param customer the customer, or {@code null} if it does not exist
	 */
	ResponseDefinitionBuilder delete(Request request, @Nullable FakeCustomer customer) {
		FakeErrors errors = new FakeErrors("query");
		Object anonymize = request.queryParameter("anonymize").isPresent() ? FakeSchema.bool()
			.read(JsonMapper.shared().getNodeFactory().stringNode(request.queryParameter("anonymize").firstValue()),
					errors.at("anonymize"))
				: null;
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (customer == null) {
			return notFound();
		}
		this.state.delete(customer, Boolean.TRUE.equals(anonymize));
		return new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json");
	}

	static ResponseDefinitionBuilder notFound() {
		return FakeTransformer.error(404, "ResourceNotFound", "Not found");
	}

	/**
	 * Change a customer.
	 * @param customer the customer, or {@code null} if it does not exist
	 * @param external whether the path contains the external ID, which then cannot be
	 * changed
	 */
	ResponseDefinitionBuilder update(@Nullable FakeCustomer customer, JsonNode body, boolean external) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = UPDATE.read(body, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (customer == null) {
			return notFound();
		}
		if (external) {
			values.keySet().removeAll(List.of("external_id", "type"));
		}
		for (String name : List.of("email", "type")) {
			// Polar ignores null
			if (values.get(name) == null) {
				values.remove(name);
			}
		}
		if (values.get("email") instanceof String email && email.equalsIgnoreCase((String) customer.get("email"))) {
			values.remove("email");
		}
		FakeErrors problems = check(values, customer);
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems.items());
		}
		if (values.get("email") instanceof String email) {
			values.put("email_verified", false);
			FakeMember owner = customer.owner();
			owner.email = email;
			owner.modifiedAt = this.state.now();
		}
		this.state.update(customer, values);
		return FakeTransformer.json(200, customer.toJson(this.state.organizationId()));
	}

	/**
	 * Change the billing data of a customer in the portal.
	 * @param toJson converts the changed customer for the response
	 */
	static ResponseDefinitionBuilder changeBilling(FakeState state, FakeCustomer customer, JsonNode body,
			Function<FakeCustomer, Object> toJson) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = BILLING.read(body, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		Object address = values.get("billing_address");
		checkTaxId(values, (address != null) ? address : customer.get("billing_address"), errors);
		if (!errors.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		if (address == null) {
			values.remove("billing_address");
		}
		state.update(customer, values);
		return FakeTransformer.json(200, toJson.apply(customer));
	}

	/**
	 * Check the business rules, and convert the tax ID to its form in responses.
	 * @param customer the customer that is changed, or {@code null} for a new one
	 */
	private FakeErrors check(Map<String, @Nullable Object> values, @Nullable FakeCustomer customer) {
		FakeErrors errors = new FakeErrors("body");
		if (values.get("email") instanceof String email && isOther(this.state.customerWithEmail(email), customer)) {
			errors.at("email").add(VALUE_ERROR, "A customer with this email address already exists.", email);
		}
		checkExternalId(values, customer, errors.at("external_id"));
		if (customer == null) {
			checkTaxId(values, values.get("billing_address"), errors);
			return errors;
		}
		if (customer.isTeam() && "individual".equals(values.get("type"))) {
			errors.at("type")
				.add(VALUE_ERROR, "Customer type cannot be downgraded from 'team' to 'individual'.", "individual");
		}
		Object known = customer.get("billing_address");
		Object address = values.get("billing_address");
		if (values.containsKey("billing_address") && address == null && known != null) {
			errors.at("billing_address")
				.add(VALUE_ERROR, "Customer billing address cannot be reset to null once set.", null);
		}
		if (address != null && !values.containsKey("tax_id") && customer.get("tax_id") instanceof List<?> taxId
				&& !taxId.get(1).equals(format(address))) {
			values.put("tax_id", taxId.get(0));
		}
		checkTaxId(values, (address != null) ? address : known, errors);
		return errors;
	}

	private static boolean isOther(@Nullable FakeCustomer found, @Nullable FakeCustomer customer) {
		return found != null && !found.equals(customer);
	}

	private void checkExternalId(Map<String, @Nullable Object> values, @Nullable FakeCustomer customer,
			FakeErrors errors) {
		Object id = values.get("external_id");
		String known = (customer != null) ? customer.externalId() : null;
		if (known != null && values.containsKey("external_id") && !known.equals(id)) {
			errors.add(VALUE_ERROR, "Customer external ID cannot be updated.", id);
		}
		else if (id != null && isOther(this.state.customerWithExternalId(id.toString()), customer)) {
			errors.add(VALUE_ERROR, "A customer with this external ID already exists.", id);
		}
	}

	private static String format(Object address) {
		return FakeTaxIds.format(String.valueOf(((Map<?, ?>) address).get("country")));
	}

	private static void checkTaxId(Map<String, @Nullable Object> values, @Nullable Object address, FakeErrors errors) {
		if (!(values.get("tax_id") instanceof String taxId)) {
			return;
		}
		if (!(address instanceof Map<?, ?> parts)) {
			errors.at("billing_address").add("missing", "Country is required to validate tax ID.", null);
			return;
		}
		String country = String.valueOf(parts.get("country"));
		String normalized = FakeTaxIds.normalize(taxId, country);
		if (normalized == null) {
			errors.at("tax_id").add("invalid", "Invalid tax ID.", taxId);
		}
		else {
			values.put("tax_id", List.of(normalized, FakeTaxIds.format(country)));
		}
	}

}
