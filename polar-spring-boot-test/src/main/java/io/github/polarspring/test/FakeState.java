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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * State of the fake.
 */
final class FakeState {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	private static final SecureRandom RANDOM = new SecureRandom();

	static final String ORGANIZATION = "fake-organization";

	/**
	 * Polar looks for expired sessions every 15 minutes.
	 */
	private static final Duration EXPIRY_DELAY = Duration.ofMinutes(15);

	private volatile String accessToken = secret("polar_oat_");

	private volatile UUID organizationId = UUID.randomUUID();

	private final PolarFakeStream stream = new PolarFakeStream(this::organizationId);

	private final PolarFakeWebhooks webhooks = new PolarFakeWebhooks(this.stream);

	private final Map<UUID, FakeProduct> products = new LinkedHashMap<>();

	private final FakeTaxes taxes = new FakeTaxes();

	private final Map<UUID, FakeDiscount> discounts = new LinkedHashMap<>();

	private final Map<UUID, FakeSession> sessions = new LinkedHashMap<>();

	private final Map<UUID, FakeCustomer> customers = new LinkedHashMap<>();

	private final FakeSales sales = new FakeSales(this);

	private final FakeCatalog catalog = new FakeCatalog(this);

	private final FakeMembers members = new FakeMembers(this);

	private final FakeSeats seats = new FakeSeats(this);

	private final FakeUsageLog usage = new FakeUsageLog(this);

	private final FakeCustomerMeters meters = new FakeCustomerMeters(this, this.usage);

	private final Map<String, FakePortalSession> portals = new LinkedHashMap<>();

	private final Map<UUID, FakePayment> heldDeclines = new LinkedHashMap<>();

	private boolean holdsNextDecline;

	private Duration ahead = Duration.ZERO;

	private @Nullable Set<String> scopes;

	private FakeSettings settings = FakeSettings.DEFAULT;

	private String baseUrl = "";

	/**
	 * What happens now, if it is known.
	 */
	private @Nullable String cause;

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

	void accessToken(String accessToken) {
		this.accessToken = accessToken;
	}

	/**
	 * Perform an action and remember it as the cause of the events that it sends. Within
	 * another action, that one is the cause.
	 */
	synchronized <T> T because(String cause, Supplier<T> action) {
		String outer = this.cause;
		this.cause = (outer != null) ? outer : cause;
		try {
			return action.get();
		}
		finally {
			this.cause = outer;
		}
	}

	/**
	 * Perform an action after some time of the system clock.
	 */
	void later(Duration delay, String cause, Runnable action) {
		CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
			because(cause, () -> {
				action.run();
				return true;
			});
			this.webhooks.deliverInDisorder();
		});
	}

	synchronized void add(FakeProduct product) {
		this.products.put(product.id(), product);
	}

	synchronized void add(FakeDiscount discount) {
		this.discounts.put(discount.id(), discount);
	}

	FakeTaxes taxes() {
		return this.taxes;
	}

	synchronized Duration ahead() {
		return this.ahead;
	}

	synchronized @Nullable Set<String> scopes() {
		return this.scopes;
	}

	synchronized boolean declinesRenewals() {
		return this.sales.charges.declining;
	}

	/**
	 * Return the discounts, newest first.
	 */
	synchronized List<FakeDiscount> discounts() {
		return newestFirst(this.discounts);
	}

	synchronized boolean removeDiscount(UUID id) {
		return this.discounts.remove(id) != null;
	}

	synchronized void taxRate(String country, BigDecimal percent) {
		this.taxes.rate(country, percent);
	}

	PolarFakeStream stream() {
		return this.stream;
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

	synchronized FakeSettings settings() {
		return this.settings;
	}

	synchronized void settings(UnaryOperator<FakeSettings> change) {
		this.settings = change.apply(this.settings);
	}

	/**
	 * Return the product to which a price belongs.
	 */
	synchronized @Nullable FakeProduct productOfPrice(String priceId) {
		return this.products.values()
			.stream()
			.filter((product) -> product.price(priceId) != null)
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
				&& this.sales.subscriptions.values()
					.stream()
					.anyMatch((subscription) -> subscription.customer.equals(customer)
							&& (subscription.isActive() || subscription.isPastDue()));
	}

	/**
	 * Return whether a customer has a subscription that is billed.
	 */
	synchronized boolean isActive(FakeCustomer customer) {
		return this.sales.subscriptions.values()
			.stream()
			.anyMatch((subscription) -> subscription.customer.equals(customer)
					&& (subscription.isActive() || subscription.isPastDue()));
	}

	/**
	 * Return whether the organization allows one trial per customer, and the buyer has
	 * had it.
	 */
	synchronized boolean hasUsedTrial(FakeSession session) {
		List<UUID> buyer = customersLike(session);
		return this.settings.preventTrialAbuse() && this.sales.subscriptions.values()
			.stream()
			.anyMatch((subscription) -> buyer.contains(subscription.customer.id()) && subscription.hadTrial());
	}

	/**
	 * Return the IDs of the customers who are probably the buyer: the one of the session,
	 * and those whose e-mail address differs only in what follows a plus sign.
	 */
	synchronized List<UUID> customersLike(FakeSession session) {
		FakeCustomer customer = customerOf(session);
		String email = (customer != null && customer.email() != null) ? customer.email() : session.customerEmail;
		return this.customers.values()
			.stream()
			.filter((candidate) -> candidate.equals(customer) || (email != null && candidate.email() != null
					&& FakeEmail.withoutTag(email).equals(FakeEmail.withoutTag(candidate.email()))))
			.map(FakeCustomer::id)
			.toList();
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
		FakeSession before = this.sessions.put(session.id, session);
		boolean entered = before == null || before == session || session.isPaymentFormRequired()
				|| !before.toJson(this.organizationId).equals(session.toJson(this.organizationId));
		Instant modifiedBefore = session.modifiedAt;
		session.status = "confirmed";
		session.modifiedAt = now();
		session.charge(!challenge);
		if (created) {
			send("member.created", customer.owner().toJson());
		}
		Map<String, @Nullable Object> confirmed = session.toJson(this.organizationId);
		confirmed.put("modified_at", entered ? session.modifiedAt : modifiedBefore);
		send("checkout.updated", confirmed);
		session.customerId = customer.id();
		change(customer, session, created);
		send(created ? "customer.created" : "customer.updated", customer.toJson(this.organizationId));
		sendState(customer);
		customer.put("modified_at", now());
		if (!challenge) {
			this.sales.fulfill(session, customer);
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
			this.sales.fulfill(session, Objects.requireNonNull(customerOf(session)));
			return;
		}
		this.sales.payments.add(new FakePayment(session, FakePayment.DECLINED, now()));
		reopen(session);
	}

	/**
	 * Hold back the next decline.
	 */
	synchronized void holdNextDecline() {
		this.holdsNextDecline = true;
	}

	/**
	 * Return whether the decline of a card is held back.
	 */
	synchronized boolean holdDecline(FakeSession session, FakePayment.Reason reason) {
		if (!this.holdsNextDecline) {
			return false;
		}
		this.holdsNextDecline = false;
		this.heldDeclines.put(session.id, new FakePayment(session, reason, now()));
		return true;
	}

	synchronized boolean isDeclineHeld(FakeSession session) {
		return this.heldDeclines.containsKey(session.id);
	}

	/**
	 * Handle a decline that was held back, which opens the session again.
	 */
	synchronized void handleHeldDecline(FakeSession session) {
		this.sales.payments.add(Objects.requireNonNull(this.heldDeclines.remove(session.id)));
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
		List<FakePayment> all = new ArrayList<>(this.sales.payments);
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
		session.clearUnasked();
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
		this.sessions.put(changed.id, changed);
		sendUnsaved(session, changed, values);
	}

	/**
	 * Send the event of an update. Polar reads the session for it before the update is
	 * written, so that some members are still those of the time before.
	 */
	private void sendUnsaved(FakeSession before, FakeSession changed, Map<String, @Nullable Object> values) {
		Map<String, @Nullable Object> json = changed.toJson(this.organizationId);
		if (!values.containsKey("seats")) {
			json.put("modified_at", before.modifiedAt);
		}
		json.put("discount_id", (before.discount != null) ? before.discount.id() : null);
		send("checkout.updated", json);
	}

	void send(String type, Map<String, @Nullable Object> data) {
		this.webhooks.send(type, now(), data, (this.cause != null) ? this.cause : "");
	}

	void sendState(FakeCustomer customer) {
		send("customer.state_changed", stateJson(customer));
	}

	Map<String, @Nullable Object> stateJson(FakeCustomer customer) {
		Map<String, @Nullable Object> json = customer.toJson(this.organizationId);
		json.put("active_subscriptions", this.sales.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.customer.id().equals(customer.id()) && subscription.isActive())
			.map((subscription) -> subscription.toStateJson(this.organizationId))
			.toList());
		json.put("granted_benefits",
				this.sales.grants.stream()
					.filter((grant) -> grant.customer.equals(customer) && grant.isGranted())
					.map(FakeGrant::toStateJson)
					.toList());
		json.put("active_meters",
				this.meters.of(customer).stream().map(FakeCustomerMeters.Count::toStateJson).toList());
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
			this.sales.payments.add(new FakePayment(session, reason, now()));
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
		FakeRenewals.requireBillable(subscription);
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
			this.sales.subscriptions.values()
				.stream()
				.filter(FakeSubscription::isBillable)
				.forEach((subscription) -> due
					.add(new Due(subscription.periodEnd, () -> this.sales.renewals.endPeriod(subscription))));
			this.sales.subscriptions.values()
				.stream()
				.filter((subscription) -> subscription.isPaused() && subscription.resumesAt != null)
				.forEach((subscription) -> due.add(new Due(Objects.requireNonNull(subscription.resumesAt),
						() -> this.sales.renewals.resume(subscription))));
			this.sales.orders.values()
				.stream()
				.filter((order) -> order.nextPaymentAttemptAt != null)
				.forEach((order) -> due.add(new Due(Objects.requireNonNull(order.nextPaymentAttemptAt),
						() -> this.sales.charges.retry(order))));
			this.sales.grantJobs.times()
				.forEach((time) -> due.add(new Due(time, () -> this.sales.grantJobs.run(time))));
			this.meters.pending()
				.forEach((customer, time) -> due.add(new Due(time, () -> this.meters.count(customer))));
			this.sales.meteredBilling.pending()
				.forEach((subscription, time) -> due
					.add(new Due(time, () -> this.sales.meteredBilling.update(subscription))));
			Due next = due.stream().min(Comparator.comparing(Due::time)).orElse(null);
			if (next == null || next.time().isAfter(end)) {
				jumpTo(end);
				return;
			}
			jumpTo(next.time());
			next.action().run();
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

	/**
	 * Set whether the cards of customers are declined when the buyer is not present.
	 */
	synchronized void declineRenewals(boolean declineRenewals) {
		this.sales.charges.declining = declineRenewals;
		this.sales.charges.reason = FakePayment.INSUFFICIENT_FUNDS;
	}

	synchronized void cancel(FakeSubscription subscription, boolean cancel) {
		if (cancel) {
			this.sales.changes.cancel(subscription, null, null);
		}
		else {
			this.sales.changes.uncancel(subscription);
		}
	}

	/**
	 * Cancel a subscription at the end of its period.
	 */
	synchronized void cancel(FakeSubscription subscription, @Nullable String reason, @Nullable String comment) {
		this.sales.changes.cancel(subscription, reason, comment);
	}

	synchronized boolean payOutstanding(FakeOrder order, String last4) {
		return this.sales.charges.payOutstanding(order, last4);
	}

	synchronized void addCard(FakeCustomer customer, String last4) {
		this.sales.addCard(customer, last4);
		this.sales.charges.retryAll(customer);
	}

	/**
	 * Return the card that is charged.
	 */
	synchronized @Nullable Map<String, @Nullable Object> card(FakeCustomer customer) {
		return this.sales.card(customer);
	}

	/**
	 * Generate the invoice of an order, unless it is up to date.
	 */
	synchronized void generateInvoice(FakeOrder order) {
		if (!order.invoiceGenerated || order.invoiceOutdated) {
			order.invoiceGenerated = true;
			order.invoiceOutdated = false;
			this.sales.touch(order);
		}
	}

	/**
	 * Return why an unpaid order was not paid, or {@code null}.
	 */
	synchronized FakePayment.@Nullable Reason lastDecline(FakeOrder order) {
		return order.paid ? null
				: payments().stream()
					.map((payment) -> payment.declineOf(order))
					.filter(Objects::nonNull)
					.findFirst()
					.orElse(null);
	}

	synchronized void end(FakeSubscription subscription) {
		this.sales.changes.end(subscription);
	}

	synchronized Map<String, @Nullable Object> refund(FakeOrder order, long amount, String reason,
			boolean revokeBenefits, Map<String, Object> metadata) {
		return this.sales.refunds.create(order, amount, reason, revokeBenefits, metadata);
	}

	synchronized List<Map<String, @Nullable Object>> refunds() {
		return this.sales.refunds.all();
	}

	synchronized List<FakeOrder> orders() {
		return newestFirst(this.sales.orders);
	}

	synchronized @Nullable FakeOrder order(UUID id) {
		return this.sales.orders.get(id);
	}

	synchronized List<FakeSubscription> subscriptions() {
		return newestFirst(this.sales.subscriptions);
	}

	synchronized @Nullable FakeSubscription subscription(UUID id) {
		return this.sales.subscriptions.get(id);
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

	static <T> List<T> newestFirst(Map<UUID, T> all) {
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

	FakeSales sales() {
		return this.sales;
	}

	FakeMembers members() {
		return this.members;
	}

	FakeSeats seats() {
		return this.seats;
	}

	synchronized void add(FakeCustomer customer) {
		this.customers.put(customer.id(), customer);
		announce(customer);
	}

	/**
	 * Send the events of a new customer.
	 */
	synchronized void announce(FakeCustomer customer) {
		send("member.created", customer.owner().toJson());
		send("customer.created", customer.toJson(this.organizationId));
		sendState(customer);
	}

	/**
	 * Create a subscription to a free product, without a session. It has no trial, and
	 * the buyer of a product with seats has none.
	 */
	synchronized Map<String, @Nullable Object> subscribe(FakeProduct product, FakeCustomer customer,
			Map<String, Object> metadata) {
		Map<UUID, FakePrices> prices = new LinkedHashMap<>();
		prices.put(product.id(), product.prices());
		FakeSession session = new FakeSession(this.baseUrl, new LinkedHashMap<>(Map.of("allow_trial", false)),
				List.of(product), prices, customer, null, this.taxes, now());
		FakeSubscription subscription = FakeSubscription.withoutCheckout(session, customer, metadata, now());
		this.sales.subscriptions.put(subscription.id, subscription);
		boolean team = session.seats() != null;
		if (team) {
			customer.put("type", "team");
			customer.put("modified_at", now());
		}
		this.sales.sendSubscription(subscription, "subscription.created", "subscription.active",
				"subscription.updated");
		Map<String, @Nullable Object> json = subscription.toJson(this.organizationId);
		if (team) {
			update(customer, Map.of("type", "team"));
		}
		this.sales.grantMissing(subscription);
		sendState(customer);
		return json;
	}

	/**
	 * Return a session with the prices of another product for a subscription. The
	 * discount remains, even if it is not for this product.
	 */
	FakeSession sessionFor(FakeSubscription subscription, FakeProduct product) {
		FakeSession before = subscription.session;
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		values.put("currency", before.currency);
		values.put("metadata", before.metadata);
		values.put("custom_field_data", before.customFieldData());
		if (before.seats() != null) {
			values.put("seats", before.seats());
		}
		if (before.units() != null) {
			values.put("units", before.units());
		}
		Map<UUID, FakePrices> prices = new LinkedHashMap<>();
		prices.put(product.id(), product.prices());
		return new FakeSession(this.baseUrl, values, List.of(product), prices, subscription.customer, before.discount,
				this.taxes, now());
	}

	/**
	 * Change the fields of a customer.
	 */
	synchronized void update(FakeCustomer customer, Map<String, @Nullable Object> values) {
		values.forEach(customer::put);
		if (!values.isEmpty()) {
			customer.put("modified_at", now());
		}
		send("customer.updated", customer.toJson(this.organizationId));
		sendState(customer);
	}

	/**
	 * Delete a customer, whose members and cards go, and whose subscriptions end. All
	 * later events show the customer as deleted.
	 * @param anonymize whether the personal data is replaced, and the external ID remains
	 */
	synchronized void delete(FakeCustomer customer, boolean anonymize) {
		customer.members().forEach((member) -> {
			send("member.deleted", member.toJson());
			member.modifiedAt = now();
		});
		customer.delete(anonymize, now());
		this.sales.revokeGrants((grant) -> grant.customer.equals(customer));
		send("customer.deleted", customer.toJson(this.organizationId));
		sendState(customer);
		this.sales.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.customer.equals(customer) && subscription.isBillable())
			.toList()
			.forEach(this.sales.changes::end);
	}

	/**
	 * Create a session of the customer portal.
	 */
	synchronized Map<String, @Nullable Object> openPortal(FakeMember member, @Nullable String returnUrl) {
		String token = secret("polar_mst_");
		FakePortalSession session = new FakePortalSession(member.customer, member, returnUrl, portalEnd());
		this.portals.put(token, session);
		return session.toJson(token, this.baseUrl + "/" + ORGANIZATION + "/portal", this.organizationId, now());
	}

	/**
	 * Return a token for the buyer who has just paid.
	 */
	private String portalToken(FakeCustomer customer) {
		String token = secret("polar_cst_");
		this.portals.put(token, new FakePortalSession(customer, customer.owner(), null, portalEnd()));
		return token;
	}

	private Instant portalEnd() {
		return now().plus(FakePortalSession.LIFETIME);
	}

	/**
	 * Return a session of the customer portal, or {@code null} if it has expired, or the
	 * customer or the member was deleted.
	 */
	synchronized @Nullable FakePortalSession portalSession(String token) {
		FakePortalSession session = this.portals.get(token);
		return (session != null && session.isValid(now())) ? session : null;
	}

	FakeUsageLog usage() {
		return this.usage;
	}

	FakeCustomerMeters meters() {
		return this.meters;
	}

	/**
	 * Run the jobs that count usage, if it is time.
	 */
	synchronized void countUsage() {
		this.meters.countDue();
		this.sales.meteredBilling.updateDue();
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
		this.sales.reset();
		this.seats.reset();
		this.usage.reset();
		this.meters.reset();
		this.taxes.reset();
		this.portals.clear();
		this.settings = FakeSettings.DEFAULT;
		this.heldDeclines.clear();
		this.holdsNextDecline = false;
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

}
