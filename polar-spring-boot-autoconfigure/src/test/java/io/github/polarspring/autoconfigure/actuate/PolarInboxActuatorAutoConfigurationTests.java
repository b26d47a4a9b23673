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
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventMetadata;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanPostProcessor;
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
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an operator sees of the inbox, over HTTP.
 */
class PolarInboxActuatorAutoConfigurationTests {

	private static final Set<String> broken = ConcurrentHashMap.newKeySet();

	private static final AtomicInteger connections = new AtomicInteger();

	private static volatile boolean down;

	private static final String DATA = """
			{"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","created_at":"2026-08-22T09:31:40.301877Z","status":"paid",\
			"paid":true,"total_amount":2900,"currency":"usd","billing_reason":"purchase","description":"A diary",\
			"customer_id":"a11ce000-0000-4000-8000-000000000000","client_secret":"polar_c_secret","items":[{"label":"x"}],\
			"metadata":{"external_customer_id":"alice@example.com","phone":4512345},"discount":null,"subscription_id":null,\
			"customer":{"id":"a11ce000-0000-4000-8000-000000000000","external_id":"alice@example.com",\
			"email":"alice@example.com","name":"Alice","status":"Alice Street 5"},"ip_address":"81.2.69.142",\
			"note_id":"alice@example.com","customer_external_id":"e0e0e0e0-0000-4000-8000-000000000000","seen_at":"at the shop"}""";

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	private void start(String... properties) {
		broken.clear();
		down = false;
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class).properties("server.port=0",
				"polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=jdbc",
				"polar.webhook.jdbc.poll-interval=10ms", "polar.webhook.jdbc.hold-for=0",
				"spring.datasource.generate-unique-name=true", "management.endpoint.health.show-details=always",
				"management.endpoints.web.exposure.include=*", "logging.level.root=warn");
		this.application = builder.run(properties);
	}

	@AfterEach
	void stop() {
		this.application.close();
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

	private void accept(String id) {
		this.application.getBean(PolarWebhookInbox.class)
			.accept(PolarEvent.read(id,
					"{\"type\":\"order.paid\",\"data\":%s}".formatted(DATA).getBytes(StandardCharsets.UTF_8)));
	}

	private void park(String id) {
		broken.add(id);
		accept(id);
		await(() -> this.application.getBean(PolarDeadLetters.class).find(id).isPresent());
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	@Test
	void deadLetterIsListedInspectedAndPutBack() throws Exception {
		start("--management.endpoint.polar.access=unrestricted");
		accept("fine");
		assertThat(get("/actuator/polar")).contains("\"pending\":0", "\"deadLetterCount\":0", "\"deadLetters\":[]");
		park("one");
		park("two");
		String list = get("/actuator/polar");
		assertThat(list).contains("\"deadLetterCount\":2", "\"id\":\"one\"", "\"type\":\"order.paid\"",
				"\"attempts\":1", "Listeners#paid: java.lang.IllegalStateException");
		assertThat(list).doesNotContain("alice", "Alice", "a11ce000");
		String details = get("/actuator/polar/one");
		assertThat(details).contains("\"type\":\"order.paid\"", "\"buyer\":\"Known\"",
				"\"payload\":{\"id\":\"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4\",\"status\":\"paid\","
						+ "\"customer_id\":\"a11ce000-0000-4000-8000-000000000000\"}");
		assertThat(details).doesNotContain("alice", "Alice", "81.2.69.142", "polar_c_secret", "4512345", "diary",
				"e0e0e0e0", "the shop");
		assertThat(send("GET", "/actuator/polar/fine").statusCode()).isEqualTo(404);
		assertThat(send("POST", "/actuator/polar/fine").body()).isEqualTo("{\"requeued\":0}");
		this.application.getBean(JdbcClient.class)
			.sql("UPDATE polar_webhook_event SET body = X'7b' WHERE id = 'two'")
			.update();
		assertThat(get("/actuator/polar/two")).contains("\"id\":\"two\"", "\"payload\":null");
		broken.clear();
		HttpResponse<String> requeued = send("POST", "/actuator/polar/one");
		assertThat(requeued.statusCode()).isEqualTo(200);
		assertThat(requeued.body()).isEqualTo("{\"requeued\":1}");
		assertThat(send("POST", "/actuator/polar").body()).isEqualTo("{\"requeued\":1}");
		await(() -> this.application.getBean(PolarDeadLetters.class).find("one").isEmpty());
	}

	@Test
	void nothingIsPutBackUnlessAccessIsGranted() throws Exception {
		start();
		park("one");
		broken.clear();
		assertThat(send("POST", "/actuator/polar/one").statusCode()).isIn(404, 405);
		assertThat(send("POST", "/actuator/polar").statusCode()).isIn(404, 405);
		assertThat(get("/actuator/polar")).contains("\"deadLetterCount\":1");
	}

	@Test
	void healthIsDegradedAndTheApplicationStaysInService() throws Exception {
		start();
		accept("fine");
		assertThat(get("/actuator/health/polarInbox")).contains("\"status\":\"UP\"", "\"deadLetters\":0");
		park("one");
		assertThat(get("/actuator/health/polarInbox")).contains("\"status\":\"DEGRADED\"", "\"deadLetters\":1");
		assertThat(get("/actuator/health")).startsWith("{\"components\"").contains("\"status\":\"UP\"");
	}

	@Test
	void inboxThatLagsIsDegraded() throws Exception {
		start("--polar.webhook.jdbc.hold-for=1h");
		broken.add("one");
		accept("one");
		assertThat(get("/actuator/health/polarInbox")).contains("\"status\":\"UP\"", "\"blockedCustomers\":1");
		this.application.getBean(JdbcClient.class)
			.sql("UPDATE polar_webhook_event SET failing_since = failing_since - 61000, due_at = due_at + 60000")
			.update();
		assertThat(get("/actuator/health/polarInbox")).contains("\"status\":\"DEGRADED\"", "\"pending\":1",
				"\"oldestAge\":\"PT1M");
	}

	@Test
	void gaugesTellTheBacklog() {
		start();
		park("one");
		MeterRegistry registry = this.application.getBean(MeterRegistry.class);
		assertThat(registry.get("polar.inbox.dead.letters").gauge().value()).isEqualTo(1);
		assertThat(registry.get("polar.inbox.pending").gauge().value()).isZero();
		assertThat(registry.get("polar.inbox.blocked.customers").gauge().value()).isZero();
		assertThat(registry.get("polar.inbox.oldest.age").timeGauge().value(TimeUnit.SECONDS)).isZero();
		assertThat(registry.getMeters()).filteredOn((meter) -> meter.getId().getName().startsWith("polar.inbox"))
			.hasSize(4)
			.allSatisfy((meter) -> assertThat(meter.getId().getTags()).isEmpty());
	}

	@Test
	void databaseThatIsDownIsAskedOncePerScrape() {
		start();
		MeterRegistry registry = this.application.getBean(MeterRegistry.class);
		connections.set(0);
		down = true;
		for (String name : new String[] { "pending", "blocked.customers", "dead.letters" }) {
			assertThat(registry.get("polar.inbox." + name).gauge().value()).isNaN();
		}
		assertThat(connections).hasValue(1);
	}

	@Test
	void directInboxHasNothingToShow() throws Exception {
		start("--polar.webhook.inbox=direct");
		assertThat(get("/actuator/polar")).isEqualTo("{\"deadLetters\":[]}");
		assertThat(send("GET", "/actuator/polar/one").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/health/polarInbox")).isEqualTo("{\"status\":\"UP\"}");
		assertThat(this.application.getBean(MeterRegistry.class).find("polar.inbox.pending").gauge()).isNull();
	}

	@Test
	void nothingOfItNeedsTheActuator() {
		this.application = new SpringApplicationBuilder(Object.class)
			.web(org.springframework.boot.WebApplicationType.NONE)
			.properties("logging.level.root=warn")
			.run();
		WebApplicationContextRunner runner = new WebApplicationContextRunner()
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.withConfiguration(org.springframework.boot.autoconfigure.AutoConfigurations.of(
					io.github.polarspring.autoconfigure.PolarAutoConfiguration.class,
					io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration.class,
					PolarInboxActuatorAutoConfiguration.class));
		runner.withClassLoader(new FilteredClassLoader("io.micrometer.core", "org.springframework.boot.actuate"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(PolarEndpoint.class).doesNotHaveBean(InboxMetrics.class);
			});
		runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(InboxHealthIndicator.class);
		});
		for (String name : List.of("polarInbox", "polar-inbox", "polarinbox")) {
			runner.withPropertyValues("management.health." + name + ".enabled=false")
				.run((context) -> assertThat(context).doesNotHaveBean(InboxHealthIndicator.class));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
			SecurityFilterAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
			ManagementWebSecurityAutoConfiguration.class })
	@Import(Listeners.class)
	static class Application {

		@Bean
		static BeanPostProcessor outage() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof DataSource dataSource) ? new CountingDataSource(dataSource) : bean;
				}

			};
		}

	}

	static class CountingDataSource extends DelegatingDataSource {

		CountingDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (down) {
				boolean scraped = !Thread.currentThread().getName().startsWith("polar-inbox");
				connections.addAndGet(scraped ? 1 : 0);
				throw new SQLException("The database is down", "08001");
			}
			return super.getConnection();
		}

	}

	static class Listeners {

		@PolarEventListener("order.paid")
		void paid(PolarEventMetadata event) {
			if (broken.contains(event.id())) {
				throw new IllegalStateException("alice@example.com is not known");
			}
		}

	}

}
