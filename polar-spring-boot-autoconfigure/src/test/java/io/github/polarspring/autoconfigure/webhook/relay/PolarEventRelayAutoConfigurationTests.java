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

package io.github.polarspring.autoconfigure.webhook.relay;

import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventMetadata;
import io.github.polarspring.webhook.WebhooksAtPolar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolarEventRelayAutoConfiguration}. That events arrive is tested with
 * the fake, which serves the stream.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarEventRelayAutoConfigurationTests {

	private static final UUID ORGANIZATION = UUID.fromString("c17a3a86-8ae9-49b3-adca-2da2d1864ab4");

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(PolarAutoConfiguration.class,
			PolarWebhookAutoConfiguration.class, PolarEventRelayAutoConfiguration.class);

	private final WebhooksAtPolar polar = new WebhooksAtPolar();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
				"polar.webhook.listen=true", "polar.http.retry.max-attempts=1");

	@AfterEach
	void close() {
		this.polar.close();
	}

	@Test
	void relayIsOffByDefault() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(EventRelayLifecycle.class));
	}

	@Test
	void productionFailsTheStart() {
		for (String token : new String[] { "polar_oat_test", "" }) {
			new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
				.withPropertyValues("polar.webhook.listen=true", "polar.access-token=" + token)
				.run((context) -> assertThat(context).getFailure()
					.isInstanceOf(PolarConfigurationException.class)
					.hasMessageContaining("only in the sandbox"));
		}
	}

	@Test
	void missingTokenIsLogged(CapturedOutput output) {
		this.contextRunner.withPropertyValues("polar.access-token=").run((context) -> {
			assertThat(context.getBean(EventRelayLifecycle.class).isRunning()).isFalse();
			assertThat(output).contains("not relayed, because 'polar.access-token' is not set");
		});
	}

	@Test
	void organizationIsThatOfAProduct(CapturedOutput output) {
		this.polar.resource("/v1/products/",
				"{\"id\":\"1\",\"created_at\":\"2026-11-01T00:00:00Z\",\"organization_id\":\"%s\"}"
					.formatted(ORGANIZATION));
		this.contextRunner.run((context) -> {
			await().untilAsserted(() -> assertThat(output).contains("has changed its event stream"));
			assertThat(this.polar.requests()).contains("GET /v1/cli/listen/" + ORGANIZATION);
		});
	}

	@Test
	void configuredOrganizationIsNotRead() {
		this.contextRunner.withPropertyValues("polar.organization-id=" + ORGANIZATION)
			.run((context) -> await().untilAsserted(
					() -> assertThat(this.polar.requests()).containsExactly("GET /v1/cli/listen/" + ORGANIZATION)));
	}

	@Test
	void organizationThatIsNotKnownIsLoggedWithWhatToDo(CapturedOutput output) {
		this.contextRunner.run((context) -> await()
			.untilAsserted(() -> assertThat(output).contains("it has no products. Set 'polar.organization-id'")));
	}

	@Test
	void missingScopeForProductsIsLoggedWithWhatToDo(CapturedOutput output) {
		this.polar.fail("/products", 403);
		this.contextRunner.run((context) -> await().untilAsserted(
				() -> assertThat(output).contains("lacks the scope 'products:read'. Set 'polar.organization-id'")));
	}

	@Test
	void unreadableOrganizationDoesNotEndTheRelay(CapturedOutput output) {
		this.polar.resource("/v1/products/",
				"{\"id\":\"1\",\"created_at\":\"2026-11-01T00:00:00Z\",\"organization_id\":\"\"}");
		this.contextRunner.run((context) -> {
			await().untilAsserted(() -> assertThat(output).contains("not relayed at present"));
			await().until(() -> this.polar.requests().size() >= 2);
		});
	}

	@Test
	void contextThatIsStoppedAndStartedListensAgain() {
		this.contextRunner.withPropertyValues("polar.organization-id=" + ORGANIZATION).run((context) -> {
			await().until(() -> this.polar.requests().size() == 1);
			context.getSourceApplicationContext().stop();
			assertThat(context.getBean(EventRelayLifecycle.class).isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			await().until(() -> this.polar.requests().size() == 2);
		});
	}

	@Test
	void thereIsNoWarningAboutTheSecret(CapturedOutput output) {
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withBean(Listener.class)
			.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
					"polar.webhook.listen=true", "polar.organization-id=" + ORGANIZATION)
			.run((context) -> assertThat(output).doesNotContain("the webhook endpoint is disabled"));
	}

	static class Listener {

		@PolarEventListener("order.paid")
		void paid(PolarEventMetadata event) {
			throw new IllegalStateException("There are no events");
		}

	}

}
