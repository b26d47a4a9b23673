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

package io.github.polarspring.autoconfigure.web;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.customer.PolarCustomerAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link PolarPortal} methods and settings when the application starts, and
 * without Spring Security.
 */
class PolarPortalConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarCustomerAutoConfiguration.class,
				PolarWebMvcAutoConfiguration.class, PolarIdentityAutoConfiguration.class,
				RestClientAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withPropertyValues("polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private final PolarCustomerOperations customers = mock();

	@Test
	void portalMethodNeedsATokenAtStart() {
		this.contextRunner.withBean(Billing.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessage("Polar access token is not configured. Required by the @PolarPortal method "
						+ Billing.class.getName() + "#billing."));
		this.contextRunner.withBean(Billing.class)
			.withPropertyValues("polar.access-token=polar_oat_x")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "ReturnsText,returns String", "HasStatus,has @ResponseStatus",
			"TakesResponse,has a parameter of type HttpServletResponse",
			"EvilElse,orElse must be a path within the application", "ScriptReturn,returnUrl must be an absolute",
			"BothRedirects,has both @PolarCheckout and @PolarPortal", "ReturnPath,redirects the buyer to a path" })
	void methodThatCouldNeverWorkFailsTheStartByName(String type, String reason) throws Exception {
		Class<?> controller = Class.forName(getClass().getName() + "$" + type);
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x")
			.withBean(controller)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining(controller.getName() + "#billing")
				.hasMessageContaining(reason));
	}

	@Test
	void returnUrlIsCheckedAtStart() {
		this.contextRunner.withPropertyValues("polar.portal.return-url=//evil.example")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("polar.portal.return-url"));
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x", "polar.portal.return-url=/account")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining("'polar.portal.return-url' is the path '/account'"));
	}

	@Test
	void withoutSpringSecurityAGuestIsRejected() {
		run((context) -> assertThat(MockMvcTester.from(context).get().uri("/billing").header("Accept", "text/html"))
			.hasStatus(HttpStatus.UNAUTHORIZED)
			.bodyText()
			.contains("Log in to continue."), (user) -> null);
	}

	@Test
	void withoutAnAddressThePageOfTheClickIsThatOfTheSameOrigin() {
		given(this.customers.openPortal(any(), any())).willReturn(new PortalAccess.NeverBought());
		run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			for (String site : new String[] { "same-origin", "same-site", "cross-site" }) {
				assertThat(mvc.get()
					.uri("/billing")
					.header("Accept", "text/html")
					.header("Referer", "https://shop.example/account?secret")
					.header("Sec-Fetch-Site", site)).hasStatus(HttpStatus.NOT_FOUND);
			}
			ArgumentCaptor<String> returnUrl = ArgumentCaptor.captor();
			then(this.customers).should(times(3)).openPortal(any(), returnUrl.capture());
			assertThat(returnUrl.getAllValues()).containsExactly("https://shop.example/account", null, null);
		}, (user) -> PolarIdentity.of("alice"));
	}

	@Test
	void workspaceOfTheApplicationIsThePayer() {
		given(this.customers.openPortal(any(), any())).willThrow(new PolarConnectionException("secret of Polar", null));
		PolarIdentity workspace = PolarIdentity.of("workspace-7").withMemberId("alice");
		run((context) -> {
			assertThat(MockMvcTester.from(context).get().uri("/billing")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
				.bodyText()
				.doesNotContain("secret");
			then(this.customers).should().openPortal(workspace, null);
		}, (user) -> workspace);
	}

	private void run(ContextConsumer<AssertableWebApplicationContext> test, PolarIdentityResolver identity) {
		this.contextRunner.withBean(Billing.class)
			.withBean(PolarCustomerOperations.class, () -> this.customers)
			.withBean(PolarIdentityResolver.class, () -> identity)
			.run(test);
	}

	@Controller
	static class Billing {

		@GetMapping("/billing")
		@PolarPortal
		void billing() {
		}

	}

	@Controller
	static class ReturnsText {

		@GetMapping("/billing")
		@PolarPortal
		String billing() {
			return "billing";
		}

	}

	@Controller
	static class HasStatus {

		@GetMapping("/billing")
		@PolarPortal
		@ResponseStatus(HttpStatus.NO_CONTENT)
		void billing() {
		}

	}

	@Controller
	static class TakesResponse {

		@GetMapping("/billing")
		@PolarPortal
		void billing(HttpServletResponse response) {
		}

	}

	@Controller
	static class EvilElse {

		@GetMapping("/billing")
		@PolarPortal(orElse = "//evil.example")
		void billing() {
		}

	}

	@Controller
	static class ScriptReturn {

		@GetMapping("/billing")
		@PolarPortal(returnUrl = "javascript:alert(1)")
		void billing() {
		}

	}

	@Controller
	static class ReturnPath {

		@GetMapping("/billing")
		@PolarPortal(returnUrl = "/account")
		void billing() {
		}

	}

	@Controller
	static class BothRedirects {

		@GetMapping("/billing")
		@PolarPortal
		@PolarCheckout("pro")
		void billing() {
		}

	}

}
