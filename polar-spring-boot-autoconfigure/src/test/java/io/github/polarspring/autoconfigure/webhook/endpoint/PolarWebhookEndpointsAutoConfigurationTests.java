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

package io.github.polarspring.autoconfigure.webhook.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.RecentCalls;
import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.WebhooksAtPolar;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarWebhookEndpointsAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarWebhookEndpointsAutoConfigurationTests {

	private static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

	private static final String URL = "https://shop.example/webhooks/polar";

	private final WebhooksAtPolar polar = new WebhooksAtPolar();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
				PolarWebhookEndpointsAutoConfiguration.class))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
				"polar.webhook.secret=" + SECRET);

	@AfterEach
	void close() {
		this.polar.close();
	}

	private ConfigurableApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(
				Map.of("polar.access-token", "polar_oat_test", "polar.base-url", this.polar.url().toString(),
						"polar.webhook.secret", SECRET, "polar.checkout.application-url", "https://shop.example/",
						"polar.http.retry.max-attempts", "1", "logging.level.io.github.polarspring", "debug"));
		return application.run(properties);
	}

	@Test
	void endpointThatIsAsItShouldBeIsLogged(CapturedOutput output) {
		this.polar.endpoint(URL, SECRET, "order.created", "order.updated", "order.paid", "order.refunded",
				"benefit.updated", "checkout.updated");
		try (ConfigurableApplicationContext context = start("--spring.main.lazy-initialization=true")) {
			await().untilAsserted(() -> assertThat(output).contains("Polar sends its events to " + URL));
			assertThat(context.getBean(PolarWebhookEndpoints.class).latest()).isPresent();
			assertThat(output).doesNotContain("Webhook endpoint at Polar:").doesNotContain(SECRET);
		}
	}

	@Test
	void findingsAreLogged(CapturedOutput output) {
		this.polar.endpoint(URL, SECRET, "order.paid", "member.created").put("enabled", false);
		try (ConfigurableApplicationContext context = start()) {
			await()
				.untilAsserted(() -> assertThat(output).contains("nothing in the application handles: member.created"));
			assertThat(output).contains("Webhook endpoint at Polar: The endpoint " + URL + " is disabled")
				.contains(
						"The endpoint is not subscribed to benefit.updated, order.created, order.refunded, order.updated")
				.doesNotContain("Polar sends its events to");
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void findingsAreLoggedAgainOnlyWhenTheyChange(CapturedOutput output) {
		ObjectNode endpoint = this.polar.endpoint(URL, SECRET, "order.paid").put("enabled", false);
		this.contextRunner.withPropertyValues("polar.checkout.application-url=https://shop.example").run((context) -> {
			PolarWebhookEndpoints endpoints = context.getBean(PolarWebhookEndpoints.class);
			WebhookEndpointCheck check = repeated(endpoints);
			await().until(() -> calls() >= 6);
			endpoint.put("format", "slack");
			await().untilAsserted(() -> assertThat(output).contains("but an application needs Raw"));
			check.destroy();
		});
		assertThat(output.getAll().split(" is disabled, as Polar does")).hasSize(3);
	}

	@Test
	void missingScopeIsLoggedOnce(CapturedOutput output) {
		this.polar.fail("/endpoints", 403);
		this.contextRunner
			.withPropertyValues("polar.http.retry.max-attempts=1", "logging.level.io.github.polarspring=info")
			.run((context) -> {
				WebhookEndpointCheck check = repeated(context.getBean(PolarWebhookEndpoints.class));
				await().until(() -> calls() >= 4);
				check.destroy();
			});
		assertThat(output.getAll().split("The webhook endpoint at Polar was not checked")).hasSize(2);
		assertThat(output).contains("Add 'webhooks:read'").contains("set 'polar.webhook.check-interval: 0'");
	}

	@Test
	void missingScopeNeitherAffectsTheHealthNorIsAnError(CapturedOutput output) {
		this.polar.fail("/endpoints", 403);
		try (ConfigurableApplicationContext context = start()) {
			await().untilAsserted(() -> assertThat(output).contains("The webhook endpoint at Polar was not checked"));
			assertThat(context.getBean(RecentCalls.class).summary().lastCall()).isNull();
			assertThat(output).doesNotContain("ERROR");
		}
	}

	private static WebhookEndpointCheck repeated(PolarWebhookEndpoints endpoints) {
		WebhookEndpointCheck check = new WebhookEndpointCheck(Duration.ofMillis(1), () -> true, () -> endpoints);
		check.onApplicationEvent(mock(ApplicationReadyEvent.class));
		return check;
	}

	private long calls() {
		return this.polar.requests().size();
	}

	@Test
	void pollingOfAPolarThatDoesNotRespondDelaysNothing() {
		this.polar.hang();
		ConfigurableApplicationContext context = start();
		await().until(() -> !this.polar.requests().isEmpty());
		assertThat(context.isRunning()).isTrue();
		context.close();
		assertThat(this.polar.requests()).hasSize(1);
	}

	@Test
	void nothingIsCheckedIfItIsDisabledOrThereIsNoSecretOrNoToken() {
		for (String property : new String[] { "polar.webhook.check-interval=0", "polar.webhook.secret=",
				"polar.access-token=" }) {
			start("--" + property).close();
		}
		assertThat(this.polar.requests()).isEmpty();
	}

	@Test
	void needsAreThoseOfListenersAndRecorders() {
		this.contextRunner.withUserConfiguration(Application.class)
			.withPropertyValues("polar.checkout.application-url=https://shop.example/app/", "polar.webhook.path=/hook")
			.run((context) -> {
				Needs needs = context.getBean(PolarWebhookEndpoints.class).needs();
				assertThat(needs.types()).containsExactly("benefit.updated", "order.created", "order.paid",
						"order.refunded", "order.updated");
				assertThat(needs.anyType()).isFalse();
				assertThat(needs.url()).isEqualTo("https://shop.example/app/hook");
				assertThat(needs.apiVersion()).isEqualTo("2026-10");
			});
	}

	@Test
	void beanOfTheApplicationReplacesTheBean() {
		PolarWebhookEndpoints own = new PolarWebhookEndpoints(mock(PolarClient.class),
				() -> new Needs(Set.of(), null, "/hook", Set.of(), Set.of(), false, "2026-10"), Clock.systemUTC());
		this.contextRunner.withBean(PolarWebhookEndpoints.class, () -> own)
			.run((context) -> assertThat(context).getBean(PolarWebhookEndpoints.class).isSameAs(own));
	}

	@Test
	void intervalThatIsTooShortFailsTheStart() {
		this.contextRunner.withPropertyValues("polar.webhook.check-interval=10s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.webhook.check-interval"));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
			PolarWebhookEndpointsAutoConfiguration.class })
	static class Application {

		@PolarEventListener
		void orders(PolarEvent<Order> event) {
			throw new IllegalStateException("There are no events");
		}

		@Bean
		static PolarEventRecorder recorder() {
			return new PolarEventRecorder() {

				@Override
				public void record(PolarEvent<?> event) {
					throw new IllegalStateException("There are no events");
				}

				@Override
				public Set<String> types() {
					return Set.of("benefit.updated");
				}

				@Override
				public boolean uses(String type) {
					return type.startsWith("benefit.");
				}

			};
		}

	}

}
