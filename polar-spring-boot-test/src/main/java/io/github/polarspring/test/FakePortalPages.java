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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/**
 * HTML of the customer portal, for one session.
 */
final class FakePortalPages {

	private static final int SHORT_ID = 8;

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MMM d, uuuu", Locale.US)
		.withZone(ZoneOffset.UTC);

	private final FakeState state;

	private final FakePortalSession session;

	private final String token;

	FakePortalPages(FakeState state, FakePortalSession session, String token) {
		this.state = state;
		this.session = session;
		this.token = token;
	}

	/**
	 * Return the URL of a page, which contains the token.
	 */
	String link(String page) {
		return FakePortal.PATH + page + "?" + FakePortal.TOKEN + "="
				+ UriUtils.encode(this.token, StandardCharsets.UTF_8);
	}

	/**
	 * Return a page without an ID, or {@code null}.
	 */
	@Nullable String page(String name) {
		return switch (name) {
			case "", "overview" -> overview();
			case "orders" -> page("Orders", "/orders", "<h1>Orders</h1>" + orders());
			case "usage" -> page("Usage", "/usage", "<h1>Usage</h1><p>The fake does not show usage.</p>");
			case "settings" -> settings();
			default -> null;
		};
	}

	private String overview() {
		FakeMember member = this.session.member();
		String greeting = "<h1>Hello, %s</h1>"
			.formatted(escape(String.valueOf((member.name != null) ? member.name : member.email)));
		String subscriptions = table(this.state.subscriptions()
			.stream()
			.filter((subscription) -> subscription.customer.equals(this.session.customer()))
			.map((subscription) -> List.of(a("/subscriptions/", subscription.id, subscription.product.name()),
					status(subscription), price(subscription)))
			.toList(), "You have no subscriptions.");
		String benefits = this.state.sales().grants.stream()
			.filter((grant) -> grant.isGranted() && grant.customer.equals(this.session.customer()))
			.map((grant) -> "<li>%s</li>".formatted(escape(grant.description())))
			.collect(Collectors.joining());
		return page("Overview", "",
				greeting + "<h2>Subscriptions</h2>" + subscriptions
						+ (benefits.isEmpty() ? "" : "<h2>Benefits</h2><ul>" + benefits + "</ul>")
						+ (this.session.isBilling() ? "<h2>Orders</h2>" + orders() : ""));
	}

	private String orders() {
		return table(this.state.orders()
			.stream()
			.filter((order) -> order.customer.equals(this.session.customer()))
			.map((order) -> List.of(a("/orders/", order.id, order.session.product().name()),
					DATE.format(order.createdAt) + ", " + words(order.status()), total(order)))
			.toList(), "You have no orders.");
	}

	private static String table(List<List<String>> rows, String empty) {
		return rows.isEmpty() ? "<p>%s</p>".formatted(empty)
				: rows.stream()
					.map((row) -> "<tr><td>" + String.join("</td><td>", row) + "</td></tr>")
					.collect(Collectors.joining("", "<table>", "</table>"));
	}

	String subscription(FakeSubscription subscription) {
		Map<String, @Nullable String> facts = new LinkedHashMap<>();
		facts.put("Price", price(subscription));
		facts.put("State", status(subscription));
		boolean running = subscription.isActive() || subscription.isPastDue();
		facts.put(subscription.isTrial() ? "Trial ends" : subscription.cancelAtPeriodEnd ? "Ends" : "Period ends",
				running ? DATE.format(subscription.periodEnd) : null);
		facts.put("Ended", date(subscription.endedAt));
		String path = "/subscriptions/" + subscription.id;
		String outstanding = this.state.orders()
			.stream()
			.filter((order) -> subscription.equals(order.subscription) && order.isOutstanding())
			.filter((order) -> this.session.isBilling())
			.map((order) -> "<p><strong class=\"failed\">The last payment failed.</strong> %s</p>"
				.formatted(a("/orders/" + order.id, "Pay " + total(order))))
			.collect(Collectors.joining());
		return page("Subscription", path, "<h1>%s</h1>%s%s%s".formatted(escape(subscription.product.name()),
				outstanding, facts(facts), (running && this.session.isBilling()) ? forms(subscription, path) : ""));
	}

	private String forms(FakeSubscription subscription, String path) {
		if (subscription.cancelAtPeriodEnd) {
			return form(path, "keep", "<button>Keep the subscription</button>");
		}
		String reasons = FakeSubscriptionSchema.REASONS.stream()
			.sorted()
			.map((reason) -> "<option value=\"%s\">%s</option>".formatted(reason,
					StringUtils.capitalize(words(reason))))
			.collect(Collectors.joining());
		return plans(subscription, path) + "<h2>Cancel</h2>" + form(path, "cancel", """
				<label>Reason<select name="reason"><option value="">No reason</option>%s</select></label>
				<label>Comment<input name="comment" maxlength="500"></label>
				<button class="second">Cancel at the end of the period</button>""".formatted(reasons));
	}

	private String plans(FakeSubscription subscription, String path) {
		String plans = FakePlans.inPortal(this.state, subscription)
			.stream()
			.map((plan) -> """
					<label class="choice"><input type="radio" name="product" value="%s" required> %s, %s</label>"""
				.formatted(plan.id(), escape(plan.name()),
						FakePages.price(plan, plan.prices().in(subscription.session.currency))))
			.collect(Collectors.joining());
		return plans.isEmpty() ? "" : "<h2>Change the plan</h2>" + form(path, "change", """
				<div role="radiogroup" aria-label="Plan">%s</div>
				<button class="second">Change plan</button>
				<p class="hint">The difference for the rest of the period is part of your next order. \
				A plan with another interval starts now, and is charged now.</p>""".formatted(plans));
	}

	String order(FakeOrder order) {
		Map<String, @Nullable String> facts = new LinkedHashMap<>();
		facts.put("Date", DATE.format(order.createdAt));
		facts.put("State", words(order.status()));
		facts.put("Net", FakePages.price(order.amounts().net(), order.session.currency));
		facts.put("Tax", FakePages.price(order.amounts().taxOrZero(), order.session.currency));
		facts.put("Total", total(order));
		facts.put("Refunded", (order.refunded == 0) ? null
				: FakePages.price(order.refunded + order.refundedTax, order.session.currency));
		facts.put("Next attempt", date(order.nextPaymentAttemptAt));
		facts.put("Invoice",
				order.invoiceGenerated ? document(order.invoiceUrl(this.state.baseUrl()), order.invoiceNumber) : null);
		String receipt = order.receiptNumber;
		facts.put("Receipt", (receipt != null) ? document(order.receiptUrl(this.state.baseUrl()), receipt) : null);
		String path = "/orders/" + order.id;
		String forms = order.isOutstanding() ? "<h2>Pay</h2>" + cards(path, "pay", "Pay with") : "";
		if (!order.invoiceGenerated && !order.voided) {
			forms += order.hasBillingDetails()
					? form(path, "invoice", "<button class=\"second\">Generate the invoice</button>")
					: "<p class=\"hint\">An invoice needs a billing name and an address.</p>";
		}
		return page("Order", path,
				"<h1>%s</h1>%s%s".formatted(escape(order.session.product().name()), facts(facts), forms));
	}

	private static String document(String url, String number) {
		return "<a href=\"%s\">%s</a>".formatted(escape(url), escape(number));
	}

	private String settings() {
		FakeCustomer customer = this.session.customer();
		Map<String, @Nullable Object> card = this.state.card(customer);
		Object details = (card != null) ? card.get("method_metadata") : null;
		String current = (details instanceof Map<?, ?> parts)
				? "Your card: %s ending in %s%s".formatted(StringUtils.capitalize(String.valueOf(parts.get("brand"))),
						parts.get("last4"), (card != null && FakePayment.isDeclined(card)) ? ", which is declined" : "")
				: "You have no card on file.";
		String name = customer.billingName();
		return page("Settings", "/settings", """
				<h1>Settings</h1><h2>Payment method</h2><p>%s</p>%s
				<h2>Billing</h2>%s""".formatted(escape(current), cards("/settings", "card", "Use"), form("/settings",
				"name",
				"<label>Name<input name=\"name\" maxlength=\"256\" value=\"%s\"></label><button class=\"second\">Save</button>"
					.formatted((name != null) ? escape(name) : ""))));
	}

	/**
	 * Return a choice of cards. The fake knows two.
	 */
	private String cards(String path, String action, String verb) {
		return form(path, action, """
				<button name="card" value="%s">%s a card that works</button>
				<button class="second" name="card" value="%s">%s a card that is declined</button>"""
			.formatted(FakePayment.ACCEPTED_CARD, verb, FakePayment.DECLINED_CARD, verb));
	}

	String forbidden() {
		return page("Not permitted", "",
				"<h1>Not permitted</h1><p>Only owners and billing managers can access billing features.</p>");
	}

	String notFound() {
		return page("Not found", "", "<h1>Not found</h1><p>There is no such page.</p>");
	}

	String problem(String problem, String path) {
		return page("Something went wrong", path,
				"<h1>Something went wrong</h1><p>%s</p><p>%s</p>".formatted(escape(problem), a(path, "Try again")));
	}

	/**
	 * Return the page for a token that is unknown or has expired.
	 */
	static String expired() {
		return FakePages.plain("This link has expired",
				"<h1>This link has expired</h1><p>Open the portal again from the shop.</p>");
	}

	private String page(String title, String current, String body) {
		Map<String, String> names = new LinkedHashMap<>();
		names.put("", "Overview");
		if (this.session.isBilling()) {
			names.put("/orders", "Orders");
			names.put("/settings", "Settings");
		}
		String nav = names.entrySet()
			.stream()
			.map((page) -> "<a href=\"%s\"%s>%s</a>".formatted(escape(link(page.getKey())),
					page.getKey().equals(current) ? " aria-current=\"page\"" : "", page.getValue()))
			.collect(Collectors.joining());
		String back = (this.session.returnUrl() != null)
				? "<a class=\"back\" href=\"%s\">← Back</a>".formatted(escape(this.session.returnUrl())) : "";
		return FakePages.portal(title, back + "<nav aria-label=\"Portal\">" + nav + "</nav>" + body);
	}

	/**
	 * Return a link whose name distinguishes it from those to the same product.
	 */
	private String a(String page, UUID id, String product) {
		return "<a href=\"%s\" aria-label=\"%s\">%s</a>".formatted(escape(link(page + id)),
				escape(product + " " + id.toString().substring(0, SHORT_ID)), escape(product));
	}

	private String a(String page, String html) {
		return "<a href=\"%s\">%s</a>".formatted(escape(link(page)), html);
	}

	private String form(String page, String action, String controls) {
		return """
				<form method="post" action="%s"><input type="hidden" name="%s" value="%s">\
				<input type="hidden" name="action" value="%s">%s</form>""".formatted(FakePortal.PATH + page,
				FakePortal.TOKEN, escape(this.token), action, controls);
	}

	private static String facts(Map<String, @Nullable String> facts) {
		return facts.entrySet()
			.stream()
			.filter((fact) -> fact.getValue() != null)
			.map((fact) -> "<dt>%s</dt><dd>%s</dd>".formatted(fact.getKey(), fact.getValue()))
			.collect(Collectors.joining("", "<dl>", "</dl>"));
	}

	private static String status(FakeSubscription subscription) {
		return (!subscription.hasEnded() && subscription.cancelAtPeriodEnd)
				? "ends on " + DATE.format(subscription.periodEnd) : words(subscription.status);
	}

	private static String price(FakeSubscription subscription) {
		return FakePages.price(subscription.amount(), subscription.session.currency)
				+ FakePages.every(subscription.product);
	}

	private static String total(FakeOrder order) {
		return FakePages.price(order.amounts().total(), order.session.currency);
	}

	private static @Nullable String date(@Nullable Instant time) {
		return (time != null) ? DATE.format(time) : null;
	}

	private static String words(String status) {
		return escape(status.replace('_', ' '));
	}

	private static String escape(String text) {
		return FakePages.escape(text);
	}

}
