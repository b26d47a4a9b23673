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
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

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

	private final String accessToken = secret("polar_oat_");

	private volatile UUID organizationId = UUID.randomUUID();

	private final PolarFakeWebhooks webhooks = new PolarFakeWebhooks();

	private final Map<UUID, FakeProduct> products = new LinkedHashMap<>();

	private final FakeTaxes taxes = new FakeTaxes();

	private final Map<UUID, FakeDiscount> discounts = new LinkedHashMap<>();

	private final Map<UUID, FakeSession> sessions = new LinkedHashMap<>();

	private final Map<UUID, FakeCustomer> customers = new LinkedHashMap<>();

	private final Map<UUID, FakeOrder> orders = new LinkedHashMap<>();

	private final Map<UUID, Map<String, Object>> refunds = new LinkedHashMap<>();

	private final Map<UUID, FakeSubscription> subscriptions = new LinkedHashMap<>();

	private final Map<String, Portal> portals = new LinkedHashMap<>();

	private final Set<String> ingested = new HashSet<>();

	private Duration ahead = Duration.ZERO;

	private @Nullable Set<String> scopes;

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

	synchronized Map<String, Object> create(FakeCheckoutBody body) {
		FakeSession session = new FakeSession(this.baseUrl, body.products(this.products), body, customer(body),
				this.taxes, now());
		session.discount = discount(body);
		this.sessions.put(session.id, session);
		send("checkout.created", session.toJson(this.organizationId));
		return session.toJson(this.organizationId);
	}

	private @Nullable FakeDiscount discount(FakeCheckoutBody body) {
		String id = body.text("discount_id");
		return (id != null) ? this.discounts.get(UUID.fromString(id)) : null;
	}

	/**
	 * Return the discount with a code, which a buyer entered.
	 */
	synchronized @Nullable FakeDiscount discount(String code) {
		return this.discounts.values()
			.stream()
			.filter((discount) -> discount.code().equalsIgnoreCase(code.strip()))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return the customer of a body. Polar's ID takes precedence over the external ID.
	 */
	synchronized @Nullable FakeCustomer customer(FakeCheckoutBody body) {
		String id = body.text("customer_id");
		if (id != null) {
			return this.customers.get(UUID.fromString(id));
		}
		String externalId = body.externalCustomerId();
		return (externalId != null) ? customer((candidate) -> externalId.equals(candidate.externalId())) : null;
	}

	/**
	 * Return the JSON of all sessions, newest first.
	 */
	synchronized List<Map<String, Object>> allJson() {
		List<Map<String, Object>> all = new ArrayList<>();
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
		Assert.state(session.isOpen() && !session.isExpired(now()),
				() -> "The checkout session " + session.id + " is " + (session.isOpen() ? "expired" : session.status));
		session.completeAddress();
		boolean matchedByEmail = false;
		boolean created = false;
		if (session.customerId == null) {
			String known = firstOf(typedEmail, session.customerEmail);
			String email = (known != null) ? known : defaultEmail(session);
			FakeCustomer customer = customer((candidate) -> candidate.email().equalsIgnoreCase(email));
			matchedByEmail = customer != null;
			if (customer == null) {
				String externalId = session.externalCustomerId;
				Assert.state(
						externalId == null
								|| customer((candidate) -> externalId.equals(candidate.externalId())) == null,
						"CheckoutCustomerExternalIdMismatch: another e-mail address has this external customer id");
				customer = new FakeCustomer(UUID.randomUUID(), now(), session.externalCustomerId, email,
						firstOf(typedName, session.customerName), session.customerMetadata(), null);
				this.customers.put(customer.id(), customer);
				created = true;
			}
			session.customerId = customer.id();
			session.customerEmail = customer.email();
			session.customerName = customer.name();
		}
		FakeCustomer known = requireCustomer(session);
		Map<String, Object> metadata = new LinkedHashMap<>(known.metadata());
		metadata.putAll(session.customerMetadata());
		this.customers.put(known.id(),
				new FakeCustomer(known.id(), known.createdAt(), known.externalId(), known.email(), known.name(),
						metadata,
						(session.billingAddress() != null) ? session.billingAddress() : known.billingAddress()));
		session.status = "confirmed";
		session.modifiedAt = now();
		send("checkout.updated", session.toJson(this.organizationId));
		send(created ? "customer.created" : "customer.updated", requireCustomer(session).toJson(this.organizationId));
		fulfill(session);
		String token = matchedByEmail ? null : portalToken(requireCustomer(session));
		return new Paid((!session.ownSuccessUrl || token == null) ? session.successUrl
				: FakeUrl.withParameter(session.successUrl, "customer_session_token=" + token), token);
	}

	/**
	 * Fulfill a paid session and send the events in the same order as Polar.
	 */
	private void fulfill(FakeSession session) {
		FakeCustomer customer = requireCustomer(session);
		FakeSubscription subscription = null;
		if (session.product().isRecurring()) {
			subscription = new FakeSubscription(session, customer, now());
			this.subscriptions.put(subscription.id, subscription);
			for (String type : List.of("subscription.created", "subscription.active", "subscription.updated")) {
				send(type, subscription.toJson(this.organizationId));
			}
		}
		FakeOrder order = new FakeOrder(session, customer, subscription,
				(subscription != null) ? "subscription_create" : "purchase", now());
		order.paid = true;
		this.orders.put(order.id, order);
		for (String type : List.of("order.created", "order.updated", "order.paid")) {
			send(type, order.toJson(this.organizationId));
		}
		session.status = "succeeded";
		session.modifiedAt = now();
		send("checkout.updated", session.toJson(this.organizationId));
		sendState(customer);
	}

	private FakeCustomer requireCustomer(FakeSession session) {
		FakeCustomer customer = this.customers.get(session.customerId);
		Assert.state(customer != null, "The customer does not exist");
		return customer;
	}

	/**
	 * Send the event for a changed session.
	 */
	void changed(FakeSession session) {
		send("checkout.updated", session.toJson(this.organizationId));
	}

	/**
	 * Update an open session. If it is past its time, this is the last update.
	 */
	synchronized void update(FakeSession session, FakeCheckoutBody body) {
		boolean expired = session.isExpired(now());
		session.update(body, now());
		if (body.has("discount_id")) {
			session.discount = discount(body);
		}
		if (body.has("discount_code") && session.allowsDiscountCodes()) {
			String code = body.text("discount_code");
			session.discount((code != null) ? discount(code) : null);
		}
		if (expired) {
			session.status = "expired";
		}
		changed(session);
	}

	private void send(String type, Map<String, Object> data) {
		this.webhooks.send(type, now(), data);
	}

	private void sendState(FakeCustomer customer) {
		send("customer.state_changed", stateJson(customer));
	}

	Map<String, Object> stateJson(FakeCustomer customer) {
		Map<String, Object> json = customer.toJson(this.organizationId);
		json.put("active_subscriptions", this.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.customer.id().equals(customer.id()) && subscription.isActive())
			.map((subscription) -> subscription.toStateJson(this.organizationId))
			.toList());
		json.put("granted_benefits", List.of());
		json.put("active_meters", List.of());
		return json;
	}

	/**
	 * Decline the payment of a session, which stays open.
	 */
	synchronized void decline(FakeSession session) {
		Assert.state(session.isOpen(), () -> "The checkout session " + session.id + " is " + session.status);
		for (String status : List.of("confirmed", "open")) {
			session.status = status;
			session.modifiedAt = now();
			send("checkout.updated", session.toJson(this.organizationId));
		}
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
			FakeSession session = this.sessions.values()
				.stream()
				.filter((each) -> each.isOpen() && !expiry(each).isAfter(end))
				.min(Comparator.comparing(FakeState::expiry))
				.orElse(null);
			FakeSubscription subscription = this.subscriptions.values()
				.stream()
				.filter((each) -> each.isActive() && !each.periodEnd.isAfter(end))
				.min(Comparator.comparing((each) -> each.periodEnd))
				.orElse(null);
			if (session != null && (subscription == null || expiry(session).isBefore(subscription.periodEnd))) {
				jumpTo(expiry(session));
				expire(session);
			}
			else if (subscription != null) {
				jumpTo(subscription.periodEnd);
				if (subscription.cancelAtPeriodEnd) {
					end(subscription);
				}
				else {
					renew(subscription);
				}
			}
			else {
				jumpTo(end);
				return;
			}
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
		Assert.state(subscription.isActive(),
				() -> "The subscription " + subscription.id + " is " + subscription.status);
	}

	private void renew(FakeSubscription subscription) {
		subscription.cycle(now());
		sendSubscription(subscription, "subscription.cycled", "subscription.updated");
		FakeOrder order = new FakeOrder(subscription.session, subscription.customer, subscription, "subscription_cycle",
				subscription.periodStart);
		this.orders.put(order.id, order);
		send("order.created", order.toJson(this.organizationId));
		order.paid = true;
		order.modifiedAt = now();
		send("order.updated", order.toJson(this.organizationId));
		send("order.paid", order.toJson(this.organizationId));
		sendState(subscription.customer);
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
		sendState(subscription.customer);
	}

	private void sendSubscription(FakeSubscription subscription, String... types) {
		for (String type : types) {
			send(type, subscription.toJson(this.organizationId));
		}
	}

	synchronized Map<String, Object> refund(FakeOrder order, long amount, String reason) {
		Assert.state(order.paid && amount > 0 && amount <= order.refundable(), () -> "The order " + order.id
				+ " cannot be refunded by " + amount + ": " + order.refundable() + " is refundable, without tax");
		Map<String, Object> refund = order.refundJson(this.organizationId, amount, reason, now());
		order.refundedTax += order.taxOf(amount);
		order.refunded += amount;
		order.modifiedAt = now();
		this.refunds.put((UUID) refund.get("id"), refund);
		send("refund.created", refund);
		send("order.updated", order.toJson(this.organizationId));
		send("order.refunded", order.toJson(this.organizationId));
		return refund;
	}

	synchronized List<Map<String, Object>> refunds() {
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
		return newestFirst(this.customers);
	}

	synchronized List<FakeSession> sessions() {
		return newestFirst(this.sessions);
	}

	private static <T> List<T> newestFirst(Map<UUID, T> all) {
		List<T> list = new ArrayList<>(all.values());
		Collections.reverse(list);
		return list;
	}

	synchronized @Nullable FakeCustomer customer(UUID id) {
		return this.customers.get(id);
	}

	synchronized @Nullable FakeCustomer customerWithExternalId(String externalId) {
		return customer((candidate) -> externalId.equals(candidate.externalId()));
	}

	synchronized @Nullable FakeCustomer customerWithEmail(String email) {
		return customer((candidate) -> email.equalsIgnoreCase(candidate.email()));
	}

	synchronized void add(FakeCustomer customer) {
		this.customers.put(customer.id(), customer);
		send("customer.created", customer.toJson(this.organizationId));
	}

	/**
	 * Create a session of the customer portal.
	 */
	synchronized Map<String, Object> openPortal(FakeCustomer customer, @Nullable String returnUrl) {
		String token = portalToken(customer);
		Map<String, Object> json = new LinkedHashMap<>();
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
		return (portal != null && now().isBefore(portal.expiresAt())) ? this.customers.get(portal.customerId()) : null;
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
		return this.customers.values().stream().filter(predicate).findFirst().orElse(null);
	}

	synchronized void reset() {
		this.sessions.clear();
		this.customers.clear();
		this.orders.clear();
		this.refunds.clear();
		this.taxes.reset();
		this.subscriptions.clear();
		this.portals.clear();
		this.ingested.clear();
		this.ahead = Duration.ZERO;
		this.scopes = null;
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

	private record Portal(UUID customerId, Instant expiresAt) {

	}

}
