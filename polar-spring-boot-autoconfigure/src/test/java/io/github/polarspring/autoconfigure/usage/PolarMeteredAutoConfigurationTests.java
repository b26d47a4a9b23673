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

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.usage.PolarMetered;
import io.github.polarspring.usage.PolarMeteredAdvisor;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.RecordedUsage;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.aspectj.annotation.AnnotationAwareAspectJAutoProxyCreator;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.autoproxy.InfrastructureAdvisorAutoProxyCreator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarMeteredAutoConfiguration}.
 */
class PolarMeteredAutoConfigurationTests {

	private static final String TABLE = "submission";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
				PolarMeteredAutoConfiguration.class, AopAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withBean(CurrentPayer.class, () -> () -> PolarIdentity.of("alice"))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=http://localhost:1",
				"polar.usage.poll-interval=1h", "polar.usage.shutdown-timeout=0");

	private final ApplicationContextRunner withDatabase = this.contextRunner
		.withConfiguration(AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class))
		.withPropertyValues("polar.usage.outbox=jdbc", "spring.datasource.generate-unique-name=true");

	private static long rows(ApplicationContext context, String table) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT COUNT(*) FROM " + table)
			.query(Long.class)
			.single();
	}

	private static void assertBothOrNeither(ApplicationContext context) {
		JdbcClient.create(context.getBean(DataSource.class))
			.sql("CREATE TABLE submission (content VARCHAR(100))")
			.update();
		Submissions submissions = context.getBean(Submissions.class);
		submissions.submit("first");
		assertThat(rows(context, TABLE)).isEqualTo(1);
		assertThat(recorded(context)).isEqualTo(1);
		assertThatIllegalStateException().isThrownBy(() -> submissions.fail("second")).withMessage("A bug");
		submissions.rollBack("third");
		assertThatIllegalStateException().isThrownBy(() -> submissions.failToCommit("fourth"))
			.withMessage("The commit fails");
		assertThatIllegalStateException().isThrownBy(() -> submissions.failToRecord("fifth"))
			.withMessageContaining("'units' of the @PolarMetered method");
		assertThat(rows(context, TABLE)).isEqualTo(1);
		assertThat(recorded(context)).isEqualTo(1);
	}

	private static long recorded(ApplicationContext context) {
		return rows(context, "polar_usage_event");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.aop.auto=true", "spring.aop.auto=false", "spring.aop.proxy-target-class=true",
			"spring.main.lazy-initialization=true" })
	void bothAreCommittedOrNeither(String property) {
		withMeter().withPropertyValues(property).run(PolarMeteredAutoConfigurationTests::assertBothOrNeither);
	}

	@Test
	void bothAreCommittedOrNeitherWithoutAspectJ() {
		withMeter().withClassLoader(new FilteredClassLoader("org.aspectj")).run((context) -> {
			assertThat(context.getBean(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME))
				.isExactlyInstanceOf(InfrastructureAdvisorAutoProxyCreator.class);
			assertBothOrNeither(context);
		});
	}

	@Test
	void bothAreCommittedOrNeitherWithAspects() {
		withMeter().withUserConfiguration(Logging.class).run((context) -> {
			assertThat(context.getBean(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME))
				.isInstanceOf(AnnotationAwareAspectJAutoProxyCreator.class);
			assertBothOrNeither(context);
			assertThat(context.getBean(Logging.class).calls).isEqualTo(5);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnTransactions.class, OrderedTransactions.class })
	void bothAreCommittedOrNeitherWithOwnTransactionManagement(Class<?> configuration) {
		withMeter().withUserConfiguration(configuration).run(PolarMeteredAutoConfigurationTests::assertBothOrNeither);
	}

	@Test
	void bothAreCommittedOrNeitherIfTheClassIsTransactional() {
		this.withDatabase.withBean(TransactionalClass.class).run((context) -> {
			JdbcClient.create(context.getBean(DataSource.class))
				.sql("CREATE TABLE submission (content VARCHAR(100))")
				.update();
			TransactionalClass bean = context.getBean(TransactionalClass.class);
			bean.submit(false);
			bean.submit(true);
			assertThat(rows(context, TABLE)).isEqualTo(1);
			assertThat(recorded(context)).isEqualTo(1);
		});
	}

	private ApplicationContextRunner withMeter() {
		return this.withDatabase.withBean(Submissions.class).withPropertyValues(meter("failing"));
	}

	private static String[] meter(String event) {
		return new String[] { "polar.usage.meters.pages.id=5f1c2d84-6f0e-4d0c-9a35-3d6d0a3f4a11",
				"polar.usage.meters.pages.event=" + event, "polar.usage.meters.pages.property=pages" };
	}

	@Test
	void advisorOutsideOfTheTransactionFailsTheStart() {
		withMeter().withUserConfiguration(OutsideOfTransactions.class, OwnTransactions.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(PolarConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessageContaining(Submissions.class.getName() + "#")
						.hasMessageContaining("cannot be metered: its transaction ends before usage is recorded");
					assertThat(ex.getAction()).contains("@EnableTransactionManagement(order = 0)");
				}));
		withMeter().withUserConfiguration(OutsideOfTransactions.class, OrderedTransactions.class)
			.run(PolarMeteredAutoConfigurationTests::assertBothOrNeither);
	}

	@Test
	void advisorOutsideOfTransactionsOfOtherMethodsIsAccepted() {
		this.contextRunner.withUserConfiguration(OutsideOfTransactions.class, OwnTransactions.class)
			.withBean(Mixed.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void resultFromACacheIsNotRecorded() {
		RecordedUsage usage = new RecordedUsage();
		this.contextRunner.withBean(PolarUsage.class, () -> usage)
			.withUserConfiguration(Caching.class)
			.withBean(Cached.class)
			.run((context) -> {
				context.getBean(Cached.class).pages("form");
				context.getBean(Cached.class).pages("form");
				assertThat(usage.events()).hasSize(1);
			});
	}

	@Test
	void unitsBecomeThePropertyOfTheMeter() {
		RecordedUsage usage = new RecordedUsage();
		this.contextRunner.withBean(PolarUsage.class, () -> usage)
			.withBean(Exports.class)
			.withPropertyValues(meter("export"))
			.run((context) -> {
				context.getBean(Exports.class).export(3);
				assertThat(usage.events()).singleElement()
					.satisfies((event) -> assertThat(event.metadata()).containsEntry("pages", 3));
			});
		this.contextRunner.withBean(Exports.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(PolarConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains("polar.usage.meters.<name>.event: export")));
	}

	@Test
	void withoutTokenTheMessageSaysSo() {
		this.contextRunner.withPropertyValues(meter("export"))
			.withPropertyValues("polar.access-token=")
			.withBean(Exports.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("access token is not configured"));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarMeteredAutoConfiguration.class))
			.withBean(Exports.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(PolarConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessageContaining("there is no bean that records usage");
					assertThat(ex.getAction()).contains("polar.access-token");
				}));
	}

	@Test
	void applicationWithoutTheAnnotationNeedsNothing() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PolarMeteredAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed());
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction",
					"org.springframework.dao", "org.aspectj"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void memoryNeedsNoTransactionsOnTheClassPath() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.transaction",
					"org.springframework.dao", "org.aspectj"))
			.withBean(Mixed.class)
			.run((context) -> {
				context.getBean(Mixed.class).metered();
				assertThat(context.getBean(PolarUsageTemplate.class).backlog().pending()).isEqualTo(1);
			});
	}

	@Test
	void advisorOfTheApplicationTakesPrecedence() {
		this.contextRunner.withUserConfiguration(OutsideOfTransactions.class)
			.run((context) -> assertThat(context).hasSingleBean(PolarMeteredAdvisor.class).hasBean("ownAdvisor"));
	}

	public static class Submissions {

		private final JdbcClient jdbc;

		protected Submissions(DataSource dataSource) {
			this.jdbc = JdbcClient.create(dataSource);
		}

		private void insert(String content) {
			this.jdbc.sql("INSERT INTO submission (content) VALUES (?)").param(content).update();
		}

		@Transactional
		@PolarMetered("submission")
		public void submit(String content) {
			insert(content);
		}

		@Transactional
		@PolarMetered("submission")
		public void fail(String content) {
			insert(content);
			throw new IllegalStateException("A bug");
		}

		@Transactional
		@PolarMetered("submission")
		public void rollBack(String content) {
			insert(content);
			TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
		}

		@Transactional
		@PolarMetered("submission")
		public void failToCommit(String content) {
			insert(content);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					throw new IllegalStateException("The commit fails");
				}

			});
		}

		@Transactional
		@PolarMetered("submission")
		@PolarMetered(value = "failing", units = "null")
		public void failToRecord(String content) {
			insert(content);
		}

	}

	@Transactional
	static class TransactionalClass {

		private final JdbcClient jdbc;

		TransactionalClass(DataSource dataSource) {
			this.jdbc = JdbcClient.create(dataSource);
		}

		@PolarMetered("submission")
		public void submit(boolean rollBack) {
			this.jdbc.sql("INSERT INTO submission (content) VALUES ('x')").update();
			if (rollBack) {
				TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			}
		}

	}

	public static class Mixed {

		@Transactional
		public void transactional() {
		}

		@PolarMetered("submission")
		public void metered() {
		}

	}

	static class Exports {

		@PolarMetered(value = "export", units = "#pages")
		public void export(int pages) {
		}

	}

	static class Cached {

		@Cacheable("pages")
		@PolarMetered("submission")
		public int pages(String form) {
			return 1;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

		@Bean
		ConcurrentMapCacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class OwnTransactions {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(order = 0)
	static class OrderedTransactions {

	}

	@Configuration(proxyBeanMethods = false)
	static class OutsideOfTransactions {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static PolarMeteredAdvisor ownAdvisor(ObjectProvider<PolarUsage> usage, ObjectProvider<CurrentPayer> payer,
				ObjectProvider<PolarMeters> meters) {
			return new PolarMeteredAdvisor(usage::getObject, payer::getObject, meters::getObject);
		}

	}

	@Aspect
	static class Logging {

		private int calls;

		@Before("execution(* *..Submissions.*(..))")
		void called() {
			this.calls++;
		}

	}

}
