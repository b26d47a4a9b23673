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
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.util.UriUtils;

/**
 * State of the fake.
 */
final class FakeState {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final String ORGANIZATION = "fake-organization";

	/**
	 * Polar looks for expired sessions every 15 minutes.
	 */
	private static final Duration EXPIRY_DELAY = Duration.ofMinutes(15);

	/**
	 * When Polar tries to charge a declined card again, after the first attempt.
	 */
	private static final List<Duration> RETRIES = List.of(Duration.ofDays(2), Duration.ofDays(7), Duration.ofDays(14),
			Duration.ofDays(21));

	private final String accessToken = secret("polar_oat_");

	private volatile UUID organizationId = UUID.randomUUID();

	private final PolarFakeWebhooks webhooks = new PolarFakeWebhooks();

	private final Map<UUID, FakeProduct> products = new LinkedHashMap<>();

	private final FakeTaxes taxes = new FakeTaxes();

	private final Map<UUID, FakeDiscount> discounts = new LinkedHashMap<>();

	private final Map<UUID, FakeSession> sessions = new LinkedHashMap<>();

	private final Map<UUID, FakeCustomer> customers = new LinkedHashMap<>();

	private final Map<UUID, FakeOrder> orders = new LinkedHashMap<>();

	private final Map<UUID, Map<String, @Nullable Object>> refunds = new LinkedHashMap<>();

	private final Map<UUID, FakeSubscription> subscriptions = new LinkedHashMap<>();

	private final List<FakeGrant> grants = new ArrayList<>();

	private final List<FakePayment> payments = new ArrayList<>();

	private final FakeCatalog catalog = new FakeCatalog(this);

	private final Map<String, Portal> portals = new LinkedHashMap<>();

	private final Set<String> ingested = new HashSet<>();

	private Duration ahead = Duration.ZERO;

	private @Nullable Set<String> scopes;

	private Settings settings = Settings.DEFAULT;

	private boolean declineRenewals;

	private String baseUrl = "";

	static String secret(String prefix) {
		StringBuilder secret = new StringBuilder(prefix);
		for (int i = 0; i < 43; i++) {
			secret.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
		}
		return secret.toString();
	}

	synchronized void baseUrl(String baseUrl) {
		this.baseUrl = baseUrl;
	}

	synchronized String baseUrl() {
		return this.baseUrl;
	}

	String accessToken() {
		return this.accessToken;
	}

	synchronized void add(FakeProduct product) {
		this.products.put(product.id(), product);
	}

	synchronized void add(FakeDiscount discount) {
		this.discounts.put(discount.id(), discount);
	}

	synchronized void taxRate(String country, BigDecimal percent) {
		this.taxes.rate(country, percent);
	}

	PolarFakeWebhooks webhooks() {
		return this.webhooks;
	}

	/**
	 * Return the time of the fake, which can be ahead of the system clock.
	 */
	synchronized Instant now() {
		return Instant.now().plus(this.ahead).truncatedTo(ChronoUnit.MICROS);
	}

	synchronized void restrictScopes(@Nullable Set<String> scopes) {
		this.scopes = scopes;
	}

	synchronized boolean allows(Set<String> anyOf) {
		return this.scopes == null || anyOf.stream().anyMatch(this.scopes::contains);
	}

	synchronized @Nullable FakeProduct product(UUID id) {
		return this.products.get(id);
	}

	FakeCatalog catalog() {
		return this.catalog;
	}

	synchronized Settings settings() {
		return this.settings;
	}

	synchronized void settings(UnaryOperator<Settings> change) {
		this.settings = change.apply(this.settings);
	}

	/**
	 * Return the product to which a price belongs.
	 */
	synchronized @Nullable FakeProduct productOfPrice(String priceId) {
		return this.products.values()
			.stream()
			.filter((product) -> product.prices()
				.prices()
				.stream()
				.anyMatch((price) -> priceId.equals(String.valueOf(price.get("id")))))
			.findFirst()
			.orElse(null);
	}

	synchronized Map<String, @Nullable Object> create(Map<String, @Nullable Object> values, List<FakeProduct> products,
			Map<UUID, FakePrices> prices) {
		FakeSession session = new FakeSession(this.baseUrl, values, products, prices, customer(values),
				discountOf(values), this.taxes, now());
		this.sessions.put(session.id, session);
		send("checkout.created", session.toJson(this.organizationId));
		return session.toJson(this.organizationId);
	}

	synchronized @Nullable FakeDiscount discount(UUID id) {
		return this.discounts.get(id);
	}

	private @Nullable FakeDiscount discountOf(Map<String, @Nullable Object> values) {
		return (values.get("discount_id") instanceof String id) ? discount(UUID.fromString(id)) : null;
	}

	/**
	 * Return the discount with a code, which a buyer entered.
	 */
	synchronized @Nullable FakeDiscount discount(String code) {
		return this.discounts.values()
			.stream()
			.filter((discount) -> code.strip().equalsIgnoreCase(discount.code()))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the customer of a new session. Only the first of the fields counts.
	 */
	private @Nullable FakeCustomer customer(Map<String, @Nullable Object> values) {
		if (values.get("subscription_id") instanceof String id) {
			FakeSubscription subscription = subscription(UUID.fromString(id));
			return (subscription != null) ? subscription.customer : null;
		}
		if (values.get("customer_id") instanceof String id) {
			return customer(UUID.fromString(id));
		}
		return (values.get("external_customer_id") instanceof String id) ? customerWithExternalId(id) : null;
	}

	/**
	 * Return the customer who buys with a session, if there is one already.
	 */
	synchronized @Nullable FakeCustomer customerOf(FakeSession session) {
		if (session.customerId != null) {
			return customer(session.customerId);
		}
		return (session.customerEmail != null) ? customerWithEmail(session.customerEmail) : null;
	}

	/**
	 * Return whether a session is for a second subscription of its customer, which Polar
	 * rejects by default.
	 */
	synchronized boolean isSecondSubscription(FakeSession session) {
		FakeCustomer customer = customerOf(session);
		return session.product().isRecurring() && session.get("subscription_id") == null
				&& !this.settings.multipleSubscriptions()
				&& this.subscriptions.values()
					.stream()
					.anyMatch((subscription) -> subscription.customer.equals(customer)
							&& (subscription.isActive() || subscription.isPastDue()));
	}

	/**
	 * Return whether the organization allows one trial per customer, and the buyer has
	 * had it.
	 */
	synchronized boolean hasUsedTrial(FakeSession session) {
		FakeCustomer customer = customerOf(session);
		return this.settings.preventTrialAbuse() && this.subscriptions.values()
			.stream()
			.anyMatch((subscription) -> subscription.customer.equals(customer)
					&& subscription.product.equals(session.product()) && subscription.hadTrial());
	}

	/**
	 * Return whether another customer has the external ID of a session for a new
	 * customer.
	 */
	synchronized boolean isExternalIdTaken(FakeSession session) {
		return customerOf(session) == null && session.externalCustomerId != null
				&& customerWithExternalId(session.externalCustomerId) != null;
	}

	/**
	 * Return the JSON of all sessions, newest first.
	 */
	synchronized List<Map<String, @Nullable Object>> allJson() {
		List<Map<String, @Nullable Object>> all = new ArrayList<>();
		this.sessions.values().forEach((session) -> all.add(0, session.toJson(this.organizationId)));
		return all;
	}

	/**
	 * Return the external ID of a session's customer, which lists can be filtered by.
	 */
	synchronized @Nullable String externalIdOfCustomer(Object customerId) {
		FakeCustomer customer = this.customers.get(customerId);
		return (customer != null) ? customer.externalId() : null;
	}

	synchronized @Nullable FakeSession session(UUID sessionId) {
		return this.sessions.get(sessionId);
	}

	void organizationId(UUID organizationId) {
		this.organizationId = organizationId;
	}

	UUID organizationId() {
		return this.organizationId;
	}

	synchronized @Nullable FakeSession sessionWithSecret(String clientSecret) {
		return this.sessions.values()
			.stream()
			.filter((session) -> session.clientSecret.equals(clientSecret))
			.findFirst()
			.orElse(null);
	}

	synchronized FakeSession requireSession(UUID sessionId) {
		FakeSession session = this.sessions.get(sessionId);
		Assert.state(session != null, () -> "The fake has no checkout session " + sessionId);
		return session;
	}

	/**
	 * Pay a session. The order belongs to the customer of the session, otherwise to the
	 * existing customer with the email address, whose external ID does not change,
	 * otherwise to a new customer.
	 */
	synchronized Paid pay(FakeSession session, @Nullable String typedEmail, @Nullable String typedName) {
		return pay(session, typedEmail, typedName, false);
	}

	/**
	 * Pay a session.
	 * @param challenge whether the bank asks the buyer for a confirmation first. Until
	 * then, there is no order
	 */
	synchronized Paid pay(FakeSession session, @Nullable String typedEmail, @Nullable String typedName,
			boolean challenge) {
		Assert.state(session.isOpen() && !session.isExpired(now()),
				() -> "The checkout session " + session.id + " is " + (session.isOpen() ? "expired" : session.status));
		session.completeAddress();
		boolean linked = session.customerId != null;
		if (!linked) {
			String known = firstOf(typedEmail, session.customerEmail);
			session.customerEmail = (known != null) ? known : defaultEmail(session);
			session.customerName = firstOf(typedName, session.customerName);
		}
		Assert.state(!isExternalIdTaken(session),
				"CheckoutCustomerExternalIdMismatch: another e-mail address has this external customer id");
		Assert.state(!isSecondSubscription(session),
				"AlreadyActiveSubscriptionError: the customer already has an active subscription");
		FakeCustomer customer = customerOf(session);
		boolean created = customer == null;
		if (customer == null) {
			customer = createCustomer(session);
		}
		session.status = "confirmed";
		session.modifiedAt = now();
		session.charge(!challenge);
		if (created) {
			send("member.created", customer.owner());
		}
		send("checkout.updated", session.toJson(this.organizationId));
		session.customerId = customer.id();
		change(customer, session, created);
		send(created ? "customer.created" : "customer.updated", customer.toJson(this.organizationId));
		sendState(customer);
		customer.put("modified_at", now());
		if (!challenge) {
			fulfill(session, customer);
		}
		String token = (linked || created) ? portalToken(customer) : null;
		return new Paid((!session.ownSuccessUrl || token == null) ? session.successUrl
				: FakeUrl.withParameter(session.successUrl, "customer_session_token=" + token), token);
	}

	/**
	 * Complete the challenge of the bank. If the buyer fails, the session is open again.
	 */
	synchronized void completeChallenge(FakeSession session, boolean passed) {
		Assert.state(session.isChallenged(), () -> "The checkout session " + session.id + " has no pending challenge");
		if (passed) {
			session.charge(true);
			fulfill(session, Objects.requireNonNull(customerOf(session)));
			return;
		}
		this.payments.add(new FakePayment(session, FakePayment.DECLINED, now()));
		reopen(session);
	}

	private void reopen(FakeSession session) {
		session.reopen();
		session.modifiedAt = now();
		changed(session);
	}

	/**
	 * Accept a card, and then handle the decline of an earlier card, which opens the
	 * session again.
	 */
	synchronized void declineLate(FakeSession session) {
		pay(session, null, null, true);
		reopen(session);
	}

	synchronized List<FakePayment> payments() {
		List<FakePayment> all = new ArrayList<>(this.payments);
		Collections.reverse(all);
		return all;
	}

	private FakeCustomer createCustomer(FakeSession session) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		values.put("external_id", session.externalCustomerId);
		values.put("email", session.customerEmail);
		values.put("name", session.customerName);
		FakeCustomer customer = new FakeCustomer(values, Map.of(), now());
		this.customers.put(customer.id(), customer);
		return customer;
	}

	/**
	 * Change a customer with what the buyer entered.
	 */
	private void change(FakeCustomer customer, FakeSession session, boolean created) {
		Map<String, Object> metadata = new LinkedHashMap<>(customer.metadata());
		metadata.putAll(session.customerMetadata());
		customer.put("metadata", metadata);
		if (session.get("customer_billing_name") instanceof String name) {
			customer.put("billing_name", name);
		}
		if (customer.name() == null) {
			customer.put("name", firstOf((String) session.get("customer_billing_name"), session.customerName));
		}
		if (session.billingAddress() != null) {
			customer.put("billing_address", session.billingAddress());
		}
		customer.put("locale", "en");
		if (!created) {
			customer.put("modified_at", now());
		}
	}

	/**
	 * Let the buyer take one of the seats, if the buyer stays on Polar's page.
	 */
	private void claimSeat(FakeSession session, FakeCustomer customer, @Nullable FakeSubscription subscription,
			FakeOrder order) {
		Map<String, @Nullable Object> seat = new LinkedHashMap<>();
		seat.put("created_at", now());
		seat.put("modified_at", null);
		seat.put("id", UUID.randomUUID());
		seat.put("subscription_id", (subscription != null) ? subscription.id : null);
		seat.put("order_id", (subscription != null) ? null : order.id);
		seat.put("status", "claimed");
		seat.put("customer_id", customer.id());
		seat.put("member_id", customer.owner().get("id"));
		seat.put("member", customer.owner());
		seat.put("email", session.customerEmail);
		seat.put("customer_email", session.customerEmail);
		seat.put("invitation_token_expires_at", null);
		seat.put("claimed_at", now());
		seat.put("revoked_at", null);
		seat.put("seat_metadata", Map.of());
		send("customer_seat.claimed", seat);
	}

	/**
	 * Fulfill a paid session and send the events in the same order as Polar.
	 */
	private void fulfill(FakeSession session, FakeCustomer customer) {
		FakeSubscription subscription = null;
		if (session.discount != null) {
			session.discount.redeem(customer.id());
		}
		String reason = "purchase";
		if (session.get("subscription_id") instanceof String id) {
			subscription = Objects.requireNonNull(subscription(UUID.fromString(id)));
			subscription.upgrade(session, now());
			sendSubscription(subscription, "subscription.updated");
			reason = "subscription_update";
		}
		else if (session.product().isRecurring()) {
			subscription = new FakeSubscription(session, customer, now());
			this.subscriptions.put(subscription.id, subscription);
			sendSubscription(subscription, "subscription.created", "subscription.active", "subscription.updated");
			if (session.discount != null && session.isPaymentRequired()) {
				subscription.modifiedAt = now();
			}
			reason = "subscription_create";
		}
		if (session.seats() != null) {
			customer.put("type", "team");
		}
		boolean trial = subscription != null && subscription.isTrial();
		String name = session.product().name()
				+ ((session.seats() != null) ? " (%d seats)".formatted(session.seats()) : "");
		FakeOrder order = new FakeOrder(session, customer, subscription, reason,
				trial ? FakeAmounts.none() : session.amounts(), session.discount,
				trial ? "Trial period for " + name : name, now());
		order.paid = true;
		if (order.amounts().total() > 0) {
			order.modifiedAt = now();
		}
		this.orders.put(order.id, order);
		send("order.created", order.toJson(this.organizationId));
		send("order.updated", order.toJson(this.organizationId));
		pay(order, "purchase");
		send("order.paid", order.toJson(this.organizationId));
		if (session.seats() != null && !session.ownSuccessUrl) {
			claimSeat(session, customer, subscription, order);
		}
		session.status = "succeeded";
		session.modifiedAt = now();
		send("checkout.updated", session.toJson(this.organizationId));
		complete(order);
		boolean granted = grant(customer, order);
		if (granted || subscription != null) {
			sendState(customer);
		}
		completeInvoice(order);
	}

	private void pay(FakeOrder order, String trigger) {
		order.pay();
		if (order.amounts().total() > 0) {
			this.payments.add(new FakePayment(order, trigger, now()));
		}
	}

	/**
	 * Make the fee of an order known.
	 */
	private void complete(FakeOrder order) {
		if (order.amounts().total() > 0) {
			order.feeKnown = true;
			order.modifiedAt = now();
			send("order.updated", order.toJson(this.organizationId));
		}
	}

	private void completeInvoice(FakeOrder order) {
		if (order.hasInvoice()) {
			order.invoiceGenerated = true;
			order.modifiedAt = now();
			// the job that sends it has loaded the order before the fee was known
			boolean feeKnown = order.feeKnown;
			order.feeKnown = false;
			send("order.updated", order.toJson(this.organizationId));
			order.feeKnown = feeKnown;
		}
	}

	private boolean grant(FakeCustomer customer, FakeOrder order) {
		List<Map<String, @Nullable Object>> benefits = order.session.product().benefits();
		for (Map<String, @Nullable Object> benefit : benefits) {
			FakeGrant grant = new FakeGrant(customer, order, benefit, now());
			this.grants.add(grant);
			send("benefit_grant.created", grant.toJson(this.organizationId));
		}
		return !benefits.isEmpty();
	}

	/**
	 * Send the event for a changed session.
	 */
	void changed(FakeSession session) {
		send("checkout.updated", session.toJson(this.organizationId));
	}

	/**
	 * Update a copy of a session.
	 */
	synchronized void apply(FakeSession session, Map<String, @Nullable Object> values) {
		session.update(values);
		if (values.containsKey("discount_id")) {
			session.discount = discountOf(values);
		}
		if (values.containsKey("discount_code") && session.allowsDiscountCodes()) {
			session.discount = (values.get("discount_code") instanceof String code) ? discount(code) : null;
		}
	}

	/**
	 * Replace an open session. If it is past its time, this is the last update.
	 * @param values the fields of the update
	 */
	synchronized void changed(FakeSession session, FakeSession changed, Map<String, @Nullable Object> values) {
		if (session.isExpired(now())) {
			changed.status = "expired";
		}
		if (values.get("amount") != null
				|| !session.toJson(this.organizationId).equals(changed.toJson(this.organizationId))) {
			changed.modifiedAt = now();
		}
		replace(changed);
		changed(changed);
	}

	synchronized void replace(FakeSession changed) {
		this.sessions.put(changed.id, changed);
	}

	void send(String type, Map<String, @Nullable Object> data) {
		this.webhooks.send(type, now(), data);
	}

	private void sendState(FakeCustomer customer) {
		send("customer.state_changed", stateJson(customer));
	}

	Map<String, @Nullable Object> stateJson(FakeCustomer customer) {
		Map<String, @Nullable Object> json = customer.toJson(this.organizationId);
		json.put("active_subscriptions", this.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.customer.id().equals(customer.id()) && subscription.isActive())
			.map((subscription) -> subscription.toStateJson(this.organizationId))
			.toList());
		json.put("granted_benefits",
				this.grants.stream()
					.filter((grant) -> grant.customer.equals(customer) && grant.isGranted())
					.map(FakeGrant::toStateJson)
					.toList());
		json.put("active_meters", List.of());
		return json;
	}

	synchronized void decline(FakeSession session) {
		decline(session, FakePayment.DECLINED);
	}

	/**
	 * Decline the payment of a session, which stays open.
	 * @param reason the reason of the bank
	 */
	synchronized void decline(FakeSession session, FakePayment.Reason reason) {
		Assert.state(session.isOpen(), () -> "The checkout session " + session.id + " is " + session.status);
		if (session.isPaymentRequired()) {
			this.payments.add(new FakePayment(session, reason, now()));
		}
		send("checkout.updated", session.toJson(this.organizationId));
	}

	synchronized void expire(FakeSession session) {
		Assert.state(session.isOpen(), () -> "The checkout session " + session.id + " is " + session.status);
		session.status = "expired";
		session.modifiedAt = now();
		send("checkout.expired", session.toJson(this.organizationId));
	}

	/**
	 * Advance the time of the fake and process everything that is due meanwhile.
	 */
	synchronized void advance(Duration duration) {
		Assert.isTrue(!duration.isNegative(), "duration must not be negative");
		advanceTo(now().plus(duration));
	}

	/**
	 * Advance the time to the end of a subscription's period.
	 */
	synchronized void advanceToEndOf(FakeSubscription subscription) {
		requireActive(subscription);
		advanceTo(subscription.periodEnd);
	}

	/**
	 * Process due changes in chronological order.
	 */
	private void advanceTo(Instant end) {
		while (true) {
			List<Due> due = new ArrayList<>();
			this.sessions.values()
				.stream()
				.filter(FakeSession::isOpen)
				.forEach((session) -> due.add(new Due(expiry(session), () -> expire(session))));
			this.subscriptions.values()
				.stream()
				.filter(FakeSubscription::isActive)
				.forEach((subscription) -> due.add(new Due(subscription.periodEnd, () -> endPeriod(subscription))));
			this.orders.values()
				.stream()
				.filter((order) -> order.nextPaymentAttemptAt != null)
				.forEach((order) -> due
					.add(new Due(Objects.requireNonNull(order.nextPaymentAttemptAt), () -> retry(order))));
			Due next = due.stream().min(Comparator.comparing(Due::time)).orElse(null);
			if (next == null || next.time().isAfter(end)) {
				jumpTo(end);
				return;
			}
			jumpTo(next.time());
			next.action().run();
		}
	}

	private void endPeriod(FakeSubscription subscription) {
		if (subscription.cancelAtPeriodEnd) {
			end(subscription);
		}
		else {
			renew(subscription);
		}
	}

	/**
	 * Return when the session gets the status {@code expired}.
	 */
	private static Instant expiry(FakeSession session) {
		return session.expiresAt.plus(EXPIRY_DELAY);
	}

	private void jumpTo(Instant time) {
		Duration jump = Duration.between(Instant.now(), time);
		this.ahead = (jump.compareTo(this.ahead) > 0) ? jump : this.ahead;
	}

	private static void requireActive(FakeSubscription subscription) {
		Assert.state(subscription.isActive() || subscription.isPastDue(),
				() -> "The subscription " + subscription.id + " is " + subscription.status);
	}

	private void renew(FakeSubscription subscription) {
		FakeCustomer customer = subscription.customer;
		subscription.cycle(now());
		sendSubscription(subscription, "subscription.cycled", "subscription.updated");
		FakeDiscount discount = subscription.discount();
		FakeOrder order = new FakeOrder(subscription.session, customer, subscription, "subscription_cycle",
				subscription.session.amountsWith(discount), discount, subscription.label(), subscription.periodStart);
		this.orders.put(order.id, order);
		send("order.created", order.toJson(this.organizationId));
		sendState(customer);
		if (this.declineRenewals && order.amounts().total() > 0) {
			fail(order, subscription, "subscription_cycle");
			return;
		}
		payRenewal(order, "subscription_cycle");
		List<FakeGrant> own = this.grants.stream().filter((grant) -> grant.isOf(subscription)).toList();
		own.forEach((grant) -> {
			grant.cycle(now());
			send("benefit_grant.cycled", grant.toJson(this.organizationId));
		});
		if (!own.isEmpty()) {
			sendState(customer);
		}
		completeInvoice(order);
	}

	private void payRenewal(FakeOrder order, String trigger) {
		order.paid = true;
		order.nextPaymentAttemptAt = null;
		order.modifiedAt = now();
		send("order.updated", order.toJson(this.organizationId));
		pay(order, trigger);
		send("order.paid", order.toJson(this.organizationId));
		complete(order);
	}

	/**
	 * Record that the card of a renewal was declined. Polar tries again later, and ends
	 * the subscription after the last attempt.
	 */
	private void fail(FakeOrder order, FakeSubscription subscription, String trigger) {
		this.payments.add(new FakePayment(order, FakePayment.INSUFFICIENT_FUNDS, trigger, now()));
		order.modifiedAt = now();
		if (order.failures == RETRIES.size()) {
			order.nextPaymentAttemptAt = null;
			end(subscription);
			order.voided = true;
			send("order.updated", order.toJson(this.organizationId));
			return;
		}
		order.nextPaymentAttemptAt = order.createdAt.plus(RETRIES.get(order.failures));
		boolean first = order.failures++ == 0;
		subscription.pastDue(now());
		sendSubscription(subscription, "subscription.updated");
		if (first) {
			sendSubscription(subscription, "subscription.past_due");
			revokeGrants((grant) -> grant.isOf(subscription));
		}
		sendState(subscription.customer);
	}

	private void retry(FakeOrder order) {
		FakeSubscription subscription = Objects.requireNonNull(order.subscription);
		if (this.declineRenewals) {
			fail(order, subscription, "retry_dunning");
			return;
		}
		subscription.recover(now());
		sendSubscription(subscription, "subscription.updated", "subscription.active");
		payRenewal(order, "retry_dunning");
		this.grants.stream().filter((grant) -> grant.isOf(subscription)).forEach((grant) -> {
			grant.grantAgain(now());
			send("benefit_grant.created", grant.toJson(this.organizationId));
		});
		sendState(subscription.customer);
		completeInvoice(order);
	}

	private void revokeGrants(Predicate<FakeGrant> which) {
		this.grants.stream().filter(which.and(FakeGrant::isGranted)).forEach((grant) -> {
			grant.revoke(now());
			send("benefit_grant.revoked", grant.toJson(this.organizationId));
		});
	}

	/**
	 * Set whether the cards of customers are declined when the buyer is not present.
	 */
	synchronized void declineRenewals(boolean declineRenewals) {
		this.declineRenewals = declineRenewals;
	}

	/**
	 * Cancel a subscription at the end of its period, or revert the cancellation.
	 */
	synchronized void cancel(FakeSubscription subscription, boolean cancel) {
		requireActive(subscription);
		Assert.state(subscription.cancelAtPeriodEnd != cancel,
				() -> "The subscription " + subscription.id + (cancel ? " is already canceled" : " is not canceled"));
		subscription.cancel(cancel, now());
		sendSubscription(subscription, "subscription.updated",
				cancel ? "subscription.canceled" : "subscription.uncanceled");
		sendState(subscription.customer);
	}

	/**
	 * End a subscription immediately.
	 */
	synchronized void end(FakeSubscription subscription) {
		requireActive(subscription);
		subscription.end(now());
		sendSubscription(subscription, "subscription.updated", "subscription.canceled", "subscription.revoked");
		this.orders.values()
			.stream()
			.filter((order) -> subscription.equals(order.subscription))
			.forEach((order) -> order.nextPaymentAttemptAt = null);
		revokeGrants((grant) -> grant.isOf(subscription));
		sendState(subscription.customer);
	}

	private void sendSubscription(FakeSubscription subscription, String... types) {
		for (String type : types) {
			send(type, subscription.toJson(this.organizationId));
		}
	}

	/**
	 * Refund an order.
	 * @param revokeBenefits whether the customer loses the benefits, even with a partial
	 * refund
	 */
	synchronized Map<String, @Nullable Object> refund(FakeOrder order, long amount, String reason,
			boolean revokeBenefits) {
		Assert.state(order.paid && amount > 0 && amount <= order.refundable(), () -> "The order " + order.id
				+ " cannot be refunded by " + amount + ": " + order.refundable() + " is refundable, without tax");
		Map<String, @Nullable Object> refund = order.refundJson(this.organizationId, amount, reason, now());
		refund.put("revoke_benefits", revokeBenefits);
		order.refundedTax += order.taxOf(amount);
		order.refunded += amount;
		order.modifiedAt = now();
		this.refunds.put((UUID) Objects.requireNonNull(refund.get("id")), refund);
		send("refund.created", new LinkedHashMap<>(refund));
		send("order.updated", order.toJson(this.organizationId));
		send("order.refunded", order.toJson(this.organizationId));
		refund.put("modified_at", now());
		send("refund.updated", refund);
		if (revokeBenefits) {
			revokeGrants((grant) -> grant.order.equals(order));
			sendState(order.customer);
		}
		return refund;
	}

	synchronized List<Map<String, @Nullable Object>> refunds() {
		return newestFirst(this.refunds);
	}

	synchronized List<FakeOrder> orders() {
		return newestFirst(this.orders);
	}

	synchronized @Nullable FakeOrder order(UUID id) {
		return this.orders.get(id);
	}

	synchronized List<FakeSubscription> subscriptions() {
		return newestFirst(this.subscriptions);
	}

	synchronized @Nullable FakeSubscription subscription(UUID id) {
		return this.subscriptions.get(id);
	}

	synchronized List<FakeProduct> products() {
		return newestFirst(this.products);
	}

	synchronized List<FakeCustomer> customers() {
		return newestFirst(this.customers).stream().filter((customer) -> !customer.deleted).toList();
	}

	synchronized List<FakeSession> sessions() {
		return newestFirst(this.sessions);
	}

	private static <T> List<T> newestFirst(Map<UUID, T> all) {
		List<T> list = new ArrayList<>(all.values());
		Collections.reverse(list);
		return list;
	}

	/**
	 * Return a customer who is not deleted.
	 */
	synchronized @Nullable FakeCustomer customer(UUID id) {
		return customer((candidate) -> candidate.id().equals(id));
	}

	synchronized @Nullable FakeCustomer customerWithExternalId(String externalId) {
		return customer((candidate) -> externalId.equals(candidate.externalId()));
	}

	synchronized @Nullable FakeCustomer customerWithEmail(String email) {
		return customer((candidate) -> email.equalsIgnoreCase(candidate.email()));
	}

	synchronized void add(FakeCustomer customer) {
		this.customers.put(customer.id(), customer);
		send("member.created", customer.owner());
		send("customer.created", customer.toJson(this.organizationId));
		sendState(customer);
	}

	/**
	 * Create a subscription to a free product, without a session.
	 */
	synchronized Map<String, @Nullable Object> subscribe(FakeProduct product, FakeCustomer customer,
			Map<String, Object> metadata) {
		Map<UUID, FakePrices> prices = new LinkedHashMap<>();
		prices.put(product.id(), product.prices());
		FakeSession session = new FakeSession(this.baseUrl, new LinkedHashMap<>(), List.of(product), prices, customer,
				null, this.taxes, now());
		FakeSubscription subscription = FakeSubscription.withoutCheckout(session, customer, metadata, now());
		this.subscriptions.put(subscription.id, subscription);
		sendSubscription(subscription, "subscription.created", "subscription.active", "subscription.updated");
		sendState(customer);
		return subscription.toJson(this.organizationId);
	}

	/**
	 * Delete a customer, whose subscriptions end.
	 */
	synchronized void delete(FakeCustomer customer) {
		this.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.customer.equals(customer) && subscription.isActive())
			.toList()
			.forEach(this::end);
		customer.put("deleted_at", now());
		customer.put("modified_at", now());
		customer.deleted = true;
		send("customer.deleted", customer.toJson(this.organizationId));
	}

	/**
	 * Create a session of the customer portal.
	 */
	synchronized Map<String, @Nullable Object> openPortal(FakeCustomer customer, @Nullable String returnUrl) {
		String token = portalToken(customer);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", now());
		json.put("modified_at", null);
		json.put("id", UUID.randomUUID());
		json.put("token", token);
		json.put("expires_at", now().plus(Duration.ofHours(1)));
		json.put("return_url", returnUrl);
		json.put("customer_portal_url",
				FakeUrl.withParameter(
						FakeUrl.withParameter(this.baseUrl + "/" + ORGANIZATION + "/portal",
								"customer_session_token=" + token),
						"email=" + UriUtils.encode(customer.email(), StandardCharsets.UTF_8)));
		json.put("customer_id", customer.id());
		json.put("customer", customer.toJson(this.organizationId));
		return json;
	}

	private String portalToken(FakeCustomer customer) {
		String token = secret("polar_cst_");
		this.portals.put(token, new Portal(customer.id(), now().plus(Duration.ofHours(1))));
		return token;
	}

	synchronized @Nullable FakeCustomer customerOfPortal(String token) {
		Portal portal = this.portals.get(token);
		return (portal != null && now().isBefore(portal.expiresAt())) ? customer(portal.customerId()) : null;
	}

	/**
	 * Ingest a usage event.
	 * @return {@code false} if an event with the same external ID has already been
	 * ingested
	 */
	synchronized boolean ingest(@Nullable String externalId) {
		return externalId == null || this.ingested.add(externalId);
	}

	private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
		return (first != null && !first.isBlank()) ? first : second;
	}

	/**
	 * Return the email address for a buyer who does not enter one, different for each
	 * buyer.
	 */
	static String defaultEmail(FakeSession session) {
		String id = (session.externalCustomerId != null) ? session.externalCustomerId
				: "guest-" + session.id.toString().substring(0, 8);
		String address = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]+", "-");
		// addresses are compared case-insensitively
		return (address.equals(id) ? id : address + "-" + Integer.toHexString(id.hashCode())) + "@example.com";
	}

	private @Nullable FakeCustomer customer(Predicate<FakeCustomer> predicate) {
		return this.customers.values()
			.stream()
			.filter((customer) -> !customer.deleted)
			.filter(predicate)
			.findFirst()
			.orElse(null);
	}

	synchronized void reset() {
		this.sessions.clear();
		this.customers.clear();
		this.orders.clear();
		this.refunds.clear();
		this.taxes.reset();
		this.subscriptions.clear();
		this.portals.clear();
		this.grants.clear();
		this.payments.clear();
		this.settings = Settings.DEFAULT;
		this.declineRenewals = false;
		this.ingested.clear();
		this.ahead = Duration.ZERO;
		this.scopes = null;
	}

	/**
	 * A change that happens at a time.
	 */
	private record Due(Instant time, Runnable action) {

	}

	/**
	 * Result of a payment.
	 *
	 * @param url the URL to redirect the buyer to
	 * @param token the token for the customer portal, or {@code null} if the purchase
	 * belongs to an existing customer with the same email address
	 */
	record Paid(String url, @Nullable String token) {

	}

	/**
	 * Settings of the organization.
	 *
	 * @param apiAccess whether Polar lets the organization use the API
	 * @param checkoutPayments whether Polar lets the organization take payments
	 * @param preventTrialAbuse whether a customer can use the trial of a product only
	 * once
	 * @param multipleSubscriptions whether a customer can have several subscriptions
	 */
	record Settings(boolean apiAccess, boolean checkoutPayments, boolean preventTrialAbuse,
			boolean multipleSubscriptions) {

		static final Settings DEFAULT = new Settings(true, true, false, false);

	}

	private record Portal(UUID customerId, Instant expiresAt) {

	}

}
