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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.usage.PolarUsageAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.usage.UsageEvent;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarUsageActuatorAutoConfiguration}, over HTTP.
 */
class PolarUsageActuatorAutoConfigurationTests {

	private final UsageAtPolar polar = new UsageAtPolar();

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	private void start(String... properties) {
		this.application = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
					"polar.usage.outbox=jdbc", "polar.usage.poll-interval=10ms",
					"spring.datasource.generate-unique-name=true", "management.endpoint.health.show-details=always",
					"management.endpoints.web.exposure.include=*", "logging.level.root=warn")
			.run(properties);
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		this.polar.close();
	}

	private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
		String port = this.application.getEnvironment().getProperty("local.server.port");
		return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.noBody())
			.build(), BodyHandlers.ofString());
	}

	private String get(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = send("GET", path);
		assertThat(response.statusCode()).as(path).isEqualTo(200);
		return response.body();
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	private void recordInvalid(String key) {
		PolarUsageDeadLetters deadLetters = this.application.getBean(PolarUsageDeadLetters.class);
		int before = deadLetters.list(100).size();
		this.application.getBean(PolarUsage.class)
			.record(UsageEvent.builder(UsageAtPolar.INVALID).metadata("note", "secret-note").key(key).build());
		await(() -> deadLetters.list(100).size() > before);
	}

	@Test
	void deadLetterIsListedRequeuedAndDiscarded() throws Exception {
		start("--management.endpoint.polarusage.access=unrestricted");
		assertThat(get("/actuator/polarusage")).isEqualTo("{\"deadLetters\":[]}");
		recordInvalid("one");
		recordInvalid("two");
		recordInvalid("three");
		String list = get("/actuator/polarusage");
		assertThat(list).contains("\"pending\":0", "\"deadLetterCount\":3", "\"name\":\"invalid\"", "422");
		assertThat(list).doesNotContain("alice", "secret-note");
		List<PolarUsageDeadLetters.DeadLetter> letters = this.application.getBean(PolarUsageDeadLetters.class).list(10);
		this.polar.acceptInvalid();
		assertThat(send("DELETE", "/actuator/polarusage/" + letters.get(0).id()).body()).isEqualTo("{\"discarded\":1}");
		assertThat(send("DELETE", "/actuator/polarusage/" + letters.get(0).id()).body()).isEqualTo("{\"discarded\":0}");
		assertThat(send("POST", "/actuator/polarusage/" + letters.get(1).id()).body()).isEqualTo("{\"requeued\":1}");
		assertThat(send("POST", "/actuator/polarusage").body()).isEqualTo("{\"requeued\":1}");
		await(() -> this.polar.events().size() == 2);
	}

	@Test
	void nothingIsChangedUnlessAccessIsGranted() throws Exception {
		start();
		recordInvalid("one");
		assertThat(send("POST", "/actuator/polarusage").statusCode()).isIn(404, 405);
		assertThat(send("DELETE", "/actuator/polarusage/one").statusCode()).isIn(404, 405);
		assertThat(get("/actuator/polarusage")).contains("\"deadLetterCount\":1");
	}

	@Test
	void healthIsDegradedByADeadLetter() throws Exception {
		start();
		assertThat(get("/actuator/health/polarUsage")).isEqualTo("{\"status\":\"UP\"}");
		recordInvalid("one");
		assertThat(get("/actuator/health/polarUsage")).contains("\"status\":\"DEGRADED\"", "\"deadLetters\":1");
		assertThat(get("/actuator/health")).startsWith("{\"components\"").contains("\"status\":\"UP\"");
	}

	@Test
	void healthIsDegradedByEventsThatWait() throws Exception {
		this.polar.behave(Behavior.UNAVAILABLE);
		start();
		this.application.getBean(PolarUsage.class).record("export", Map.of());
		assertThat(get("/actuator/health/polarUsage")).contains("\"status\":\"UP\"", "\"pending\":1");
		this.application.getBean(JdbcClient.class)
			.sql("UPDATE polar_usage_event SET changed_at = changed_at - 61000")
			.update();
		assertThat(get("/actuator/health/polarUsage")).contains("\"status\":\"DEGRADED\"", "\"oldestAge\":\"PT1M");
	}

	@Test
	void metersTellWhatWaitsAndWhatWasSent() {
		start();
		this.application.getBean(PolarUsage.class).record("export", Map.of());
		recordInvalid("one");
		await(() -> this.polar.events().size() == 1);
		MeterRegistry registry = this.application.getBean(MeterRegistry.class);
		assertThat(registry.get("polar.usage.dead.letters").gauge().value()).isEqualTo(1);
		await(() -> registry.get("polar.usage.sent").functionCounter().count() == 1);
		assertThat(registry.get("polar.usage.pending").gauge().value()).isZero();
		assertThat(registry.get("polar.usage.oldest.age").timeGauge().value(TimeUnit.SECONDS)).isZero();
		assertThat(registry.getMeters()).filteredOn((meter) -> meter.getId().getName().startsWith("polar.usage"))
			.hasSize(4)
			.allSatisfy((meter) -> assertThat(meter.getId().getTags()).isEmpty());
	}

	@Test
	void gaugesAreZeroWithoutUsage() {
		start();
		MeterRegistry registry = this.application.getBean(MeterRegistry.class);
		assertThat(registry.get("polar.usage.pending").gauge().value()).isZero();
		assertThat(registry.get("polar.usage.sent").functionCounter().count()).isZero();
	}

	@Test
	void nothingOfItNeedsTheActuator() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
					PolarUsageActuatorAutoConfiguration.class));
		runner.withClassLoader(new FilteredClassLoader("io.micrometer.core", "org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PolarUsageEndpoint.class)
				.doesNotHaveBean(UsageMetrics.class));
		runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(UsageHealthIndicator.class));
		for (String name : List.of("polarUsage", "polar-usage", "polarusage")) {
			runner.withPropertyValues("management.health." + name + ".enabled=false")
				.run((context) -> assertThat(context).doesNotHaveBean(UsageHealthIndicator.class));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
			SecurityFilterAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
			ManagementWebSecurityAutoConfiguration.class })
	static class Application {

		@Bean
		CurrentPayer currentPayer() {
			return () -> PolarIdentity.of("alice");
		}

	}

}
