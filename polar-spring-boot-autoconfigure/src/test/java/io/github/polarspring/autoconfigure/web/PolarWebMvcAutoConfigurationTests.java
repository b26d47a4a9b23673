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

import java.io.OutputStream;
import java.io.Writer;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.autoconfigure.security.PolarSecurityAutoConfiguration;
import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutContextProvider;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.clientip.ClientIpResolver;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.security.AuthenticationIdentityResolver;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import io.github.polarspring.web.servlet.ClientIpFilter;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for the auto-configurations for servlet web applications.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarWebMvcAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(PolarAutoConfiguration.class,
			PolarWebMvcAutoConfiguration.class, PolarIdentityAutoConfiguration.class,
			PolarSecurityAutoConfiguration.class, PolarClientIpAutoConfiguration.class,
			RestClientAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withPropertyValues("polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
				"polar.products.team=0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d");

	private static final PolarIdentity ALICE = PolarIdentity.of("alice")
		.withEmail("alice@example.com")
		.withName("Alice");

	private static PolarCheckoutOperations operations() {
		PolarCheckoutOperations operations = mock();
		given(operations.create(any())).willReturn(PolarJson.MAPPER.readValue("""
				{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open",
				"url":"https://polar.sh/checkout/polar_c_x"}""", CheckoutSession.class));
		return operations;
	}

	@Test
	void applicationWithoutCheckoutMethodsNeedsNoToken() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void checkoutMethodNeedsATokenAtStart(boolean lazy) {
		this.contextRunner.withBean(BuyPro.class).withInitializer((context) -> {
			if (lazy) {
				context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
			}
		}).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOf(PolarConfigurationException.class)
				.hasMessage("Polar access token is not configured. Required by the @PolarCheckout method "
						+ BuyPro.class.getName() + "#buy.");
		});
		this.contextRunner.withBean(BuyPro.class)
			.withPropertyValues("polar.access-token=polar_oat_x")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void operationsOfTheApplicationNeedNoToken() {
		PolarCheckoutOperations operations = operations();
		this.contextRunner.withBean(BuyPro.class)
			.withBean(PolarCheckoutOperations.class, () -> operations)
			.run((context) -> {
				assertThat(mvc(context).post().uri("/buy")).hasStatus(303)
					.hasHeader("Location", "https://polar.sh/checkout/polar_c_x");
				then(operations).should().create(CheckoutRequest.forProducts("pro").build());
			});
	}

	private static MockMvcTester mvc(WebApplicationContext context) {
		return MockMvcTester.from(context);
	}

	@Test
	void worksWithEnableWebMvcAndWithoutErrorPage() {
		PolarCheckoutOperations operations = operations();
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
			.withUserConfiguration(OwnMvc.class)
			.withBean(BuyPro.class)
			.withBean(PolarCheckoutOperations.class, () -> operations)
			.run((context) -> {
				assertThat(mvc(context).post().uri("/buy")).hasStatus(303);
				given(operations.create(any())).willThrow(new PolarConnectionException("secret of Polar", null));
				assertThat(mvc(context).post().uri("/buy").header("Accept", "text/html")).hasStatus(503)
					.hasContentTypeCompatibleWith("text/html")
					.bodyText()
					.contains("<h1>Service Unavailable</h1>")
					.doesNotContain("secret");
				assertThat(mvc(context).post().uri("/buy")).hasStatus(503)
					.bodyJson()
					.extractingPath("status")
					.isEqualTo(503);
			});
	}

	@ParameterizedTest
	@CsvSource({ "UnknownProduct,Known products: pro; team", "NoProduct,does not specify a product",
			"BuilderOfNothing,does not specify a product", "TwiceTheSame,products must not contain duplicates",
			"SameId,specifies two products with the same id", "ReturnsText,returns String",
			"TakesResponse,has a parameter of type HttpServletResponse",
			"TakesStream,has a parameter of type OutputStream", "TakesWriter,has a parameter of type Writer",
			"HasStatus,has @ResponseStatus", "ClassHasStatus,has @ResponseStatus",
			"ReturnsFutureText,returns java.util.concurrent.CompletableFuture<java.lang.String>",
			"ReturnsRawCallable,Callable", "LaterNothing,does not specify a product",
			"BadTheme,theme must be 'light' or 'dark'; not 'sepia'",
			"BadDiscount,discount must be the id of a discount", "BadSeats,seats must be a number; not 'many'",
			"NoSeats,seats must be 1 to 1000", "BadLocale,locale must have",
			"EvilSuccessUrl,success_url must be a path within the application",
			"BackslashReturnUrl,must be a path within the application",
			"ScriptReturnUrl,return_url must be an absolute" })
	void methodThatCouldNeverSellFailsTheStartByName(String type, String reason) throws Exception {
		Class<?> controller = Class.forName(getClass().getName() + "$" + type);
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x").withBean(controller).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining(controller.getName() + "#buy")
				.hasMessageContaining(reason.replace(";", ","));
		});
	}

	@Test
	void unknownNameWithSpecialCharactersFailsTheStartWithTheLineToWrite() {
		this.contextRunner
			.withPropertyValues("polar.access-token=polar_oat_x",
					"polar.products.gre=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
			.withBean(SpecialProduct.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).isInstanceOf(PolarConfigurationException.class)
					.hasMessageContaining("SpecialProduct#buy")
					.hasMessageContaining("There is no product 'größe'");
				assertThat(((PolarConfigurationException) context.getStartupFailure()).getAction())
					.contains("\"[größe]\": <id>");
			});
	}

	@Test
	void pathWithoutAnAddressFailsTheStartInProductionOnly() {
		WebApplicationContextRunner runner = this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x")
			.withBean(SuccessPath.class);
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining("SuccessPath#buy redirects the buyer to a path");
			assertThat(((PolarConfigurationException) context.getStartupFailure()).getAction())
				.contains("polar.checkout.application-url");
		});
		runner.withPropertyValues("polar.checkout.application-url=https://shop.example")
			.run((context) -> assertThat(context).hasNotFailed());
		runner.withPropertyValues("polar.environment=sandbox").run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://shop.example/path", "shop.example", "//shop.example", "https://u@shop.example" })
	void embedOriginThatIsNoOriginFailsTheStart(String origin) {
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x", "polar.checkout.embed-origin=" + origin)
			.withBean(BuyPro.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("polar.checkout.embed-origin"));
	}

	@Test
	void returnMethodNeedsATokenAndTheRightType() {
		this.contextRunner.withBean(Thanks.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessage("Polar access token is not configured. Required by the @PolarCheckoutReturn method "
						+ Thanks.class.getName() + "#thanks."));
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x")
			.withBean(ThanksForText.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining(ThanksForText.class.getName() + "#thanks has the type String"));
	}

	@Test
	void methodThatCanBeCalledWithGetIsWarnedAbout(CapturedOutput output) {
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x")
			.withBean(BuyPro.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).doesNotContain("can be called with GET");
			});
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_x")
			.withBean(GetPro.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("GetPro#buy can be called with GET").contains("Map it with POST");
			});
	}

	@Test
	void customerComesFromSpringSecurityIfItIsThere() {
		this.contextRunner.run((context) -> assertThat(context).getBean(PolarIdentityResolver.class)
			.isInstanceOf(AuthenticationIdentityResolver.class));
	}

	@Test
	void customerComesFromTheContainerWithoutSpringSecurity() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Authentication.class)).run((context) -> {
			MockHttpServletRequest request = new MockHttpServletRequest();
			assertThat(contextOf(context, request).identity()).isNull();
			Principal principal = () -> "alice";
			request.setUserPrincipal(principal);
			assertThat(contextOf(context, request).identity()).isEqualTo(PolarIdentity.of("alice"));
		});
	}

	@Test
	void beansBackOffForTheApplicationsOwn() {
		PolarIdentityResolver customerResolver = (request) -> PolarIdentity.of("tenant:42");
		ClientIpResolver clientIpResolver = (peerAddress, headers) -> "203.0.113.42";
		this.contextRunner.withBean(PolarIdentityResolver.class, () -> customerResolver)
			.withBean(ClientIpResolver.class, () -> clientIpResolver)
			.run((context) -> {
				assertThat(context.getBean(PolarIdentityResolver.class)).isSameAs(customerResolver);
				assertThat(context.getBean(ClientIpResolver.class)).isSameAs(clientIpResolver);
			});
	}

	@Test
	void contextIsThatOfTheCurrentRequestAndEmptyOutsideOfOne() {
		this.contextRunner.withPropertyValues("polar.environment=sandbox")
			.withBean(PolarIdentityResolver.class, () -> (user) -> ALICE)
			.run((context) -> {
				assertThat(context.getBean(CheckoutContextProvider.class).currentContext())
					.isEqualTo(CheckoutContext.empty());
				MockHttpServletRequest request = new MockHttpServletRequest();
				request.setServerName("shop.example");
				request.setContextPath("/app");
				request.addPreferredLocale(Locale.FRANCE);
				CheckoutContext expected = CheckoutContext.empty()
					.withIdentity(ALICE)
					.withLocale(Locale.FRANCE)
					.withApplicationUrl("http://shop.example/app");
				assertThat(contextOf(context, request)).isEqualTo(expected);
				request.addHeader("Accept", "application/json");
				assertThat(contextOf(context, request)).isEqualTo(expected.withEmbedding(true));
			});
	}

	@Test
	void personalDataCanBeSwitchedOffAndTheHostIsNotTrustedInProduction() {
		this.contextRunner
			.withPropertyValues("polar.checkout.send-locale=false", "polar.checkout.send-email=false",
					"polar.checkout.send-name=false")
			.withBean(PolarIdentityResolver.class, () -> (user) -> ALICE)
			.run((context) -> assertThat(contextOf(context, new MockHttpServletRequest()))
				.isEqualTo(CheckoutContext.empty().withIdentity(PolarIdentity.of("alice"))));
	}

	/**
	 * An anonymous authentication has the same name for all guests.
	 */
	@Test
	void resolverOfTheApplicationIsReportedThatAGuestIsNoOne() {
		PolarIdentityResolver own = (user) -> (user != null) ? PolarIdentity.of(user.getName()) : null;
		for (Class<?> hidden : List.of(Void.class, SecurityFilterChain.class)) {
			this.contextRunner.withClassLoader(new FilteredClassLoader(hidden))
				.withBean(PolarIdentityResolver.class, () -> own)
				.run((context) -> {
					assertIdentity(context, new AnonymousAuthenticationToken("key", "anonymousUser",
							AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS")), null);
					assertIdentity(context, new TestingAuthenticationToken("alice", null, "ROLE_USER"), "alice");
				});
		}
	}

	private static void assertIdentity(WebApplicationContext context, Authentication authentication,
			@Nullable String externalId) {
		SecurityContextHolder.getContext().setAuthentication(authentication);
		try {
			PolarIdentity identity = contextOf(context, new MockHttpServletRequest()).identity();
			assertThat((identity != null) ? identity.externalId() : null).isEqualTo(externalId);
		}
		finally {
			SecurityContextHolder.clearContext();
		}
	}

	@Test
	void addressThatIsNoLiteralDoesNotCostTheSale() {
		this.contextRunner.withBean(PolarIdentityResolver.class, () -> (user) -> null)
			.withBean(ClientIpResolver.class, () -> (peerAddress, headers) -> "203.0.113.7:4711")
			.run((context) -> {
				MockHttpServletRequest request = new MockHttpServletRequest();
				new ClientIpFilter(context.getBean(ClientIpResolver.class)).doFilter(request,
						new MockHttpServletResponse(), new MockFilterChain());
				assertThat(contextOf(context, request).clientIp()).isNull();
			});
	}

	@Test
	void contextProviderOfTheApplicationReplacesTheDefault() {
		CheckoutContextProvider own = CheckoutContext::empty;
		this.contextRunner.withPropertyValues("polar.access-token=polar_oat_test")
			.withBean(CheckoutContextProvider.class, () -> own)
			.run((context) -> {
				assertThat(context.getBean(CheckoutContextProvider.class)).isSameAs(own);
				assertThat(context.getBean(PolarCheckoutOperations.class).currentContext())
					.isSameAs(CheckoutContext.empty());
			});
	}

	private static CheckoutContext contextOf(WebApplicationContext context, MockHttpServletRequest request) {
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		try {
			return context.getBean(CheckoutContextProvider.class).currentContext();
		}
		finally {
			RequestContextHolder.resetRequestAttributes();
		}
	}

	@Test
	void applicationMayExcludeEverythingElse() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarWebMvcAutoConfiguration.class, WebMvcAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void ownMvcSupportStillRespondsFailuresInTheSameDispatch() {
		PolarCheckoutOperations operations = mock();
		given(operations.create(any())).willThrow(new PolarConnectionException("no", null));
		this.contextRunner.withUserConfiguration(OwnMvcSupport.class)
			.withBean(BuyPro.class)
			.withBean(PolarCheckoutOperations.class, () -> operations)
			.run((context) -> assertThat(mvc(context).post().uri("/buy")).hasStatus(503)
				.hasContentType("application/problem+json"));
	}

	@Test
	void filterRunsBeforeSpringSecurity() {
		this.contextRunner
			.run((context) -> assertThat(filter(context).getOrder()).isLessThan(-100).isGreaterThan(Integer.MIN_VALUE));
	}

	@Test
	void clientIpCanBeSwitchedOff() {
		this.contextRunner.run((context) -> assertThat(filter(context).isEnabled()).isTrue());
		this.contextRunner.withPropertyValues("polar.client-ip.enabled=false")
			.run((context) -> assertThat(filter(context).isEnabled()).isFalse());
	}

	private static FilterRegistrationBean<?> filter(WebApplicationContext context) {
		FilterRegistrationBean<?> registration = context.getBean("polarClientIpFilter", FilterRegistrationBean.class);
		assertThat(registration.getFilter()).isInstanceOf(ClientIpFilter.class);
		return registration;
	}

	@ParameterizedTest
	@CsvSource({ "polar.client-ip.trusted-proxies,10.0.0.0/33", "polar.client-ip.trusted-proxies,0.0.0.0/0",
			"polar.client-ip.trusted-proxies,privat", "polar.client-ip.headers,Für",
			"polar.client-ip.headers,X Forwarded For" })
	void wrongClientIpSettingFailsTheStartNamingTheEntry(String property, String value) {
		this.contextRunner.withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo(property);
					assertThat(ex.getReason()).contains("'" + value + "'");
				});
		});
	}

	@Test
	void applicationsOfOtherKindsHaveNothingOfTheWeb() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PolarIdentityResolver.class)
				.doesNotHaveBean(ClientIpResolver.class));
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PolarIdentityResolver.class)
				.doesNotHaveBean(ClientIpResolver.class));
	}

	@Controller
	static class Thanks {

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.name();
		}

	}

	@Controller
	static class ThanksForText {

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn String outcome) {
			return outcome;
		}

	}

	@Controller
	static class GetPro {

		@GetMapping("/get")
		@PolarCheckout("pro")
		void buy() {
		}

	}

	@Controller
	static class BuyPro {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy() {
		}

	}

	@RestController
	static class UnknownProduct {

		@PostMapping("/buy")
		@PolarCheckout("prro")
		void buy() {
		}

	}

	@RestController
	static class SpecialProduct {

		@PostMapping("/buy")
		@PolarCheckout("größe")
		void buy() {
		}

	}

	@Controller
	static class BuilderOfNothing {

		@PostMapping("/buy")
		@PolarCheckout
		CheckoutRequest buy(CheckoutRequest.Builder checkout) {
			return checkout.build();
		}

	}

	@RestController
	static class NoProduct {

		@PostMapping("/buy")
		@PolarCheckout({})
		void buy() {
		}

	}

	@RestController
	static class TwiceTheSame {

		@PostMapping("/buy")
		@PolarCheckout({ "pro", "pro" })
		void buy() {
		}

	}

	@RestController
	static class SameId {

		@PostMapping("/buy")
		@PolarCheckout({ "pro", "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710" })
		void buy() {
		}

	}

	@RestController
	static class ReturnsText {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		String buy() {
			return "";
		}

	}

	@Controller
	static class ReturnsFutureText {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		CompletableFuture<String> buy() {
			return CompletableFuture.completedFuture("no");
		}

	}

	@Controller
	@SuppressWarnings("rawtypes")
	static class ReturnsRawCallable {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		Callable buy() {
			return () -> null;
		}

	}

	@Controller
	static class LaterNothing {

		@PostMapping("/buy")
		@PolarCheckout
		DeferredResult<Void> buy() {
			return new DeferredResult<>();
		}

	}

	@Controller
	static class BadTheme {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", theme = "sepia")
		void buy() {
		}

	}

	@Controller
	static class BadDiscount {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", discount = "SUMMER")
		void buy() {
		}

	}

	@Controller
	static class BadSeats {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", seats = "${shop.seats:many}")
		void buy() {
		}

	}

	@Controller
	static class NoSeats {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", seats = "0")
		void buy() {
		}

	}

	@Controller
	static class BadLocale {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", locale = "qq")
		void buy() {
		}

	}

	@Controller
	static class EvilSuccessUrl {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", successUrl = "//evil.example/x")
		void buy() {
		}

	}

	@Controller
	static class BackslashReturnUrl {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", returnUrl = "/\\evil.example")
		void buy() {
		}

	}

	@Controller
	static class ScriptReturnUrl {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", returnUrl = "javascript:alert(1)")
		void buy() {
		}

	}

	@Controller
	static class SuccessPath {

		@PostMapping("/buy")
		@PolarCheckout(value = "pro", successUrl = "/thanks")
		void buy() {
		}

	}

	@RestController
	static class TakesResponse {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy(HttpServletResponse response) {
		}

	}

	@RestController
	static class TakesStream {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy(OutputStream stream) {
		}

	}

	@RestController
	static class TakesWriter {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy(Writer writer) {
		}

	}

	@RestController
	static class HasStatus {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		@ResponseStatus(HttpStatus.CREATED)
		void buy() {
		}

	}

	@RestController
	@ResponseStatus(HttpStatus.CREATED)
	static class ClassHasStatus {

		@PostMapping("/buy")
		@PolarCheckout("pro")
		void buy() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMvcSupport extends WebMvcConfigurationSupport {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class OwnMvc {

	}

}
