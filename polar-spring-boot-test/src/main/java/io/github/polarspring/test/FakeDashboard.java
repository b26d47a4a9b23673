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

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Dashboard for merchants: shows sales and events, and changes them.
 */
final class FakeDashboard {

	static final String PATH = "/dashboard";

	private final PolarFake fake;

	private final FakeState state;

	private final FakeDashboardPage page;

	FakeDashboard(PolarFake fake, FakeFaults faults) {
		this.fake = fake;
		this.state = fake.state();
		this.page = new FakeDashboardPage(this.state, faults);
	}

	static boolean handles(String path) {
		return path.equals(PATH) || path.startsWith(PATH + "/");
	}

	/**
	 * Handle a request. The lock of the state is not held while webhooks are sent,
	 * because listeners of the shop can call the fake.
	 */
	ResponseDefinitionBuilder handle(Request request, String path) {
		String problem = FakeGuard.problemOf(request);
		if (problem != null) {
			return html(403, "Forbidden", "<h1>Forbidden</h1><p>%s</p>".formatted(problem));
		}
		MultiValueMap<String, String> query = UriComponentsBuilder.fromUriString(request.getUrl())
			.build()
			.getQueryParams();
		String action = path.substring(PATH.length());
		if (request.getMethod().getName().equals("POST")) {
			if (action.equals("/portal")) {
				return FakeTransformer.redirect(portal(query.getFirst("id")));
			}
			act(action, query.getFirst("id"), (name) -> FakeTransformer.form(request, name));
			return FakeTransformer.redirect(PATH);
		}
		return switch (action) {
			case "" -> html(200, "Dashboard", this.page.overview());
			case "/event" -> event(query.getFirst("id"));
			default -> FakeTransformer.unknownPath();
		};
	}

	/**
	 * Open a session of the portal for a customer, and return the URL.
	 */
	private String portal(@Nullable String id) {
		FakeCustomer customer = FakeTransformer.isUuid(id) ? this.state.customer(UUID.fromString(id)) : null;
		return (customer != null)
				? String.valueOf(
						this.state.openPortal(customer.owner(), this.state.baseUrl() + PATH).get("customer_portal_url"))
				: PATH;
	}

	private ResponseDefinitionBuilder event(@Nullable String id) {
		return this.state.webhooks()
			.events()
			.stream()
			.filter((event) -> event.id().equals(id))
			.findFirst()
			.map((event) -> html(200, event.type(), FakeDashboardPage.event(event)))
			.orElseGet(() -> html(404, "Not found", "<h1>There is no such event</h1>"));
	}

	private static ResponseDefinitionBuilder html(int status, String title, String body) {
		// with "no-referrer", browsers would not say that a form is of the same origin
		return FakeTransformer.html(status, FakePages.wide(title, body), "same-origin")
			.withHeader("Content-Security-Policy",
					"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
	}

	private void act(String action, @Nullable String id, Form form) {
		try {
			switch (action) {
				case "/refund" -> refund(required(id));
				case "/renew", "/cancel", "/revoke" -> change(action, required(id));
				case "/advance" -> advance(form.require("by"));
				case "/cards" -> this.fake.declineRenewals(form.require("decline").equals("true"));
				case "/disorder" -> this.fake.webhooks().disorder(Long.parseLong(form.require("seed").strip()));
				case "/order" -> this.fake.webhooks().order();
				case "/release" -> this.fake.webhooks().release();
				case "/redeliver" -> this.fake.webhooks().redeliver(form.require("event"));
				default -> {
				}
			}
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			// no longer possible, because the page was outdated
		}
	}

	private static UUID required(@Nullable String id) {
		Assert.isTrue(FakeTransformer.isUuid(id), "id must be a UUID");
		return UUID.fromString(Objects.requireNonNull(id));
	}

	private void refund(UUID id) {
		FakeOrder order = this.state.order(id);
		if (order != null && order.isRefundable()) {
			this.fake.happen("Dashboard: order refunded",
					() -> this.state.refund(order, order.refundable(), "customer_request", false, Map.of()));
		}
	}

	private void change(String action, UUID id) {
		FakeSubscription subscription = this.state.subscription(id);
		Assert.notNull(subscription, "The subscription is missing");
		switch (action) {
			case "/renew" -> this.fake.happen("Dashboard: advanced to the end of the period",
					() -> this.state.advanceToEndOf(subscription));
			case "/cancel" -> this.fake.happen(
					subscription.cancelAtPeriodEnd ? "Dashboard: cancellation reverted" : "Dashboard: canceled",
					() -> this.state.cancel(subscription, !subscription.cancelAtPeriodEnd));
			default -> this.fake.happen("Dashboard: subscription ended", () -> this.state.end(subscription));
		}
	}

	private void advance(String unit) {
		Instant now = this.state.now();
		ZonedDateTime time = now.atZone(ZoneOffset.UTC);
		ZonedDateTime later = switch (unit) {
			case "day" -> time.plusDays(1);
			case "week" -> time.plusWeeks(1);
			default -> time.plusMonths(1);
		};
		this.fake.happen("Dashboard: clock advanced by a " + unit,
				() -> this.state.advance(Duration.between(now, later.toInstant())));
	}

	/**
	 * Fields of a form.
	 */
	private interface Form {

		@Nullable String get(String name);

		default String require(String name) {
			String value = get(name);
			Assert.notNull(value, () -> name + " is missing");
			return value;
		}

	}

}
