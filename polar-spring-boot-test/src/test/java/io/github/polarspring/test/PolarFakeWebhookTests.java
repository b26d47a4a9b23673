package io.github.polarspring.test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.checkout.PolarProducts;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.conformance.OpenApiDocument;
import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the webhooks of {@link PolarFake}.
 */
class PolarFakeWebhookTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	@RegisterExtension
	static final WireMockExtension shop = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort())
		.build();

	private final PolarFake fake = PolarFake.start().addProduct(PRO, "Pro", 2900, "usd");

	@BeforeEach
	void answer() {
		shop.stubFor(post(anyUrl()).willReturn(WireMock.aResponse().withStatus(202)));
	}

	@AfterEach
	void close() {
		this.fake.close();
	}

	private CheckoutSession buy(String customer) {
		PolarClient client = PolarClient.builder()
			.accessToken(this.fake.accessToken())
			.baseUrl(this.fake.baseUrl())
			.build();
		return new PolarCheckoutTemplate(client, new PolarProducts(Map.of()), List.of())
			.create(CheckoutRequest.forProducts(PRO).externalCustomerId(customer).build());
	}

	@ParameterizedTest
	@ValueSource(strings = { "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=",
			"whsec_6Afvc06oO02JXw2adyUB1Uito0x7LtmB5bBVA1fUTdM", "correct horse battery staple 2026" })
	void paymentIsToldInPolarsOrderAndSigned(String secret) {
		this.fake.addWebhookEndpoint(() -> URI.create(shop.baseUrl() + "/hook"), secret);
		CheckoutSession session = buy("alice");
		this.fake.pay(session.id());
		List<LoggedRequest> requests = shop.getAllServeEvents().stream().map(ServeEvent::getRequest).toList();
		PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5),
				Clock.systemUTC());
		// newest first
		assertThat(requests).extracting((request) -> {
			String id = request.getHeader("webhook-id");
			verifier.verify(id, request.getHeader("webhook-timestamp"), request.getHeader("webhook-signature"),
					request.getBody());
			assertThat(request.getHeader("webhook-api-version")).isEqualTo("2026-10");
			return PolarEvent.read(id, request.getBody()).type();
		}).containsExactly("checkout.updated", "order.paid", "order.updated", "order.created");
		assertThat(requests).extracting((request) -> request.getHeader("webhook-id")).doesNotHaveDuplicates();
		PolarEvent<?> paid = PolarEvent.read("id", requests.get(1).getBody());
		assertThat(paid.buyer()).isEqualTo(new Buyer.Known("alice"));
		assertThat(paid.data()).isInstanceOfSatisfying(Order.class, (order) -> {
			assertThat(order.paid()).isTrue();
			assertThat(order.totalAmount()).isEqualTo(2900);
			assertThat(order.checkoutId()).isEqualTo(session.id());
			assertThat(order.productId()).isEqualTo(PRO);
		});
		OpenApiDocument.all().forEach((name, document) -> {
			assertThat(document.violations("WebhookOrderPaidPayload", requests.get(1).getBodyAsString())).as(name)
				.isEmpty();
			assertThat(document.violations("WebhookCheckoutUpdatedPayload", requests.get(0).getBodyAsString())).as(name)
				.isEmpty();
		});
	}

	@Test
	void endpointThatFailsOrIsNotThereDoesNotHoldThePaymentUp() {
		shop.stubFor(post(anyUrl()).willReturn(WireMock.serverError()));
		this.fake.addWebhookEndpoint(() -> null, "correct horse battery staple 2026")
			.addWebhookEndpoint(() -> URI.create("http://localhost:1/"), "correct horse battery staple 2026")
			.addWebhookEndpoint(() -> URI.create(shop.baseUrl()), "correct horse battery staple 2026");
		this.fake.pay(buy("alice").id());
		assertThat(shop.getAllServeEvents()).hasSize(4);
	}

}
