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
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Customer portal with the purchases of a customer and a button to cancel subscriptions.
 */
final class FakePortal {

	static final String PATH = "/fake-organization/portal";

	private final FakeState state;

	FakePortal(FakeState state) {
		this.state = state;
	}

	ResponseDefinitionBuilder handle(Request request, String path) {
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		String token = query.getFirst("customer_session_token");
		FakeCustomer customer = (token != null) ? this.state.customerOfPortal(token) : null;
		if (token == null || customer == null) {
			return FakeTransformer.html(404, FakePages.plain("Not found",
					"<h1>This link is no longer valid</h1><p>Ask the shop for a new one.</p>"));
		}
		String self = PATH + "?customer_session_token=" + token;
		if (request.getMethod().getName().equals("POST") && path.equals(PATH + "/cancel")) {
			change(customer, query.getFirst("subscription"));
			return FakeTransformer.redirect(self);
		}
		return FakeTransformer.html(200, FakePages.plain("Customer portal", page(customer, token)));
	}

	private void change(FakeCustomer customer, @Nullable String id) {
		FakeSubscription subscription = FakeTransformer.isUuid(id) ? this.state.subscription(UUID.fromString(id))
				: null;
		if (subscription != null && subscription.customer.id().equals(customer.id()) && subscription.isActive()) {
			this.state.cancel(subscription, !subscription.cancelAtPeriodEnd);
		}
	}

	private String page(FakeCustomer customer, String token) {
		StringBuilder page = new StringBuilder("<h1>Hello, %s</h1><h2>Subscriptions</h2><table>"
			.formatted(FakePages.escape((customer.name() != null) ? customer.name() : customer.email())));
		this.state.subscriptions()
			.stream()
			.filter((subscription) -> subscription.customer.id().equals(customer.id()))
			.forEach((subscription) -> page.append("<tr><td>%s</td><td>%s</td><td>%s</td></tr>".formatted(
					FakePages.escape(subscription.product.name()), status(subscription), button(subscription, token))));
		page.append("</table><h2>Orders</h2><table>");
		this.state.orders()
			.stream()
			.filter((order) -> order.customer.id().equals(customer.id()))
			.forEach((order) -> page
				.append("<tr><td>%s</td><td>%s</td></tr>".formatted(FakePages.escape(order.session.product().name()),
						FakePages.price(order.amounts().total(), order.session.currency))));
		return page.append("</table>").toString();
	}

	private static String status(FakeSubscription subscription) {
		return (subscription.isActive() && subscription.cancelAtPeriodEnd) ? "ends after the current period"
				: subscription.status;
	}

	private static String button(FakeSubscription subscription, String token) {
		if (!subscription.isActive()) {
			return "";
		}
		return "<form method=\"post\" action=\"%s/cancel?customer_session_token=%s&amp;subscription=%s\"><button>%s</button></form>"
			.formatted(PATH, UriUtils.encode(token, StandardCharsets.UTF_8), subscription.id,
					subscription.cancelAtPeriodEnd ? "Keep" : "Cancel");
	}

}
