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

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitledAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.autoconfigure.security.PolarSecurityAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitledAdvisor;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.entitlement.PolarExpressions;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.security.PolarAuthorization;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.servlet.filter.OrderedRequestContextFilter;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextListener;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarEntitledAutoConfiguration}, and for {@link PolarEntitled} methods
 * without Spring Security.
 */
class PolarEntitledConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarEntitledAutoConfiguration.class,
				PolarWebMvcAutoConfiguration.class, PolarIdentityAutoConfiguration.class, AopAutoConfiguration.class,
				RestClientAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withUserConfiguration(Stubs.class);

	private final ApplicationContextRunner withoutWeb = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarEntitledAutoConfiguration.class));

	private static MvcTestResult get(AssertableWebApplicationContext context, String user, String accept) {
		MockMvcTester.MockMvcRequestBuilder request = MockMvcTester.from(context)
			.get()
			.uri("/export")
			.header("Accept", accept);
		return (user.isEmpty() ? request : request.principal(() -> user)).exchange();
	}

	private static ContextConsumer<AssertableWebApplicationContext> protectedPage() {
		return (context) -> {
			assertThat(get(context, "alice", "text/html")).hasStatus(HttpStatus.SEE_OTHER)
				.headers()
				.hasValue("Location", "/pricing");
			assertThat(get(context, "alice", "application/json")).hasStatus(HttpStatus.PAYMENT_REQUIRED)
				.bodyJson()
				.extractingPath("$.upgradeUrl")
				.isEqualTo("/pricing");
			context.getBean(StubEntitlements.class).granted.put("alice", Set.of("export"));
			assertThat(get(context, "alice", "text/html")).hasStatusOk().bodyText().isEqualTo("exported");
		};
	}

	@Test
	void userOfTheContainerNeedsTheFeature() {
		this.contextRunner.withBean(Exports.class).run(protectedPage());
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "application/json" })
	void guestIsRejected(String accept) {
		this.contextRunner.withBean(Exports.class)
			.run((context) -> assertThat(get(context, "", accept)).hasStatus(HttpStatus.UNAUTHORIZED)
				.bodyText()
				.contains("Log in to continue.")
				.doesNotContain("pricing"));
	}

	@Test
	void controllerWithAJdkProxyIsProtected() {
		this.contextRunner.withPropertyValues("spring.aop.proxy-target-class=false")
			.withBean("exports", ExportsOfInterface.class)
			.withUserConfiguration(AdvisedControllers.class)
			.run((context) -> {
				assertThat(AopUtils.isJdkDynamicProxy(context.getBean("exports"))).isTrue();
				protectedPage().accept(context);
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void serviceIsProtectedWithAndWithoutSpringsAutoProxying(boolean auto) {
		this.contextRunner.withPropertyValues("spring.aop.auto=" + auto)
			.withBean(ExportService.class)
			.run((context) -> assertThatExceptionOfType(PolarEntitlementDeniedException.class)
				.isThrownBy(context.getBean(ExportService.class)::export));
	}

	@Test
	void controllerIsNotWrapped() {
		this.contextRunner.withBean(Exports.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Exports.class))).isFalse());
	}

	@Test
	void withoutFeaturesTheMessageSaysSo() {
		this.withoutWeb.withBean(ExportService.class)
			.withBean(CurrentPayer.class, () -> () -> null)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessage(
						"There is no feature 'export' in 'polar.features'. No feature is configured. Required by the"
								+ " @PolarEntitled method " + ExportService.class.getName() + "#export."));
		this.contextRunner.withBean(UnknownExports.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("There is no feature 'exports' in 'polar.features'. Known features: export.")
				.hasMessageContaining(UnknownExports.class.getName() + "#export"));
	}

	@Test
	void requestIsKnownToMatchersIfTheApplicationConfiguresSpringMvcItself() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(RequestContextFilter.class));
		this.contextRunner.withUserConfiguration(OwnMvc.class)
			.run((context) -> assertThat(context).hasSingleBean(OrderedRequestContextFilter.class));
		this.contextRunner.withUserConfiguration(OwnMvc.class)
			.withBean("own", RequestContextFilter.class)
			.run((context) -> assertThat(context).getBeanNames(RequestContextFilter.class).containsExactly("own"));
		this.contextRunner.withUserConfiguration(OwnMvc.class)
			.withBean(RequestContextListener.class)
			.run((context) -> assertThat(context).doesNotHaveBean(RequestContextFilter.class));
	}

	@Test
	void unknownFeatureOfAMatcherFailsWhenItIsNamed() {
		this.contextRunner.run((context) -> assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> context.getBean(PolarAuthorization.class).entitled("exports"))
			.withMessageContaining("There is no feature 'exports'"));
	}

	@Test
	void withoutServletsTheApplicationSaysWhoTheCallerIs() {
		ApplicationContextRunner runner = this.withoutWeb.withBean(ExportService.class)
			.withBean(PolarFeatures.class, Stubs::features);
		runner.run((context) -> assertThat(context).getFailure().hasMessageContaining("nothing determines the caller"));
		runner.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("alice"))
			.withBean(StubEntitlements.class)
			.run((context) -> {
				ExportService service = context.getBean(ExportService.class);
				assertThatExceptionOfType(PolarEntitlementDeniedException.class).isThrownBy(service::export);
				context.getBean(StubEntitlements.class).granted.put("alice", Set.of("export"));
				assertThat(service.export()).isEqualTo("exported");
				assertThat(context).hasSingleBean(PolarExpressions.class)
					.hasSingleBean(PolarAuthorization.class)
					.doesNotHaveBean(AccessDeniedHandler.class);
			});
	}

	@Test
	void beansOfTheApplicationTakePrecedence() {
		CurrentPayer payer = () -> PolarIdentity.of("team");
		this.contextRunner.withBean(Exports.class)
			.withBean("polar", String.class, () -> "my own")
			.withBean("polarEntitlementFilter", String.class, () -> "none")
			.withBean(CurrentPayer.class, () -> payer)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(PolarExpressions.class);
				assertThat(context.getBean("polarEntitlementFilter")).isEqualTo("none");
				assertThat(context.getBean(CurrentPayer.class)).isSameAs(payer);
				// not a guest, although no user is signed in
				assertThat(get(context, "", "application/json")).hasStatus(HttpStatus.PAYMENT_REQUIRED);
				context.getBean(StubEntitlements.class).granted.put("team", Set.of("export"));
				assertThat(get(context, "", "application/json")).hasStatusOk();
			});
	}

	@Test
	void handlerOfSpringSecurityIsNoCandidateForThatOfTheApplication() {
		AccessDeniedHandler own = new AccessDeniedHandlerImpl();
		this.contextRunner.withConfiguration(AutoConfigurations.of(PolarSecurityAutoConfiguration.class))
			.withBean("own", AccessDeniedHandler.class, () -> own)
			.withUserConfiguration(InjectsHandler.class)
			.run((context) -> {
				assertThat(context).hasBean("polarAccessDeniedHandler").hasBean("polarAccessDeniedCustomizer");
				assertThat(context.getBean(InjectsHandler.class).handler).isSameAs(own);
			});
	}

	@Test
	void withoutSpringSecurityTheRestRemains() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(AuthorizationManager.class, Customizer.class))
			.run((context) -> assertThat(context).doesNotHaveBean("polarAuthorization")
				.hasSingleBean(PolarEntitledAdvisor.class)
				.hasBean("polarEntitlementInterceptor"));
	}

	@Test
	void applicationThatDoesNotUseFeaturesNeedsNothing() {
		this.withoutWeb.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void processorThatNeedsAProtectedBeanFailsTheStart() {
		this.contextRunner.withBean(ExportService.class)
			.withUserConfiguration(EarlyProcessor.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining(ExportService.class.getName() + "#export")
				.hasMessageContaining("Spring has not wrapped the bean"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class OwnMvc {

	}

	@Configuration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		static PolarFeatures features() {
			return new PolarFeatures(List.of(new Feature("export", Set.of(), Set.of(), "/pricing", WhenUnknown.REJECT)),
					Map.of());
		}

		@Bean
		StubEntitlements entitlements(PolarFeatures features, CurrentPayer payer) {
			return new StubEntitlements(features, payer);
		}

	}

	@RestController
	static class Exports {

		@GetMapping("/export")
		@PolarEntitled("export")
		String export() {
			return "exported";
		}

	}

	@RestController
	static class UnknownExports {

		@GetMapping("/export")
		@PolarEntitled("exports")
		String export() {
			return "exported";
		}

	}

	@RestController
	interface ExportsInterface {

		@GetMapping("/export")
		String export();

	}

	static class ExportsOfInterface implements ExportsInterface {

		@Override
		@PolarEntitled("export")
		public String export() {
			return "exported";
		}

	}

	static class ExportService {

		@PolarEntitled("export")
		public String export() {
			return "exported";
		}

	}

	/**
	 * Advisor that makes Spring wrap the controller.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AdvisedControllers {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor advisor() {
			return new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(RestController.class, true),
					(MethodInterceptor) MethodInvocation::proceed);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectsHandler {

		private final AccessDeniedHandler handler;

		InjectsHandler(AccessDeniedHandler handler) {
			this.handler = handler;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyProcessor {

		@Bean
		static Processor processor(ExportService service) {
			return new Processor();
		}

		static class Processor implements BeanPostProcessor, Ordered {

			@Override
			public int getOrder() {
				return 0;
			}

		}

	}

}
