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

package io.github.polarspring.autoconfigure.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.web.PolarCheckout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.web.exchanges.HttpExchange;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.actuate.web.exchanges.HttpExchangesFilter;
import org.springframework.boot.servlet.autoconfigure.actuate.web.exchanges.ServletHttpExchangesAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolarHttpExchangesAutoConfiguration}.
 */
class PolarHttpExchangesAutoConfigurationTests {

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class,
				PolarHttpExchangesAutoConfiguration.class, ServletHttpExchangesAutoConfiguration.class));

	@Test
	void checkoutIsRecordedWithoutWhatOpensItAndWithoutTheAddress() throws Exception {
		polar.stubFor(post(anyUrl()).willReturn(aResponse().withStatus(201).withBody("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open",
				"url":"https://polar.sh/checkout/polar_c_0123456789-abc_DEF"}""")));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
			.properties(Map.of("server.port", "0", "polar.access-token", "polar_oat_test", "polar.base-url",
					"http://localhost:" + polar.getPort(), "spring.main.banner-mode", "off",
					"management.httpexchanges.recording.include",
					"request-headers,response-headers,remote-address,time-taken"))
			.run()) {
			assertThat(send(context, "POST", "/buy", "X-Forwarded-For", "203.0.113.7", "X-Shop", "north"))
				.isEqualTo("https://polar.sh/checkout/polar_c_0123456789-abc_DEF");
			send(context, "GET", "/page?token=polar_cst_0123456789", "X-Forwarded-For", "203.0.113.7");
			HttpExchangeRepository repository = context.getBean(HttpExchangeRepository.class);
			await().until(() -> repository.findAll().size() == 2);
			HttpExchange page = repository.findAll().get(0);
			HttpExchange checkout = repository.findAll().get(1);
			assertThat(checkout.getResponse().getStatus()).isEqualTo(303);
			assertThat(checkout.getResponse().getHeaders())
				.containsEntry("Location", List.of("https://polar.sh/checkout/******"))
				.containsKey("Cache-Control");
			assertThat(checkout.getRequest().getUri().getPath()).isEqualTo("/buy");
			assertThat(checkout.getRequest().getMethod()).isEqualTo("POST");
			assertThat(header(checkout, "X-Forwarded-For")).containsExactly("******");
			assertThat(header(checkout, "X-Shop")).containsExactly("north");
			assertThat(checkout.getRequest().getRemoteAddress()).isNull();
			assertThat(checkout.getTimeTaken()).isNotNull();
			assertThat(page.getRequest().getUri()).hasQuery("token=******");
			assertThat(header(page, "X-Forwarded-For")).containsExactly("******");
		}
	}

	private static List<String> header(HttpExchange exchange, String name) {
		return exchange.getRequest()
			.getHeaders()
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(name))
			.flatMap((header) -> header.getValue().stream())
			.toList();
	}

	private static String send(ConfigurableApplicationContext context, String method, String path, String... headers)
			throws Exception {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
				.method(method, BodyPublishers.noBody())
				.headers(headers)
				.build(), BodyHandlers.ofString())
			.headers()
			.firstValue("Location")
			.orElse("");
	}

	@Test
	void thereIsOneFilterWhereExchangesAreRecorded() {
		this.runner.withBean(InMemoryHttpExchangeRepository.class)
			.run((context) -> assertThat(context).hasSingleBean(HttpExchangesFilter.class)
				.hasBean("polarHttpExchangesFilter"));
	}

	@Test
	void nothingIsRecordedUnlessTheApplicationWantsIt() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(HttpExchangesFilter.class));
		this.runner.withBean(InMemoryHttpExchangeRepository.class)
			.withPropertyValues("management.httpexchanges.recording.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HttpExchangesFilter.class));
	}

	@Test
	void ownFilterComesFirst() {
		this.runner.withBean(InMemoryHttpExchangeRepository.class)
			.withBean(HttpExchangesFilter.class,
					() -> new HttpExchangesFilter(new InMemoryHttpExchangeRepository(), java.util.Set.of()))
			.run((context) -> assertThat(context).hasSingleBean(HttpExchangesFilter.class)
				.doesNotHaveBean("polarHttpExchangesFilter"));
	}

	@Test
	void applicationWithoutActuatorStarts() {
		this.runner.withClassLoader(new FilteredClassLoader(HttpExchangeRepository.class, HttpExchangesFilter.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
					ManagementWebSecurityAutoConfiguration.class, DataSourceAutoConfiguration.class })
	static class Shop {

		@Bean
		InMemoryHttpExchangeRepository exchanges() {
			return new InMemoryHttpExchangeRepository();
		}

		@Bean
		ShopController shop() {
			return new ShopController();
		}

	}

	@RestController
	static class ShopController {

		@PostMapping("/buy")
		@PolarCheckout("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
		void buy() {
		}

		@GetMapping("/page")
		String page() {
			return "page";
		}

	}

}
