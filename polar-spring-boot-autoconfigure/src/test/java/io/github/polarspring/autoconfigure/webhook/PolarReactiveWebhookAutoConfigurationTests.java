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

package io.github.polarspring.autoconfigure.webhook;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarJdbcEntitlementAutoConfiguration;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarReactiveWebhookAutoConfiguration}, and for webhooks in
 * applications without servlets.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarReactiveWebhookAutoConfigurationTests {

	private static final String BODY = "{\"type\":\"order.paid\",\"data\":{}}";

	private static final String DISABLED = "There are @PolarEventListener methods, but the webhook endpoint is disabled";

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(PolarAutoConfiguration.class,
			PolarWebhookAutoConfiguration.class, PolarReactiveWebhookAutoConfiguration.class,
			PolarJdbcInboxAutoConfiguration.class, PolarEntitlementAutoConfiguration.class,
			PolarJdbcEntitlementAutoConfiguration.class, TransactionAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner withoutSecret = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	private final ReactiveWebApplicationContextRunner runner = this.withoutSecret
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET);

	private static MockServerWebExchange webhook() {
		return MockServerWebExchange.from(MockServerHttpRequest.post("/webhooks/polar")
			.headers(Signed.of(Signed.SECRET, "1", BODY).httpHeaders())
			.body(BODY));
	}

	@Test
	void endpointRunsBeforeSpringSecurity() {
		this.runner
			.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class,
					ReactiveWebSecurityAutoConfiguration.class, ReactiveUserDetailsServiceAutoConfiguration.class))
			.run((context) -> {
				List<WebFilter> filters = context.getBeanProvider(WebFilter.class).orderedStream().toList();
				assertThat(filters).hasAtLeastOneElementOfType(WebFilterChainProxy.class);
				assertThat(filters.get(0)).isSameAs(context.getBean("polarWebhookWebFilter"));
			});
	}

	@Test
	void endpointHasThePathAndTheLimitsOfTheProperties() {
		this.runner.withPropertyValues("polar.webhook.path=/webhooks/polar", "polar.webhook.max-body-size=10B")
			.run((context) -> {
				MockServerWebExchange exchange = webhook();
				context.getBean("polarWebhookWebFilter", WebFilter.class)
					.filter(exchange, (unexpected) -> Mono.error(new AssertionError("The chain must not be called")))
					.block();
				assertThat(exchange.getResponse().getStatusCode().value()).isEqualTo(413);
			});
		this.runner.withPropertyValues("polar.webhook.path=/other")
			.run((context) -> assertThat(passesOn(context.getBean("polarWebhookWebFilter", WebFilter.class))).isTrue());
	}

	@Test
	void withoutASecretThePathBelongsToTheApplication() {
		this.withoutSecret.run((context) -> {
			assertThat(passesOn(context.getBean("polarWebhookWebFilter", WebFilter.class))).isTrue();
			HttpHandler handler = (request, response) -> Mono.empty();
			assertThat(context.getBean("polarWebhookTraceDecorator", HttpHandlerDecoratorFactory.class).apply(handler))
				.isSameAs(handler);
		});
	}

	private static boolean passesOn(WebFilter filter) {
		MockServerWebExchange exchange = webhook();
		filter.filter(exchange, (same) -> Mono.fromRunnable(() -> same.getAttributes().put("passed", true))).block();
		return exchange.getAttributeOrDefault("passed", false);
	}

	@Test
	void secretThatCanBeGuessedFailsTheStart() {
		this.withoutSecret.withPropertyValues("polar.webhook.secret=short")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'polar.webhook.secret' is wrong"));
	}

	@Test
	void beansCanBeReplaced() {
		WebFilter filter = (exchange, chain) -> chain.filter(exchange);
		HttpHandlerDecoratorFactory decorator = (handler) -> handler;
		this.runner.withBean("polarWebhookWebFilter", WebFilter.class, () -> filter)
			.withBean("polarWebhookTraceDecorator", HttpHandlerDecoratorFactory.class, () -> decorator)
			.run((context) -> {
				assertThat(context.getBean(WebFilter.class)).isSameAs(filter);
				assertThat(context.getBean(HttpHandlerDecoratorFactory.class)).isSameAs(decorator);
			});
	}

	@Test
	void servletApplicationsHaveOnlyTheirOwnEndpoint() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("polarWebhookFilter")
				.doesNotHaveBean(WebFilter.class));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listenersWithoutASecretAreWarnedOfInWebApplications(boolean web, CapturedOutput output) {
		AbstractApplicationContextRunner<?, ?, ?> application = web ? this.withoutSecret
				: new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS);
		application.withBean(Listeners.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString().contains(DISABLED)).isEqualTo(web);
	}

	@Test
	void handlerMethodWithThePathOfTheEndpointIsWarnedOf(CapturedOutput output) {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(WebFluxAutoConfiguration.class, HttpHandlerAutoConfiguration.class))
			.withBean(Shadowed.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output)
			.contains("Shadowed#mine is never called: its path /webhooks/polar is the path of the endpoint")
			.doesNotContain("Shadowed#other");
	}

	@ParameterizedTest
	@CsvSource({ "true,direct", "true,jdbc", "false,direct", "false,jdbc" })
	void inboxesAndRecordersNeedNoServlets(boolean web, String inbox) {
		AbstractApplicationContextRunner<?, ?, ?> application = web ? this.withoutSecret
				: new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS);
		application.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class))
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=" + inbox,
					"spring.datasource.generate-unique-name=true")
			.withBean(Listeners.class)
			.withBean("recorder", PolarEventRecorder.class, Recorder::new)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("polarEntitlementRecorder");
				assertThat(context.getBean(PolarWebhookInbox.class) instanceof JdbcWebhookInbox)
					.isEqualTo(inbox.equals("jdbc"));
				assertThat(receive(context, web)).isEqualTo(PolarWebhookReceipt.ACCEPTED.status());
				assertThat(context.getBean(Recorder.class).recorded).containsExactly("order.paid");
				assertThat(context.getBean(Listeners.class).heard).containsExactly("order.paid");
			});
	}

	private static int receive(ApplicationContext context, boolean web) {
		if (web) {
			MockServerWebExchange exchange = webhook();
			context.getBean("polarWebhookWebFilter", WebFilter.class).filter(exchange, (same) -> Mono.empty()).block();
			return exchange.getResponse().getStatusCode().value();
		}
		return context.getBean(PolarWebhookReceiver.class)
			.receive(Signed.of(Signed.SECRET, "1", BODY).httpHeaders(), BODY.getBytes(StandardCharsets.UTF_8))
			.status();
	}

	static class Listeners {

		private final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@PolarEventListener("order.paid")
		void paid(PolarEvent<?> event) {
			this.heard.add(event.type());
		}

	}

	static class Recorder implements PolarEventRecorder {

		private final Queue<String> recorded = new ConcurrentLinkedQueue<>();

		@Override
		public void record(PolarEvent<?> event) {
			this.recorded.add(event.type());
		}

	}

	@RestController
	static class Shadowed {

		@PostMapping("/webhooks/polar")
		void mine() {
		}

		@PostMapping("/webhooks/polar/{id}")
		void other() {
		}

	}

}
