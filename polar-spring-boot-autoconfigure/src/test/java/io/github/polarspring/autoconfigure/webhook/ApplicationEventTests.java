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

package io.github.polarspring.autoconfigure.webhook;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarIdentityMismatch;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the application events that the inboxes publish, with listeners of all kinds.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationEventTests {

	private final ApplicationContextRunner withoutDataSource = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
		.withBean(Heard.class);

	private final ApplicationContextRunner runner = this.withoutDataSource
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	private static PolarEvent<?> event(String type) {
		return PolarEvent.read(UUID.randomUUID().toString(), """
				{"type":"%s","data":{"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4",\
				"metadata":{"external_customer_id":"alice"},"customer":{"external_id":"alice"}}}""".formatted(type)
			.getBytes(StandardCharsets.UTF_8));
	}

	private static PolarEvent<?> mismatch() {
		return PolarEvent.read(UUID.randomUUID().toString(), """
				{"type":"order.paid","data":{"metadata":{"external_customer_id":"alice"},\
				"customer":{"external_id":"bob"}}}""".getBytes(StandardCharsets.UTF_8));
	}

	private static void accept(ApplicationContext context, PolarEvent<?> event) {
		assertThat(context.getBean(PolarWebhookInbox.class).accept(event)).isEqualTo(Receipt.ACCEPTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void listenersOfAllKindsAreCalled(String inbox) {
		this.runner.withUserConfiguration(Listeners.class)
			.withPropertyValues("polar.webhook.inbox=" + inbox)
			.run((context) -> {
				accept(context, event("order.paid"));
				assertThat(context.getBean(Heard.class).take(19))
					.containsExactlyInAnyOrder("handled", "first", "second", "generic", "wildcard", "raw", "bounded",
							"classes", "condition", "async", "payload", "listener", "wildcard listener", "composed",
							"before commit", "after commit", "after completion", "fallback", "for payload")
					.containsSubsequence("handled", "first", "second", "before commit", "after commit");
				accept(context, event("customer_seat.claimed"));
				assertThat(context.getBean(Heard.class).take(4)).containsExactlyInAnyOrder("wildcard", "raw", "classes",
						"wildcard listener");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void transactionalListenerCanWriteInANewTransaction(String inbox) {
		this.runner.withBean(Auditor.class)
			.withBean(Handler.class)
			.withPropertyValues("polar.webhook.inbox=" + inbox)
			.run((context) -> {
				JdbcClient.create(context.getBean(DataSource.class))
					.sql("create table audit (id varchar(100))")
					.update();
				PolarEvent<?> event = event("order.paid");
				accept(context, event);
				assertThat(context.getBean(Heard.class).take(2)).containsExactly("handled", "audited");
				assertThat(JdbcClient.create(context.getBean(DataSource.class))
					.sql("select id from audit")
					.query(String.class)
					.list()).containsExactly(event.id());
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void mismatchReachesTransactionalListeners(String inbox) {
		this.runner.withBean(Support.class)
			.withBean(Handler.class)
			.withPropertyValues("polar.webhook.inbox=" + inbox)
			.run((context) -> {
				accept(context, mismatch());
				assertThat(context.getBean(Heard.class).take(2)).containsExactlyInAnyOrder("mismatch", "handled");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void failingListenerRollsBackTheCopyOnly(String inbox, CapturedOutput output) {
		this.runner.withBean(Failing.class)
			.withBean(Handler.class)
			.withPropertyValues("polar.webhook.inbox=" + inbox)
			.run((context) -> {
				accept(context, event("order.paid"));
				assertThat(context.getBean(Heard.class).take(3)).containsExactly("handled", "before commit",
						"after rollback");
				accept(context, event("order.paid"));
				assertThat(context.getBean(Heard.class).take(3)).containsExactly("handled", "before commit",
						"after rollback");
			});
		assertThat(output).contains("A listener to the application event PolarEvent");
	}

	@Test
	void eventIsAcceptedIfNoTransactionCanBegin(CapturedOutput output) {
		this.withoutDataSource.withBean(OrderListener.class)
			.withBean(Handler.class)
			.withBean(PlatformTransactionManager.class, BrokenTransactionManager::new)
			.run((context) -> {
				accept(context, event("order.paid"));
				assertThat(context.getBean(Heard.class).take(1)).containsExactly("handled");
				assertThat(output).contains("or the event could not be published");
			});
	}

	@Test
	void withoutTransactionalListenerThereIsNoTransaction() {
		this.runner.withBean(Plain.class).withBean(OrderListener.class).run((context) -> {
			accept(context, event("subscription.active"));
			assertThat(context.getBean(Heard.class).take(1)).as("an event of a type that none listens to")
				.containsExactly("transaction: false");
			accept(context, event("order.paid"));
			assertThat(context.getBean(Heard.class).take(2)).containsExactly("transaction: true", "transactional");
		});
	}

	@Test
	void lazyListenerIsCalled() {
		this.runner.withUserConfiguration(LazyListeners.class).run((context) -> {
			accept(context, event("order.paid"));
			assertThat(context.getBean(Heard.class).take(2)).containsExactlyInAnyOrder("lazy", "transactional");
		});
	}

	@Test
	void listenerOfAParentContextIsCalled() {
		this.runner.withBean(OrderListener.class)
			.run((parent) -> this.withoutDataSource.withParent(parent).run((context) -> {
				accept(context, event("order.paid"));
				assertThat(parent.getBean(Heard.class).take(1)).containsExactly("transactional");
			}));
	}

	@Test
	void severalTransactionManagersAreAWarningThatNamesTheMethod(CapturedOutput output) {
		this.withoutDataSource.withUserConfiguration(TwoTransactionManagers.class)
			.withBean(OrderListener.class)
			.run((context) -> accept(context, event("order.paid")));
		assertThat(output).contains("The application has several transaction managers",
				OrderListener.class.getName() + ".on(", "with @Primary or @PolarDataSource");
	}

	@ParameterizedTest
	@ValueSource(classes = { PrimaryTransactionManager.class, MarkedTransactionManager.class })
	void chosenTransactionManagerIsUsed(Class<?> configuration, CapturedOutput output) {
		this.withoutDataSource.withUserConfiguration(configuration).withBean(OrderListener.class).run((context) -> {
			accept(context, event("order.paid"));
			assertThat(context.getBean(Heard.class).take(1)).containsExactly("transactional");
		});
		assertThat(output).doesNotContain("The application has several transaction managers");
	}

	@Test
	void reactiveTransactionManagerIsAWarningThatNamesTheMethod(CapturedOutput output) {
		this.withoutDataSource.withBean(ReactiveTransactionManager.class, () -> mock(ReactiveTransactionManager.class))
			.withBean(OrderListener.class)
			.run((context) -> accept(context, event("order.paid")));
		assertThat(output).contains("The application has no PlatformTransactionManager",
				OrderListener.class.getName() + ".on(", "Replace @TransactionalEventListener with @EventListener");
	}

	@Test
	void missingTransactionManagerIsAWarningThatNamesTheMethod(CapturedOutput output) {
		this.withoutDataSource.withBean(OrderListener.class)
			.withBean(Unrelated.class)
			.withBean(Fallback.class)
			.run((context) -> {
				accept(context, event("order.paid"));
				assertThat(context.getBean(Heard.class).take(1)).containsExactly("fallback");
			});
		assertThat(output)
			.contains("The application has no PlatformTransactionManager", OrderListener.class.getName() + ".on(")
			.doesNotContain("Unrelated", "Fallback");
	}

	@ParameterizedTest
	@EnumSource(Quiet.class)
	void otherListenersAreNoWarning(Quiet quiet, CapturedOutput output) {
		ApplicationContextRunner application = switch (quiet) {
			case NO_TRANSACTIONS -> this.withoutDataSource.withBean(Plain.class);
			case SEVERAL_TRANSACTION_MANAGERS ->
				this.withoutDataSource.withUserConfiguration(TwoTransactionManagers.class).withBean(Unrelated.class);
		};
		application.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("The application has");
	}

	enum Quiet {

		NO_TRANSACTIONS, SEVERAL_TRANSACTION_MANAGERS

	}

	static class Heard {

		private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		void add(String what) {
			this.heard.add(what);
		}

		/**
		 * Take what was heard, and make sure that it was all.
		 */
		List<String> take(int count) throws InterruptedException {
			List<String> taken = new ArrayList<>();
			while (taken.size() < count) {
				String next = this.heard.poll(10, TimeUnit.SECONDS);
				assertThat(next).as("after %s", taken).isNotNull();
				taken.add(next);
			}
			this.heard.drainTo(taken);
			return taken;
		}

	}

	record Handler(Heard heard) {

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void handle(PolarEvent<Order> event) {
			this.heard.add("handled");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Listeners {

		private final Heard heard;

		Listeners(Heard heard) {
			this.heard = heard;
		}

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void handle(PolarEvent<Order> event) {
			this.heard.add("handled");
		}

		@EventListener
		@org.springframework.core.annotation.Order(-2)
		void first(PolarEvent<Order> event) {
			this.heard.add("first");
		}

		@EventListener
		@org.springframework.core.annotation.Order(-1)
		void second(PolarEvent<Order> event) {
			this.heard.add("second");
		}

		@EventListener
		void generic(PolarEvent<Order> event) {
			assertThat(event.data().id()).isNotNull();
			this.heard.add("generic");
		}

		@EventListener
		void other(PolarEvent<Subscription> event) {
			this.heard.add("other");
		}

		@EventListener
		void wildcard(PolarEvent<?> event) {
			this.heard.add("wildcard");
		}

		@EventListener
		@SuppressWarnings("rawtypes")
		void raw(PolarEvent event) {
			this.heard.add("raw");
		}

		@EventListener
		void bounded(PolarEvent<? extends PolarResource> event) {
			this.heard.add("bounded");
		}

		@EventListener(PolarEvent.class)
		void classes() {
			this.heard.add("classes");
		}

		@EventListener(condition = "#event.type() == 'order.paid' and #root.args[0].data().id() != null")
		void condition(PolarEvent<Order> event) {
			this.heard.add("condition");
		}

		@EventListener(condition = "#event.type() == 'order.refunded'")
		void otherCondition(PolarEvent<Order> event) {
			this.heard.add("other");
		}

		@Async
		@EventListener
		void async(PolarEvent<Order> event) {
			this.heard.add("async");
		}

		@EventListener
		void payload(PayloadApplicationEvent<PolarEvent<Order>> event) {
			this.heard.add("payload");
		}

		@Bean
		ApplicationListener<PayloadApplicationEvent<PolarEvent<Order>>> listener() {
			return new ApplicationListener<>() {

				@Override
				public void onApplicationEvent(PayloadApplicationEvent<PolarEvent<Order>> event) {
					Listeners.this.heard.add("listener");
				}

			};
		}

		@Bean
		ApplicationListener<PayloadApplicationEvent<PolarEvent<?>>> wildcardListener() {
			return new ApplicationListener<>() {

				@Override
				public void onApplicationEvent(PayloadApplicationEvent<PolarEvent<?>> event) {
					Listeners.this.heard.add("wildcard listener");
				}

			};
		}

		@AfterCommit
		void composed(PolarEvent<Order> event) {
			this.heard.add("composed");
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(PolarEvent<Order> event) {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			this.heard.add("before commit");
		}

		@TransactionalEventListener
		void afterCommit(PolarEvent<Order> event) {
			this.heard.add("after commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
		void afterCompletion(PolarEvent<Order> event) {
			this.heard.add("after completion");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void afterRollback(PolarEvent<?> event) {
			this.heard.add("after rollback");
		}

		@TransactionalEventListener(fallbackExecution = true)
		void fallback(PolarEvent<Order> event) {
			this.heard.add("fallback");
		}

		@Bean
		TransactionalApplicationListener<PayloadApplicationEvent<PolarEvent<Order>>> forPayload() {
			return TransactionalApplicationListener.forPayload((event) -> this.heard.add("for payload"));
		}

	}

	@TransactionalEventListener
	@Retention(RetentionPolicy.RUNTIME)
	@interface AfterCommit {

	}

	static class Auditor {

		private final Heard heard;

		private final JdbcClient jdbc;

		Auditor(Heard heard, DataSource dataSource) {
			this.heard = heard;
			this.jdbc = JdbcClient.create(dataSource);
		}

		@TransactionalEventListener
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void audit(PolarEvent<Order> event) {
			this.jdbc.sql("insert into audit (id) values (?)").param(event.id()).update();
			this.heard.add("audited");
		}

	}

	record Support(Heard heard) {

		@TransactionalEventListener
		void on(PolarIdentityMismatch mismatch) {
			this.heard.add("mismatch");
		}

	}

	record Failing(Heard heard) {

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(PolarEvent<Order> event) {
			this.heard.add("before commit");
			throw new IllegalStateException("on purpose");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void afterRollback(PolarEvent<Order> event) {
			this.heard.add("after rollback");
		}

		@TransactionalEventListener
		void afterCommit(PolarEvent<Order> event) {
			this.heard.add("after commit");
		}

	}

	record OrderListener(Heard heard) {

		@TransactionalEventListener
		void on(PolarEvent<Order> event) {
			this.heard.add("transactional");
		}

	}

	record Fallback(Heard heard) {

		@TransactionalEventListener(fallbackExecution = true)
		void on(PolarEvent<Order> event) {
			this.heard.add("fallback");
		}

	}

	record Plain(Heard heard) {

		@EventListener
		void on(PolarEvent<?> event) {
			this.heard.add("transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
		}

	}

	static class Unrelated {

		@TransactionalEventListener
		void on(String event) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyListeners {

		@Bean
		@Lazy
		OrderListener lazyMethod(Heard heard) {
			return new OrderListener(heard);
		}

		@Bean
		@Lazy
		TransactionalApplicationListener<PayloadApplicationEvent<PolarEvent<Order>>> lazyListener(Heard heard) {
			return TransactionalApplicationListener.forPayload((event) -> heard.add("lazy"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTransactionManagers {

		@Bean
		PlatformTransactionManager one() {
			return new EmptyTransactionManager();
		}

		@Bean
		PlatformTransactionManager two() {
			return new EmptyTransactionManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryTransactionManager {

		@Bean
		@Primary
		PlatformTransactionManager one() {
			return new EmptyTransactionManager();
		}

		@Bean
		PlatformTransactionManager two() {
			return new BrokenTransactionManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedTransactionManager {

		@Bean
		PlatformTransactionManager one() {
			return new BrokenTransactionManager();
		}

		@Bean
		@PolarDataSource
		PlatformTransactionManager two() {
			return new EmptyTransactionManager();
		}

	}

	@SuppressWarnings("serial")
	static class EmptyTransactionManager extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

	@SuppressWarnings("serial")
	static class BrokenTransactionManager extends EmptyTransactionManager {

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			throw new IllegalStateException("no transaction");
		}

	}

}
