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

package io.github.polarspring.smoke;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Order;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import org.junit.jupiter.api.AfterEach;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the library in a Spring application that does not use Spring Boot: it sells
 * and receives webhooks with nothing on its class path but {@code polar-spring}.
 */
class PlainSpringTests {

	private final PolarStub polar = new PolarStub();

	private final Browser browser = new Browser();

	PlainSpringTests() throws Exception {
	}

	@AfterEach
	void stopPolar() {
		this.polar.close();
	}

	@ApplicationWith(module = "polar-spring", value = {})
	void sellsAndReceivesWebhooks() throws Exception {
		assertNothingElseIsThere();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(PolarStub.class, () -> this.polar);
			context.register(PlainShop.class);
			context.refresh();
			CheckoutRequest request = CheckoutRequest.forProducts("pro").externalCustomerId("alice").build();
			assertThat(context.getBean(PolarCheckoutOperations.class).create(request).url())
				.isEqualTo(PolarStub.CHECKOUT_PAGE);
			assertThat(this.polar.created()).singleElement()
				.asString()
				.contains("\"external_customer_id\":\"alice\"", "\"b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710\"");
			int port = context.getBean(HttpServer.class).getAddress().getPort();
			assertThat(this.browser.webhook(port, Browser.SECRET).statusCode()).isEqualTo(202);
			assertThat(this.browser.webhook(port, "forged-" + Browser.SECRET).statusCode()).isEqualTo(403);
			assertThat(this.browser.post(port, "/webhooks/polar").statusCode()).isEqualTo(400);
			assertThat(context.getBean(Licenses.class).heard).containsExactly("71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4",
					"order.paid");
			context.getBean(HttpServer.class).stop(0);
		}
	}

	private static void assertNothingElseIsThere() throws IOException {
		ClassLoader classLoader = PlainSpringTests.class.getClassLoader();
		assertThat(Collections.list(classLoader.getResources("org/springframework/boot"))).isEmpty();
		assertThat(List.of("org.springframework.boot.SpringApplication",
				"org.springframework.boot.context.properties.bind.Binder",
				"io.github.polarspring.autoconfigure.PolarAutoConfiguration", "jakarta.servlet.Servlet",
				"org.springframework.web.servlet.DispatcherServlet", "org.springframework.security.core.Authentication",
				"org.springframework.jdbc.core.simple.JdbcClient", "io.micrometer.core.instrument.Meter",
				"ch.qos.logback.classic.Logger", "org.slf4j.Logger"))
			.noneMatch((type) -> ClassUtils.isPresent(type, classLoader));
	}

	@Configuration(proxyBeanMethods = false)
	static class PlainShop {

		@Bean
		PolarClient client(PolarStub polar) {
			return PolarClient.builder().accessToken("polar_oat_smoke").baseUrl(URI.create(polar.url())).build();
		}

		@Bean
		PolarCheckoutTemplate checkouts(PolarClient client) {
			Map<String, UUID> products = Map.of("pro", UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"));
			return PolarCheckoutTemplate.builder(client).products(new PolarProducts(products)).build();
		}

		@Bean
		PolarEventListeners listeners(ConfigurableListableBeanFactory beanFactory) {
			return new PolarEventListeners(beanFactory);
		}

		@Bean
		PolarWebhookVerifier verifier() {
			return PolarWebhookVerifier.of(List.of(Browser.SECRET), Duration.ofMinutes(5), Clock.systemUTC());
		}

		@Bean
		PolarWebhookReceiver receiver(PolarWebhookVerifier verifier, PolarEventListeners listeners,
				ApplicationEventPublisher publisher) {
			return PolarWebhookReceiver.builder(verifier, PolarWebhookInbox.direct(listeners, publisher)).build();
		}

		@Bean
		Licenses licenses() {
			return new Licenses();
		}

		/**
		 * The endpoint, in the JDK's own web server.
		 */
		@Bean(destroyMethod = "")
		HttpServer server(PolarWebhookReceiver receiver) throws IOException {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.createContext("/webhooks/polar", (exchange) -> {
				HttpHeaders headers = new HttpHeaders();
				exchange.getRequestHeaders().forEach(headers::addAll);
				respond(exchange, receiver.receive(headers, exchange::getRequestBody));
			});
			server.start();
			return server;
		}

		private static void respond(HttpExchange exchange, PolarWebhookReceipt receipt) throws IOException {
			byte[] body = receipt.text().getBytes(StandardCharsets.US_ASCII);
			exchange.sendResponseHeaders(receipt.status(), body.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
		}

	}

	static class Licenses {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@PolarEventListener
		void paid(Order order) {
			this.heard.add(String.valueOf(order.id()));
		}

		@EventListener
		void observe(PolarEvent<?> event) {
			this.heard.add(event.type());
		}

	}

}
