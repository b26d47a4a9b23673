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
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.ComplimentaryAccess;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.testsupport.MutableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what operators and support see of entitlements, over HTTP.
 */
class PolarEntitlementActuatorAutoConfigurationTests {

	private static final String ALICE = "alice/1@example.com";

	private static final String SUBSCRIPTION = "5a1e0000-0000-4000-8000-000000000001";

	private static final String CUSTOMER = "a11ce000-0000-4000-8000-000000000000";

	private static final String EXPORT = "be4ef170-0000-4000-8000-000000000001";

	private static final MutableClock clock = new MutableClock();

	private static volatile boolean down;

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	private void start(String... properties) {
		down = false;
		this.application = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "polar.features.export.benefits=" + EXPORT,
					"polar.features.sso.products=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
					"polar.entitlements.defaults.forms=3", "spring.datasource.generate-unique-name=true",
					"management.endpoint.health.show-details=always", "management.endpoints.web.exposure.include=*",
					"logging.level.root=warn")
			.run(properties);
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	private HttpResponse<String> send(String method, String path, String body)
			throws IOException, InterruptedException {
		String port = this.application.getEnvironment().getProperty("local.server.port");
		return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private String report(String body) throws IOException, InterruptedException {
		HttpResponse<String> response = send("POST", "/actuator/polarentitlements", body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.body();
	}

	private String health() throws IOException, InterruptedException {
		return send("GET", "/actuator/health/polarEntitlements", "").body();
	}

	private Map<String, Double> counts(String name, String tag) {
		Map<String, Double> counts = new TreeMap<>();
		this.application.getBean(MeterRegistry.class).find(name).functionCounters().forEach((counter) -> {
			assertThat(counter.getId().getTags()).hasSize(1);
			counts.put(counter.getId().getTag(tag), counter.count());
		});
		return counts;
	}

	@Test
	void reportSaysWhyAUserHasAFeature() throws Exception {
		start();
		String report = report("{\"externalId\":\"" + ALICE + "\"}");
		assertThat(report).contains("\"source\":\"POLAR\"", "\"readAt\":\"" + clock.instant() + "\"",
				"\"age\":\"PT0S\"",
				"\"export\":{\"granted\":true,\"basis\":\"BENEFIT\",\"purchaseId\":\"" + SUBSCRIPTION
						+ "\",\"benefitId\":\"" + EXPORT + "\",\"proof\":\"METADATA\"}",
				"\"sso\":{\"granted\":false,\"basis\":\"NONE\"", "\"limits\":{\"forms\":3}", "\"unproven\":[]");
		assertThat(report).doesNotContain("alice");
		clock.advance(Duration.ofSeconds(90));
		assertThat(report("{\"externalId\":\"" + ALICE + "\"}")).contains("\"age\":\"PT1M30S\"");
	}

	@Test
	void reportOfAUserWithoutPurchasesContainsNoGrantedFeature() throws Exception {
		start();
		assertThat(report("{\"externalId\":\"bob\"}")).contains("\"source\":\"POLAR\"",
				"\"export\":{\"granted\":false,\"basis\":\"NONE\"");
	}

	@Test
	void reportOfAMemberContainsWhatTheApplicationGrantsToTheMember() throws Exception {
		start();
		assertThat(report("{\"externalId\":\"team\",\"memberId\":\"staff\"}"))
			.contains("\"sso\":{\"granted\":true,\"basis\":\"COMPLIMENTARY\"");
		assertThat(report("{\"externalId\":\"team\",\"memberId\":\"carol\"}"))
			.contains("\"sso\":{\"granted\":false,\"basis\":\"NONE\"");
	}

	@Test
	void reportWhileNothingIsKnownSaysSo() throws Exception {
		start();
		down = true;
		assertThat(report("{\"externalId\":\"" + ALICE + "\"}")).contains("\"source\":\"NONE\"",
				"\"export\":{\"granted\":false,\"basis\":\"UNKNOWN\"");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void idThatNoUserCanHaveIsRejected(CapturedOutput output) throws Exception {
		start();
		for (String body : List.of("", "{}", "[]", "{\"externalId\":\"secret-id", "{\"externalId\":null}",
				"{\"externalId\":\" \"}", "{\"externalId\":\" secret-id\"}", "{\"externalId\":\"secret-id\\u0007\"}",
				"{\"externalId\":\"team\",\"memberId\":\"secret-id\\u0007\"}")) {
			HttpResponse<String> response = send("POST", "/actuator/polarentitlements", body);
			assertThat(response.statusCode()).as(body).isEqualTo(400);
			assertThat(response.body()).as(body).doesNotContain("secret-id");
		}
		assertThat(output).contains("JSON parse error").doesNotContain("secret-id");
	}

	@Test
	void idIsNotAcceptedInThePath() throws Exception {
		start();
		assertThat(send("GET", "/actuator/polarentitlements/alice", "").statusCode()).isEqualTo(404);
		assertThat(send("GET", "/actuator/polarentitlements?externalId=alice", "").statusCode()).isIn(404, 405);
	}

	@Test
	void countersTellSourcesAndDecisions() {
		start();
		PolarEntitlements entitlements = this.application.getBean(PolarEntitlements.class);
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		assertThat(entitlements.of(ALICE).has("sso")).isFalse();
		down = true;
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements.of("bob").has("export"));
		clock.advance(Duration.ofMinutes(6));
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		assertThat(counts("polar.entitlements.reads", "source"))
			.isEqualTo(Map.of("memory", 2.0, "database", 0.0, "polar", 1.0, "stale", 1.0, "none", 1.0));
		assertThat(counts("polar.entitlements.checks", "decision"))
			.isEqualTo(Map.of("granted", 3.0, "denied", 1.0, "unknown", 1.0));
	}

	@Test
	void healthSaysSinceWhenStatesAreOld() throws Exception {
		start();
		PolarEntitlements entitlements = this.application.getBean(PolarEntitlements.class);
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		assertThat(health()).isEqualTo("{\"status\":\"UP\"}");
		down = true;
		clock.advance(Duration.ofMinutes(6));
		String since = clock.instant().toString();
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		for (String user : List.of("bob", "carol")) {
			assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
				.isThrownBy(() -> entitlements.of(user).has("export"));
		}
		clock.advance(Duration.ofMinutes(6));
		assertThat(health()).contains("\"status\":\"UP\"", "\"unavailableSince\":\"" + since + "\"", "\"serving\":")
			.doesNotContain("alice", "bob");
		down = false;
		assertThat(entitlements.of(ALICE).has("export")).isTrue();
		assertThat(health()).isEqualTo("{\"status\":\"UP\"}");
	}

	@Test
	void applicationWithoutFeaturesHasNeitherHealthNorCounters() {
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(HealthIndicator.class)).isEmpty();
			MeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(EntitlementMetrics.class).bindTo(registry);
			assertThat(registry.getMeters()).isEmpty();
		});
		runner().withPropertyValues("polar.entitlements.defaults.forms=3")
			.run((context) -> assertThat(context).hasSingleBean(EntitlementHealthIndicator.class));
	}

	@Test
	void nothingOfItNeedsTheActuator() {
		WebApplicationContextRunner runner = runner().withPropertyValues("polar.features.export.benefits=" + EXPORT);
		runner.withClassLoader(new FilteredClassLoader("io.micrometer.core", "org.springframework.boot.actuate"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(PolarEntitlementsEndpoint.class)
					.doesNotHaveBean(EntitlementMetrics.class);
			});
		runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(EntitlementHealthIndicator.class);
		});
		for (String name : List.of("polarEntitlements", "polar-entitlements", "polarentitlements")) {
			runner.withPropertyValues("management.health." + name + ".enabled=false")
				.run((context) -> assertThat(context).doesNotHaveBean(EntitlementHealthIndicator.class));
		}
	}

	@Test
	void endpointExistsOnlyIfItIsExposed() {
		runner().run((context) -> assertThat(context).doesNotHaveBean(PolarEntitlementsEndpoint.class));
		runner().withPropertyValues("management.endpoints.web.exposure.include=polarentitlements")
			.run((context) -> assertThat(context).hasSingleBean(PolarEntitlementsEndpoint.class));
	}

	private static WebApplicationContextRunner runner() {
		return new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class,
				PolarEntitlementAutoConfiguration.class, PolarEntitlementActuatorAutoConfiguration.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
			SecurityFilterAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
			ManagementWebSecurityAutoConfiguration.class })
	static class Application {

		@Bean
		Clock clock() {
			return clock;
		}

		@Bean
		ComplimentaryAccess staff() {
			return (identity, feature) -> identity.memberId().equals("staff");
		}

		@Bean
		PolarClient polar() {
			return PolarClient.builder()
				.accessToken("polar_oat_test")
				.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
				.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

					@Override
					protected ClientHttpResponse executeInternal() {
						return down ? new MockClientHttpResponse(new byte[0], 503)
								: new MockClientHttpResponse(page(uri).getBytes(StandardCharsets.UTF_8), 200);
					}

				})
				.build();
		}

		private static String page(URI uri) {
			String query = URLDecoder.decode(uri.getRawQuery(), StandardCharsets.UTF_8);
			String item = "";
			if (uri.getPath().equals("/v1/subscriptions/")
					&& query.contains("metadata[external_customer_id]=" + ALICE)) {
				item = """
						{"id":"%s","status":"active","customer_id":"%s",\
						"product_id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","metadata":{"external_customer_id":"%s"},\
						"customer":{"id":"%s","external_id":"%s","email":"alice@example.com"}}"""
					.formatted(SUBSCRIPTION, CUSTOMER, ALICE, CUSTOMER, ALICE);
			}
			else if (uri.getPath().equals("/v1/benefit-grants/")) {
				item = """
						{"id":"96a47000-0000-4000-8000-000000000001","customer_id":"%s","subscription_id":"%s",\
						"benefit_id":"%s","is_granted":true,"is_revoked":false}""".formatted(CUSTOMER, SUBSCRIPTION,
						EXPORT);
			}
			return "{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}".formatted(item);
		}

	}

}
