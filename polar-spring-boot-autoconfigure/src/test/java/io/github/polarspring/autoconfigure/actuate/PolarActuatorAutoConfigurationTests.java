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

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.PolarException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.RecentCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarActuatorAutoConfiguration}.
 */
class PolarActuatorAutoConfigurationTests {

	private static final UUID SESSION = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private final AtomicInteger status = new AtomicInteger(200);

	private final AtomicInteger calls = new AtomicInteger();

	private final MovableClock clock = new MovableClock();

	private HttpServer polar;

	private ApplicationContextRunner runner;

	@BeforeEach
	void start() throws Exception {
		this.polar = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		this.polar.createContext("/", (exchange) -> {
			try (exchange) {
				this.calls.incrementAndGet();
				byte[] body = ((this.status.get() < 300)
						? "{\"id\":\"" + SESSION
								+ "\",\"status\":\"open\",\"url\":\"https://polar.sh/checkout/polar_c_x\"}"
						: "{\"error\":\"Some\",\"detail\":\"text\"}")
					.getBytes();
				exchange.getResponseHeaders().set("Polar-Version", "2026-10");
				exchange.sendResponseHeaders(this.status.get(), body.length);
				exchange.getResponseBody().write(body);
			}
		});
		this.polar.start();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarAutoConfiguration.class, PolarActuatorAutoConfiguration.class))
			.withBean(RecentCalls.class, () -> new RecentCalls(this.clock))
			.withPropertyValues("polar.access-token=polar_oat_test12345678", "polar.http.retry.max-attempts=1",
					"polar.base-url=http://127.0.0.1:" + this.polar.getAddress().getPort());
	}

	@AfterEach
	void stop() {
		this.polar.stop(0);
	}

	private static Health health(ApplicationContext context) {
		return context.getBean("polarHealthContributor", HealthIndicator.class).health();
	}

	private void call(ApplicationContext context, int status) {
		this.status.set(status);
		if (status < 400) {
			context.getBean(PolarCheckoutOperations.class).get(SESSION);
		}
		else {
			assertThatExceptionOfType(PolarException.class)
				.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class).get(SESSION));
		}
	}

	@Test
	void healthIsUnknownBeforeTheFirstCallAndCallsNothing() {
		this.runner.run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(context.getBeanFactory().containsSingleton("polarClient")).isFalse();
			assertThat(this.calls).hasValue(0);
		});
	}

	@Test
	void healthNeedsNoToken() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarAutoConfiguration.class, PolarActuatorAutoConfiguration.class))
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN));
	}

	@Test
	void healthIsDegradedByAFailureAndRecovers() {
		this.runner.run((context) -> {
			call(context, 200);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			this.clock.move(Duration.ofSeconds(10));
			call(context, 503);
			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			assertThat(health(context).getDetails()).containsEntry("calls", 2)
				.containsEntry("failures", Map.of("server_error", 1))
				.containsEntry("lastFailure", "server_error")
				.containsEntry("lastFailureAt", "2026-11-01T10:00:10Z");
			// one in two, one in nine
			for (int i = 0; i < 7; i++) {
				call(context, 200);
			}
			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			call(context, 200);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsEntry("lastFailure", "server_error");
			assertThat(this.calls).hasValue(10);
		});
	}

	@Test
	void oldFailureSaysNothing() {
		this.runner.run((context) -> {
			call(context, 500);
			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			this.clock.move(Duration.ofMinutes(6));
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health(context).getDetails()).containsEntry("calls", 0)
				.containsEntry("lastFailure", "server_error");
			call(context, 200);
			this.clock.move(Duration.ofHours(6));
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void failureThatDoesNotPassByItselfStaysUntilACallSucceeds() {
		this.runner.run((context) -> {
			call(context, 401);
			this.clock.move(Duration.ofHours(6));
			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			call(context, 200);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void singleFailureAmongManyIsNoneAndSeveralInARowAre() {
		this.runner.run((context) -> {
			for (int i = 0; i < 40; i++) {
				call(context, 200);
			}
			call(context, 500);
			call(context, 500);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			call(context, 500);
			assertThat(health(context).getStatus().getCode()).isEqualTo("DEGRADED");
			call(context, 200);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@ParameterizedTest
	@CsvSource({ "400", "404", "409", "410", "422" })
	void rejectionOfARequestDoesNotDegrade(int status) {
		this.runner.run((context) -> {
			call(context, status);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@ParameterizedTest
	@CsvSource({ "401,unauthorized", "403,rejected", "429,rate_limited", "500,server_error", "302,unusable" })
	void kindOfFailureIsReported(int status, String kind) {
		this.runner.run((context) -> {
			this.status.set(status);
			assertThatExceptionOfType(PolarException.class)
				.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class).get(SESSION));
			if (status == 403) {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			}
			else {
				assertThat(health(context).getDetails()).containsEntry("lastFailure", kind);
			}
		});
	}

	@Test
	void unreachablePolarIsReported() {
		this.runner.withPropertyValues("polar.base-url=http://127.0.0.1:1").run((context) -> {
			assertThatExceptionOfType(PolarException.class)
				.isThrownBy(() -> context.getBean(PolarCheckoutOperations.class).get(SESSION));
			assertThat(health(context).getDetails()).containsEntry("lastFailure", "unreachable");
		});
	}

	@Test
	void infoNamesEnvironmentAndVersion() {
		this.runner
			.withPropertyValues("polar.base-url=", "polar.environment=sandbox",
					"polar.webhook.secret=" + "x".repeat(40))
			.withPropertyValues("management.info.polar.enabled=true")
			.run((context) -> {
				Info.Builder builder = new Info.Builder();
				context.getBean(PolarInfoContributor.class).contribute(builder);
				assertThat(builder.build().getDetails())
					.containsExactly(Map.entry("polar", Map.of("environment", "sandbox", "apiVersion", "2026-10")));
			});
	}

	@Test
	void infoIsThereWhenTheConnectionDetailsCannotBeAsked() {
		PolarConnectionDetails sealed = new PolarConnectionDetails() {

			@Override
			public URI getBaseUrl() {
				throw new IllegalStateException("the vault is sealed");
			}

			@Override
			public String getAccessToken() {
				throw new IllegalStateException("the vault is sealed");
			}

		};
		this.runner.withBean(PolarConnectionDetails.class, () -> sealed).run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(PolarInfoContributor.class).contribute(builder);
			assertThat(builder.build().getDetails()).containsEntry("polar",
					Map.of("environment", "unknown", "apiVersion", "2026-10"));
		});
	}

	@ParameterizedTest
	@CsvSource({ "polar.access-token", "polar.accessToken", "POLAR_ACCESS_TOKEN", "POLAR_ACCESSTOKEN",
			"polar.access_token", "polar.webhook.secret", "POLAR_WEBHOOK_SECRET", "polar.webhook.secrets[0]",
			"POLAR_WEBHOOK_SECRETS_0", "polar.webhook.secrets" })
	void secretIsHiddenUnderEverySpelling(String key) {
		this.runner.run((context) -> assertThat(shown(context, key, "anything")).isEqualTo("******"));
	}

	@ParameterizedTest
	@CsvSource({ "VAULT_TOKEN,polar_oat_test12345678",
			"sun.java.command,shop.jar --polar.access-token=polar_oat_test12345678",
			"JAVA_TOOL_OPTIONS,-Dpolar.webhook.secret=0123456789abcdef0123456789abcdef0",
			"SPRING_APPLICATION_JSON,'{\"polar\":{\"access-token\":\"polar_oat_test12345678\"}}'",
			"a,polar_oat_otherTokenOfPolar", "b,polar_cst_abcdefgh12", "c,polar_at_o_abcdefgh12",
			"d,whsec_c2VjcmV0IQ==", "e,0123456789abcdef0123456789abcdef1" })
	void secretIsHiddenWhateverHoldsIt(String key, String value) {
		this.runner
			.withPropertyValues("polar.webhook.secret=0123456789abcdef0123456789abcdef0",
					"polar.webhook.secrets=0123456789abcdef0123456789abcdef1")
			.run((context) -> assertThat(shown(context, key, value)).isEqualTo("******"));
	}

	@ParameterizedTest
	@CsvSource({ "polar.environment,sandbox", "polar.products.pro,b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710",
			"my.access-token,polar opposite", "logging.file.name,/var/log/polar_sandbox_application.log",
			"table,polar_webhook_event_attempts", "polar.webhook.path,/webhooks/polar" })
	void restIsShown(String key, String value) {
		this.runner.run((context) -> assertThat(shown(context, key, value)).isEqualTo(value));
	}

	private static Object shown(ApplicationContext context, String key, String value) {
		return context.getBean(SanitizingFunction.class)
			.applyUnlessFiltered(new SanitizableData(null, key, value))
			.getValue();
	}

	@Test
	void ownHealthComesFirst() {
		HealthIndicator own = () -> Health.up().build();
		this.runner.withBean("polarHealthIndicator", HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context.getBeansOfType(HealthIndicator.class).values()).containsExactly(own));
	}

	@Test
	void healthAndInfoCanBeTurnedOff() {
		this.runner.withPropertyValues("management.health.polar.enabled=false", "management.info.polar.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(HealthIndicator.class)
				.doesNotHaveBean(InfoContributor.class));
	}

	@Test
	void withoutActuatorThereIsTheRest() {
		this.runner
			.withClassLoader(
					new FilteredClassLoader(HealthIndicator.class, InfoContributor.class, SanitizingFunction.class))
			.run((context) -> {
				call(context, 200);
				assertThat(context).doesNotHaveBean("polarHealthContributor").doesNotHaveBean("polarSecrets");
			});
	}

	private static final class MovableClock extends Clock {

		private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T10:00:00Z"));

		void move(Duration time) {
			this.now.updateAndGet((now) -> now.plus(time));
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now.get();
		}

	}

}
