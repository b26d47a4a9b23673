package io.github.polarspring.test;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What the fake knows.
 */
final class FakeState {

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	private static final SecureRandom RANDOM = new SecureRandom();

	private final String accessToken = secret("polar_oat_");

	private final UUID organizationId = UUID.randomUUID();

	private final FakeWebhooks webhooks = new FakeWebhooks();

	private final Map<UUID, FakeProduct> products = new LinkedHashMap<>();

	private final Map<UUID, FakeSession> sessions = new LinkedHashMap<>();

	private final Map<UUID, FakeCustomer> customers = new LinkedHashMap<>();

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

	FakeWebhooks webhooks() {
		return this.webhooks;
	}

	synchronized @Nullable FakeProduct product(UUID id) {
		return this.products.get(id);
	}

	synchronized Map<String, Object> create(FakeCheckoutBody body) {
		FakeSession session = new FakeSession(this.baseUrl, body.products(this.products), body, customer(body));
		this.sessions.put(session.id, session);
		return session.toJson(this.organizationId);
	}

	/**
	 * Return the customer that a body names: Polar's id comes before the external one.
	 */
	synchronized @Nullable FakeCustomer customer(FakeCheckoutBody body) {
		String id = body.text("customer_id");
		if (id != null) {
			return this.customers.get(UUID.fromString(id));
		}
		String externalId = body.text("external_customer_id");
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
	 * Return the external id of a session's customer, which is what a list goes by.
	 */
	synchronized @Nullable String externalIdOfCustomer(Object customerId) {
		FakeCustomer customer = this.customers.get(customerId);
		return (customer != null) ? customer.externalId() : null;
	}

	synchronized @Nullable FakeSession session(UUID sessionId) {
		return this.sessions.get(sessionId);
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
	 * Pay. The order goes to the customer of the session; else to the one who has the
	 * e-mail already, whose external id stays as it is; else to a new one.
	 * @return where the buyer goes next
	 */
	synchronized String pay(FakeSession session, @Nullable String typedEmail, @Nullable String typedName) {
		Assert.state(session.isOpen(), () -> "The checkout session " + session.id + " is " + session.status);
		boolean matchedByEmail = false;
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
				customer = new FakeCustomer(UUID.randomUUID(), session.externalCustomerId, email,
						firstOf(typedName, session.customerName));
				this.customers.put(customer.id(), customer);
			}
			session.customerId = customer.id();
			session.customerEmail = customer.email();
			session.customerName = customer.name();
		}
		session.status = "succeeded";
		session.modifiedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
		FakeCustomer buyer = this.customers.get(session.customerId);
		Assert.state(buyer != null, "The customer is gone");
		Map<String, Object> order = new FakeOrder(session, buyer).toJson(this.organizationId);
		List.of("order.created", "order.updated", "order.paid").forEach((type) -> this.webhooks.send(type, order));
		this.webhooks.send("checkout.updated", session.toJson(this.organizationId));
		if (!session.ownSuccessUrl || matchedByEmail) {
			return session.successUrl;
		}
		return FakeUrl.withParameter(session.successUrl, "customer_session_token=" + secret("polar_cst_"));
	}

	private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
		return (first != null && !first.isBlank()) ? first : second;
	}

	/**
	 * Return an address for somebody who types none, a different one for each buyer.
	 */
	static String defaultEmail(FakeSession session) {
		String id = (session.externalCustomerId != null) ? session.externalCustomerId
				: "guest-" + session.id.toString().substring(0, 8);
		return id.replaceAll("[^A-Za-z0-9.-]+", "-") + "@example.com";
	}

	private @Nullable FakeCustomer customer(Predicate<FakeCustomer> predicate) {
		return this.customers.values().stream().filter(predicate).findFirst().orElse(null);
	}

	synchronized void reset() {
		this.sessions.clear();
		this.customers.clear();
	}

}
