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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeCustomerMeters.Count;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Handles requests for the usage of customers.
 */
final class FakeCustomerMeterRequests {

	private static final Pattern PATH = Pattern.compile("/v1/customer-meters(?:/([^/]*))?");

	private static final Set<String> READ = Set.of("customer_meters:read");

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeCustomerMeterRequests(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		String id = matcher.group(1);
		if (id == null) {
			return this.transformer.temporaryRedirect(request, path + "/");
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, READ, () -> {
			this.state.countUsage();
			return id.isEmpty() ? this.transformer.list(list(request))
					: FakeTransformer.withId(id,
							(uuid) -> this.state.meters()
								.all()
								.stream()
								.filter((count) -> count.id.equals(uuid))
								.findFirst()
								.map((count) -> FakeTransformer.json(200, count.toJson(this.state.organizationId())))
								.orElseGet(FakeCustomers::notFound));
		});
	}

	private FakeList list(Request request) {
		boolean ofMeter = request.getUrl().contains("meter_id=");
		List<Map<String, @Nullable Object>> all = this.state.meters()
			.all()
			.stream()
			.filter((count) -> ofMeter || count.meter.get("archived_at") == null)
			.map(this::json)
			.toList();
		return new FakeList(all,
				Map.of("organization_id", Filter.id("#organization_id"), "customer_id", Filter.id("customer_id"),
						"external_customer_id", Filter.text("#external_customer_id"), "meter_id",
						Filter.id("meter_id")),
				null, List.of("created_at", "modified_at", "customer_id", "customer_name", "meter_id", "meter_name",
						"consumed_units", "credited_units", "balance"),
				request.getUrl());
	}

	private Map<String, @Nullable Object> json(Count count) {
		Map<String, @Nullable Object> json = count.toJson(this.state.organizationId());
		json.put("#organization_id", this.state.organizationId());
		json.put("#external_customer_id", count.customer.externalId());
		return json;
	}

}
