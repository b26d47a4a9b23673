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

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.RecordedUsage;
import io.github.polarspring.usage.UsageEvent;
import io.github.polarspring.usage.ai.LlmPrices;
import io.github.polarspring.usage.ai.PolarUsageAdvisors;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarUsageAiAutoConfiguration}.
 */
class PolarUsageAiAutoConfigurationTests {

	private final UsageAtPolar polar = new UsageAtPolar();

	private final ApplicationContextRunner byDefault = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
				PolarUsageAiAutoConfiguration.class, ChatClientAutoConfiguration.class))
		.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("alice"))
		.withBean(ChatModel.class, Model::new)
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
				"polar.usage.poll-interval=10ms");

	private final ApplicationContextRunner contextRunner = this.byDefault
		.withPropertyValues("polar.usage.ai.enabled=true");

	private final ApplicationContextRunner withDatabase = this.contextRunner
		.withConfiguration(
				AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class, DataSourceAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true", "polar.usage.outbox=jdbc",
				"polar.usage.poll-interval=1h");

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

	private static ChatClient client(ApplicationContext context) {
		return context.getBean(ChatClient.Builder.class).build();
	}

	private static long recorded(ApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT COUNT(*) FROM polar_usage_event")
			.query(Long.class)
			.single();
	}

	@Test
	void everyAutoConfiguredClientRecordsUsage() {
		this.contextRunner.withPropertyValues("polar.usage.ai.event=assistant", "polar.usage.ai.vendor=acme")
			.withBean(LlmPrices.class, () -> (tokens) -> BigDecimal.valueOf(tokens.totalTokens()))
			.run((context) -> {
				assertThat(client(context).prompt("Go").call().content()).isEqualTo("Hello");
				await(() -> this.polar.events().size() == 1);
				assertThat(this.polar.events().values()).singleElement().satisfies((event) -> {
					assertThat(event.path("name").asString()).isEqualTo("assistant");
					assertThat(event.path("external_customer_id").asString()).isEqualTo("alice");
					assertThat(event.path("metadata").path("_llm").path("vendor").asString()).isEqualTo("acme");
					assertThat(event.path("metadata").path("_cost").path("amount").asString()).isEqualTo("15");
				});
			});
	}

	@Test
	void nothingIsRecordedUnlessItIsEnabled() {
		this.byDefault.run((context) -> {
			assertThat(context).doesNotHaveBean(PolarUsageAdvisors.class);
			assertThat(client(context).prompt("Go").call().content()).isEqualTo("Hello");
		});
	}

	@Test
	void nothingIsRecordedWithoutPolar() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarUsageAutoConfiguration.class, PolarUsageAiAutoConfiguration.class))
			.withPropertyValues("polar.usage.ai.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PolarUsageAdvisors.class));
	}

	@Test
	void missingLibraryFailsTheStartWithTheLineToWrite() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.ai.chat.client"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.throwable(PolarConfigurationException.class))
				.extracting(PolarConfigurationException::getAction)
				.asString()
				.contains("org.springframework.ai:spring-ai-client-chat"));
	}

	@Test
	void missingLibraryIsNoFailureUnlessItIsEnabled() {
		this.byDefault.withClassLoader(new FilteredClassLoader("org.springframework.ai", "reactor"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PolarUsage.class));
	}

	@Test
	void memoryNeedsNoDatabaseOnTheClassPath() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction",
					"org.springframework.dao"))
			.run((context) -> {
				client(context).prompt("Go").call().content();
				await(() -> this.polar.events().size() == 1);
			});
	}

	@Test
	void guestDoesNotReachTheModel() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
					PolarUsageAiAutoConfiguration.class, ChatClientAutoConfiguration.class))
			.withBean(CurrentPayer.class, () -> () -> null)
			.withBean(Model.class)
			.withPropertyValues("polar.access-token=polar_oat_test", "polar.usage.ai.enabled=true")
			.run((context) -> {
				assertThatExceptionOfType(PolarLoginRequiredException.class)
					.isThrownBy(() -> client(context).prompt("Go").call().content());
				assertThat(context.getBean(Model.class).calls).isZero();
			});
	}

	@Test
	void streamThatAControllerReturnsIsPaidByTheUserOfTheRequest() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
					PolarUsageAiAutoConfiguration.class, ChatClientAutoConfiguration.class))
			.withUserConfiguration(AssistantController.class)
			.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of(remoteUser()))
			.withBean(Model.class)
			.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
					"polar.usage.poll-interval=10ms", "polar.usage.ai.enabled=true")
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from((WebApplicationContext) context.getSourceApplicationContext());
				assertThat(mvc.get().uri("/assistant").accept(MediaType.TEXT_EVENT_STREAM).with((request) -> {
					request.setRemoteUser("bob");
					return request;
				})).hasStatusOk().bodyText().contains("Hello");
				await(() -> this.polar.events().size() == 1);
				assertThat(this.polar.events().values()).singleElement()
					.satisfies((event) -> assertThat(event.path("external_customer_id").asString()).isEqualTo("bob"));
			});
	}

	private static String remoteUser() {
		ServletRequestAttributes request = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
		return request.getRequest().getRemoteUser();
	}

	@Test
	void advisorsOfTheApplicationReplaceTheDefault() {
		RecordedUsage usage = new RecordedUsage();
		this.contextRunner
			.withBean(PolarUsageAdvisors.class,
					() -> PolarUsageAdvisors.builder(usage).currentPayer(() -> () -> PolarIdentity.of("bob")).build())
			.run((context) -> {
				client(context).prompt("Go").call().content();
				assertThat(usage.events()).extracting(UsageEvent::externalCustomerId).containsExactly("bob");
			});
	}

	@Test
	void usageIsRecordedEvenIfTheApplicationRollsBack() {
		this.withDatabase.run((context) -> {
			// a sent event is deleted
			context.getBean(PolarUsageTemplate.class).stop();
			ChatClient client = client(context);
			TransactionTemplate transactions = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			assertThatIllegalStateException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				client.prompt("Go").call().content();
				throw new IllegalStateException("A bug");
			}));
			assertThat(recorded(context)).isEqualTo(1);
			assertThatIllegalStateException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				client.prompt("Go").stream().content().blockLast();
				throw new IllegalStateException("A bug");
			}));
			assertThat(recorded(context)).isEqualTo(2);
			assertThat(context.getBean(PolarUsageAdvisors.class).lost()).isZero();
		});
	}

	@Test
	void databaseIsNotUsedOnAnEventLoop() {
		List<Thread> threads = new CopyOnWriteArrayList<>();
		DataSource database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.build();
		DataSource recording = new DelegatingDataSource(database) {

			@Override
			public Connection getConnection() throws SQLException {
				threads.add(Thread.currentThread());
				return super.getConnection();
			}

		};
		this.withDatabase.withBean(DataSource.class, () -> recording).run((context) -> {
			ChatClient client = client(context);
			threads.clear();
			Mono.defer(() -> client.prompt("Go").stream().content().last()).subscribeOn(Schedulers.parallel()).block();
			assertThat(threads).isNotEmpty().noneMatch((thread) -> thread instanceof NonBlocking);
			threads.clear();
			Mono.fromRunnable(() -> client.prompt("Go").call().content()).subscribeOn(Schedulers.parallel()).block();
			await(() -> recorded(context) == 2);
			assertThat(threads).isNotEmpty().noneMatch((thread) -> thread instanceof NonBlocking);
		});
	}

	@Test
	void failureOfTheDatabaseIsCountedAndDoesNotLoseTheResponse() {
		this.withDatabase.run((context) -> {
			ChatClient client = client(context);
			JdbcClient.create(context.getBean(DataSource.class)).sql("DROP TABLE polar_usage_event").update();
			assertThat(client.prompt("Go").call().content()).isEqualTo("Hello");
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(MeterBinder.class).bindTo(registry);
			assertThat(registry.get("polar.usage.ai.lost").functionCounter().count()).isEqualTo(1);
		});
	}

	@Test
	void invalidEventNameFailsTheStart() {
		this.contextRunner.withPropertyValues("polar.usage.ai.event=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("polar.usage.ai.event"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@RestController
	static class AssistantController {

		private final ChatClient chat;

		AssistantController(ChatClient.Builder builder) {
			this.chat = builder.build();
		}

		@GetMapping("/assistant")
		Flux<String> respond() {
			return this.chat.prompt("Go").stream().content();
		}

	}

	static class Model implements ChatModel {

		private int calls;

		@Override
		public ChatResponse call(Prompt prompt) {
			this.calls++;
			return response();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			this.calls++;
			return Flux.just(response()).publishOn(Schedulers.parallel());
		}

		private static ChatResponse response() {
			return new ChatResponse(List.of(new Generation(new AssistantMessage("Hello"))),
					ChatResponseMetadata.builder().model("small").usage(new DefaultUsage(10, 5)).build());
		}

		@Override
		public ChatOptions getOptions() {
			return ChatOptions.builder().model("small").build();
		}

	}

}
