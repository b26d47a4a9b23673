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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarEventRecorder} beans, with both inboxes.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarEventRecorderTests {

	private static final List<String> heard = new CopyOnWriteArrayList<>();

	private static volatile @Nullable RuntimeException failure;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.jdbc.acknowledge-within=20s",
				"spring.datasource.generate-unique-name=true")
		.withUserConfiguration(Recorders.class);

	@BeforeEach
	void forget() {
		heard.clear();
		failure = null;
		LoggingSystem.get(getClass().getClassLoader())
			.setLogLevel(PolarEventAnnouncements.class.getName(), LogLevel.INFO);
	}

	private void run(String inbox, ContextConsumer<AssertableApplicationContext> consumer) {
		this.runner.withPropertyValues("polar.webhook.inbox=" + inbox).run((context) -> {
			context.getBean(JdbcClient.class).sql("CREATE TABLE mark (event_id VARCHAR(10) PRIMARY KEY)").update();
			consumer.accept(context);
		});
	}

	private static Receipt accept(ApplicationContext context, String type) {
		return context.getBean(PolarWebhookInbox.class)
			.accept(PolarEvent.read("1", "{\"type\":\"%s\",\"data\":{\"name\":\"secret words\"}}".formatted(type)
				.getBytes(StandardCharsets.UTF_8)));
	}

	private static long count(ApplicationContext context, String table) {
		return context.getBean(JdbcClient.class).sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void recordersAreCreatedForTheFirstEventAndCalledInOrderBeforeTheListener(String inbox) {
		run(inbox, (context) -> {
			assertThat(heard).isEmpty();
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("created", "first", "second", "listener");
			assertThat(count(context, "mark")).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void recordersAreNotCalledAgainWhenAnEventIsRedelivered(String inbox) {
		run(inbox, (context) -> {
			accept(context, "order.paid");
			heard.clear();
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void recordersAreCalledWithoutAListenerAndDoNotCountAsOne(String inbox, CapturedOutput output) {
		run(inbox, (context) -> {
			assertThat(accept(context, "novel.thing")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("created", "first", "second");
			assertThat(count(context, "mark")).isEqualTo(1);
			assertThat(output).contains("There is no @PolarEventListener for events of the type 'novel.thing'");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void noListenerIsMissedForATypeThatARecorderNeeds(String inbox, CapturedOutput output) {
		run(inbox, (context) -> {
			assertThat(accept(context, "needed.thing")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).contains("second");
			assertThat(output).doesNotContain("There is no @PolarEventListener");
		});
	}

	@Test
	void directInboxWhenAListenerFailsShouldCallTheRecordersOnce() {
		run("direct", (context) -> {
			for (int i = 0; i < 2; i++) {
				assertThatIllegalStateException().isThrownBy(() -> accept(context, "order.refunded"));
			}
			assertThat(heard).containsExactly("created", "first", "second", "failing", "failing");
		});
	}

	@Test
	void jdbcInboxWhenAListenerFailsShouldKeepWhatWasRecorded() {
		run("jdbc", (context) -> {
			assertThat(accept(context, "order.refunded")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("created", "first", "second", "failing");
			assertThat(count(context, "mark")).isEqualTo(1);
		});
	}

	@Test
	void directInboxWhenARecorderFailsShouldCallTheOthersAndTheListener(CapturedOutput output) {
		failure = new IllegalStateException("No memory");
		run("direct", (context) -> {
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("created", "first", "second", "listener");
			assertThat(output.getAll().lines().filter((line) -> line.contains("failed for the event"))).singleElement()
				.satisfies((line) -> assertThat(line).contains("ERROR", "PolarEvent[type=order.paid, id=1]"));
			assertThat(output).contains("No memory").doesNotContain("secret words");
		});
	}

	@Test
	void jdbcInboxShouldCallRecordersInTheTransactionThatStoresTheEvent() {
		run("jdbc", (context) -> {
			failure = new IllegalStateException("The recorder failed");
			assertThatIllegalStateException().isThrownBy(() -> accept(context, "order.paid"))
				.withMessage("The recorder failed");
			failure = new DataIntegrityViolationException("The recorder failed");
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.LATER);
			assertThat(count(context, "mark")).isZero();
			assertThat(count(context, "polar_webhook_event")).isZero();
			assertThat(heard).containsExactly("created", "first", "first");

			failure = null;
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).endsWith("first", "second", "listener");
			assertThat(count(context, "mark")).isEqualTo(1);
		});
	}

	@Test
	void jdbcInboxWhenARecorderHasAConflictShouldRetryTheWholeTransaction() {
		failure = new DuplicateKeyException("Stored by another transaction");
		run("jdbc", (context) -> {
			assertThat(accept(context, "order.paid")).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("created", "first", "first", "second", "listener");
			assertThat(count(context, "mark")).isEqualTo(1);
			assertThat(count(context, "polar_webhook_event")).isEqualTo(1);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Recorders {

		@Bean
		@Lazy
		@Order(2)
		PolarEventRecorder second() {
			return new PolarEventRecorder() {

				@Override
				public void record(PolarEvent<?> event) {
					heard.add("second");
				}

				@Override
				public Set<String> types() {
					return Set.of("needed.thing");
				}

			};
		}

		/**
		 * Writes before it fails.
		 */
		@Bean
		@Lazy
		@Order(1)
		PolarEventRecorder first(JdbcClient jdbc) {
			heard.add("created");
			return (event) -> {
				heard.add("first");
				jdbc.sql("INSERT INTO mark (event_id) VALUES (?)").param(event.id()).update();
				RuntimeException current = failure;
				if (current != null) {
					if (current instanceof DuplicateKeyException) {
						failure = null;
					}
					throw current;
				}
			};
		}

		@Bean
		Listeners listeners() {
			return new Listeners();
		}

	}

	static class Listeners {

		@PolarEventListener("order.paid")
		void listener() {
			heard.add("listener");
		}

		@PolarEventListener("order.refunded")
		void failing() {
			heard.add("failing");
			throw new IllegalStateException("The listener failed");
		}

	}

}
