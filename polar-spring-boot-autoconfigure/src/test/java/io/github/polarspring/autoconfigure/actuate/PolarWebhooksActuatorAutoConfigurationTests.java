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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.catchup.PolarCatchUpAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.endpoint.PolarWebhookEndpointsAutoConfiguration;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventMetadata;
import io.github.polarspring.webhook.WebhooksAtPolar;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolarWebhooksActuatorAutoConfiguration}, over HTTP.
 */
class PolarWebhooksActuatorAutoConfigurationTests {

	private static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

	private final WebhooksAtPolar polar = new WebhooksAtPolar();

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	private void start(String... properties) {
		this.application = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
					"polar.webhook.secret=" + SECRET, "polar.webhook.inbox=jdbc", "polar.http.retry.max-attempts=1",
					"spring.datasource.generate-unique-name=true", "management.endpoint.health.show-details=always",
					"management.endpoints.web.exposure.include=*",
					"management.endpoint.polarwebhooks.access=unrestricted", "logging.level.root=warn")
			.run(properties);
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.polar.close();
	}

	@Test
	void endpointIsComparedAndRepaired() throws Exception {
		this.polar.endpoint("https://shop.example/webhooks/polar", SECRET).put("enabled", false);
		start();
		HttpResponse<String> checked = send("GET", "/actuator/polarwebhooks", "");
		assertThat(checked.statusCode()).isEqualTo(200);
		assertThat(json(checked).at("/endpoint/findings/0/kind").asString()).isEqualTo("DISABLED");
		assertThat(json(checked).at("/endpoint/findings/1/kind").asString()).isEqualTo("MISSING_TYPES");
		assertThat(json(checked).at("/endpoint/healthy").asBoolean()).isFalse();
		assertThat(checked.body()).doesNotContain("whsec_");
		assertThat(json(send("GET", "/actuator/health/polarWebhooks", "")).path("status").asString())
			.isEqualTo("DEGRADED");
		HttpResponse<String> repaired = send("POST", "/actuator/polarwebhooks/repair", "");
		assertThat(json(repaired).at("/endpoint/findings").isEmpty()).isTrue();
		HttpResponse<String> health = send("GET", "/actuator/health/polarWebhooks", "");
		assertThat(json(health).path("status").asString()).isEqualTo("UP");
		assertThat(health.body()).doesNotContain("whsec_");
	}

	@Test
	void failureOfPolarIsShown() throws Exception {
		this.polar.fail("/endpoints", 403);
		start();
		assertThat(json(send("GET", "/actuator/polarwebhooks", "")).path("problem").asString())
			.contains("Add 'webhooks:read'");
		assertThat(json(send("GET", "/actuator/health/polarWebhooks", "")).path("status").asString())
			.isEqualTo("UNKNOWN");
	}

	@Test
	void missedEventsAreCaughtUpOn() throws Exception {
		ObjectNode endpoint = this.polar.endpoint("https://shop.example/webhooks/polar", SECRET, "order.paid");
		String id = UUID.randomUUID().toString();
		this.polar.delivery(endpoint, id, Instant.now().minus(Duration.ofHours(1)),
				"{\"type\":\"order.paid\",\"timestamp\":\"2026-11-30T10:00:00Z\",\"data\":{\"id\":\"1\"}}", false);
		start();
		assertThat(json(send("GET", "/actuator/polarwebhooks/catch-up", "")).path("state").asString())
			.isEqualTo("IDLE");
		String since = "{\"since\":\"" + Instant.now().minus(Duration.ofDays(1)) + "\"";
		send("POST", "/actuator/polarwebhooks/catch-up", since + ",\"dryrun\":false}");
		JsonNode preview = ended();
		assertThat(preview.at("/report/dryRun").asBoolean()).isTrue();
		assertThat(preview.at("/report/recovered/order.paid").asInt()).isOne();
		assertThat(stored()).isEmpty();
		send("POST", "/actuator/polarwebhooks/catch-up", since + ",\"dryRun\":false}");
		assertThat(ended().at("/report/complete").asBoolean()).isTrue();
		assertThat(stored()).containsExactly(id);
	}

	private JsonNode ended() {
		return await().atMost(Duration.ofSeconds(30))
			.until(() -> json(send("GET", "/actuator/polarwebhooks/catch-up", "")),
					(status) -> status.path("state").asString().equals("IDLE"));
	}

	private List<String> stored() {
		return this.application.getBean(JdbcClient.class)
			.sql("SELECT id FROM polar_webhook_event")
			.query(String.class)
			.list();
	}

	@Test
	void otherOperationsAndTimesInTheFutureAreRejected() throws Exception {
		start();
		assertThat(send("POST", "/actuator/polarwebhooks/other", "").statusCode()).isEqualTo(400);
		assertThat(send("GET", "/actuator/polarwebhooks/other", "").statusCode()).isEqualTo(404);
		assertThat(
				send("POST", "/actuator/polarwebhooks/catch-up", "{\"since\":\"2100-01-01T00:00:00Z\"}").statusCode())
			.isEqualTo(400);
		assertThat(send("POST", "/actuator/polarwebhooks/catch-up", "{\"since\":\"yesterday\"}").statusCode())
			.isEqualTo(400);
	}

	@Test
	void nothingIsChangedByDefault() throws Exception {
		this.polar.endpoint("https://shop.example/webhooks/polar", SECRET).put("enabled", false);
		start("--management.endpoint.polarwebhooks.access=read-only");
		assertThat(send("POST", "/actuator/polarwebhooks/repair", "").statusCode()).isEqualTo(405);
		assertThat(this.polar.requests()).noneMatch((request) -> request.startsWith("PATCH"));
	}

	@Test
	void missingTableIsNamed() throws Exception {
		start("--polar.webhook.jdbc.initialize-schema=never",
				"--spring.sql.init.schema-locations=" + "classpath:io/github/polarspring/webhook/jdbc/schema-h2.sql");
		for (String method : List.of("GET", "POST")) {
			HttpResponse<String> response = send(method, "/actuator/polarwebhooks/catch-up", "");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(json(response).path("problem").asString())
				.contains("io/github/polarspring/webhook/catchup/schema-h2.sql");
		}
	}

	@Test
	void tableIsCreatedForTheFirstRunOnly() {
		start();
		JdbcClient jdbc = this.application.getBean(JdbcClient.class);
		String count = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'POLAR_CATCH_UP'";
		assertThat(jdbc.sql(count).query(Integer.class).single()).isZero();
		this.application.getBean(PolarCatchUp.class);
		assertThat(jdbc.sql(count).query(Integer.class).single()).isOne();
	}

	@Test
	void nothingOfItNeedsTheActuatorOrAToken() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withPropertyValues("polar.webhook.secret=" + SECRET)
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
					PolarWebhookEndpointsAutoConfiguration.class, PolarCatchUpAutoConfiguration.class,
					PolarWebhooksActuatorAutoConfiguration.class));
		runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(PolarWebhookEndpoints.class)
				.doesNotHaveBean(PolarWebhooksEndpoint.class));
		runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebhooksHealthIndicator.class));
		runner
			.run((context) -> assertThat(context.getBean(WebhooksHealthIndicator.class).health().getStatus().getCode())
				.isEqualTo("UNKNOWN"));
		runner.withPropertyValues("management.health.polarwebhooks.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebhooksHealthIndicator.class));
	}

	private HttpResponse<String> send(String method, String path, String body)
			throws IOException, InterruptedException {
		String port = this.application.getEnvironment().getProperty("local.server.port");
		return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
			SecurityFilterAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
			ManagementWebSecurityAutoConfiguration.class })
	static class Application {

		@PolarEventListener("order.paid")
		void paid(PolarEventMetadata event) {
			assertThat(event.type()).isEqualTo("order.paid");
		}

	}

}
