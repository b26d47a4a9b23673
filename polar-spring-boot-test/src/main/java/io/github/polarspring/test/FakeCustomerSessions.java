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

import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Creates sessions of the customer portal.
 */
final class FakeCustomerSessions {

	private static final String PATH = "/v1/customer-sessions/";

	private static final String CUSTOMER_ID = "customer_id";

	private static final String EXTERNAL_CUSTOMER_ID = "external_customer_id";

	private static final String MEMBER_ID = "member_id";

	private static final String EXTERNAL_MEMBER_ID = "external_member_id";

	private static final FakeFields BY_ID = fields().required(CUSTOMER_ID, FakeSchema.uuid());

	private static final FakeFields BY_EXTERNAL_ID = fields().alias(EXTERNAL_CUSTOMER_ID, "customer_external_id")
		.required(EXTERNAL_CUSTOMER_ID, FakeSchema.text());

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeCustomerSessions(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	private static FakeFields fields() {
		return new FakeFields().optional(MEMBER_ID, FakeSchema.nullable(FakeSchema.uuid()))
			.optional(EXTERNAL_MEMBER_ID, FakeSchema.nullable(FakeSchema.text()))
			.optional("return_url", FakeSchema.nullable(FakeSchema.url()));
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		if ((path + "/").equals(PATH)) {
			return this.transformer.temporaryRedirect(request, PATH);
		}
		if (!path.equals(PATH)) {
			return null;
		}
		return method.equals("POST")
				? this.transformer.authorized(request, Set.of("customer_sessions:write"),
						() -> this.transformer.withJson(request, this::create))
				: FakeTransformer.methodNotAllowed("POST");
	}

	/**
	 * Create a session. The external ID of a customer wins over the ID, and the ID of a
	 * member over the external ID.
	 */
	private ResponseDefinitionBuilder create(JsonNode json) {
		FakeErrors byId = new FakeErrors("body", "CustomerSessionCustomerIDCreate");
		FakeErrors byExternalId = new FakeErrors("body", "CustomerSessionCustomerExternalIDCreate");
		Map<String, @Nullable Object> ofId = BY_ID.read(json, byId);
		Map<String, @Nullable Object> ofExternalId = BY_EXTERNAL_ID.read(json, byExternalId);
		Map<String, @Nullable Object> values = byExternalId.isEmpty() ? ofExternalId : byId.isEmpty() ? ofId : null;
		if (values == null) {
			byId.addAll(byExternalId);
			return FakeTransformer.validation("RequestValidationError", byId.items());
		}
		String externalId = (String) values.get(EXTERNAL_CUSTOMER_ID);
		FakeCustomer customer = (externalId != null) ? this.state.customerWithExternalId(externalId)
				: this.state.customer(UUID.fromString(String.valueOf(values.get(CUSTOMER_ID))));
		if (customer == null) {
			return invalid((externalId != null) ? EXTERNAL_CUSTOMER_ID : CUSTOMER_ID, "Customer does not exist.",
					values);
		}
		if (values.get(MEMBER_ID) instanceof String id) {
			return open(FakeMembers.withId(customer, UUID.fromString(id)), MEMBER_ID, values);
		}
		if (values.get(EXTERNAL_MEMBER_ID) instanceof String id) {
			return open(FakeMembers.withExternalId(customer, id), EXTERNAL_MEMBER_ID, values);
		}
		return customer.isTeam() ? invalid(MEMBER_ID, "member_id is required for team customers.", values)
				: open(customer.owner(), MEMBER_ID, values);
	}

	private ResponseDefinitionBuilder open(@Nullable FakeMember member, String field,
			Map<String, @Nullable Object> values) {
		return (member != null)
				? FakeTransformer.json(201, this.state.openPortal(member, (String) values.get("return_url")))
				: invalid(field, "Member does not exist for this customer.", values);
	}

	private static ResponseDefinitionBuilder invalid(String field, String message,
			Map<String, @Nullable Object> values) {
		FakeErrors errors = new FakeErrors("body");
		errors.at(field).add("value_error", message, values.get(field));
		return FakeTransformer.validation("PolarRequestValidationError", errors.items());
	}

}
