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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.standalone.MappingsSource;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.stubbing.StubMappings;
import io.github.polarspring.model.RecurringInterval;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Fake of Polar: a local server that implements Polar's API in memory and serves a
 * checkout page to pay by hand.
 *
 * <pre class="code">
 * try (PolarFake fake = PolarFake.start()) {
 *     fake.addProduct(productId, "Pro", 2900, "usd");
 *     ...
 *     fake.pay(sessionId);
 * }
 * </pre>
 *
 * Listens on a free port of the loopback address. Several fakes can run at the same time.
 * Thread-safe.
 * <p>
 * Supports checkout sessions, the catalog, customers, customer sessions, orders,
 * payments, refunds, subscriptions, and usage events. The catalog is filled by the
 * methods of this class, or by the same API calls as Polar's. Requests to other paths get
 * Polar's response for unknown paths.
 *
 * @since 0.1.0
 */
public final class PolarFake implements AutoCloseable {

	/**
	 * Lower than the priority of stubs that are added by tests.
	 */
	private static final int LOWEST_PRIORITY = Integer.MAX_VALUE;

	private final FakeState state;

	private final FakeFaults faults = new FakeFaults();

	private final Map<String, UUID> productNames = new ConcurrentHashMap<>();

	private final PolarFakeUsage usage;

	private final WireMockServer server;

	private PolarFake(int port) {
		this.state = new FakeState();
		this.usage = new PolarFakeUsage(this);
		this.server = new WireMockServer(WireMockConfiguration.options()
			.port(port)
			.bindAddress("127.0.0.1")
			// Java's HTTP client offers an upgrade to HTTP/2, on which Jetty drops the
			// body
			.http2PlainDisabled(true)
			.gzipDisabled(true)
			// delayed responses must not block threads
			.asynchronousResponseEnabled(true)
			.asynchronousResponseThreads(4)
			.maxRequestJournalEntries(10_000)
			// WireMock allows all origins to change stubs and to read requests
			.adminAuthenticator((request) -> FakeGuard.problemOf(request) == null)
			.httpServerFactory((options, admin, stubs) -> new FakeHttpServer(options, admin, stubs, stream()))
			.extensions(new FakeTransformer(this, this.faults))
			.mappingSource(new FakeMapping()));
		this.server.start();
		this.state.baseUrl("http://127.0.0.1:" + this.server.port());
	}

	/**
	 * Start a fake.
	 * @return a running fake without products
	 */
	public static PolarFake start() {
		return new PolarFake(0);
	}

	/**
	 * Start a fake on the given port, so that its URL does not change after a restart.
	 * @param port the port, or 0 for a free port
	 * @return a running fake without products
	 */
	public static PolarFake start(int port) {
		return new PolarFake(port);
	}

	/**
	 * Return the base URL of the API, as a value for {@code polar.base-url}.
	 * @return the base URL, without a trailing slash
	 */
	public URI baseUrl() {
		return URI.create(this.state.baseUrl());
	}

	/**
	 * Return the URL of the dashboard: a page that shows all sales and events, to refund
	 * orders and to renew, cancel and end subscriptions, as a merchant would in Polar's
	 * dashboard.
	 * @return the URL of the dashboard
	 */
	public URI dashboardUrl() {
		return URI.create(this.state.baseUrl() + FakeDashboard.PATH);
	}

	/**
	 * Return the URL of the control of the fake: what the methods of this class, of
	 * {@link #usage()}, {@link #webhooks()}, and {@link #stream()} do, for tests in other
	 * languages. A GET request lists the available calls.
	 * @return the URL, with a trailing slash
	 */
	public URI controlUrl() {
		return URI.create(this.state.baseUrl() + FakeControl.PATH + "/");
	}

	/**
	 * Return the only access token that the fake accepts, as a value for
	 * {@code polar.access-token}. Every fake has a different token.
	 * @return the access token
	 */
	public String accessToken() {
		return this.state.accessToken();
	}

	/**
	 * Set the only access token that the fake accepts, so that it does not change after a
	 * restart.
	 * @param accessToken the access token, which must not be a token of Polar
	 * @return this fake
	 */
	public PolarFake accessToken(String accessToken) {
		Assert.isTrue(accessToken.matches("[!-~]+"), "accessToken must consist of visible ASCII characters");
		this.state.accessToken(accessToken);
		return this;
	}

	/**
	 * Add a catalog. It is a JSON object with the arrays {@code custom_fields},
	 * {@code meters}, {@code benefits}, {@code products}, and {@code discounts}, all of
	 * which are optional. Each element is the body of Polar's call that creates it, and
	 * can have an additional {@code id}. The {@code benefits} of a product are IDs or
	 * descriptions of benefits.
	 * @param json the catalog
	 * @return this fake
	 * @throws IllegalArgumentException if the catalog is invalid; the message says where
	 * and why. The elements before are added
	 */
	public PolarFake addCatalog(String json) {
		happen("Catalog added", () -> new FakeCatalogFile(this.state).add(json));
		return this;
	}

	/**
	 * Add a one-time product with a fixed price. Replaces a product with the same ID.
	 * Checkout sessions for unknown products are rejected.
	 * @param id the ID of the product, a version 4 UUID like all IDs of Polar
	 * @param name the name on the checkout page
	 * @param amount the price in minor units of the currency, 0 for free
	 * @param currency the currency code in lower case, such as {@code usd}
	 * @return this fake
	 */
	public PolarFake addProduct(UUID id, String name, long amount, String currency) {
		return add(id, name, amount, currency, null);
	}

	/**
	 * Add a subscription product. Its subscriptions are renewed for the same price after
	 * each period when time is {@linkplain #advance(Duration) advanced}.
	 * @param id the ID of the product, a version 4 UUID like all IDs of Polar
	 * @param name the name on the checkout page
	 * @param amount the price in minor units of the currency, 0 for free
	 * @param currency the currency code in lower case, such as {@code usd}
	 * @param interval the length of a period
	 * @return this fake
	 */
	public PolarFake addSubscription(UUID id, String name, long amount, String currency, RecurringInterval interval) {
		Assert.isTrue(interval != RecurringInterval.UNKNOWN, "interval must not be UNKNOWN");
		return add(id, name, amount, currency, interval.name().toLowerCase(Locale.ROOT));
	}

	private PolarFake add(UUID id, String name, long amount, String currency, @Nullable String interval) {
		Assert.isTrue(id.version() == 4, "id must be a version 4 UUID, because Polar rejects others");
		Assert.isTrue(amount >= 0, "amount must not be negative");
		Assert.isTrue(currency.matches("[a-z]{3}"), "currency must consist of three lowercase letters");
		this.state.add(new FakeProduct(id, name, amount, currency, interval));
		return this;
	}

	/**
	 * Add a discount of a fixed amount, which applies to every payment, also to renewals.
	 * As with Polar, sessions with unknown discounts are rejected.
	 * @param id the ID of the discount, a version 4 UUID
	 * @param code the name, and the code that a buyer can enter
	 * @param amount the amount in minor units of the currency; at most the price is
	 * discounted
	 * @param currency the currency code in lower case; the discount does not apply to
	 * other currencies
	 * @return this fake
	 */
	public PolarFake addDiscount(UUID id, String code, long amount, String currency) {
		Assert.isTrue(amount > 0, "amount must be positive");
		return add(FakeDiscount.of(id, code,
				Map.of("type", "fixed", "amount", amount, "currency", currency, "amounts", Map.of(currency, amount)),
				this.state.now()));
	}

	/**
	 * Add a discount of a percentage, which applies to every payment, also to renewals.
	 * @param id the ID of the discount, a version 4 UUID
	 * @param code the name, and the code that a buyer can enter
	 * @param percent the percentage, 1 to 100
	 * @return this fake
	 */
	public PolarFake addDiscount(UUID id, String code, int percent) {
		Assert.isTrue(percent >= 1 && percent <= 100, "percent must be 1 to 100");
		return add(FakeDiscount.of(id, code, Map.of("type", "percentage", "basis_points", percent * 100),
				this.state.now()));
	}

	private PolarFake add(FakeDiscount discount) {
		Assert.isTrue(discount.id().version() == 4, "id must be a version 4 UUID, because Polar rejects others");
		Assert.isTrue(StringUtils.hasText(discount.code()), "code must not be blank");
		this.state.add(discount);
		return this;
	}

	/**
	 * Set the tax rate of a country or a state until the fake is reset. By default, the
	 * fake charges 8.875 percent in the United States, on top of the price, and 19, 20,
	 * and 10 percent in Germany, France, and Japan, included in the price. Other
	 * countries have a rate of 0. The {@code tax_behavior} of an ad-hoc price overrides
	 * whether tax is included. The country is that of the billing address. A buyer who
	 * pays without one lives in New York. With a tax ID, no tax is charged outside of the
	 * United States and Canada.
	 * @param country the ISO 3166-1 alpha-2 code, such as {@code GB}, or a state of the
	 * United States or Canada, such as {@code US-IL}
	 * @param percent the rate in percent, such as 20; 0 for no tax
	 * @return this fake
	 */
	public PolarFake taxRate(String country, double percent) {
		Assert.isTrue(country.matches("[A-Z]{2}|(US|CA)-[A-Z]{2}"),
				"country must consist of two uppercase letters, or be a state such as US-IL");
		Assert.isTrue(percent >= 0 && percent < 100, "percent must be at least 0 and less than 100");
		this.state.taxRate(country, BigDecimal.valueOf(percent));
		return this;
	}

	/**
	 * Register the name that the application uses for a product, for assertions.
	 * @param name the name in {@code polar.products}
	 * @param id the ID of the product
	 * @return this fake
	 */
	public PolarFake nameProduct(String name, UUID id) {
		this.productNames.put(name, id);
		return this;
	}

	@Nullable UUID productNamed(String name) {
		return this.productNames.get(name);
	}

	/**
	 * Set the organization of the fake.
	 * @param organizationId the ID of the organization, random by default
	 * @return this fake
	 */
	public PolarFake organizationId(UUID organizationId) {
		this.state.organizationId(organizationId);
		return this;
	}

	/**
	 * Set whether Polar lets the organization use the API, until the fake is reset.
	 * Without access, Polar rejects the access token, and buyers cannot open their
	 * checkout.
	 * @param access {@code false} for an organization that Polar has blocked
	 * @return this fake
	 */
	public PolarFake apiAccess(boolean access) {
		this.state.settings((settings) -> settings.withApiAccess(access));
		return this;
	}

	/**
	 * Set whether Polar lets the organization take payments, until the fake is reset.
	 * Without, sessions can be created, but only those without a payment can be
	 * confirmed.
	 * @param payments {@code false} for an organization whose payments Polar has paused
	 * @return this fake
	 */
	public PolarFake checkoutPayments(boolean payments) {
		this.state.settings((settings) -> settings.withCheckoutPayments(payments));
		return this;
	}

	/**
	 * Set whether a customer can use the trial of a product only once, until the fake is
	 * reset. As with Polar, the default is {@code false}.
	 * @param prevent whether to prevent a second trial
	 * @return this fake
	 */
	public PolarFake preventTrialAbuse(boolean prevent) {
		this.state.settings((settings) -> settings.withPreventTrialAbuse(prevent));
		return this;
	}

	/**
	 * Set whether a customer can have several subscriptions, until the fake is reset. As
	 * with Polar, the default is {@code false}.
	 * @param allow whether a second subscription can be bought
	 * @return this fake
	 */
	public PolarFake allowMultipleSubscriptions(boolean allow) {
		this.state.settings((settings) -> settings.withMultipleSubscriptions(allow));
		return this;
	}

	/**
	 * Set how long a customer keeps the benefits of a subscription that is past due,
	 * until the fake is reset. As with Polar, the default is not at all, and benefits are
	 * revoked at the first failed payment attempt after this time.
	 * @param gracePeriod the duration
	 * @return this fake
	 */
	public PolarFake gracePeriod(Duration gracePeriod) {
		Assert.isTrue(!gracePeriod.isNegative(), "gracePeriod must not be negative");
		this.state.settings((settings) -> settings.withGracePeriod(gracePeriod));
		return this;
	}

	/**
	 * Set what customers can change in the portal, until the fake is reset. As with
	 * Polar, they can change the plan and the number of seats by default, but not pause.
	 * @param changePlan whether they can change the product of a subscription
	 * @param changeSeats whether they can change the number of seats
	 * @param pause whether they can pause and resume a subscription
	 * @return this fake
	 */
	public PolarFake portalPermissions(boolean changePlan, boolean changeSeats, boolean pause) {
		this.state.settings((settings) -> settings.withPortal(new FakeSettings.Portal(changePlan, changeSeats, pause)));
		return this;
	}

	/**
	 * Set how changes of the product, seats, and units of a subscription are billed if
	 * the change does not tell, until the fake is reset. As with Polar, the default is
	 * {@code prorate}.
	 * @param behavior {@code invoice}, {@code prorate}, {@code next_period}, or
	 * {@code reset}
	 * @return this fake
	 */
	public PolarFake prorationBehavior(String behavior) {
		List<String> known = List.of("invoice", "prorate", "next_period", "reset");
		Assert.isTrue(known.contains(behavior), () -> "behavior must be one of " + known);
		this.state.settings((settings) -> settings.withProrationBehavior(behavior));
		return this;
	}

	/**
	 * Set whether changes of a subscription can start a new period with the behavior
	 * {@code reset}, until the fake is reset. Polar enables this for selected
	 * organizations, so the default is {@code false}.
	 * @param allow whether {@code reset} is allowed
	 * @return this fake
	 */
	public PolarFake allowProrationReset(boolean allow) {
		this.state.settings((settings) -> settings.withProrationReset(allow));
		return this;
	}

	/**
	 * Pay a session as a buyer would on the checkout page, with the email address of the
	 * session or a generated one. Like all methods that send webhooks, it returns after
	 * the first attempt of every webhook, or after 15 seconds. Therefore, it must not be
	 * called by code that handles webhooks.
	 * @param sessionId the ID of an open session
	 * @throws IllegalStateException if there is no such session, it is not open, or it is
	 * for a second subscription
	 */
	public void pay(UUID sessionId) {
		happen("Paid by the buyer", () -> this.state.pay(this.state.requireSession(sessionId), null, null));
	}

	/**
	 * Pay a session as a buyer who enters an email address. As with Polar, the purchase
	 * belongs to the customer with this address if there is one.
	 * @param sessionId the ID of an open session
	 * @param email the email address
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void pay(UUID sessionId, String email) {
		happen("Paid by the buyer", () -> this.state.pay(this.state.requireSession(sessionId), email, null));
	}

	/**
	 * Decline the payment of a session. The session stays open.
	 * @param sessionId the ID of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void decline(UUID sessionId) {
		happen("Payment declined", () -> this.state.decline(this.state.requireSession(sessionId)));
	}

	/**
	 * Pay a session with a card whose bank asks the buyer for a confirmation, such as 3-D
	 * Secure. The session is confirmed, but there is no order until the challenge is
	 * {@linkplain #completeChallenge completed}.
	 * @param sessionId the ID of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void challenge(UUID sessionId) {
		happen("Paid with a challenge of the bank",
				() -> this.state.pay(this.state.requireSession(sessionId), null, null, true));
	}

	/**
	 * Complete the challenge of the bank. If the buyer fails, the session is open again.
	 * @param sessionId the ID of a session with a pending challenge
	 * @param passed whether the buyer passed the challenge
	 * @throws IllegalStateException if there is no such session, or it has no pending
	 * challenge
	 */
	public void completeChallenge(UUID sessionId, boolean passed) {
		happen("Challenge of the bank completed",
				() -> this.state.completeChallenge(this.state.requireSession(sessionId), passed));
	}

	/**
	 * Pay a session with a second card, after which Polar handles the decline of the
	 * first one: the session is confirmed and then open again, although the second card
	 * was charged. There is no order.
	 * @param sessionId the ID of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void declineLate(UUID sessionId) {
		happen("Payment declined late", () -> this.state.declineLate(this.state.requireSession(sessionId)));
	}

	/**
	 * Hold back the next decline that is caused through the API, until another card was
	 * accepted for the same session: the session is confirmed and then open again. There
	 * is no order, although the second card was charged.
	 * @return this fake
	 */
	public PolarFake holdNextDecline() {
		this.state.holdNextDecline();
		return this;
	}

	/**
	 * Expire a session.
	 * @param sessionId the ID of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void expire(UUID sessionId) {
		happen("Session expired", () -> this.state.expire(this.state.requireSession(sessionId)));
	}

	/**
	 * Cancel a subscription at the end of its period.
	 * @param subscriptionId the ID of an active or past due subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void cancelSubscription(UUID subscriptionId) {
		happen("Subscription canceled", () -> this.state.cancel(requireSubscription(subscriptionId), true));
	}

	/**
	 * End a subscription immediately.
	 * @param subscriptionId the ID of a subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void revokeSubscription(UUID subscriptionId) {
		happen("Subscription revoked", () -> this.state.end(requireSubscription(subscriptionId)));
	}

	/**
	 * Advance time to the end of a subscription's period. The subscription is renewed, or
	 * ends if it was canceled.
	 * @param subscriptionId the ID of an active subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void renewSubscription(UUID subscriptionId) {
		happen("Advanced to the end of the period", () -> this.state.advanceToEndOf(requireActive(subscriptionId)));
	}

	/**
	 * Set whether the cards on file are declined, until the fake is reset. Then, a
	 * renewed subscription becomes past due. As with Polar, the card is charged again 2,
	 * 7, 14, and 21 days after the first attempt, when time is
	 * {@linkplain #advance(Duration) advanced}. The subscription is active again after a
	 * successful attempt, and ends after the last one.
	 * @param decline whether the cards are declined
	 * @return this fake
	 */
	public PolarFake declineRenewals(boolean decline) {
		this.state.declineRenewals(decline);
		return this;
	}

	/**
	 * Decline the cards on file for a reason, until the fake is reset or
	 * {@link #declineRenewals(boolean)} is called with {@code false}. As with Polar, a
	 * card that is declined for good, such as an expired one, is charged again only once,
	 * after 21 days, or when the customer adds another card.
	 * @param reason the {@code decline_reason} of the payments, such as
	 * {@code authentication_required} or {@code expired_card}. Without a reason, it is
	 * {@code insufficient_funds}
	 * @return this fake
	 */
	public PolarFake declineRenewals(String reason) {
		Assert.isTrue(reason.matches("[a-z_]+"), "reason must consist of lowercase letters and underscores");
		synchronized (this.state) {
			this.state.declineRenewals(true);
			this.state.sales().charges.reason = FakePayment.Reason.of(reason);
		}
		return this;
	}

	/**
	 * Decline the next charge of a card on file: a renewal, another attempt, or a change
	 * that is charged immediately. Free changes do not count.
	 * @param reason the {@code decline_reason} of the payment, such as
	 * {@code insufficient_funds}
	 * @return this fake
	 */
	public PolarFake declineNextCharge(String reason) {
		Assert.isTrue(reason.matches("[a-z_]+"), "reason must consist of lowercase letters and underscores");
		synchronized (this.state) {
			this.state.sales().charges.next = FakePayment.Reason.of(reason);
		}
		return this;
	}

	/**
	 * Refund an order, fully or partially. As with Polar, the amount does not include
	 * tax, which is refunded in proportion. To refund an order fully, pass its
	 * {@code net_amount}.
	 * @param orderId the ID of a paid order
	 * @param amount the net amount in minor units, at most the refundable amount
	 * @throws IllegalStateException if there is no such order, or the amount exceeds the
	 * refundable amount
	 */
	public void refund(UUID orderId, long amount) {
		happen("Order refunded",
				() -> this.state.refund(requireOrder(orderId), amount, "customer_request", false, Map.of()));
	}

	/**
	 * Set whether refunds are pending until they are {@linkplain #completeRefund
	 * completed}, until the fake is reset. The refunds of most cards are not.
	 * @param delay whether the banks take their time
	 * @return this fake
	 */
	public PolarFake delayRefunds(boolean delay) {
		synchronized (this.state) {
			this.state.sales().refunds.delayed = delay;
		}
		return this;
	}

	/**
	 * Grant a benefit to a customer who does not have it, as of the latest purchase: the
	 * subscription that is not over, otherwise the paid order. The product does not need
	 * to include the benefit. A benefit that was revoked is granted again.
	 * @param benefitId the ID of a benefit of the catalog
	 * @param externalCustomerId the external ID of the customer
	 * @throws IllegalStateException if there is no such benefit or customer, the customer
	 * has bought nothing, or already has the benefit
	 */
	public void grantBenefit(UUID benefitId, String externalCustomerId) {
		happen("Benefit granted",
				() -> this.state.sales().grant(requireCustomer(externalCustomerId), requireBenefit(benefitId)));
	}

	/**
	 * Revoke a benefit of a customer, also that of the members of a team. The purchase
	 * does not change.
	 * @param benefitId the ID of a benefit of the catalog
	 * @param externalCustomerId the external ID of the customer
	 * @throws IllegalStateException if there is no such benefit or customer, or the
	 * customer does not have the benefit
	 */
	public void revokeBenefit(UUID benefitId, String externalCustomerId) {
		happen("Benefit revoked",
				() -> this.state.sales().revoke(requireCustomer(externalCustomerId), requireBenefit(benefitId)));
	}

	FakeCustomer requireCustomer(String externalId) {
		FakeCustomer customer = this.state.customerWithExternalId(externalId);
		Assert.state(customer != null, "The fake has no customer with this external ID");
		return customer;
	}

	private Map<String, @Nullable Object> requireBenefit(UUID benefitId) {
		Map<String, @Nullable Object> benefit = this.state.catalog().benefit(benefitId);
		Assert.state(benefit != null, () -> "The fake has no benefit " + benefitId);
		return benefit;
	}

	/**
	 * Set how long Polar takes to grant the benefits of a purchase, until the fake is
	 * reset. With Polar, this is a matter of seconds, which the application has to bridge
	 * after a checkout. The events of the grants and the state of the customer follow
	 * when the time has passed, or when the clock is {@linkplain #advance(Duration)
	 * advanced}. What takes benefits away is not delayed.
	 * @param delay the duration, zero by default
	 * @return this fake
	 */
	public PolarFake delayGrants(Duration delay) {
		Assert.isTrue(!delay.isNegative(), "delay must not be negative");
		synchronized (this.state) {
			this.state.sales().grantJobs.delay(delay);
		}
		return this;
	}

	/**
	 * Complete a pending refund: only then, the order is refunded. A refund that has
	 * succeeded can still fail, if the bank returns it. Then, the order is paid again.
	 * @param refundId the ID of a refund
	 * @param succeeded whether the bank accepted the refund
	 * @throws IllegalStateException if there is no such refund, or its status does not
	 * permit the change
	 */
	public void completeRefund(UUID refundId, boolean succeeded) {
		happen("Refund completed", () -> {
			FakeRefunds refunds = this.state.sales().refunds;
			Map<String, @Nullable Object> refund = refunds.find(refundId);
			Assert.state(refund != null, () -> "The fake has no refund " + refundId);
			refunds.complete(refund, succeeded);
		});
	}

	/**
	 * Dispute the payment of an order, as the buyer does at the bank. As with Polar, no
	 * event tells of it, but the order cannot be refunded.
	 * @param orderId the ID of an order that was paid with money
	 * @throws IllegalStateException if there is no such order, nothing was paid for it,
	 * or it has already been disputed
	 */
	public void dispute(UUID orderId) {
		happen("Dispute opened", () -> this.state.sales().refunds.dispute(requireOrder(orderId)));
	}

	/**
	 * Close a dispute. If it is lost, the customer loses the benefits, and the
	 * subscription ends. As with Polar, the order does not change and sends no event.
	 * @param orderId the ID of an order with an open dispute
	 * @param won whether the merchant won the dispute
	 * @throws IllegalStateException if there is no such order, or it has no open dispute
	 */
	public void closeDispute(UUID orderId, boolean won) {
		happen("Dispute closed", () -> this.state.sales().refunds.closeDispute(requireOrder(orderId), won));
	}

	private FakeOrder requireOrder(UUID orderId) {
		FakeOrder order = this.state.order(orderId);
		Assert.state(order != null, () -> "The fake has no order " + orderId);
		return order;
	}

	/**
	 * Advance the clock of the fake: sessions expire, and subscriptions are renewed or
	 * end in chronological order. As with Polar, a session gets the status
	 * {@code expired} later than it expires: 15 minutes after its expiration time, which
	 * is 24 hours after its creation. The application's clock and the timestamps in the
	 * signatures of webhooks are not affected.
	 * @param duration the duration to advance the clock by
	 */
	public void advance(Duration duration) {
		happen("Clock advanced by " + FakeDashboardPage.text(duration), () -> this.state.advance(duration));
	}

	/**
	 * Make happen what an event tells of: the state of the fake changes, and all events
	 * that follow are sent, as with Polar. For example,
	 * {@code emit("subscription.past_due", id)} ends the period of a subscription whose
	 * card is declined.
	 * @param type the type of the event
	 * @param id the ID of the object: usually the one that the event contains. For the
	 * first event of an order or a subscription, it is the ID of an open checkout
	 * session, for {@code refund.created} that of an order, and for {@code member.*} that
	 * of a customer
	 * @throws IllegalArgumentException if the fake does not support the type; the message
	 * names those that it supports
	 * @throws IllegalStateException if there is no such object, or its state does not
	 * permit the change
	 * @see PolarFakeWebhooks#send(String, String)
	 */
	public void emit(String type, UUID id) {
		happen("Emitted " + type, () -> new FakeEmitter(this.state).emit(type, id));
	}

	/**
	 * Make a change, and return after the shop was notified. The lock is released before,
	 * because listeners of the shop can call the fake.
	 */
	void happen(String cause, Runnable what) {
		this.state.because(cause, () -> {
			what.run();
			return true;
		});
		this.state.webhooks().await();
	}

	private FakeSubscription requireSubscription(UUID subscriptionId) {
		FakeSubscription subscription = this.state.subscription(subscriptionId);
		Assert.state(subscription != null, () -> "The fake has no subscription " + subscriptionId);
		return subscription;
	}

	private FakeSubscription requireActive(UUID subscriptionId) {
		FakeSubscription subscription = requireSubscription(subscriptionId);
		Assert.state(subscription.isActive() || subscription.isPastDue(),
				() -> "The fake has no active subscription " + subscriptionId);
		return subscription;
	}

	/**
	 * Return the IDs of all checkout sessions, newest first.
	 * @return the IDs
	 */
	public List<UUID> checkoutIds() {
		return this.state.sessions().stream().map((session) -> session.id).toList();
	}

	/**
	 * Return the IDs of all orders, newest first.
	 * @return the IDs
	 */
	public List<UUID> orderIds() {
		return this.state.orders().stream().map((order) -> order.id).toList();
	}

	/**
	 * Return the IDs of all refunds, newest first.
	 * @return the IDs
	 */
	public List<UUID> refundIds() {
		return this.state.refunds().stream().map((refund) -> (UUID) Objects.requireNonNull(refund.get("id"))).toList();
	}

	/**
	 * Return the IDs of all subscriptions, newest first.
	 * @return the IDs
	 */
	public List<UUID> subscriptionIds() {
		return this.state.subscriptions().stream().map((subscription) -> subscription.id).toList();
	}

	FakeState state() {
		return this.state;
	}

	/**
	 * Return the webhooks of the fake, to add endpoints, verify deliveries, and inject
	 * faults.
	 * @return the webhooks
	 */
	public PolarFakeWebhooks webhooks() {
		return this.state.webhooks();
	}

	/**
	 * Return the event stream of the fake, from which Polar's command line relays
	 * webhooks.
	 * @return the stream
	 */
	public PolarFakeStream stream() {
		return this.state.stream();
	}

	/**
	 * Return the usage of customers, to add meters and credits, and to verify events.
	 * @return the usage
	 */
	public PolarFakeUsage usage() {
		return this.usage;
	}

	/**
	 * Inject a fault into the next call to the API. The starter retries transient
	 * failures, so the application does not notice the fault unless
	 * {@linkplain #injectFault(PolarFault, int) several calls} fail or
	 * {@code polar.http.retry.max-attempts} is 1.
	 * @param fault the fault
	 * @return this fake
	 */
	public PolarFake injectFault(PolarFault fault) {
		return injectFault(fault, 1);
	}

	/**
	 * Inject a fault into the next calls to the API.
	 * @param fault the fault
	 * @param calls the number of calls
	 * @return this fake
	 */
	public PolarFake injectFault(PolarFault fault, int calls) {
		Assert.isTrue(calls > 0, "calls must be positive");
		this.faults.add(fault, calls, null);
		return this;
	}

	/**
	 * Inject a fault into the next calls to matching paths.
	 * @param fault the fault
	 * @param calls the number of calls
	 * @param path the prefix of the paths, such as {@code /v1/checkouts/}
	 * @return this fake
	 */
	public PolarFake injectFault(PolarFault fault, int calls, String path) {
		Assert.isTrue(calls > 0, "calls must be positive");
		this.faults.add(fault, calls, path);
		return this;
	}

	/**
	 * Remove the faults that have not happened yet, to end an outage.
	 * @return this fake
	 */
	public PolarFake clearFaults() {
		this.faults.clear();
		return this;
	}

	/**
	 * Restrict the scopes of the access token until the fake is reset.
	 * @param scopes the scopes, such as {@code checkouts:read}
	 * @return this fake
	 */
	public PolarFake restrictScopes(String... scopes) {
		this.state.restrictScopes(Set.of(scopes));
		return this;
	}

	/**
	 * Remove all sessions, customers, orders, subscriptions, webhooks, injected faults,
	 * recorded requests, and stubs, restore the default tax rates, and end the event
	 * streams. Products and discounts remain, and so do the webhook endpoints that were
	 * added with {@link PolarFakeWebhooks}, as they were added. Those that were created
	 * through the API are removed.
	 */
	public void reset() {
		this.faults.clear();
		this.state.stream().reset();
		this.state.webhooks().reset();
		this.state.reset();
		this.server.resetAll();
	}

	/**
	 * Return the WireMock server of the fake, to verify requests and to add stubs, which
	 * take precedence over the responses of the fake.
	 * @return the running server
	 */
	public WireMockServer wireMock() {
		return this.server;
	}

	/**
	 * Stop the fake.
	 */
	@Override
	public void close() {
		synchronized (this.state) {
			this.state.sales().grantJobs.reset();
		}
		this.state.stream().reset();
		this.state.webhooks().close();
		this.server.stop();
	}

	@Override
	public String toString() {
		return "PolarFake[" + this.state.baseUrl() + "]";
	}

	/**
	 * Mapping of all requests to the fake. WireMock reloads it when a test resets all
	 * stubs.
	 */
	private static final class FakeMapping implements MappingsSource {

		@Override
		public void loadMappingsInto(StubMappings stubMappings) {
			stubMappings.addMapping(WireMock.any(WireMock.anyUrl())
				.atPriority(LOWEST_PRIORITY)
				.willReturn(WireMock.aResponse().withTransformers(FakeTransformer.NAME))
				.build());
		}

		@Override
		public void save(List<StubMapping> stubMappings) {
		}

		@Override
		public void save(StubMapping stubMapping) {
		}

		@Override
		@SuppressWarnings("removal") // still abstract
		public void remove(StubMapping stubMapping) {
		}

		@Override
		public void removeAll() {
		}

	}

}
