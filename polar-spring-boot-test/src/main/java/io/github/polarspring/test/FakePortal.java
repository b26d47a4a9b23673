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
import java.util.Map;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The customer portal: pages on which customers manage their subscriptions and orders. A
 * page has the token of the session in its URL, a form has it in its body.
 */
final class FakePortal {

	static final String PATH = "/" + FakeState.ORGANIZATION + "/portal";

	static final String TOKEN = "customer_session_token";

	private static final String EXPIRED = PATH + "/request";

	private final FakeState state;

	FakePortal(FakeState state) {
		this.state = state;
	}

	static boolean handles(String path) {
		return path.equals(PATH) || path.startsWith(PATH + "/");
	}

	ResponseDefinitionBuilder handle(Request request, String path) {
		if (path.equals(EXPIRED)) {
			return html(200, FakePortalPages.expired());
		}
		boolean post = request.getMethod().getName().equals("POST");
		String token = post ? FakeTransformer.form(request, TOKEN) : token(request);
		FakePortalSession session = (token != null) ? this.state.portalSession(token) : null;
		if (token == null || session == null) {
			return redirect(EXPIRED);
		}
		FakePortalPages pages = new FakePortalPages(this.state, session, token);
		String page = path.substring(PATH.length());
		String[] parts = page.split("/", 3);
		String name = (parts.length > 1) ? parts[1] : "";
		String id = (parts.length > 2) ? parts[2] : "";
		if (!session.isBilling() && (post || name.equals("orders") || name.equals("settings"))) {
			return html(403, pages.forbidden());
		}
		FakeSubscription subscription = name.equals("subscriptions") ? subscription(session, id) : null;
		FakeOrder order = name.equals("orders") ? order(session, id) : null;
		if (post) {
			Form form = (field) -> FakeTransformer.form(request, field);
			String problem = (subscription != null) ? change(subscription, form) : (order != null) ? pay(order, form)
					: name.equals("settings") ? change(session.customer(), form) : null;
			return (problem != null) ? html(422, pages.problem(problem, page)) : redirect(pages.link(page));
		}
		String body = (subscription != null) ? pages.subscription(subscription)
				: (order != null) ? pages.order(order) : id.isEmpty() ? pages.page(name) : null;
		return (body != null) ? html(200, body) : html(404, pages.notFound());
	}

	private @Nullable FakeSubscription subscription(FakePortalSession session, String id) {
		return this.state.subscriptions()
			.stream()
			.filter((candidate) -> candidate.customer.equals(session.customer()) && candidate.id.toString().equals(id))
			.findFirst()
			.orElse(null);
	}

	private @Nullable FakeOrder order(FakePortalSession session, String id) {
		return this.state.orders()
			.stream()
			.filter((candidate) -> candidate.customer.equals(session.customer()) && candidate.id.toString().equals(id))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the token of a link. Polar also accepts the name for members.
	 */
	private static @Nullable String token(Request request) {
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		return query.containsKey(TOKEN) ? query.getFirst(TOKEN) : query.getFirst("member_session_token");
	}

	private static ResponseDefinitionBuilder html(int status, String body) {
		return FakeTransformer.html(status, body)
			.withHeader("Content-Security-Policy",
					"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
	}

	private static ResponseDefinitionBuilder redirect(String location) {
		return FakeTransformer.redirect(location)
			.withHeader("Cache-Control", "private, no-store")
			.withHeader("Referrer-Policy", "no-referrer");
	}

	/**
	 * Change a subscription.
	 * @return a problem, or {@code null}
	 */
	private @Nullable String change(FakeSubscription subscription, Form form) {
		boolean running = subscription.isActive() || subscription.isPastDue();
		switch (String.valueOf(form.get("action"))) {
			case "cancel" -> {
				if (running && !subscription.cancelAtPeriodEnd) {
					String reason = form.get("reason");
					this.state.cancel(subscription,
							FakeSubscriptionSchema.REASONS.contains(String.valueOf(reason)) ? reason : null,
							textOf(form.get("comment")));
				}
			}
			case "keep" -> {
				if (running && subscription.cancelAtPeriodEnd) {
					this.state.cancel(subscription, false);
				}
			}
			case "change" -> {
				return changePlan(subscription, form.get("product"));
			}
			default -> {
			}
		}
		return null;
	}

	private @Nullable String changePlan(FakeSubscription subscription, @Nullable String productId) {
		if (productId == null || !FakeTransformer.isUuid(productId)) {
			return "Product does not exist.";
		}
		try {
			this.state.sales().changes.changePlan(subscription, productId, true);
			return null;
		}
		catch (FakeRejection ex) {
			return switch (ex.error()) {
				case "AlreadyCanceledSubscription" -> "The subscription is canceled, so its plan cannot change.";
				case "PaymentFailed" -> String.valueOf(ex.getMessage()).contains("card_error")
						? "The card was declined. The plan has not changed."
						: "There is no card on file. Add one in the settings, and then change the plan.";
				default -> ex.getMessage();
			};
		}
	}

	private @Nullable String pay(FakeOrder order, Form form) {
		if ("invoice".equals(form.get("action"))) {
			this.state.generateInvoice(order);
			return null;
		}
		return (!order.isOutstanding() || this.state.payOutstanding(order, card(form))) ? null
				: "The card was declined. You were not charged.";
	}

	private static String card(Form form) {
		return FakePayment.DECLINED_CARD.equals(form.get("card")) ? FakePayment.DECLINED_CARD
				: FakePayment.ACCEPTED_CARD;
	}

	private @Nullable String change(FakeCustomer customer, Form form) {
		if ("name".equals(form.get("action"))) {
			String name = textOf(form.get("name"));
			if (name != null && name.length() > 256) {
				return "This name is too long.";
			}
			this.state.update(customer, mapOf("billing_name", name));
		}
		else {
			this.state.addCard(customer, card(form));
		}
		return null;
	}

	private static Map<String, @Nullable Object> mapOf(String name, @Nullable Object value) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put(name, value);
		return map;
	}

	private static @Nullable String textOf(@Nullable String text) {
		return (text != null && !text.isBlank()) ? text.strip() : null;
	}

	/**
	 * Fields of a form.
	 */
	@FunctionalInterface
	private interface Form {

		@Nullable String get(String name);

	}

}
