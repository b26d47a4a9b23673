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

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Pages of the dashboard. Plain HTML without scripts and without secrets.
 */
final class FakeDashboardPage {

	/**
	 * Maximum number of rows of a table.
	 */
	private static final int ROWS = 100;

	/**
	 * Number of characters of an ID that tell rows apart.
	 */
	private static final int SHORT_ID = 8;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM d, uuuu, HH:mm:ss", Locale.US)
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MMM d, uuuu", Locale.US)
		.withZone(ZoneOffset.UTC);

	private static final String NONE = "–";

	private final FakeState state;

	private final FakeFaults faults;

	FakeDashboardPage(FakeState state, FakeFaults faults) {
		this.state = state;
		this.faults = faults;
	}

	String overview() {
		List<FakeEvent> events = this.state.webhooks().events();
		synchronized (this.state) {
			return "<h1>Dashboard</h1>" + status(events) + orders() + subscriptions() + sessions() + customers()
					+ events(events);
		}
	}

	private String status(List<FakeEvent> events) {
		PolarFakeWebhooks webhooks = this.state.webhooks();
		Long seed = webhooks.seed();
		boolean declines = this.state.declinesRenewals();
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("Clock (UTC)", TIME.format(this.state.now()) + ahead(this.state.ahead()));
		facts.put("Cards on file", declines ? mark("declined") : "accepted");
		Duration delay = this.state.sales().grantJobs.delay();
		if (!delay.isZero()) {
			facts.put("Benefits", mark("granted after " + text(delay)));
		}
		facts.put("Delivery of events", webhooks.isHolding() ? mark("held back")
				: (seed != null) ? mark("in disorder, with seed " + seed) : "in order");
		String endpoints = webhooks.log()
			.endpoints(this.state.organizationId())
			.stream()
			.map((endpoint) -> FakePages.escape(String.valueOf(endpoint.get("url")))
					+ (Boolean.TRUE.equals(endpoint.get("enabled")) ? "" : ", " + mark("disabled")))
			.collect(Collectors.joining("<br>"));
		facts.put("Webhook endpoint", endpoints.isEmpty() ? "none, so no events are sent" : endpoints);
		List<String> settings = changed(this.state.settings());
		putUnlessEmpty(facts, "Organization", settings);
		Set<String> scopes = this.state.scopes();
		if (scopes != null) {
			facts.put("Scopes of the token", scopes.isEmpty() ? "none" : FakePages.escape(String.join(", ", scopes)));
		}
		putUnlessEmpty(facts, "Next faults", this.faults.descriptions());
		String list = facts.entrySet()
			.stream()
			.map((fact) -> "<div><dt>%s</dt><dd>%s</dd></div>".formatted(fact.getKey(), fact.getValue()))
			.collect(Collectors.joining());
		String advance = form("advance",
				button("by", "day", "Day") + button("by", "week", "Week") + button("by", "month", "Month"),
				"Advance the clock by a");
		String cards = form("cards", button("decline", String.valueOf(!declines), declines ? "Accept" : "Decline"),
				"Cards on file");
		String disorder = (seed != null) ? form("order", button("order", "true", "Deliver in order"), "Events") : form(
				"disorder",
				"<label>Seed <input name=\"seed\" inputmode=\"numeric\" pattern=\"-?[0-9]{1,18}\" value=\"1\" required></label>"
						+ "<button class=\"second\">Deliver in disorder</button>",
				"Events");
		long held = events.stream().filter(FakeEvent::held).count();
		String release = (held > 0 || webhooks.isHolding())
				? form("release", button("release", "true", "Send"), "Held back: " + held) : "";
		return "<section><h2>State of the fake</h2><dl class=\"facts\">%s</dl><div class=\"actions\">%s</div></section>"
			.formatted(list, advance + cards + disorder + release);
	}

	private static String mark(String text) {
		return "<span class=\"mark\">%s</span>".formatted(text);
	}

	private static String ahead(Duration ahead) {
		Duration rounded = Duration.ofMinutes(ahead.plusSeconds(30).toMinutes());
		return rounded.isZero() ? "" : ", %s ahead".formatted(text(rounded));
	}

	/**
	 * Return a duration as text, such as {@code 31d} or {@code 1d12h}.
	 */
	static String text(Duration duration) {
		return DurationFormatterUtils.print(duration, DurationFormat.Style.COMPOSITE);
	}

	private static void putUnlessEmpty(Map<String, String> facts, String name, List<String> texts) {
		if (!texts.isEmpty()) {
			facts.put(name, FakePages.escape(String.join("; ", texts)));
		}
	}

	private static List<String> changed(FakeSettings settings) {
		Map<String, Boolean> all = new LinkedHashMap<>();
		all.put("no access to the API", !settings.apiAccess());
		all.put("payments are paused", !settings.checkoutPayments());
		all.put("one trial per customer", settings.preventTrialAbuse());
		all.put("several subscriptions per customer", settings.multipleSubscriptions());
		all.put("grace period of " + text(settings.gracePeriod()), !settings.gracePeriod().isZero());
		all.put("proration behavior " + settings.prorationBehavior(), !settings.prorationBehavior().equals("prorate"));
		all.put("changes can start a new period", settings.prorationReset());
		all.put("no change of the plan in the portal", !settings.portal().plan());
		all.put("no change of the seats in the portal", !settings.portal().seats());
		all.put("pauses in the portal", settings.portal().pause());
		return all.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
	}

	private String orders() {
		List<List<String>> rows = this.state.orders().stream().map(this::row).toList();
		return table("Orders", "No one has paid yet.",
				List.of("Order", "Price", "Discount", "Net", "Tax", "Total", "Refunded", "State", "Actions"), rows);
	}

	private List<String> row(FakeOrder order) {
		FakeAmounts amounts = order.amounts();
		String currency = order.session.currency;
		Instant next = order.nextPaymentAttemptAt;
		String state = words(order.status())
				+ ((next != null) ? "<br><small>next attempt %s</small>".formatted(DATE.format(next)) : "");
		return List.of(subject(order.id, order.session.product().name(), order.customer, order.createdAt),
				FakePages.price(amounts.amount(), currency), price(-amounts.discount(), currency),
				FakePages.price(amounts.net(), currency), tax(order), FakePages.price(amounts.total(), currency),
				price(order.refunded + order.refundedTax, currency), state,
				order.isRefundable() ? button("refund", order.id, "Refund", order.session.product().name()) : "");
	}

	private static String price(long amount, String currency) {
		return (amount != 0) ? FakePages.price(amount, currency) : NONE;
	}

	private String tax(FakeOrder order) {
		FakeAmounts amounts = order.amounts();
		Map<String, @Nullable Object> address = order.session.billingAddress();
		String country = (address != null) ? String.valueOf(address.get("country")) : "";
		List<String> details = new ArrayList<>();
		BigDecimal rate = this.state.taxes().rate(country, (address != null) ? address.get("state") : null);
		if (isRate(rate, amounts)) {
			details.add(rate.stripTrailingZeros().toPlainString() + "%");
		}
		if (!country.isEmpty()) {
			details.add(FakePages.escape(country));
		}
		if (amounts.taxOrZero() > 0 && amounts.taxBehavior() != null) {
			details.add(amounts.taxBehavior().equals("inclusive") ? "included" : "added");
		}
		return FakePages.price(amounts.taxOrZero(), order.session.currency)
				+ (details.isEmpty() ? "" : "<br><small>%s</small>".formatted(String.join(", ", details)));
	}

	/**
	 * Return whether the tax was computed with a rate, which can have changed since then.
	 */
	private static boolean isRate(BigDecimal rate, FakeAmounts amounts) {
		return amounts.taxOrZero() > 0 && BigDecimal.valueOf(amounts.net())
			.multiply(rate)
			.divide(BigDecimal.valueOf(100), 0, RoundingMode.HALF_UP)
			.subtract(BigDecimal.valueOf(amounts.taxOrZero()))
			.abs()
			.compareTo(BigDecimal.ONE) <= 0;
	}

	private String subscriptions() {
		List<List<String>> rows = this.state.subscriptions().stream().map(this::row).toList();
		return table("Subscriptions", "There are no subscriptions yet.",
				List.of("Subscription", "Price", "State", "Period ends", "Trial ends", "Next attempt", "Actions"),
				rows);
	}

	private List<String> row(FakeSubscription subscription) {
		boolean running = subscription.isActive() || subscription.isPastDue();
		String state = (subscription.endedAt != null) ? "ended" : subscription.cancelAtPeriodEnd
				? words(subscription.status) + ", ends after the current period" : words(subscription.status);
		String next = this.state.orders()
			.stream()
			.filter((order) -> subscription.equals(order.subscription) && order.nextPaymentAttemptAt != null)
			.findFirst()
			.map((order) -> date(order.nextPaymentAttemptAt))
			.orElse(NONE);
		return List.of(
				subject(subscription.id, subscription.product.name(), subscription.customer, subscription.createdAt),
				FakePages.price(subscription.amount(), subscription.session.currency), state,
				date(running ? subscription.periodEnd : subscription.endedAt),
				subscription.isTrial() ? date(subscription.periodEnd) : NONE, next,
				running ? buttons(subscription) : "");
	}

	private static String buttons(FakeSubscription subscription) {
		String product = subscription.product.name();
		return button("renew", subscription.id, "Advance to the end of the period", product)
				+ button("cancel", subscription.id, subscription.cancelAtPeriodEnd ? "Keep" : "Cancel", product)
				+ button("revoke", subscription.id, "End now", product);
	}

	private String sessions() {
		Map<Object, String> declines = new LinkedHashMap<>();
		this.state.payments()
			.stream()
			.map((payment) -> payment.toJson(this.state.organizationId()))
			.filter((payment) -> "failed".equals(payment.get("status")) && payment.get("checkout_id") != null)
			.forEach((payment) -> declines.putIfAbsent(String.valueOf(payment.get("checkout_id")),
					String.valueOf(payment.get("decline_reason"))));
		List<List<String>> rows = this.state.sessions()
			.stream()
			.filter((session) -> !session.status.equals("succeeded"))
			.map((session) -> row(session, declines.get(session.id.toString())))
			.toList();
		return table("Checkout sessions without a sale", "There are none.",
				List.of("Session", "Buyer", "Total", "State", "Expires"), rows);
	}

	private List<String> row(FakeSession session, @Nullable String decline) {
		List<String> buyer = new ArrayList<>();
		if (session.customerEmail != null) {
			buyer.add(FakePages.escape(session.customerEmail));
		}
		if (session.externalCustomerId != null) {
			buyer.add("<small>external ID %s</small>".formatted(FakePages.escape(session.externalCustomerId)));
		}
		String state = session.isChallenged() ? "confirmed, waiting for the bank"
				: session.isExpired(this.state.now()) ? "expired" : words(session.status);
		return List.of("%s<br><small>%s</small>".formatted(FakePages.escape(session.product().name()), session.id),
				buyer.isEmpty() ? "guest" : String.join("<br>", buyer),
				FakePages.price(session.amountsToPay().total(), session.currency),
				state + ((decline != null) ? "<br><small>declined: %s</small>".formatted(words(decline)) : ""),
				TIME.format(session.expiresAt));
	}

	private String customers() {
		List<List<String>> rows = this.state.customers()
			.stream()
			.map((customer) -> List.of(FakePages.escape(customer.email()), textOf(customer.name()),
					textOf(customer.externalId()), "<small>%s</small>".formatted(customer.id()),
					button("portal", customer.id(), "Portal", customer.email())))
			.toList();
		return table("Customers", "There are no customers yet.",
				List.of("Email", "Name", "External ID", "ID", "Actions"), rows);
	}

	private static String textOf(@Nullable String text) {
		return (text != null) ? FakePages.escape(text) : NONE;
	}

	private String events(List<FakeEvent> events) {
		List<List<String>> rows = events.stream().limit(ROWS).map(FakeDashboardPage::row).toList();
		return table("Events", "No events have been sent yet.",
				List.of("Event", "Time (UTC)", "Why", "Delivery", "Actions"), rows)
				+ ((events.size() > ROWS)
						? "<p class=\"hint\">These are the latest %d of %d events.</p>".formatted(ROWS, events.size())
						: "");
	}

	private static List<String> row(FakeEvent event) {
		JsonNode json = event.json();
		List<String> marks = new ArrayList<>();
		if (event.held()) {
			marks.add("held back");
		}
		if (event.isOutdated()) {
			marks.add("outdated");
		}
		if (event.duplicate()) {
			marks.add("sent more than once");
		}
		String badges = marks.stream().map((mark) -> " " + mark(mark)).collect(Collectors.joining());
		String id = json.path("data").path("id").asString("");
		return List.of(
				"<a href=\"%s/event?id=%s\" aria-label=\"%s\">%s</a>%s<br><small>%s</small>".formatted(
						FakeDashboard.PATH, event.id(), label(event.type(), event.id()), FakePages.escape(event.type()),
						badges, FakePages.escape(id)),
				TIME.format(Instant.parse(json.path("timestamp").asString())), FakePages.escape(event.cause()),
				delivery(event), redeliver(event));
	}

	private static String delivery(FakeEvent event) {
		List<Delivery> attempts = event.attempts();
		if (attempts.isEmpty()) {
			return event.held() ? "not yet" : "pending";
		}
		Delivery last = attempts.get(attempts.size() - 1);
		return "%s<br><small>%s</small>".formatted(status(last),
				(attempts.size() == 1) ? "1 attempt" : attempts.size() + " attempts");
	}

	private static String status(Delivery attempt) {
		String status = (attempt.status() != 0) ? "status " + attempt.status() : "no response";
		return (attempt.status() / 100 == 2) ? status
				: "<strong class=\"failed\">failed, %s</strong>".formatted(status);
	}

	private static String redeliver(FakeEvent event) {
		return event.held() ? ""
				: ("<form method=\"post\" action=\"%s/redeliver\"><button class=\"second\" name=\"event\" value=\"%s\""
						+ " aria-label=\"%s\">Redeliver</button></form>")
					.formatted(FakeDashboard.PATH, event.id(), label("Redeliver " + event.type(), event.id()));
	}

	/**
	 * Return the page of an event.
	 */
	static String event(FakeEvent event) {
		List<List<String>> attempts = event.attempts()
			.stream()
			.map((attempt) -> List.of(String.valueOf(attempt.attempt()), FakePages.escape(attempt.url().toString()),
					status(attempt)))
			.toList();
		return """
				<p><a href="%s">← Dashboard</a></p>
				<h1>%s</h1>
				<p>%s</p>
				%s
				%s
				<section><h2>Body</h2><p class="hint">Secrets are shortened.</p><pre tabindex="0" role="region" aria-label="Body of the event">%s</pre></section>"""
			.formatted(FakeDashboard.PATH, FakePages.escape(event.type()), FakePages.escape(event.cause()),
					table("Attempts", "There was no attempt yet.", List.of("Attempt", "Endpoint", "Response"),
							attempts),
					redeliver(event), FakePages.escape(FakeSecrets.hide(event.json().toPrettyString())));
	}

	private static String subject(UUID id, String product, FakeCustomer customer, Instant time) {
		return "%s<br><small>%s, %s<br>%s</small>".formatted(FakePages.escape(product),
				FakePages.escape(customer.email()), DATE.format(time), id);
	}

	private static String date(@Nullable Instant time) {
		return (time != null) ? DATE.format(time) : NONE;
	}

	private static String words(String status) {
		return FakePages.escape(status.replace('_', ' '));
	}

	private static String form(String action, String controls, String text) {
		return "<form method=\"post\" action=\"%s/%s\"><fieldset><legend>%s</legend>%s</fieldset></form>"
			.formatted(FakeDashboard.PATH, action, text, controls);
	}

	private static String button(String name, String value, String text) {
		return "<button class=\"second\" name=\"%s\" value=\"%s\">%s</button>".formatted(name, value, text);
	}

	private static String button(String action, UUID id, String text, String about) {
		return "<form method=\"post\" action=\"%s/%s?id=%s\"><button class=\"second\" aria-label=\"%s\">%s</button></form>"
			.formatted(FakeDashboard.PATH, action, id, label(text + " " + about, id), text);
	}

	/**
	 * Return a name that distinguishes a button or link from those of other rows.
	 */
	private static String label(String text, Object id) {
		return FakePages.escape(text + " " + id.toString().substring(0, SHORT_ID));
	}

	/**
	 * Return a table. The first cell of each row is its header. Narrow screens show a row
	 * as a list, with the header of the column before each cell.
	 */
	private static String table(String caption, String empty, List<String> headers, List<List<String>> rows) {
		if (rows.isEmpty()) {
			return "<section><h2>%s</h2><p>%s</p></section>".formatted(caption, empty);
		}
		StringBuilder table = new StringBuilder(
				"<section><table><caption><h2>%s</h2></caption><thead><tr>".formatted(caption));
		headers.forEach((header) -> table.append("<th scope=\"col\">%s</th>".formatted(header)));
		table.append("</tr></thead><tbody>");
		for (List<String> row : rows.subList(0, Math.min(rows.size(), ROWS))) {
			table.append("<tr><th scope=\"row\">%s</th>".formatted(row.get(0)));
			for (int i = 1; i < row.size(); i++) {
				table.append("<td data-label=\"%s\">%s</td>".formatted(headers.get(i), row.get(i)));
			}
			table.append("</tr>");
		}
		return table.append("</tbody></table></section>").toString();
	}

}
