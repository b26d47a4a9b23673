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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * Handles requests for customers, their state, and their cards on file.
 */
final class FakeCustomerRequests {

	private static final Pattern PATH = Pattern
		.compile("/v1/customers/(external/)?([^/]+?)(/state|/payment-methods)?(/?)");

	private static final Set<String> WRITE = Set.of("customers:write");

	private final FakeState state;

	private final FakeTransformer transformer;

	private final FakeCustomers customers;

	FakeCustomerRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
		this.customers = new FakeCustomers(state);
	}

	/**
	 * Handle a request, or return {@code null} for other paths. Polar decodes a path
	 * before it splits it, so an external ID with a slash reaches another path.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String encodedPath) {
		if (encodedPath.equals("/v1/customers")) {
			return this.transformer.temporaryRedirect(request, encodedPath + "/");
		}
		if (encodedPath.equals("/v1/customers/")) {
			return method.equals("POST")
					? this.transformer.authorized(request, WRITE,
							() -> this.transformer.withJson(request, this.customers::create))
					: get(request, method, () -> this.transformer.list(list(this.state, request)));
		}
		String path = UriUtils.decode(encodedPath, StandardCharsets.UTF_8);
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		if (!matcher.group(4).isEmpty()) {
			return this.transformer.temporaryRedirect(request,
					UriUtils.encodePath(path.substring(0, path.length() - 1), StandardCharsets.UTF_8));
		}
		boolean external = matcher.group(1) != null;
		String id = matcher.group(2);
		String part = matcher.group(3);
		if (part == null && (method.equals("PATCH") || method.equals("DELETE"))) {
			return this.transformer.authorized(request, WRITE, () -> withCustomer(external, id,
					(customer) -> method.equals("DELETE") ? this.customers.delete(request, customer) : this.transformer
						.withJson(request, (body) -> this.customers.update(customer, body, external))));
		}
		return get(request, method, () -> withCustomer(external, id, (customer) -> {
			if (customer == null) {
				return FakeCustomers.notFound();
			}
			if ("/payment-methods".equals(part)) {
				return cards(request, customer);
			}
			this.state.countUsage();
			return FakeTransformer.json(200,
					(part != null) ? this.state.stateJson(customer) : customer.toJson(this.state.organizationId()));
		}));
	}

	private ResponseDefinitionBuilder get(Request request, String method, Supplier<ResponseDefinitionBuilder> action) {
		return method.equals("GET")
				? this.transformer.authorized(request, FakeResources.scopes("customers:read"), action)
				: FakeTransformer.methodNotAllowed("GET");
	}

	private ResponseDefinitionBuilder withCustomer(boolean external, String id,
			Function<@Nullable FakeCustomer, ResponseDefinitionBuilder> action) {
		return external ? action.apply(this.state.customerWithExternalId(id))
				: FakeTransformer.withId(id, (uuid) -> action.apply(this.state.customer(uuid)));
	}

	/**
	 * Return the list of customers, which {@code query} searches by a part of their email
	 * address or name, or by the start of their external ID.
	 */
	static FakeList list(FakeState state, Request request) {
		List<Map<String, @Nullable Object>> all = state.customers().stream().map((customer) -> {
			Map<String, @Nullable Object> json = customer.toJson(state.organizationId());
			json.put("#query", "%s\n%s\n%s".formatted(customer.email(), Objects.toString(customer.name(), ""),
					Objects.toString(customer.billingName(), "")));
			json.put(FakeList.START, customer.externalId());
			json.put("#active", state.isActive(customer));
			return json;
		}).toList();
		return new FakeList(all, Map.of("email", Filter.text("email"), "organization_id", Filter.id("organization_id"),
				"active", Filter.flag("#active")), "#query", List.of("created_at", "email", "name"), request.getUrl());
	}

	private ResponseDefinitionBuilder cards(Request request, FakeCustomer customer) {
		List<Map<String, @Nullable Object>> cards = this.state.sales().cards.stream()
			.filter((card) -> customer.id().equals(card.get("customer_id")))
			.<Map<String, @Nullable Object>>map(LinkedHashMap::new)
			.toList();
		return this.transformer.list(new FakeList(cards, Map.of(), null, List.of("created_at"), request.getUrl()));
	}

}
