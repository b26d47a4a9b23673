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

package io.github.polarspring.web.servlet;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitledAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the way back to the page that required an upgrade, and for the access of a
 * buyer who has just paid.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContinueAfterPurchaseTests {

	private static final UUID ID = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private final PolarCheckoutOperations checkouts = mock();

	private void run(ContextConsumer<AssertableWebApplicationContext> test) {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarEntitledAutoConfiguration.class,
					PolarWebMvcAutoConfiguration.class, PolarIdentityAutoConfiguration.class,
					RestClientAutoConfiguration.class, WebMvcAutoConfiguration.class,
					DispatcherServletAutoConfiguration.class))
			.withBean(PolarCheckoutOperations.class, () -> this.checkouts)
			.withUserConfiguration(Shop.class)
			.run(test);
	}

	private void polarSays(String status) {
		given(this.checkouts.get(ID)).willReturn(PolarJson.MAPPER.readValue("""
				{"id":"%s","status":"%s","metadata":{"external_customer_id":"alice"}}""".formatted(ID, status),
				CheckoutSession.class));
	}

	private static MvcTestResult get(AssertableWebApplicationContext context, String path, Cookie... cookies) {
		MockMvcTester.MockMvcRequestBuilder request = MockMvcTester.from(context)
			.get()
			.uri(URI.create("/shop" + path))
			.contextPath("/shop")
			.header("Accept", "text/html")
			.principal(() -> "alice");
		return ((cookies.length > 0) ? request.cookie(cookies) : request).exchange();
	}

	private static MvcTestResult thanks(AssertableWebApplicationContext context, Cookie... cookies) {
		return get(context, "/thanks?checkout_id=" + ID, cookies);
	}

	private static Cookie cookie(MvcTestResult result, String name) {
		Cookie cookie = result.getResponse().getCookie(name);
		assertThat(cookie).isNotNull();
		return cookie;
	}

	private static Cookie continueAt(String path) {
		return new Cookie(ContinueCookie.NAME,
				Base64.getUrlEncoder().withoutPadding().encodeToString(path.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void buyerContinuesAtThePageThatTheyWanted() {
		run((context) -> {
			Cookie page = cookie(get(context, "/export?year=2026&format=a%20b"), ContinueCookie.NAME);
			polarSays("confirmed");
			MvcTestResult pending = thanks(context, page);
			assertThat(pending).bodyText().isEqualTo("pending");
			assertThat(pending.getResponse().getCookies()).isEmpty();
			polarSays("succeeded");
			MvcTestResult paid = thanks(context, page);
			assertThat(paid).bodyText().isEqualTo("/shop/export?year=2026&format=a%20b");
			assertThat(cookie(paid, ContinueCookie.NAME).getMaxAge()).isZero();
			assertThat(thanks(context)).bodyText().isEqualTo("null");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "//evil.example/shop/", "/\\evil.example/shop/", "/\t/evil.example/shop/", "/shop/\\evil",
			"/shop/a\nb", "/shop/a b", "https://evil.example/shop/", "javascript:alert(1)", "shop/", "/shopping",
			"/other/page", "/shop", "", "/shop/\u00e4", "/\u2028/evil.example/shop/" })
	void pageOutsideOfTheApplicationIsIgnored(String path) {
		polarSays("succeeded");
		run((context) -> assertThat(thanks(context, continueAt(path))).bodyText().isEqualTo("null"));
	}

	@Test
	void pageThatNoCookieOfOursContainsIsIgnored() {
		polarSays("succeeded");
		run((context) -> {
			Cookie page = continueAt("/shop/export");
			assertThat(thanks(context, page)).bodyText().isEqualTo("/shop/export");
			assertThat(thanks(context, new Cookie(ContinueCookie.NAME, "/shop/export"))).bodyText().isEqualTo("null");
			assertThat(thanks(context, new Cookie(ContinueCookie.NAME, ""))).bodyText().isEqualTo("null");
			assertThat(thanks(context, page, continueAt("/shop/import"))).bodyText().isEqualTo("null");
			assertThat(thanks(context, continueAt("/shop/" + "x".repeat(1994)))).bodyText().startsWith("/shop/xx");
			assertThat(thanks(context, continueAt("/shop/" + "x".repeat(1995)))).bodyText().isEqualTo("null");
			assertThat(thanks(context, continueAt("/shop/export?to=https://a.example#x"))).bodyText()
				.isEqualTo("/shop/export?to=https://a.example#x");
		});
	}

	@Test
	void pageIsOnlyRememberedIfItCanBeReturned() {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/shop/a");
		request.setContextPath("/shop");
		for (String query : List.of("q=a b", "q=\u00e4", "q=\\", "q=\n")) {
			request.setQueryString(query);
			MockHttpServletResponse response = new MockHttpServletResponse();
			ContinueCookie.remember(request, response);
			assertThat(response.getCookies()).isEmpty();
		}
		request.setQueryString(null);
		request.setRequestURI("//evil.example/shop/a");
		MockHttpServletResponse response = new MockHttpServletResponse();
		ContinueCookie.remember(request, response);
		assertThat(response.getCookies()).isEmpty();
		request.setRequestURI("/shop/a;jsessionid=1");
		request.setSecure(true);
		ContinueCookie.remember(request, response);
		assertThat(response.getCookie(ContinueCookie.NAME)).satisfies((cookie) -> {
			assertThat(cookie.getSecure()).isTrue();
			assertThat(cookie.isHttpOnly()).isTrue();
			assertThat(cookie.getPath()).isEqualTo("/shop");
			assertThat(cookie.getAttribute("SameSite")).isEqualTo("Lax");
		});
	}

	@Test
	void buyerWhoHasPaidIsReadAgainOnAllInstances() {
		polarSays("succeeded");
		run((context) -> {
			StubEntitlements entitlements = context.getBean(StubEntitlements.class);
			Cookie paid = cookie(thanks(context), PaidCookie.NAME);
			assertThat(entitlements.refreshed).containsExactly("alice");
			assertThat(paid.getMaxAge()).isEqualTo(120);
			get(context, "/export", paid);
			assertThat(entitlements.paidAt).isNotNull();
			// the page is loaded again
			assertThat(thanks(context).getResponse().getCookie(PaidCookie.NAME)).isNull();
			assertThat(entitlements.refreshed).hasSize(1);
		});
	}

	@Test
	void othersAreNotReadAgain() {
		run((context) -> {
			for (String status : List.of("open", "confirmed", "failed", "expired")) {
				polarSays(status);
				assertThat(thanks(context).getResponse().getCookie(PaidCookie.NAME)).isNull();
			}
			assertThat(context.getBean(StubEntitlements.class).refreshed).isEmpty();
		});
	}

	@Test
	void failureToReadAgainIsNotTheBuyers(CapturedOutput output) {
		polarSays("succeeded");
		run((context) -> {
			context.getBean(StubEntitlements.class).refreshFailure = new IllegalStateException("database");
			MvcTestResult paid = thanks(context, continueAt("/shop/export"));
			assertThat(paid).hasStatusOk().bodyText().isEqualTo("/shop/export");
			assertThat(paid.getResponse().getCookie(PaidCookie.NAME)).isNotNull();
			assertThat(output).contains("could not be refreshed").doesNotContain("alice");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@RestController
	static class Shop {

		@Bean
		static PolarFeatures features() {
			return new PolarFeatures(List.of(new Feature("export", Set.of(), Set.of(), "/pricing", WhenUnknown.REJECT)),
					Map.of());
		}

		@Bean
		static StubEntitlements entitlements(PolarFeatures features, CurrentPayer payer) {
			return new StubEntitlements(features, payer);
		}

		@GetMapping("/export")
		@PolarEntitled("export")
		String export() {
			return "exported";
		}

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return (outcome instanceof CheckoutOutcome.Succeeded succeeded) ? String.valueOf(succeeded.continueUrl())
					: outcome.name();
		}

	}

}
