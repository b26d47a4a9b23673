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

package io.github.polarspring.autoconfigure.usage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarEventTypes;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PolarUsageAutoConfiguration}.
 */
class PolarUsageAutoConfigurationTests {

	private final UsageAtPolar polar = new UsageAtPolar();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class))
		.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("alice"))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
				"polar.usage.poll-interval=10ms");

	private final ApplicationContextRunner withDatabase = this.contextRunner
		.withConfiguration(
				AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class, DataSourceAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@AfterEach
	void close() {
		this.polar.close();
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	private static List<String> tables(ApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT LOWER(table_name) FROM information_schema.tables")
			.query(String.class)
			.list();
	}

	private static boolean isThreadAlive() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().equals("polar-usage"));
	}

	@Test
	void usageIsSentFromMemoryByDefault() {
		this.contextRunner.run((context) -> {
			context.getBean(PolarUsage.class).record("submission", Map.of("n", 1));
			await(() -> this.polar.events().size() == 1);
			assertThat(context.getBean(PolarUsageDeadLetters.class).list(10)).isEmpty();
		});
	}

	@Test
	void memoryIsFlushedWhenTheApplicationStops() {
		this.contextRunner.withPropertyValues("polar.usage.poll-interval=1h").run((context) -> {
			PolarUsage usage = context.getBean(PolarUsage.class);
			// while the thread already waits
			await(PolarUsageAutoConfigurationTests::isThreadAlive);
			usage.record("submission", Map.of());
			usage.record("submission", Map.of());
			context.close();
			assertThat(this.polar.events()).hasSize(2);
		});
	}

	@Test
	void usageIsInTheTransactionOfTheApplicationWithADatabase() {
		this.withDatabase.withPropertyValues("polar.usage.outbox=jdbc").run((context) -> {
			PolarUsageTemplate usage = context.getBean(PolarUsageTemplate.class);
			TransactionTemplate transactions = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			assertThatIllegalStateException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				usage.record("rolled-back", Map.of());
				throw new IllegalStateException("A bug");
			}));
			transactions.executeWithoutResult((status) -> usage.record("committed", Map.of()));
			await(() -> usage.sent() == 1);
			assertThat(this.polar.events().values()).singleElement()
				.satisfies((event) -> assertThat(event.path("name").asString()).isEqualTo("committed"));
			assertThat(tables(context)).contains("polar_usage_event", "polar_usage_turn")
				.doesNotContain("polar_webhook_event");
		});
	}

	@Test
	void outboxFollowsTheInbox() {
		WebApplicationContextRunner withInbox = new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
					PolarWebhookAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
					DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
					TransactionAutoConfiguration.class))
			.withBean(Metering.class)
			.withPropertyValues("polar.access-token=polar_oat_test", "polar.webhook.inbox=jdbc",
					"polar.webhook.secret=" + Signed.SECRET, "spring.datasource.generate-unique-name=true");
		withInbox.run((context) -> assertThat(tables(context)).contains("polar_webhook_event", "polar_usage_event"));
		withInbox.withPropertyValues("polar.usage.outbox=memory")
			.run((context) -> assertThat(tables(context)).contains("polar_webhook_event")
				.doesNotContain("polar_usage_event"));
	}

	@Test
	void applicationThatDoesNotUseItNeedsNothing() {
		this.withDatabase.withPropertyValues("polar.usage.outbox=jdbc").run((context) -> {
			assertThat(tables(context)).doesNotContain("polar_usage_event");
			assertThat(isThreadAlive()).isFalse();
		});
		this.contextRunner.withPropertyValues("polar.access-token=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void missingTableFailsTheStartAndNamesTheScript() {
		this.withDatabase.withBean(Metering.class)
			.withPropertyValues("polar.usage.outbox=jdbc", "polar.webhook.jdbc.initialize-schema=never")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.throwable(PolarConfigurationException.class))
				.satisfies((ex) -> assertThat(ex).hasMessageContaining("Usage events are stored in the database"))
				.extracting(PolarConfigurationException::getAction)
				.asString()
				.contains("classpath:io/github/polarspring/usage/schema-h2.sql"));
	}

	@Test
	void databaseOutboxWithoutADatabaseFailsWithTheLineToWrite() {
		this.contextRunner.withPropertyValues("polar.usage.outbox=jdbc")
			.run((context) -> assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> context.getBean(PolarUsage.class))
				.havingRootCause()
				.isInstanceOfSatisfying(PolarConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains("polar.usage.outbox: memory")));
		this.contextRunner.withConfiguration(AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class))
			.withPropertyValues("polar.usage.outbox=jdbc")
			.run((context) -> assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> context.getBean(PolarUsage.class))
				.havingRootCause()
				.isInstanceOfSatisfying(PolarConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains("polar.usage.outbox: memory")));
	}

	@Test
	void memoryNeedsNoDatabaseOnTheClassPath() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction",
					"org.springframework.dao"))
			.withConfiguration(AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class))
			.run((context) -> {
				context.getBean(PolarUsage.class).record("submission", Map.of());
				await(() -> this.polar.events().size() == 1);
			});
	}

	@Test
	void guestHasNoUsage() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class))
			.withPropertyValues("polar.access-token=polar_oat_test")
			.withBean(CurrentPayer.class, () -> () -> null)
			.run((context) -> {
				PolarUsage usage = context.getBean(PolarUsage.class);
				assertThatExceptionOfType(PolarLoginRequiredException.class)
					.isThrownBy(() -> usage.record("submission", Map.of()));
			});
	}

	@Test
	void usageOfTheApplicationReplacesTheTemplate() {
		PolarUsage own = mock(PolarUsage.class);
		this.contextRunner.withBean(PolarUsage.class, () -> own)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(PolarUsageTemplate.class)
				.doesNotHaveBean(PolarUsageDeadLetters.class));
	}

	@Test
	void balancesFollowTheWebhooks() {
		UUID meter = UUID.randomUUID();
		this.polar.balance("alice", meter, "40", 100, Instant.now());
		String state = this.polar.state("alice");
		this.polar.balance("alice", meter, "100", 100, Instant.now().minusSeconds(60));
		PolarEvent<?> event = PolarEvent.read("msg_1", """
				{"type":"customer.state_changed","timestamp":"%s","data":%s}
				""".formatted(Instant.now(), state).getBytes(StandardCharsets.UTF_8));
		ApplicationContextRunner withMeter = this.withDatabase.withPropertyValues(
				"polar.usage.meters.tokens.id=" + meter, "polar.usage.meters.tokens.event=chat",
				"polar.usage.meters.tokens.property=tokens", "polar.usage.outbox=jdbc");
		withMeter.run((context) -> {
			PolarEventRecorder recorder = context.getBean("polarBalanceRecorder", PolarEventRecorder.class);
			assertThat(recorder.types()).containsExactly(PolarEventTypes.CUSTOMER_STATE_CHANGED);
			assertThat(recorder.uses(PolarEventTypes.ORDER_PAID)).isFalse();
			PolarUsage usage = context.getBean(PolarUsage.class);
			assertThat(usage.balance("tokens").remaining()).isEqualTo("100");
			recorder.record(event);
			usage.consume("tokens", 30);
			assertThat(usage.balance("tokens").remaining()).isEqualTo("10");
			assertThat(this.polar.reads()).isEqualTo(1);
			context.getBean("polarBalanceEraser", CustomerDataEraser.class).eraseUser("alice");
			assertThat(usage.balance("tokens").remaining()).isEqualTo("70");
			assertThat(this.polar.reads()).isEqualTo(2);
		});
	}

	@Test
	void balancesNeedNothingWithoutMeters() {
		this.withDatabase.withPropertyValues("polar.usage.outbox=jdbc").run((context) -> {
			PolarEventRecorder recorder = context.getBean("polarBalanceRecorder", PolarEventRecorder.class);
			assertThat(recorder.types()).isEmpty();
			context.getBean("polarBalanceEraser", CustomerDataEraser.class).eraseUser("alice");
			assertThat(tables(context)).doesNotContain("polar_usage_event");
		});
	}

	@Test
	void metersOfTheApplicationReplaceThoseOfTheProperties() {
		this.contextRunner.withBean(PolarMeters.class, () -> new PolarMeters(List.of()))
			.withPropertyValues("polar.usage.meters.tokens.id=" + UUID.randomUUID())
			.run((context) -> assertThat(context.getBean(PolarMeters.class).all()).isEmpty());
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			event=chat                                                            | id
			id=6ba7b810-9dad-11d1-80b4-00c04fd430c8                               | id
			id=0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01, property=tokens              | property
			id=0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01, upgrade-url=pricing          | upgrade-url
			id=0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01, upgrade-url=//evil.example   | upgrade-url
			""", delimiter = '|')
	void invalidMeterFailsTheStart(String properties, String property) {
		this.contextRunner.withPropertyValues(
				Arrays.stream(properties.split(", ")).map("polar.usage.meters.tokens."::concat).toArray(String[]::new))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.usage.meters.tokens." + property));
	}

	@Test
	void twoMetersWithTheSameIdFailTheStart() {
		this.contextRunner
			.withPropertyValues("polar.usage.meters.a.id=0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01",
					"polar.usage.meters.b.id=0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.usage.meters.b.id")
				.hasMessageContaining("'polar.usage.meters.a'"));
	}

	@Test
	void nothingIsCreatedWithoutPolar() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarUsageAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(PolarUsage.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "queue-capacity=0", "requests-per-minute=0", "poll-interval=0", "shutdown-timeout=-1s" })
	void invalidPropertyFailsTheStart(String property) {
		this.contextRunner.withPropertyValues("polar.usage." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.usage." + property.split("=")[0]));
	}

	@Test
	void limitOfRequestsIsAppliedToTheBean() {
		this.contextRunner.withPropertyValues("polar.usage.requests-per-minute=120").run((context) -> {
			PolarUsage usage = context.getBean(PolarUsage.class);
			usage.record("submission", Map.of());
			await(() -> this.polar.batches().size() == 1);
			long first = System.nanoTime();
			usage.record("submission", Map.of());
			await(() -> this.polar.batches().size() == 2);
			assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofMillis(400));
		});
	}

	record Metering(PolarUsage usage) {

	}

}
