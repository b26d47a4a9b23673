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

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/**
 * Polar on a laptop: a server that answers as Polar's API does, remembers what it was
 * told, and shows a checkout page on which a person can press pay.
 *
 * <pre class="code">
 * try (PolarFake fake = PolarFake.start()) {
 *     fake.addProduct(productId, "Pro", 2900, "usd");
 *     ...
 *     fake.pay(sessionId);
 * }
 * </pre>
 *
 * Listens on a free port of the loopback address. Any number can run at the same time;
 * all methods are safe for use by several threads.
 * <p>
 * Fakes checkout sessions with fixed, custom and seat-based prices, products, customers,
 * customer sessions, orders, subscriptions and usage events; discounts, trials and tax it
 * does not charge. What it does not know it answers as Polar answers unknown paths.
 *
 * @since 0.1.0
 */
public final class PolarFake implements AutoCloseable {

	/**
	 * Behind every stub of a test's own.
	 */
	private static final int LOWEST_PRIORITY = Integer.MAX_VALUE;

	private final FakeState state;

	private final FakeTroubles troubles = new FakeTroubles();

	private final Map<String, UUID> productNames = new ConcurrentHashMap<>();

	private final WireMockServer server;

	private PolarFake(int port) {
		this.state = new FakeState();
		this.server = new WireMockServer(WireMockConfiguration.options()
			.port(port)
			.bindAddress("127.0.0.1")
			// Java's HTTP client offers an upgrade to HTTP/2, at which Jetty drops the
			// body
			.http2PlainDisabled(true)
			.gzipDisabled(true)
			// late answers hold no thread
			.asynchronousResponseEnabled(true)
			.asynchronousResponseThreads(4)
			.maxRequestJournalEntries(10_000)
			.extensions(new FakeTransformer(this.state, this.troubles))
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
	 * Start a fake on a port of its own, to find it there again.
	 * @param port the port, 0 for any that is free
	 * @return a running fake without products
	 */
	public static PolarFake start(int port) {
		return new PolarFake(port);
	}

	/**
	 * Return where the fake is, as a value for {@code polar.base-url}.
	 * @return the base URL of the API, without a slash at the end
	 */
	public URI baseUrl() {
		return URI.create(this.state.baseUrl());
	}

	/**
	 * Return the page on which a person can do what a merchant does in Polar's dashboard:
	 * refund orders, renew, cancel and end subscriptions.
	 * @return URL of the dashboard
	 */
	public URI dashboardUrl() {
		return URI.create(this.state.baseUrl() + FakeDashboard.PATH);
	}

	/**
	 * Return the only access token that the fake accepts, a new one for each fake.
	 * @return the token, as a value for {@code polar.access-token}
	 */
	public String accessToken() {
		return this.state.accessToken();
	}

	/**
	 * Add a product that is sold once, for a fixed price. A session for any other product
	 * is refused. Replaces a product with the same id.
	 * @param id id of the product, a UUID of version 4 as all of Polar's ids
	 * @param name name on the checkout page
	 * @param amount price in minor units of the currency, 0 for free
	 * @param currency three letters in lower case
	 * @return this fake
	 */
	public PolarFake addProduct(UUID id, String name, long amount, String currency) {
		return add(id, name, amount, currency, null);
	}

	/**
	 * Add a product that is a subscription, renewed for the same price each period when
	 * time {@linkplain #advance(Duration) passes}.
	 * @param id id of the product, a UUID of version 4 as all of Polar's ids
	 * @param name name on the checkout page
	 * @param amount price in minor units of the currency, 0 for free
	 * @param currency three letters in lower case
	 * @param interval the period
	 * @return this fake
	 */
	public PolarFake addSubscription(UUID id, String name, long amount, String currency, RecurringInterval interval) {
		Assert.isTrue(interval != RecurringInterval.UNKNOWN, "interval must be known");
		return add(id, name, amount, currency, interval.name().toLowerCase(Locale.ROOT));
	}

	private PolarFake add(UUID id, String name, long amount, String currency, @Nullable String interval) {
		Assert.isTrue(id.version() == 4, "id must be a UUID of version 4, as Polar refuses others");
		Assert.isTrue(amount >= 0, "amount must not be negative");
		Assert.isTrue(currency.matches("[a-z]{3}"), "currency must have three letters in lower case");
		this.state.add(new FakeProduct(id, name, amount, currency, interval));
		return this;
	}

	/**
	 * Say by what name the application knows a product, for assertions.
	 * @param name the name in {@code polar.products}
	 * @param id id of the product
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
	 * Let the fake stand for an organization.
	 * @param organizationId id of the organization, a random one by default
	 * @return this fake
	 */
	public PolarFake organizationId(UUID organizationId) {
		this.state.organizationId(organizationId);
		return this;
	}

	/**
	 * Pay a session as a buyer would on the checkout page: with the e-mail address of the
	 * session, else one of the fake's own. Like all methods that make something happen,
	 * it returns when every webhook was tried once, or after 15 seconds; so it is not to
	 * be called by what handles webhooks.
	 * @param sessionId id of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void pay(UUID sessionId) {
		happen(() -> this.state.pay(this.state.requireSession(sessionId), null, null));
	}

	/**
	 * Pay a session as a buyer who types an e-mail address. If a customer has it already,
	 * the purchase is his, as at Polar.
	 * @param sessionId id of an open session
	 * @param email the address
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void pay(UUID sessionId, String email) {
		happen(() -> this.state.pay(this.state.requireSession(sessionId), email, null));
	}

	/**
	 * Let the payment of a session fail. It stays open.
	 * @param sessionId id of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void decline(UUID sessionId) {
		happen(() -> this.state.decline(this.state.requireSession(sessionId)));
	}

	/**
	 * Let a session expire.
	 * @param sessionId id of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void expire(UUID sessionId) {
		happen(() -> this.state.expire(this.state.requireSession(sessionId)));
	}

	/**
	 * Cancel a subscription at the end of its period.
	 * @param subscriptionId id of an active subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void cancelSubscription(UUID subscriptionId) {
		happen(() -> this.state.cancel(requireActive(subscriptionId), true));
	}

	/**
	 * End a subscription now.
	 * @param subscriptionId id of an active subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void revokeSubscription(UUID subscriptionId) {
		happen(() -> this.state.end(requireActive(subscriptionId)));
	}

	/**
	 * Let time pass to the end of a subscription's period: it is renewed, or ends if it
	 * was canceled.
	 * @param subscriptionId id of an active subscription
	 * @throws IllegalStateException if there is no such subscription, or it has ended
	 */
	public void renew(UUID subscriptionId) {
		happen(() -> this.state.advanceToEndOf(requireActive(subscriptionId)));
	}

	/**
	 * Pay back a part of an order.
	 * @param orderId id of a paid order
	 * @param amount minor units, at most what is left of it
	 * @throws IllegalStateException if there is no such order, or less is left of it
	 */
	public void refund(UUID orderId, long amount) {
		happen(() -> {
			FakeOrder order = this.state.order(orderId);
			Assert.state(order != null, () -> "The fake has no order " + orderId);
			this.state.refund(order, amount);
		});
	}

	/**
	 * Let time pass at the fake: sessions expire, subscriptions are renewed or end, each
	 * at its time. The application's own clock stays as it is, and so do the timestamps
	 * that webhooks are signed with.
	 * @param duration how long
	 */
	public void advance(Duration duration) {
		happen(() -> this.state.advance(duration));
	}

	private void happen(Runnable what) {
		what.run();
		this.state.webhooks().await();
	}

	private FakeSubscription requireActive(UUID subscriptionId) {
		FakeSubscription subscription = this.state.subscription(subscriptionId);
		Assert.state(subscription != null && subscription.isActive(),
				() -> "The fake has no active subscription " + subscriptionId);
		return subscription;
	}

	/**
	 * Return the ids of all checkout sessions, the newest first.
	 * @return the ids
	 */
	public List<UUID> checkoutIds() {
		return this.state.sessions().stream().map((session) -> session.id).toList();
	}

	/**
	 * Return the ids of all orders, the newest first.
	 * @return the ids
	 */
	public List<UUID> orderIds() {
		return this.state.orders().stream().map((order) -> order.id).toList();
	}

	/**
	 * Return the ids of all subscriptions, the newest first.
	 * @return the ids
	 */
	public List<UUID> subscriptionIds() {
		return this.state.subscriptions().stream().map((subscription) -> subscription.id).toList();
	}

	FakeState state() {
		return this.state;
	}

	/**
	 * Return the webhooks: endpoints, deliveries, and what can go wrong with them.
	 * @return the webhooks
	 */
	public PolarFakeWebhooks webhooks() {
		return this.state.webhooks();
	}

	/**
	 * Let the next call to the API go wrong. The starter repeats what may pass, so the
	 * application does not notice unless {@linkplain #trouble(Trouble, int) several
	 * calls} go wrong, or {@code polar.http.retry.max-attempts} is 1.
	 * @param trouble how
	 * @return this fake
	 */
	public PolarFake trouble(Trouble trouble) {
		return trouble(trouble, 1);
	}

	/**
	 * Let the next calls to the API go wrong.
	 * @param trouble how
	 * @param calls how many
	 * @return this fake
	 */
	public PolarFake trouble(Trouble trouble, int calls) {
		Assert.isTrue(calls > 0, "calls must be positive");
		this.troubles.add(trouble, calls, null);
		return this;
	}

	/**
	 * Let the next calls to some path go wrong.
	 * @param trouble how
	 * @param calls how many
	 * @param path what the path starts with, such as {@code /v1/checkouts/}
	 * @return this fake
	 */
	public PolarFake trouble(Trouble trouble, int calls, String path) {
		Assert.isTrue(calls > 0, "calls must be positive");
		this.troubles.add(trouble, calls, path);
		return this;
	}

	/**
	 * Restrict what the access token may do, until the fake is reset.
	 * @param scopes such as {@code checkouts:read}
	 * @return this fake
	 */
	public PolarFake restrictScopes(String... scopes) {
		this.state.restrictScopes(Set.of(scopes));
		return this;
	}

	/**
	 * Forget all that happened: sessions, customers, orders, subscriptions, webhooks,
	 * trouble, recorded requests, and stubs of a test's own. Products and endpoints for
	 * webhooks stay.
	 */
	public void reset() {
		this.troubles.clear();
		this.state.webhooks().reset();
		this.state.reset();
		this.server.resetAll();
	}

	/**
	 * Return the server that the fake runs on, to verify requests, and to stub answers of
	 * a test's own, which come before those of the fake.
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
		this.state.webhooks().close();
		this.server.stop();
	}

	@Override
	public String toString() {
		return "PolarFake[" + this.state.baseUrl() + "]";
	}

	/**
	 * As a source, because WireMock reads it again when a test resets all stubs.
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
