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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Handles requests for the members of customers.
 */
final class FakeMemberRequests {

	private static final Pattern PATH = Pattern.compile("/v1/customers/(external/)?([^/]+)/members(?:/([^/]+))?(/?)");

	private static final Set<String> READ = Set.of("members:read", "members:write");

	private static final Set<String> WRITE = Set.of("members:write");

	private static final FakeFields CREATE = new FakeFields().required("email", FakeSchema.email())
		.optional("name", FakeSchema.textOrBlank(256))
		.optional("external_id", FakeSchema.textOrBlank(Integer.MAX_VALUE))
		.withDefault("role", FakeMember.MEMBER,
				FakeSchema.literal(List.of(FakeMember.MEMBER, FakeMember.BILLING_MANAGER), "<MemberRole.%s: '%s'>"));

	private static final FakeType ROLE = FakeSchema.oneOf(FakeMember.OWNER, FakeMember.BILLING_MANAGER,
			FakeMember.MEMBER);

	private static final FakeFields UPDATE = new FakeFields().optional("name", FakeSchema.textOrBlank(256))
		.optional("email", FakeSchema.nullable(FakeSchema.email()))
		.optional("role", FakeSchema.nullable(ROLE));

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeMemberRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths. Polar decodes a path
	 * before it splits it.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String encodedPath) {
		String path = UriUtils.decode(encodedPath, StandardCharsets.UTF_8);
		if (path.matches("/v1/members/?")) {
			if (!method.equals("GET")) {
				return FakeTransformer.methodNotAllowed("GET");
			}
			return path.endsWith("/") ? this.transformer.authorized(request, READ, () -> list(request))
					: this.transformer.temporaryRedirect(request, path + "/");
		}
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches() || path.equals("/v1/customers/external/members")) {
			return null;
		}
		if (!matcher.group(4).isEmpty()) {
			return this.transformer.temporaryRedirect(request, encodedPath.replaceFirst("(/|%2[Ff])$", ""));
		}
		boolean external = matcher.group(1) != null;
		String memberId = matcher.group(3);
		if (memberId == null) {
			return method.equals("POST")
					? this.transformer.authorized(request, WRITE,
							() -> withCustomer(external, matcher.group(2),
									(customer) -> this.transformer.withJson(request,
											(body) -> create(customer, body, FakeMember::toJson))))
					: FakeTransformer.methodNotAllowed("POST");
		}
		if (!Set.of("GET", "PATCH", "DELETE").contains(method)) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, method.equals("GET") ? READ : WRITE,
				() -> withCustomer(
						external, matcher.group(2), (
								customer) -> external
										? member(request, method,
												(customer != null) ? FakeMembers.withExternalId(customer, memberId)
														: null)
										: FakeTransformer.withId(memberId, (id) -> member(request, method,
												(customer != null) ? FakeMembers.withId(customer, id) : null))));
	}

	private ResponseDefinitionBuilder withCustomer(boolean external, String id,
			Function<@Nullable FakeCustomer, ResponseDefinitionBuilder> action) {
		return external ? action.apply(this.state.customerWithExternalId(id))
				: FakeTransformer.withId(id, (uuid) -> action.apply(this.state.customer(uuid)));
	}

	private ResponseDefinitionBuilder list(Request request) {
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		FakeList list = new FakeList(this.state.members().all().stream().map(FakeMemberRequests::json).toList(),
				Map.of("customer_id", Filter.text("customer_id"), "external_customer_id",
						Filter.text("#external_customer_id"), "role", Filter.single("role", ROLE)),
				null, List.of("created_at"), request.getUrl());
		String customerId = query.getFirst("customer_id");
		return (customerId != null && !FakeTransformer.isUuid(customerId) && list.errors().isEmpty())
				? notFound("Invalid customer ID format") : this.transformer.list(list);
	}

	private static Map<String, @Nullable Object> json(FakeMember member) {
		Map<String, @Nullable Object> json = member.toJson();
		json.put("#external_customer_id", member.customer.externalId());
		return json;
	}

	/**
	 * Add a member.
	 * @param toJson returns what the client sees of a member
	 */
	ResponseDefinitionBuilder create(@Nullable FakeCustomer customer, JsonNode body,
			Function<FakeMember, Object> toJson) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = CREATE.read(body, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (customer == null) {
			return notFound("Customer not found");
		}
		String email = String.valueOf(values.get("email"));
		FakeMember known = FakeMembers.withEmail(customer, email);
		if (known != null) {
			return FakeTransformer.json(201, toJson.apply(known));
		}
		if (!customer.isTeam()) {
			return FakeTransformer.error(403, "NotPermitted",
					"Individual customers can only have one member (the owner). Upgrade to a team customer to add more members.");
		}
		String externalId = (String) values.get("external_id");
		if (externalId != null && FakeMembers.withExternalId(customer, externalId) != null) {
			return new ResponseDefinitionBuilder().withStatus(500)
				.withHeader("Content-Type", "text/plain; charset=utf-8")
				.withBody("Internal Server Error");
		}
		FakeMember member = this.state.members()
			.add(customer, email, (String) values.get("name"), externalId, String.valueOf(values.get("role")));
		return FakeTransformer.json(201, toJson.apply(member));
	}

	private ResponseDefinitionBuilder member(Request request, String method, @Nullable FakeMember member) {
		return (member != null && method.equals("GET")) ? FakeTransformer.json(200, member.toJson())
				: change(request, method, member, FakeMember::toJson);
	}

	/**
	 * Change or delete a member.
	 * @param member the member, or {@code null} if it does not exist
	 * @param toJson returns what the client sees of a member
	 */
	ResponseDefinitionBuilder change(Request request, String method, @Nullable FakeMember member,
			Function<FakeMember, Object> toJson) {
		if (method.equals("PATCH")) {
			return this.transformer.withJson(request, (body) -> update(member, body, toJson));
		}
		return (member != null) ? delete(member) : memberNotFound();
	}

	private ResponseDefinitionBuilder update(@Nullable FakeMember member, JsonNode body,
			Function<FakeMember, Object> toJson) {
		FakeErrors errors = new FakeErrors("body");
		Map<String, @Nullable Object> values = UPDATE.read(body, errors);
		if (!errors.isEmpty() || values == null) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		if (member == null) {
			return memberNotFound();
		}
		FakeErrors problems = new FakeErrors("body");
		FakeMember other = (values.get("email") instanceof String email) ? FakeMembers.withEmail(member.customer, email)
				: null;
		if (other != null && !other.equals(member)) {
			problems.at("email")
				.add("value_error", "A member with this email already exists for this customer.", values.get("email"));
		}
		if (member.isOwner() && values.get("role") != null && !FakeMember.OWNER.equals(values.get("role"))) {
			problems.at("role")
				.add("value_error", "Cannot change role. Customer must have exactly one owner.", values.get("role"));
		}
		if (!problems.isEmpty()) {
			return FakeTransformer.validation("PolarRequestValidationError", problems.items());
		}
		this.state.members().change(member, values);
		return FakeTransformer.json(200, toJson.apply(member));
	}

	private ResponseDefinitionBuilder delete(FakeMember member) {
		if (member.isOwner()) {
			FakeErrors errors = new FakeErrors("body");
			errors.add("value_error", "Cannot delete the only owner. Transfer ownership first.", member.id);
			return FakeTransformer.validation("PolarRequestValidationError", errors.items());
		}
		this.state.members().remove(member);
		return new ResponseDefinitionBuilder().withStatus(204).withHeader("Content-Type", "application/json");
	}

	private static ResponseDefinitionBuilder memberNotFound() {
		return notFound("Member not found");
	}

	private static ResponseDefinitionBuilder notFound(String detail) {
		return FakeTransformer.error(404, "ResourceNotFound", detail);
	}

}
