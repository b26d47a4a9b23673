package io.github.polarspring.test;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.standalone.MappingsSource;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.github.tomakehurst.wiremock.stubbing.StubMappings;
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
 * Fakes creating, reading, listing and changing checkout sessions, with fixed, custom and
 * seat-based prices; discounts, trials and tax it does not charge. What it does not know
 * it answers as Polar answers unknown paths.
 *
 * @since 0.1.0
 */
public final class PolarFake implements AutoCloseable {

	/**
	 * Behind every stub of a test's own.
	 */
	private static final int LOWEST_PRIORITY = Integer.MAX_VALUE;

	private final FakeState state;

	private final WireMockServer server;

	private PolarFake() {
		this.state = new FakeState();
		this.server = new WireMockServer(WireMockConfiguration.options()
			.dynamicPort()
			.bindAddress("127.0.0.1")
			// Java's HTTP client offers an upgrade to HTTP/2, at which Jetty drops the
			// body
			.http2PlainDisabled(true)
			.gzipDisabled(true)
			.maxRequestJournalEntries(10_000)
			.extensions(new FakeTransformer(this.state))
			.mappingSource(new FakeMapping()));
		this.server.start();
		this.state.baseUrl("http://127.0.0.1:" + this.server.port());
	}

	/**
	 * Start a fake.
	 * @return a running fake without products
	 */
	public static PolarFake start() {
		return new PolarFake();
	}

	/**
	 * Return where the fake is, as a value for {@code polar.base-url}.
	 * @return the base URL of the API, without a slash at the end
	 */
	public URI baseUrl() {
		return URI.create(this.state.baseUrl());
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
		Assert.isTrue(id.version() == 4, "id must be a UUID of version 4, as Polar refuses others");
		Assert.isTrue(amount >= 0, "amount must not be negative");
		Assert.isTrue(currency.matches("[a-z]{3}"), "currency must have three letters in lower case");
		this.state.add(new FakeProduct(id, name, amount, currency));
		return this;
	}

	/**
	 * Pay a session as a buyer would on the checkout page. Returns when the webhooks are
	 * delivered, or after 15 seconds.
	 * @param sessionId id of an open session
	 * @throws IllegalStateException if there is no such session, or it is not open
	 */
	public void pay(UUID sessionId) {
		this.state.pay(this.state.requireSession(sessionId), null, null);
		this.state.webhooks().await();
	}

	/**
	 * Add an endpoint for webhooks. When a session is paid, {@code order.created},
	 * {@code order.updated}, {@code order.paid} and {@code checkout.updated} are sent
	 * there, each once.
	 * @param url supplies the URL, or {@code null} as long as it is not known: then
	 * nothing is sent
	 * @param secret what they are signed with: with the Base64-decoded rest if it starts
	 * with {@code whsec_} and can be decoded, else as text
	 * @return this fake
	 */
	public PolarFake addWebhookEndpoint(Supplier<@Nullable URI> url, String secret) {
		this.state.webhooks().add(url, signer(secret));
		return this;
	}

	private static WebhookSigner signer(String secret) {
		try {
			return secret.startsWith("whsec_") && secret.endsWith("=") ? WebhookSigner.standard(secret)
					: WebhookSigner.legacy(secret);
		}
		catch (IllegalArgumentException ex) {
			return WebhookSigner.legacy(secret);
		}
	}

	/**
	 * Forget all sessions, customers and recorded requests, and all stubs of a test's
	 * own. Products stay.
	 */
	public void reset() {
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
		@SuppressWarnings("deprecation") // still abstract
		public void remove(StubMapping stubMapping) {
		}

		@Override
		public void removeAll() {
		}

	}

}
