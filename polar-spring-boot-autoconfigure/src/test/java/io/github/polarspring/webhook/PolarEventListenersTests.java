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

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.web.filter.ServerHttpObservationFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarEventListener} methods, and for what the configuration of
 * webhooks rejects.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarEventListenersTests {

	private static final List<String> heard = new ArrayList<>();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
				RestClientAutoConfiguration.class))
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET);

	@BeforeEach
	void forget() {
		heard.clear();
	}

	private static Receipt accept(ApplicationContext context, String id, String type) {
		return context.getBean(PolarWebhookInbox.class)
			.accept(PolarEvent.read(id, "{\"type\":\"%s\",\"data\":{\"description\":\"x\"}}".formatted(type)
				.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void listenerHearsWhatItAsksFor() {
		this.runner.withBean(Listeners.class).run((context) -> {
			assertThat(accept(context, "1", "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("first", "all:order.paid", "json:order.paid", "metadata:order.paid",
					"object:order.paid", "order:order.paid", "payload:x", "types:order.paid");
			heard.clear();
			accept(context, "2", "order.refunded");
			assertThat(heard).containsExactly("all:order.refunded", "json:order.refunded", "metadata:order.refunded",
					"object:order.refunded", "order:order.refunded", "payload:x");
			heard.clear();
			accept(context, "3", "subscription.revoked");
			assertThat(heard).contains("types:subscription.revoked").doesNotContain("payload:x");
			heard.clear();
			accept(context, "4", "novel.thing");
			assertThat(heard).containsExactly("all:novel.thing", "json:novel.thing", "metadata:novel.thing",
					"object:novel.thing");
		});
	}

	/**
	 * By an inbox of the application's own.
	 */
	@Test
	void allAreCalledAndTheFirstFailureIsThrown() {
		this.runner.withBean(Throwing.class).run((context) -> {
			PolarEventListeners listeners = context.getBean(PolarEventListeners.class);
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> listeners.handle(
						PolarEvent.read("1", "{\"type\":\"order.paid\",\"data\":{}}".getBytes(StandardCharsets.UTF_8))))
				.withMessage("first");
			assertThat(heard).containsExactly("first", "second", "third");
			assertThatIllegalStateException()
				.isThrownBy(() -> listeners.handle(PolarEvent.read("2",
						"{\"type\":\"order.refunded\",\"data\":{}}".getBytes(StandardCharsets.UTF_8))))
				.withCauseInstanceOf(StackOverflowError.class);
			listeners.handle(
					PolarEvent.read("3", "{\"type\":\"novel.thing\",\"data\":{}}".getBytes(StandardCharsets.UTF_8)));
		});
	}

	@Test
	void listenerOfAnyBeanIsFoundAndCreatedWhenItIsNeeded() {
		this.runner.withUserConfiguration(Beans.class).run((context) -> {
			assertThat(heard).isEmpty();
			accept(context, "1", "customer.created");
			assertThat(heard).containsExactlyInAnyOrder("created:lazy", "lazy", "prototype", "scoped", "interface",
					"proxied", "inherited");
		});
	}

	@ParameterizedTest
	@CsvSource({ "AsyncMethod,is @Async", "AsyncClass,is @Async", "Future,returns CompletableFuture",
			"Text,which is not a payload", "TwoPayloads,two payloads", "WrongPayload,listens to 'order.paid'",
			"WrongEvent,but has a parameter of type Subscription" })
	void listenerThatBreaksThePromiseFailsTheStart(String type, String reason) throws Exception {
		Class<?> listener = Class.forName(getClass().getName() + "$" + type);
		this.runner.withBean(listener)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining(listener.getName() + "#heard")
				.hasMessageContaining(reason));
	}

	@Test
	void lazyListenerBehindAProxyIsCalledThroughTheProxy() {
		this.runner.withUserConfiguration(LazyProxies.class).run((context) -> {
			accept(context, "1", "customer.created");
			assertThat(heard).containsExactlyInAnyOrder("advised", "interface", "advised", "class");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { FinalListener.class, PrivateListener.class })
	void listenerThatAProxyCannotCallIsNotCalledWithoutIt(Class<?> type) {
		this.runner
			.withInitializer((context) -> ((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition(
					"listener", BeanDefinitionBuilder.rootBeanDefinition(type).setLazyInit(true).getBeanDefinition()))
			.withUserConfiguration(ClassProxies.class)
			.run((context) -> {
				assertThatExceptionOfType(PolarConfigurationException.class)
					.isThrownBy(() -> accept(context, "1", "customer.created"))
					.withMessageContaining("cannot be called on the proxy of its bean")
					.satisfies((ex) -> assertThat(ex.getAction()).contains("Remove the modifiers private and final"));
				assertThat(heard).isEmpty();
			});
	}

	@Test
	void payloadIsReadAsTheListenerWantsIt() {
		this.runner.withBean(AsJson.class).run((context) -> {
			accept(context, "1", "order.paid");
			accept(context, "2", "order.disputed");
			assertThat(heard).containsExactly("json:x", "new:x", "newEvent:x");
		});
	}

	@Test
	void mismatchIsReportedThoughAListenerFails(CapturedOutput output) {
		this.runner.withBean(MismatchListener.class).run((context) -> {
			PolarEvent<?> event = PolarEvent.read("1", """
					{"type":"order.paid","data":{"metadata":{"external_customer_id":"alice@example.com"},
					"customer":{"external_id":"mallory@example.com"}}}""".getBytes(StandardCharsets.UTF_8));
			for (int i = 0; i < 2; i++) {
				assertThatIllegalStateException()
					.isThrownBy(() -> context.getBean(PolarWebhookInbox.class).accept(event));
			}
			assertThat(heard).containsExactly("mismatch");
			assertThat(output)
				.contains("is not the customer to whom Polar attributes the purchase",
						"A listener to the application event PolarIdentityMismatch")
				.doesNotContain("@example.com");
			assertThat(PolarEventMetadata.of(event).toString()).doesNotContain("@example.com");
		});
	}

	@Test
	void typeThatDoesNotExistIsWarnedOf(CapturedOutput output) {
		this.runner.withBean(Typo.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("Typo#heard listens to 'order.payed', which is not a type of Polar's events",
					"See PolarEventTypes");
		});
	}

	/**
	 * Such as a test of a slice. Spring itself knows nothing of the annotation, so it
	 * neither rejects such a method nor calls it for an application event.
	 */
	@Test
	void listenerIsAnOrdinaryMethodWhereNothingLooksForIt() {
		new ApplicationContextRunner().withBean(Listeners.class).run((context) -> {
			context.publishEvent(
					PolarEvent.read("1", "{\"type\":\"order.paid\",\"data\":{}}".getBytes(StandardCharsets.UTF_8)));
			assertThat(heard).isEmpty();
		});
	}

	@Test
	void listenerOfTheParentContextIsCalledOnce() {
		new ApplicationContextRunner().withBean(Throwing.class)
			.run((parent) -> this.runner.withParent(parent).run((context) -> {
				accept(context, "1", "customer.created");
				assertThat(heard).isEmpty();
				assertThatExceptionOfType(IllegalArgumentException.class)
					.isThrownBy(() -> accept(context, "2", "order.paid"));
				assertThat(heard).containsExactly("first", "second", "third");
			}));
	}

	@Test
	void eventThatComesBeforeTheApplicationHasStartedIsHeard() {
		this.runner.withBean(Listeners.class)
			.withUserConfiguration(EarlyConsumer.class)
			.run((context) -> assertThat(heard).contains("payload:x"));
	}

	@Test
	void failureKeepsTheOthersFromNothing() {
		this.runner.withBean(Failing.class).run((context) -> {
			assertThatIllegalStateException().isThrownBy(() -> accept(context, "1", "order.paid"));
			assertThat(heard).containsExactly("failing", "working");
			assertThatIllegalStateException().isThrownBy(() -> accept(context, "1", "order.paid"));
			assertThat(heard).containsExactly("failing", "working", "failing");
			assertThatIllegalStateException().isThrownBy(() -> accept(context, "2", "order.paid"));
			assertThat(heard).hasSize(5);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "short", "whsec_", "whsec_c2hvcnQ=" })
	void secretThatKeepsNoOneOutFailsTheStart(String secret) {
		for (String property : List.of("polar.webhook.secret=", "polar.webhook.secrets[0]=")) {
			this.runner.withPropertyValues(property + secret)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(PolarConfigurationException.class)
					.hasMessageStartingWith("'polar.webhook.secret")
					.hasMessageNotContaining("short")
					.hasMessageNotContaining("c2hvcnQ"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "6f0c1f523f0a4c6e9d5b0a7c2f1e8b34", "6F0C1F52-3F0A-4c6e-9d5b-0a7c2f1e8b34",
			"whsec_6f0c1f523f0a4c6e9d5b0a7c2f1e8b34" })
	void publicSecretOfTheCommandLineFailsTheStartInProduction(String secret) {
		WebApplicationContextRunner commandLine = this.runner.withPropertyValues("polar.webhook.secret=" + secret);
		commandLine.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("therefore public")
			.hasMessageNotContaining("1f52"));
		commandLine.withPropertyValues("polar.environment=sandbox")
			.run((context) -> assertThat(context).hasNotFailed());
		commandLine.withPropertyValues("polar.base-url=http://localhost:1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "path,webhooks", "path,/", "path,/webhooks/*", "path,/webhooks/", "path,/a?b", "path,/{x}",
			"path,/../hook", "path,/a/./b", "path,/error", "tolerance,0s", "tolerance,-1s", "tolerance,2h",
			"max-body-size,0B", "max-body-size,2TB" })
	void settingThatCannotBeFailsTheStart(String property, String value) {
		this.runner.withPropertyValues("polar.webhook." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.webhook." + property));
	}

	@Test
	void secretMayBeMissingUntilItIsNeeded() {
		this.runner.withPropertyValues("polar.webhook.secret=").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("polarWebhookFilter", FilterRegistrationBean.class).isEnabled()).isFalse();
		});
		this.runner.withPropertyValues("polar.webhook.secret= " + Signed.SECRET + "\n").run((context) -> {
			assertThat(context.getBean("polarWebhookFilter", FilterRegistrationBean.class).isEnabled()).isTrue();
			assertThat(context).hasSingleBean(PolarWebhookVerifier.class);
		});
	}

	@Test
	void everythingCanBeReplaced() {
		PolarWebhookInbox inbox = (event) -> Receipt.LATER;
		this.runner.withBean(PolarWebhookInbox.class, () -> inbox)
			.run((context) -> assertThat(context.getBean(PolarWebhookInbox.class)).isSameAs(inbox));
	}

	@Test
	void applicationsWithoutServletsHaveAReceiver() {
		AutoConfigurations configurations = AutoConfigurations.of(PolarAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, RestClientAutoConfiguration.class);
		new ApplicationContextRunner().withConfiguration(configurations)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("polarWebhookFilter"));
		new ApplicationContextRunner().withConfiguration(configurations)
			.withBean(Listeners.class)
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.run(PolarEventListenersTests::assertReceives);
		new ReactiveWebApplicationContextRunner().withConfiguration(configurations)
			.withBean(Listeners.class)
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.run(PolarEventListenersTests::assertReceives);
		this.runner.withClassLoader(new FilteredClassLoader(ServerHttpObservationFilter.class))
			.withBean(Listeners.class)
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.run(PolarEventListenersTests::assertReceives);
	}

	private static void assertReceives(ApplicationContext context) {
		assertThat(context.containsBean("polarWebhookFilter")).isFalse();
		heard.clear();
		String body = "{\"type\":\"order.paid\",\"data\":{\"status\":\"paid\"}}";
		PolarWebhookReceiver receiver = context.getBean(PolarWebhookReceiver.class);
		assertThat(receiver.receive(Signed.of(Signed.SECRET, "1", body).httpHeaders(), body.getBytes()))
			.isEqualTo(PolarWebhookReceipt.ACCEPTED);
		assertThat(heard).isNotEmpty();
		assertThat(receiver.receive(Signed.of("another secret of at least 32 characters", "1", body).httpHeaders(),
				body.getBytes()))
			.isEqualTo(PolarWebhookReceipt.REJECTED);
	}

	@Test
	void receiverWithoutASecretSaysWhatIsMissing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class))
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> context.getBean(PolarWebhookReceiver.class))
				.withRootCauseInstanceOf(PolarConfigurationException.class)
				.withStackTraceContaining("Secret for Polar's webhooks is not configured"));
	}

	static class Throwing {

		@PolarEventListener("order.paid")
		@org.springframework.core.annotation.Order(1)
		void first() {
			heard.add("first");
			throw new IllegalArgumentException("first");
		}

		@PolarEventListener({ "order.paid", "order.refunded" })
		@org.springframework.core.annotation.Order(2)
		void second() {
			heard.add("second");
			throw new StackOverflowError();
		}

		@PolarEventListener("order.paid")
		@org.springframework.core.annotation.Order(3)
		void third() {
			heard.add("third");
		}

	}

	static class Listeners {

		@PolarEventListener
		void all(PolarEvent<?> event) {
			heard.add("all:" + event.type());
		}

		@PolarEventListener
		void json(JsonNode payload, PolarEventMetadata metadata) {
			assertThat(payload.isObject()).isTrue();
			heard.add("json:" + metadata.type());
		}

		@PolarEventListener
		void metadata(PolarEventMetadata metadata) {
			heard.add("metadata:" + metadata.type());
		}

		@PolarEventListener
		void object(PolarEvent<Object> event) {
			heard.add("object:" + event.type());
		}

		@PolarEventListener
		void order(PolarEvent<Order> event) {
			heard.add("order:" + event.type());
		}

		@PolarEventListener
		void payload(Order order) {
			heard.add("payload:" + order.description());
		}

		@PolarEventListener({ PolarEventTypes.ORDER_PAID, PolarEventTypes.SUBSCRIPTION_REVOKED })
		void types(PolarEvent<?> event) {
			heard.add("types:" + event.type());
		}

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		@org.springframework.core.annotation.Order(1)
		private void first() {
			heard.add("first");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		@Lazy
		LazyListener lazyListener() {
			heard.add("created:lazy");
			return new LazyListener();
		}

		@Bean
		@Scope("prototype")
		Named prototypeListener() {
			return new Named("prototype");
		}

		@Bean
		@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Scoped scopedListener() {
			return new Scoped();
		}

		@Bean
		Listening interfaceProxy() {
			return (Listening) new ProxyFactory(new ListeningBean()).getProxy();
		}

		@Bean
		Proxied classProxy() {
			ProxyFactory factory = new ProxyFactory(new Proxied());
			factory.setProxyTargetClass(true);
			return (Proxied) factory.getProxy();
		}

		@Bean
		Child child() {
			return new Child();
		}

	}

	static class LazyListener {

		@PolarEventListener("customer.created")
		void created(Customer customer) {
			heard.add("lazy");
		}

	}

	record Named(String name) {

		@PolarEventListener("customer.created")
		void created() {
			heard.add(this.name);
		}

	}

	static class Scoped {

		@PolarEventListener("customer.created")
		public void created() {
			heard.add("scoped");
		}

	}

	interface Listening {

		@PolarEventListener("customer.created")
		void created(PolarEvent<Customer> event);

	}

	static class ListeningBean implements Listening {

		@Override
		public void created(PolarEvent<Customer> event) {
			heard.add("interface");
		}

	}

	static class Proxied {

		@PolarEventListener("customer.created")
		public void created() {
			heard.add("proxied");
		}

	}

	abstract static class Parent<T> {

		@PolarEventListener("customer.created")
		void created(PolarEvent<T> event) {
			heard.add("inherited");
		}

	}

	static class Child extends Parent<Customer> {

	}

	static class AsyncMethod {

		@Async
		@PolarEventListener
		void heard(Order order) {
		}

	}

	@Async
	static class AsyncClass {

		@PolarEventListener
		void heard(Order order) {
		}

	}

	static class Future {

		@PolarEventListener
		CompletableFuture<Void> heard(Order order) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class Text {

		@PolarEventListener
		void heard(String order) {
		}

	}

	static class TwoPayloads {

		@PolarEventListener
		void heard(Order order, PolarEvent<Subscription> event) {
		}

	}

	static class WrongPayload {

		@PolarEventListener("order.paid")
		void heard(CheckoutSession session) {
		}

	}

	static class WrongEvent {

		@PolarEventListener("order.paid")
		void heard(PolarEvent<Subscription> event) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyProxies {

		@Bean
		static BeanNameAutoProxyCreator interfaceProxies() {
			return creator("lazyInterface", false);
		}

		@Bean
		static BeanNameAutoProxyCreator classProxies() {
			return creator("lazyClass", true);
		}

		private static BeanNameAutoProxyCreator creator(String bean, boolean classes) {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames(bean);
			creator.setProxyTargetClass(classes);
			creator.setInterceptorNames("advice");
			return creator;
		}

		@Bean
		MethodInterceptor advice() {
			return (invocation) -> {
				heard.add("advised");
				return invocation.proceed();
			};
		}

		@Bean
		@Lazy
		ListeningBean lazyInterface() {
			return new ListeningBean();
		}

		@Bean
		@Lazy
		WithField lazyClass() {
			return new WithField("class");
		}

	}

	static class WithField {

		private final String name;

		WithField(String name) {
			this.name = name;
		}

		@PolarEventListener("customer.created")
		void created() {
			heard.add(this.name);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClassProxies {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return LazyProxies.creator("listener", true);
		}

		@Bean
		MethodInterceptor advice() {
			return MethodInvocation::proceed;
		}

	}

	static class FinalListener {

		@PolarEventListener("customer.created")
		final void created() {
			heard.add("final");
		}

	}

	static class PrivateListener {

		@PolarEventListener("customer.created")
		private void created() {
			heard.add("private");
		}

	}

	static class AsJson {

		@PolarEventListener("order.paid")
		void json(PolarEvent<JsonNode> event) {
			heard.add("json:" + event.data().get("description").asString());
		}

		@PolarEventListener("order.disputed")
		void newType(Order order) {
			heard.add("new:" + order.description());
		}

		@PolarEventListener("order.disputed")
		void newTypeEvent(PolarEvent<Order> event) {
			heard.add("newEvent:" + event.data().description());
		}

	}

	static class MismatchListener {

		@PolarEventListener
		void paid(PolarEvent<Order> event) {
			throw new IllegalStateException("not known");
		}

		@EventListener
		void mismatch(PolarIdentityMismatch mismatch) {
			heard.add("mismatch");
			throw new IllegalStateException("support is out");
		}

	}

	static class Typo {

		@PolarEventListener("order.payed")
		void heard(Order order) {
		}

	}

	static class EarlyConsumer {

		EarlyConsumer(ApplicationContext context) {
			accept(context, "1", "order.paid");
		}

	}

	static class Failing {

		@PolarEventListener
		@org.springframework.core.annotation.Order(1)
		void failing(Order order) {
			heard.add("failing");
			throw new IllegalStateException();
		}

		@PolarEventListener
		@org.springframework.core.annotation.Order(2)
		void working(Order order) {
			heard.add("working");
		}

	}

}
