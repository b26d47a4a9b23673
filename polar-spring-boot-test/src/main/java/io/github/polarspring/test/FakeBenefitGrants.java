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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import io.github.polarspring.test.FakeList.Filter;
import org.jspecify.annotations.Nullable;

/**
 * Lists the benefits that were granted.
 */
final class FakeBenefitGrants {

	private static final Pattern ALL = Pattern.compile("/v1/benefit-grants(/?)");

	private static final Pattern OF_BENEFIT = Pattern.compile("/v1/benefits/([^/]+)/grants");

	private static final Set<String> READ = Set.of("benefits:read", "benefits:write");

	private final FakeState state;

	private final FakeTransformer transformer;

	FakeBenefitGrants(FakeState state, FakeTransformer transformer) {
		this.state = state;
		this.transformer = transformer;
	}

	/**
	 * Handle a request, or return {@code null} for other paths.
	 */
	@Nullable ResponseDefinitionBuilder handle(Request request, String method, String path) {
		Matcher all = ALL.matcher(path);
		Matcher ofBenefit = OF_BENEFIT.matcher(path);
		if (!all.matches() && !ofBenefit.matches()) {
			return null;
		}
		if (all.matches() && all.group(1).isEmpty()) {
			return this.transformer.temporaryRedirect(request, path + "/");
		}
		if (!method.equals("GET")) {
			return FakeTransformer.methodNotAllowed("GET");
		}
		return this.transformer.authorized(request, READ,
				() -> all.matches() ? list(request, null) : FakeTransformer.withId(ofBenefit.group(1), (id) -> {
					Map<String, @Nullable Object> benefit = this.state.catalog().benefit(id);
					return (benefit != null) ? list(request, benefit) : FakeCustomers.notFound();
				}));
	}

	private ResponseDefinitionBuilder list(Request request, @Nullable Map<String, @Nullable Object> benefit) {
		List<Map<String, @Nullable Object>> all = new ArrayList<>();
		this.state.sales().grants.stream()
			.filter((grant) -> benefit == null || grant.isOf(benefit))
			.forEach((grant) -> {
				Map<String, @Nullable Object> json = grant.toApiJson(this.state.organizationId());
				json.put("#external_customer_id", grant.customer.externalId());
				json.put("#organization_id", this.state.organizationId());
				all.add(0, json);
			});
		Filter customer = Filter.id("customer_id");
		Filter granted = Filter.flag("is_granted");
		Map<String, Filter> filters = (benefit != null)
				? Map.of("customer_id", customer, "member_id", Filter.id("member_id"), "is_granted", granted)
				: Map.of("organization_id", Filter.id("#organization_id"), "customer_id", customer,
						"external_customer_id", Filter.text("#external_customer_id"), "is_granted", granted);
		return this.transformer.list(
				new FakeList(all, filters, null, List.of("created_at", "granted_at", "revoked_at"), request.getUrl()));
	}

}
