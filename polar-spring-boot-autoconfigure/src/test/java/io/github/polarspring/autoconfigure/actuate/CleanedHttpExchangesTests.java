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

import java.util.List;
import java.util.Map;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.web.exchanges.HttpExchange;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.servlet.actuate.web.exchanges.HttpExchangesFilter;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CleanedHttpExchanges}.
 */
class CleanedHttpExchangesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(PolarAutoConfiguration.class, PolarHttpExchangesAutoConfiguration.class))
		.withBean(InMemoryHttpExchangeRepository.class)
		.withPropertyValues("polar.client-ip.headers=X-Edge-Address",
				"management.httpexchanges.recording.include=request-headers,response-headers,remote-address");

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/thanks");

	private HttpExchange record(String... properties) {
		this.request.addHeader("X-Forwarded-For", "203.0.113.9");
		this.request.addHeader("x-edge-address", "203.0.113.9");
		this.request.addHeader("Accept-Language", "fr");
		this.request.setQueryString("customer_session_token=abc&checkout_id=1");
		HttpExchange[] exchange = new HttpExchange[1];
		this.runner.withPropertyValues(properties).run((context) -> {
			MockFilterChain chain = new MockFilterChain(new HttpServlet() {

				@Override
				protected void service(HttpServletRequest request, HttpServletResponse response) {
					response.setHeader("Location", "https://polar.sh/checkout/polar_c_0123456789abcdef?theme=dark");
				}

			});
			context.getBean(HttpExchangesFilter.class).doFilter(this.request, new MockHttpServletResponse(), chain);
			exchange[0] = context.getBean(InMemoryHttpExchangeRepository.class).findAll().get(0);
		});
		return exchange[0];
	}

	@Test
	void secretsAndTheHeadersWithTheShoppersAddressAreHidden() {
		HttpExchange exchange = record();
		assertThat(exchange.getRequest().getHeaders()).containsAllEntriesOf(Map.of("X-Forwarded-For", List.of("******"),
				"x-edge-address", List.of("******"), "Accept-Language", List.of("fr")));
		assertThat(exchange.getRequest().getUri()).asString()
			.endsWith("/thanks?customer_session_token=******&checkout_id=1");
		assertThat(exchange.getResponse().getHeaders()).containsEntry("Location",
				List.of("https://polar.sh/checkout/******?theme=dark"));
		assertThat(exchange.getRequest().getRemoteAddress()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-forwarded-for", "Forwarded", "CF-Connecting-IP", "cf-connecting-ipv6", "True-Client-IP",
			"X-Real-IP", "X-Client-IP", "Fastly-Client-IP", "Fly-Client-IP", "X-Azure-ClientIP", "X-EDGE-ADDRESS" })
	void headersOfProxiesWithTheShoppersAddressAreHidden(String header) {
		this.request.addHeader(header, "203.0.113.10");
		assertThat(record().getRequest().getHeaders()).containsEntry(header, List.of("******"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-Proto", "X-Forwarded-Host", "Referer", "User-Agent", "X-Trip-Id" })
	void otherHeadersStay(String header) {
		this.request.addHeader(header, "a");
		assertThat(record().getRequest().getHeaders()).containsEntry(header, List.of("a"));
	}

	@Test
	void addressesStayWhereNoneIsSent() {
		HttpExchange exchange = record("polar.client-ip.enabled=false");
		assertThat(exchange.getRequest().getHeaders()).containsEntry("X-Forwarded-For", List.of("203.0.113.9"));
		assertThat(exchange.getRequest().getRemoteAddress()).isEqualTo("127.0.0.1");
	}

	@Test
	void urlOfThePortalIsHidden() {
		String url = "https://polar.sh/shop/portal?customer_session_token=polar_cst_abcdefgh&email=alice%40example.com";
		assertThat(PolarSecrets.hide("{\"url\":\"" + url + "\"}"))
			.isEqualTo("{\"url\":\"https://polar.sh/shop/portal?******");
		assertThat(PolarSecrets.hide(url + "#top")).isEqualTo("https://polar.sh/shop/portal?******#top");
		assertThat(PolarSecrets.hide(url.replace("portal?", "portal/orders?x=1&")))
			.isEqualTo("https://polar.sh/shop/portal/orders?******");
	}

}
