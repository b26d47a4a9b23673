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
import java.text.NumberFormat;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.polarspring.checkout.MinorUnits;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.util.HtmlUtils;

/**
 * The pages for buyers. Plain HTML, except for a script on embedded pages that sends
 * events to the embedding page.
 */
final class FakePages {

	private static final String LAYOUT = """
			<!doctype html>
			<html lang="en">
			<head>
			<meta charset="utf-8">
			<meta name="viewport" content="width=device-width, initial-scale=1">
			<title>%s · Fake Polar</title>
			<style>
			* { box-sizing: border-box; margin: 0 }
			body { font: 16px/1.5 system-ui, sans-serif; color: #1d1f26; background: #f4f4f6; min-height: 100vh }
			.fake { background: #fde68a; color: #713f12; text-align: center; padding: .5rem 1rem; font-size: .9rem }
			main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); max-width: 60rem; margin: 3rem auto; background: #fff;
				border-radius: 1rem; overflow: hidden; box-shadow: 0 1px 3px #0002, 0 12px 40px #0001 }
			main.single { display: block; max-width: 32rem; padding: 3rem; text-align: center }
			section { padding: 2.5rem }
			section.what { background: #fafafb; border-right: 1px solid #ececf0 }
			h1 { font-size: 1.4rem; margin: .25rem 0; overflow-wrap: anywhere }
			h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: #6b7080; margin: 2rem 0 .5rem }
			.amount { font-size: 2.25rem; font-weight: 650; letter-spacing: -.02em }
			.back { color: #6b7080; text-decoration: none; font-size: .9rem }
			dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; font-size: .85rem }
			dt { color: #6b7080 } dd { overflow-wrap: anywhere; font-family: ui-monospace, monospace }
			label { display: block; margin-bottom: 1rem; font-size: .85rem; color: #4b4f5c }
			input { display: block; width: 100%%; margin-top: .25rem; padding: .65rem .8rem; font: inherit; color: inherit;
				border: 1px solid #d5d7de; border-radius: .6rem; background: #fff }
			input[readonly] { background: #f4f4f6; color: #4b4f5c }
			button { width: 100%%; padding: .8rem; font: inherit; font-weight: 600; color: #fff; background: #1d4ed8;
				border: 0; border-radius: .6rem; cursor: pointer; margin-top: .5rem }
			button:hover { background: #1e40af }
			button.second { color: #1d4ed8; background: #e8edfb }
			button.second:hover { background: #d5dffa }
			.choice input { display: inline; width: auto; margin: 0 .5rem 0 0 }
			button:focus-visible, a:focus-visible, input:focus-visible, pre:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px }
			.total { display: flex; justify-content: space-between; border-top: 1px solid #ececf0; padding-top: .75rem;
				margin: .75rem 0; font-weight: 600 }
			.part { display: flex; justify-content: space-between; font-size: .9rem; color: #4b4f5c }
			.embedded { background: #0008 } .embedded main { margin: 1.5rem auto }
			button.close { width: auto; float: right; padding: .3rem .9rem; margin: 0 }
			.other { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: 1.5rem }
			.other button { font-size: .85rem; padding: .5rem }
			table { width: 100%%; border-collapse: collapse; text-align: left; font-size: .95rem }
			td { border-bottom: 1px solid #ececf0; padding: .6rem 0 } td:last-child { text-align: right }
			td button { width: auto; margin: 0; padding: .3rem .8rem }
			.hint { font-size: .8rem; color: #6b7080; margin-top: 1rem; text-align: center }
			main.wide { display: block; max-width: 84rem; padding: 1.5rem 2rem 3rem }
			.wide section { padding: 0; margin-top: 2rem } .wide h2 { margin: 0 0 .5rem; color: #4b4f5c } caption { text-align: left }
			.wide table { font-size: .875rem } .wide :is(th, td) { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0;
				border-bottom: 1px solid #ececf0; font-weight: 400 }
			.wide thead th { color: #4b4f5c; font-size: .8rem; overflow-wrap: normal } .wide tbody th { font-weight: 600; min-width: 9rem }
			.wide :is(small, a) { overflow-wrap: anywhere } .wide small { font-weight: 400; color: #4b4f5c } .wide td form { display: inline-block; margin: 0 .25rem .25rem 0 }
			.wide a { color: #1d4ed8 } .mark { background: #fde68a; color: #713f12; border-radius: .3rem; padding: 0 .35rem; font-weight: 400 }
			.wide .hint { text-align: left; margin: 0 0 .5rem } .wide > form { margin-top: .75rem }
			.failed { color: #b91c1c } pre { overflow: auto; background: #f4f4f6; padding: 1rem; border-radius: .6rem; font-size: .8rem; max-height: 40rem }
			.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .75rem 1.5rem; font-size: .875rem }
			.facts dt { color: #4b4f5c } .facts dd { font-family: inherit; font-weight: 600 }
			.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem }
			fieldset { border: 1px solid #d5d7de; border-radius: .6rem; padding: .25rem .6rem .5rem; min-width: 0 }
			legend { font-size: .8rem; color: #4b4f5c; padding: 0 .25rem }
			.wide :is(fieldset, td, form) button { width: auto; margin: 0 .35rem 0 0; padding: .35rem .8rem; font-size: .85rem }
			fieldset label { display: inline; margin: 0 } fieldset input { display: inline; width: 6rem; margin: 0 .35rem; padding: .3rem .5rem }
			main.portal { max-width: 40rem; text-align: left } .portal a { color: #1d4ed8; overflow-wrap: anywhere }
			.portal nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 1.5rem } .portal [aria-current] { font-weight: 600 }
			.portal ul { padding-left: 1.25rem } .portal dl { font-size: .95rem; margin-bottom: 1rem } .portal dd { font-family: inherit }
			.portal td { padding-right: .75rem; overflow-wrap: anywhere } .portal td:last-child { padding-right: 0 } .portal .hint { text-align: left }
			select { display: block; width: 100%%; margin-top: .25rem; padding: .65rem .8rem; font: inherit; color: inherit;
				border: 1px solid #d5d7de; border-radius: .6rem; background: #fff } select:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px }
			@media (max-width: 60rem) { main.wide { padding: 1rem } .wide :is(table, caption, tbody, tr, th, td) { display: block }
				.wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%%) }
				.wide tbody tr { border-bottom: 1px solid #d5d7de; padding: .6rem 0 } .wide tbody :is(th, td) { border: 0; padding: .15rem 0 }
				.wide td:empty { display: none } .wide td::before { content: attr(data-label) ": "; color: #4b4f5c } }
			@media (max-width: 45rem) { main.portal { padding: 1.25rem } main { grid-template-columns: minmax(0, 1fr); margin: 0; border-radius: 0 } dl { display: block } }
			</style>
			</head>
			<body%s>
			<header class="fake"><strong>This is a fake of Polar</strong> on your machine. No real payments are made.</header>
			%s
			</body>
			</html>
			""";

	/**
	 * Sent to the embedding page, which must have the embed origin of the session.
	 */
	private static final String MESSAGE = """
			<script>parent.postMessage(%s, %s)</script>""";

	private final FakeSession session;

	private final boolean embedded;

	FakePages(FakeSession session, boolean embedded) {
		this.session = session;
		this.embedded = embedded;
	}

	boolean isEmbedded() {
		return this.embedded;
	}

	String url() {
		return embedded(this.session.url);
	}

	private String embedded(String url) {
		return this.embedded ? url + "?embed=true" : url;
	}

	String checkout() {
		FakeSession session = this.session;
		if (!session.isOpen()) {
			return single("Checkout closed",
					"""
							<h1>This checkout is %s</h1>
							<p>A checkout session can only be paid once.</p>%s""".formatted(escape(session.status),
							session.status.equals("succeeded")
									? "<p><a href=\"%s\" target=\"_top\">Continue to the shop</a></p>"
										.formatted(escape(session.successUrl))
									: ""));
		}
		FakeProduct product = session.product();
		FakeAmounts amounts = session.amountsToPay();
		String price = price(amounts.amount(), session.currency);
		String total = price(amounts.total(), session.currency);
		String back = this.embedded ? close(target()) : (session.returnUrl != null)
				? "<a class=\"back\" href=\"%s\">← Back</a>".formatted(escape(session.returnUrl)) : "";
		String email = (session.customerEmail != null) ? session.customerEmail : FakeState.defaultEmail(session);
		String name = (session.customerName != null) ? session.customerName : "";
		return page("Checkout", """
				<main>
				<section class="what">
				%s
				<h1>%s</h1>
				<p class="amount">%s</p>
				%s
				<h2>Data from the shop</h2>
				<dl>%s</dl>
				</section>
				<section>
				<form method="post" action="%s">
				<label>Email<input type="email" name="email" value="%s"%s></label>
				<label>Name<input name="name" value="%s"></label>
				%s
				<p class="total"><span>Total</span><span>%s</span></p>
				<button>Pay %s</button>
				</form>
				<p class="hint">A real checkout asks for a card here.</p>
				<div class="other">
				<form method="post" action="%s"><button class="second">Decline payment</button></form>
				<form method="post" action="%s"><button class="second">Expire checkout</button></form>
				</div>
				</section>
				</main>%s""".formatted(back, escape(product.name()), price, choices(), facts(session),
				escape(embedded(session.url + "/pay")), escape(email), (session.customerId != null) ? " readonly" : "",
				escape(name), breakdown(session, amounts), total, total, escape(embedded(session.url + "/decline")),
				escape(embedded(session.url + "/expire")), message("loaded", null)));
	}

	/**
	 * Return the parts of the total.
	 */
	private static String breakdown(FakeSession session, FakeAmounts amounts) {
		Map<String, Long> parts = new LinkedHashMap<>();
		if (amounts.discount() > 0) {
			parts.put("Discount", -amounts.discount());
		}
		parts.put("Subtotal", amounts.net());
		parts.put("inclusive".equals(amounts.taxBehavior()) ? "Tax, included in the price" : "Tax",
				amounts.taxOrZero());
		return parts.entrySet()
			.stream()
			.map((part) -> "<p class=\"part\"><span>%s</span><span>%s</span></p>".formatted(part.getKey(),
					price(part.getValue(), session.currency)))
			.collect(Collectors.joining("\n"));
	}

	private static String close(String target) {
		String close = "parent.postMessage(%s, %s)".formatted(event("close", null), target);
		return """
				<button class="second close" type="button" onclick="%s">Close</button>
				<script>addEventListener("keydown", ({ key }) => { if (key === "Escape") %s })</script>"""
			.formatted(escape(close), close);
	}

	/**
	 * Return the page for a paid session. The embedding page performs the redirect.
	 */
	String paid(String successUrl) {
		return single("Thank you",
				"<h1>Payment successful</h1>" + message("confirmed", null) + message("success", successUrl));
	}

	private String message(String event, @Nullable String successUrl) {
		return this.embedded ? MESSAGE.formatted(event(event, successUrl), target()) : "";
	}

	private static String event(String event, @Nullable String successUrl) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("type", "POLAR_CHECKOUT");
		message.put("event", event);
		if (successUrl != null) {
			message.put("successURL", successUrl);
			message.put("redirect", true);
		}
		return script(message);
	}

	private String target() {
		String origin = this.session.embedOrigin();
		// without an embed origin, the event is sent to no one
		return script((origin != null) ? origin : "https://embed-origin-is-not-set.invalid");
	}

	private static String script(Object value) {
		return JsonMapper.shared().writeValueAsString(value).replace("<", "\\u003c");
	}

	/**
	 * Return the form for the product, the seats and the amount.
	 */
	private String choices() {
		FakeSession session = this.session;
		StringBuilder choices = new StringBuilder();
		if (session.products.size() > 1) {
			session.products.forEach((product) -> choices
				.append("<label class=\"choice\"><input type=\"radio\" name=\"product\" value=\"%s\"%s> %s · %s</label>"
					.formatted(product.id(), product.equals(session.product()) ? " checked" : "",
							escape(product.name()), price(product, session.listPrices(product)))));
		}
		if (session.prices().minimumSeats() != null) {
			choices.append("<label>Seats<input type=\"number\" name=\"seats\" min=\"1\" value=\"%d\"></label>"
				.formatted((session.seats() != null) ? session.seats() : 1));
		}
		if (session.prices().chosen() != null) {
			choices.append("<label>Amount<input name=\"amount\" inputmode=\"decimal\" value=\"%s\"></label>"
				.formatted(MinorUnits.toMajorUnits(session.amount(), session.currency).toPlainString()));
		}
		return choices.isEmpty() ? "" : """
				<h2>Your choice</h2>
				<form method="post" action="%s">%s<button class="second">Change</button></form>"""
			.formatted(escape(embedded(session.url + "/choose")), choices);
	}

	/**
	 * Return the list price of a product, for the smallest quantity.
	 * @param prices the prices of the product in one currency
	 */
	static String price(FakeProduct product, FakePrices prices) {
		int metered = prices.metered().size();
		if (metered == prices.prices().size()) {
			return "billed by usage";
		}
		String usage = (metered > 0) ? ", plus usage" : "";
		if (prices.chosen() != null) {
			return "you choose the amount" + every(product) + usage;
		}
		Integer seats = prices.minimumSeats();
		Integer units = prices.minimumUnits();
		long amount = prices.amount(null, (seats != null) ? seats : 1, (units != null) ? units : 1);
		return price(amount, String.valueOf(prices.first().get("price_currency"))) + every(product)
				+ quantity(seats, "seat") + quantity(units, "unit") + usage;
	}

	private static String quantity(@Nullable Integer quantity, String unit) {
		return (quantity != null) ? " for %d %s%s".formatted(quantity, unit, (quantity == 1) ? "" : "s") : "";
	}

	/**
	 * Return the interval of a subscription, or an empty string for a one-time product.
	 */
	static String every(FakeProduct product) {
		String interval = product.recurringInterval();
		if (interval == null) {
			return "";
		}
		int count = product.recurringIntervalCount();
		return (count == 1) ? " per " + escape(interval) : " every %d %ss".formatted(count, escape(interval));
	}

	private static String facts(FakeSession session) {
		Map<String, @Nullable String> facts = new LinkedHashMap<>();
		facts.put("external_customer_id", session.externalCustomerId);
		facts.put("customer_ip_address", session.ipAddress);
		facts.put("prices", session.prices().adHoc() ? "ad-hoc" : "catalog");
		if (session.seats() != null) {
			facts.put("seats", session.seats().toString());
		}
		session.metadata.forEach((key, value) -> facts.put("metadata." + key, String.valueOf(value)));
		if (session.embedOrigin() != null) {
			facts.put("embed_origin", session.embedOrigin());
		}
		facts.put("success_url", session.ownSuccessUrl ? session.successUrl : null);
		return facts.entrySet()
			.stream()
			.map((fact) -> "<dt>%s</dt><dd>%s</dd>".formatted(escape(fact.getKey()),
					(fact.getValue() != null) ? escape(fact.getValue()) : "–"))
			.collect(Collectors.joining());
	}

	String confirmation() {
		FakeSession session = this.session;
		return single("Thank you",
				"<h1>%s</h1><p>%s · %s</p>".formatted(
						session.status.equals("succeeded") ? "Payment successful"
								: "This checkout is " + escape(session.status),
						escape(session.product().name()), price(session.amountsToPay().total(), session.currency)));
	}

	String problem(String problem) {
		return single("Something went wrong", """
				<h1>Something went wrong</h1><p>%s</p>
				<p><a href="%s">Back to the checkout</a></p>""".formatted(escape(problem), escape(url())));
	}

	/**
	 * Return the page for an unknown session. Without a session, the embed origin is
	 * unknown, so any page can receive the event that closes it.
	 */
	static String notFound(boolean embedded) {
		return page("Not found", embedded, """
				<main class="single">%s<h1>Checkout not found</h1>
				<p>The fake loses its sessions when the application stops.</p></main>"""
			.formatted(embedded ? close(script("*")) : ""));
	}

	private String single(String title, String body) {
		return page(title, "<main class=\"single\">" + (this.embedded ? close(target()) : "") + body + "</main>");
	}

	private String page(String title, String body) {
		return page(title, this.embedded, body);
	}

	private static String page(String title, boolean embedded, String body) {
		return LAYOUT.formatted(title, embedded ? " class=\"embedded\"" : "", body);
	}

	static String price(long minorUnits, String currency) {
		BigDecimal amount = MinorUnits.toMajorUnits(minorUnits, currency);
		NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
		try {
			format.setCurrency(Currency.getInstance(currency.toUpperCase(Locale.ROOT)));
		}
		catch (IllegalArgumentException ex) {
			return amount + " " + escape(currency);
		}
		format.setMinimumFractionDigits(amount.scale());
		format.setMaximumFractionDigits(amount.scale());
		return escape(format.format(amount));
	}

	/**
	 * Return a page that does not belong to a session.
	 */
	static String plain(String title, String body) {
		return LAYOUT.formatted(escape(title), "", "<main class=\"single\">" + body + "</main>");
	}

	/**
	 * Return a page of the customer portal.
	 */
	static String portal(String title, String body) {
		return LAYOUT.formatted(escape(title), "", "<main class=\"single portal\">" + body + "</main>");
	}

	/**
	 * Return a page with tables.
	 */
	static String wide(String title, String body) {
		return LAYOUT.formatted(escape(title), "", "<main class=\"wide\">" + body + "</main>");
	}

	static String escape(String text) {
		return HtmlUtils.htmlEscape(text, "UTF-8");
	}

}
