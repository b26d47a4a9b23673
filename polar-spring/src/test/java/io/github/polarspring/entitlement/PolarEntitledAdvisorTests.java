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

package io.github.polarspring.entitlement;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.service.annotation.GetExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link PolarEntitledAdvisor}.
 */
class PolarEntitledAdvisorTests {

	private static final StubEntitlements entitlements = new StubEntitlements();

	private static boolean handlersIntercepted;

	private boolean classProxies = true;

	private @Nullable CurrentPayer caller = () -> null;

	PolarEntitledAdvisorTests() {
		entitlements.features.clear();
		entitlements.failure = null;
		entitlements.checks = 0;
		handlersIntercepted = false;
	}

	private AnnotationConfigApplicationContext context(Class<?>... beans) {
		return context((context) -> {
		}, beans);
	}

	private AnnotationConfigApplicationContext context(Consumer<AnnotationConfigApplicationContext> customizer,
			Class<?>... beans) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		AopConfigUtils.registerAutoProxyCreatorIfNecessary(context);
		if (this.classProxies) {
			AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(context);
		}
		context.register(Config.class);
		if (this.caller != null) {
			context.registerBean(CurrentPayer.class, () -> this.caller);
		}
		for (Class<?> bean : beans) {
			context.register(bean);
		}
		customizer.accept(context);
		context.refresh();
		return context;
	}

	private static void assertDenied(String feature, Runnable call) {
		assertThatExceptionOfType(PolarEntitlementDeniedException.class).isThrownBy(call::run)
			.satisfies((ex) -> assertThat(ex.getFeature().name()).isEqualTo(feature));
		entitlements.features.add(feature);
		assertThatNoException().isThrownBy(call::run);
		entitlements.features.remove(feature);
	}

	private void assertStartFails(Class<?> type, String... message) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> context(type).close()).satisfies((ex) -> {
			Throwable cause = (ex instanceof BeanCreationException creation) ? creation.getMostSpecificCause() : ex;
			assertThat(cause).isInstanceOf(PolarConfigurationException.class).hasMessageContainingAll(message);
			assertThat(((PolarConfigurationException) cause).getAction()).endsWith(".");
		});
	}

	@Test
	void methodNeedsItsFeature() {
		try (var context = context(Service.class)) {
			Service service = context.getBean(Service.class);
			assertDenied("export", service::export);
			assertDenied("export", service::packagePrivate);
			assertThat(service.free()).isEqualTo("free");
			assertThat(service.own()).isEqualTo("exported");
		}
	}

	@Test
	void classAppliesToItsMethodsUnlessTheyHaveTheirOwn() {
		try (var context = context(Whole.class)) {
			Whole whole = context.getBean(Whole.class);
			assertDenied("pro", whole::first);
			assertDenied("export", whole::second);
			assertDenied("pro", whole::inherited);
			assertThat(whole.toString()).isEqualTo("whole");
			assertThat(Whole.utility()).isEqualTo("utility");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OfInterface.class, OfInterfaceClass.class, Composed.class, Overriding.class,
			GenericExporter.class })
	void annotationIsFoundWhereSpringFindsIt(Class<? extends Exporter> type) {
		try (var context = context(type)) {
			assertDenied("export", () -> context.getBean(Exporter.class).export());
		}
		this.classProxies = false;
		try (var context = context(type)) {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Exporter.class))).isTrue();
			assertDenied("export", () -> context.getBean(Exporter.class).export());
		}
	}

	@Test
	void unknownIsNotDenied() {
		try (var context = context(Service.class)) {
			entitlements.failure = new PolarEntitlementsUnavailableException(Duration.ofSeconds(5), null);
			assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
				.isThrownBy(context.getBean(Service.class)::export);
		}
	}

	@Test
	void beanWithoutAnnotationIsNotTouched() {
		try (var context = context(Plain.class)) {
			assertThat(AopUtils.isAopProxy(context.getBean(Plain.class))).isFalse();
		}
	}

	@Test
	void checkComesBeforeTransactions() {
		try (var context = context(Ordering.class, Service.class)) {
			assertThatExceptionOfType(PolarEntitlementDeniedException.class)
				.isThrownBy(context.getBean(Service.class)::export);
			assertThat(Ordering.calls).isEmpty();
			entitlements.features.add("export");
			context.getBean(Service.class).export();
			assertThat(Ordering.calls).hasSize(1);
		}
	}

	@Test
	void handlerMethodIsLeftToTheInterceptor() {
		handlersIntercepted = true;
		try (var context = context(Handlers.class, WholeController.class, Exchange.class)) {
			Handlers handlers = context.getBean(Handlers.class);
			assertThat(handlers.http()).isEqualTo("http");
			assertDenied("export", handlers::message);
			assertThat(context.getBean(WholeController.class).http()).isEqualTo("http");
			assertDenied("export", context.getBean(WholeController.class)::message);
			assertThat(context.getBean(WholeController.class).failed()).isEqualTo("failed");
			assertThat(AopUtils.isAopProxy(context.getBean(Exchange.class))).isFalse();
			PolarEntitledAdvisor advisor = context.getBean(PolarEntitledAdvisor.class);
			assertDenied("export", () -> advisor.check(method(Handlers.class, "http"), Handlers.class));
			assertDenied("export", () -> advisor.check(method(WholeController.class, "http"), WholeController.class));
			advisor.check(method(Service.class, "free"), Service.class);
		}
	}

	private static Method method(Class<?> type, String name) {
		return ClassUtils.getMethod(type, name);
	}

	@Test
	void withoutInterceptorHandlerMethodIsAdvised() {
		try (var context = context(Handlers.class, WholeController.class)) {
			assertDenied("export", context.getBean(Handlers.class)::http);
			assertDenied("export", context.getBean(WholeController.class)::http);
			assertThat(context.getBean(WholeController.class).failed()).isEqualTo("failed");
		}
	}

	@Test
	void beanOfAnyScopeIsChecked() {
		try (var context = context(Prototype.class, Scoped.class, LazyService.class, FactoryOfService.class)) {
			assertDenied("export", () -> context.getBean(Prototype.class).export());
			assertDenied("export", () -> context.getBean("scoped", Scoped.class).export());
			assertDenied("export", () -> context.getBean(LazyService.class).export());
			assertDenied("export", () -> ((Service) context.getBean("product")).export());
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { UnknownFeature.class, UnknownFeatureOfController.class, UnknownFeatureOfLazyBean.class })
	void unknownFeatureFailsTheStart(Class<?> type) {
		assertStartFails(type, "There is no feature 'exports' in 'polar.features'. Known features: export, pro.",
				"Required by the @PolarEntitled method " + type.getName() + "#export.");
	}

	@Test
	void methodThatCannotBeCheckedFailsTheStart() {
		assertStartFails(FinalMethod.class, FinalMethod.class.getName() + "#export", "it is final");
		assertStartFails(FinalMethodOfClass.class, FinalMethodOfClass.class.getName() + "#export", "it is final");
		assertStartFails(FinalClass.class, FinalClass.class.getName() + "#export", "its class is final");
		assertStartFails(PrivateMethod.class, "it is private");
		assertStartFails(StaticMethod.class, "it is static");
		assertStartFails(StaticMethodOfLazyBean.class, "it is static");
		assertStartFails(BeanMethod.class, "Spring calls it to create a bean");
		assertStartFails(Ambiguous.class, "More than one @PolarEntitled annotation applies to",
				Ambiguous.class.getName() + "#export");
	}

	@Test
	void methodOutsideOfInterfacesFailsTheStart() {
		this.classProxies = false;
		assertStartFails(NotInInterface.class, NotInInterface.class.getName() + "#other",
				"it is not part of an interface", NotInInterface.class.getSimpleName() + "'");
		try (var context = context(FinalInInterface.class)) {
			assertDenied("export", () -> context.getBean(Exporter.class).export());
		}
	}

	@Test
	void beanThatIsCreatedTooEarlyFailsTheStart() {
		assertStartFails(EarlyUse.class, Service.class.getName() + "#",
				"Spring has not wrapped the bean 'service'. Usually, a BeanPostProcessor depends on it");
	}

	@Test
	void objectThatIsRegisteredFailsTheStart() {
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> context((context) -> context.getBeanFactory().registerSingleton("made", new Service())))
			.withMessageContaining("Spring has not wrapped the bean 'made'");
	}

	@Test
	void withoutAutoProxyCreatorTheStartFails() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Config.class, Service.class);
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(context::refresh)
			.withMessageContaining("has not wrapped");
	}

	@Test
	void withoutCallerTheStartFails() {
		this.caller = null;
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> context(Service.class))
			.withMessageContaining("nothing determines the caller")
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("Declare a CurrentPayer bean."));
		assertThatNoException().isThrownBy(() -> context(Plain.class).close());
	}

	@Test
	void expressionsAskForTheCaller() {
		PolarExpressions polar = new PolarExpressions(() -> entitlements);
		assertThat(polar.entitled("export")).isFalse();
		entitlements.features.add("export");
		assertThat(polar.entitled("export")).isTrue();
		assertThat(polar.limit("forms")).isEqualTo(5);
	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static PolarEntitledAdvisor advisor() {
			Supplier<PolarFeatures> features = () -> new PolarFeatures(List.of(feature("export"), feature("pro")),
					Map.of());
			return new PolarEntitledAdvisor(features, () -> entitlements, handlersIntercepted);
		}

		private static Feature feature(String name) {
			return new Feature(name, Set.of(), Set.of(), null, WhenUnknown.REJECT);
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarEntitled("export")
	@interface ForExport {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@PolarEntitled("")
	@interface For {

		@AliasFor(annotation = PolarEntitled.class, attribute = "value")
		String feature();

	}

	interface Exporter {

		void export();

	}

	static class Service {

		@PolarEntitled("export")
		public String export() {
			return "exported";
		}

		@PolarEntitled("export")
		void packagePrivate() {
		}

		public String free() {
			return "free";
		}

		public String own() {
			return export();
		}

	}

	static class Base {

		public void inherited() {
		}

	}

	@PolarEntitled("pro")
	static class Whole extends Base {

		public void first() {
		}

		@PolarEntitled("export")
		public void second() {
		}

		public static String utility() {
			return "utility";
		}

		@Override
		public String toString() {
			return "whole";
		}

	}

	interface AnnotatedExporter extends Exporter {

		@Override
		@PolarEntitled("export")
		void export();

	}

	static class OfInterface implements AnnotatedExporter {

		@Override
		public void export() {
		}

	}

	@PolarEntitled("export")
	interface AnnotatedInterface extends Exporter {

	}

	static class OfInterfaceClass implements AnnotatedInterface {

		@Override
		public void export() {
		}

	}

	static class Composed implements Exporter {

		@Override
		@For(feature = "export")
		public void export() {
		}

	}

	@PolarEntitled("pro")
	static class Overriding extends Composed implements Exporter {

		@Override
		public void export() {
		}

	}

	interface GenericInterface<T> {

		void export(@Nullable T value);

	}

	static class GenericExporter implements GenericInterface<String>, Exporter {

		@Override
		@PolarEntitled("export")
		public void export(@Nullable String value) {
		}

		@Override
		@ForExport
		public void export() {
		}

	}

	static class Plain implements Exporter {

		@Override
		public void export() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Ordering {

		static final List<String> calls = new ArrayList<>();

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor transaction() {
			calls.clear();
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(
					AnnotationMatchingPointcut.forMethodAnnotation(PolarEntitled.class),
					(MethodInterceptor) (invocation) -> {
						calls.add(invocation.getMethod().getName());
						return invocation.proceed();
					});
			advisor.setOrder(Ordered.LOWEST_PRECEDENCE);
			return advisor;
		}

	}

	@Controller
	static class Handlers {

		@GetMapping("/http")
		@PolarEntitled("export")
		public String http() {
			return "http";
		}

		@MessageMapping("/message")
		@PolarEntitled("export")
		public void message() {
		}

	}

	@Controller
	@PolarEntitled("export")
	static class WholeController {

		@GetMapping("/whole")
		public String http() {
			return "http";
		}

		@MessageMapping("/whole")
		public void message() {
		}

		@ExceptionHandler
		public String failed() {
			return "failed";
		}

	}

	interface ExchangeInterface {

		@GetExchange("/exchange")
		@PolarEntitled("export")
		String exchange();

	}

	@Controller
	static class Exchange implements ExchangeInterface {

		@Override
		public String exchange() {
			return "exchange";
		}

	}

	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class Prototype extends Service {

	}

	@Component("scoped")
	@Scope(scopeName = ConfigurableBeanFactory.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped extends Service {

	}

	@Lazy
	static class LazyService extends Service {

	}

	@Component("product")
	static class FactoryOfService implements FactoryBean<Service> {

		@Override
		public Service getObject() {
			return new Service();
		}

		@Override
		public Class<?> getObjectType() {
			return Service.class;
		}

	}

	static class UnknownFeature {

		@PolarEntitled("exports")
		public void export() {
		}

	}

	@Controller
	static class UnknownFeatureOfController {

		@GetMapping("/")
		@PolarEntitled("exports")
		public void export() {
		}

	}

	@Lazy
	static class UnknownFeatureOfLazyBean {

		@PolarEntitled("exports")
		public void export() {
		}

	}

	static class FinalMethod {

		@PolarEntitled("export")
		public final void export() {
		}

	}

	@PolarEntitled("export")
	static class FinalMethodOfClass {

		public final void export() {
		}

	}

	static final class FinalClass implements Exporter {

		@Override
		@PolarEntitled("export")
		public void export() {
		}

	}

	static class PrivateMethod {

		@PolarEntitled("export")
		private void export() {
		}

	}

	static class StaticMethod {

		@PolarEntitled("export")
		public static void export() {
		}

	}

	@Lazy
	static class StaticMethodOfLazyBean {

		@PolarEntitled("export")
		public static void export() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		@PolarEntitled("export")
		Plain plain() {
			return new Plain();
		}

	}

	static class Ambiguous {

		@PolarEntitled("pro")
		@ForExport
		public void export() {
		}

	}

	static class NotInInterface implements Exporter {

		@Override
		@PolarEntitled("export")
		public void export() {
		}

		@PolarEntitled("export")
		public void other() {
		}

	}

	static class FinalInInterface implements Exporter {

		@Override
		@PolarEntitled("export")
		public final void export() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyUse {

		@Bean
		static Service service() {
			return new Service();
		}

		@Bean
		static EarlyProcessor processor(Service service) {
			return new EarlyProcessor();
		}

	}

	static class EarlyProcessor implements BeanPostProcessor, Ordered {

		@Override
		public int getOrder() {
			return 0;
		}

	}

}
