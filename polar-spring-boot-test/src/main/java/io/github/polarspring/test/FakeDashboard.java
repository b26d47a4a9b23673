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
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Dashboard page to refund orders and to renew, cancel and end subscriptions.
 */
final class FakeDashboard {

	static final String PATH = "/dashboard";

	private final FakeState state;

	FakeDashboard(FakeState state) {
		this.state = state;
	}

	ResponseDefinitionBuilder handle(Request request, String path) {
		if (request.getMethod().getName().equals("POST")) {
			MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
				.build()
				.getQueryParams();
			act(path.substring(PATH.length()), query.getFirst("id"));
			return FakeTransformer.redirect(PATH);
		}
		return path.equals(PATH) ? FakeTransformer.html(200, FakePages.plain("Dashboard", page()))
				: FakeTransformer.unknownPath();
	}

	/**
	 * Ignores actions that are no longer possible, because the page was outdated.
	 */
	private void act(String action, @Nullable String text) {
		if (!FakeTransformer.isUuid(text)) {
			return;
		}
		UUID id = UUID.fromString(text);
		FakeOrder order = this.state.order(id);
		if (action.equals("/refund") && order != null && order.isRefundable()) {
			this.state.refund(order, order.refundable(), "customer_request", false, Map.of());
		}
		FakeSubscription subscription = this.state.subscription(id);
		if (subscription == null || !subscription.isActive()) {
			return;
		}
		switch (action) {
			case "/renew" -> this.state.advanceToEndOf(subscription);
			case "/cancel" -> this.state.cancel(subscription, !subscription.cancelAtPeriodEnd);
			case "/revoke" -> this.state.end(subscription);
			default -> {
			}
		}
	}

	private String page() {
		StringBuilder page = new StringBuilder("<h1>Dashboard</h1><h2>Orders</h2><table>");
		for (FakeOrder order : this.state.orders()) {
			page.append(row(order.session.product().name(), order.customer, order.status(),
					order.isRefundable() ? button("refund", order.id, "Refund") : ""));
		}
		page.append("</table><h2>Subscriptions</h2><table>");
		for (FakeSubscription subscription : this.state.subscriptions()) {
			String status = subscription.cancelAtPeriodEnd ? "ends after the current period" : "active";
			page.append(row(subscription.product.name(), subscription.customer,
					subscription.isActive() ? status : "ended", subscription.isActive() ? buttons(subscription) : ""));
		}
		return page.append("</table><p class=\"hint\">Each button sends the webhooks that Polar would send.</p>")
			.toString();
	}

	private static String row(String product, FakeCustomer customer, String status, String buttons) {
		return "<tr><td>%s<br><small>%s</small></td><td>%s</td><td>%s</td></tr>".formatted(FakePages.escape(product),
				FakePages.escape(customer.email()), status.replace('_', ' '), buttons);
	}

	private static String buttons(FakeSubscription subscription) {
		return button("renew", subscription.id, "Advance to the end of the period")
				+ button("cancel", subscription.id, subscription.cancelAtPeriodEnd ? "Keep" : "Cancel")
				+ button("revoke", subscription.id, "End now");
	}

	private static String button(String action, UUID id, String text) {
		return "<form method=\"post\" action=\"%s/%s?id=%s\"><button class=\"second\">%s</button></form>"
			.formatted(PATH, action, id, text);
	}

}
