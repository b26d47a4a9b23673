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

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.hibernate.HibernateTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.InvalidIsolationLevelException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarJdbcInboxAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarJdbcInboxAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=jdbc",
				"spring.datasource.generate-unique-name=true")
		.withBean(Listeners.class);

	private final WebApplicationContextRunner withDataSource = this.runner.withConfiguration(AutoConfigurations
		.of(DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class));

	@BeforeEach
	void logWhoseTransactionsTheInboxHas() {
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(InboxTransactions.class.getName(), LogLevel.INFO);
	}

	private static Receipt accept(AssertableWebApplicationContext context) {
		return context.getBean(PolarWebhookInbox.class)
			.accept(PolarEvent.read(UUID.randomUUID().toString(),
					"{\"type\":\"order.paid\",\"data\":{}}".getBytes(StandardCharsets.UTF_8)));
	}

	private static DataSource dataSource() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	private static String failure(AssertableWebApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable failure = context.getStartupFailure();
		while (!(failure instanceof PolarConfigurationException) && failure.getCause() != null) {
			failure = failure.getCause();
		}
		assertThat(failure).isInstanceOf(PolarConfigurationException.class);
		return failure.getMessage() + "|" + ((PolarConfigurationException) failure).getAction();
	}

	@Test
	void embeddedDatabaseGetsItsTables() {
		this.withDataSource.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(PolarWebhookInbox.class)).isInstanceOf(JdbcWebhookInbox.class);
			assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
			assertThat(context.getBean(Listeners.class).heard).isEqualTo(1);
		});
	}

	@Test
	void inboxWorksWithoutAWebServer() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
							PolarWebhookAutoConfiguration.class, TransactionAutoConfiguration.class,
							DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class))
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=jdbc",
					"spring.datasource.generate-unique-name=true")
			.withBean(Listeners.class)
			.run((context) -> {
				String body = "{\"type\":\"order.paid\",\"data\":{}}";
				assertThat(context.getBean(PolarWebhookReceiver.class)
					.receive(Signed.of(Signed.SECRET, "1", body).httpHeaders(), body.getBytes(StandardCharsets.UTF_8)))
					.isEqualTo(PolarWebhookReceipt.ACCEPTED);
				assertThat(context.getBean(PolarWebhookInbox.class)).isInstanceOf(JdbcWebhookInbox.class);
				assertThat(context.getBean(Listeners.class).heard).isEqualTo(1);
				assertThat(context.getBean(PolarDeadLetters.class).list(1)).isEmpty();
			});
	}

	@Test
	void databaseCanContainTablesWithoutTheInbox() {
		this.withDataSource.withPropertyValues("polar.webhook.inbox=direct").run((context) -> {
			PolarDatabase database = context.getBean(PolarDatabase.class);
			Tables tables = states(DatabaseInitializationMode.EMBEDDED);
			JdbcClient jdbc = JdbcClient.create(database.requireDataSource(tables));
			Runnable check = () -> jdbc.sql("SELECT payer FROM polar_customer_state").query().listOfRows();
			assertThatExceptionOfType(PolarConfigurationException.class)
				.isThrownBy(() -> database.prepare(states(DatabaseInitializationMode.NEVER), check))
				.withMessageContaining("States are stored, but a table is missing")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("entitlement/schema-h2.sql",
						"'states.initialize-schema: always'"));
			database.prepare(tables, check);
			check.run();
			assertThat(database.transactions(tables).getTransactionManager())
				.isSameAs(context.getBean(PlatformTransactionManager.class));
		});
	}

	private static Tables states(DatabaseInitializationMode mode) {
		return new Tables("the states", "States are stored", "states: none", "states", mode,
				"classpath:io/github/polarspring/entitlement/schema-@@platform@@.sql", null);
	}

	@Test
	void missingTableFailsTheStartAndNamesTheScript() {
		this.withDataSource.withPropertyValues("polar.webhook.jdbc.initialize-schema=never")
			.run((context) -> assertThat(failure(context)).contains("'polar.webhook.inbox' is 'jdbc'",
					"classpath:io/github/polarspring/webhook/jdbc/schema-h2.sql",
					"polar.webhook.jdbc.initialize-schema: always"));
	}

	@Test
	void tableThatLacksAColumnFailsTheStart() {
		DataSource dataSource = dataSource();
		new JdbcTemplate(dataSource).execute("CREATE TABLE polar_webhook_event (id VARCHAR(255))");
		this.runner.withBean(DataSource.class, () -> dataSource)
			.run((context) -> assertThat(failure(context)).contains("does not have the expected columns"));
	}

	@Test
	void databaseOfItsOwnGetsTablesWhenAskedAndASecondStartDoesNotMind() {
		String url = "jdbc:h2:file:./target/inbox-" + UUID.randomUUID() + ";DB_CLOSE_ON_EXIT=FALSE";
		WebApplicationContextRunner runner = this.withDataSource.withPropertyValues("spring.datasource.url=" + url);
		runner.run((context) -> assertThat(failure(context)).contains("schema-h2.sql"));
		for (int i = 0; i < 2; i++) {
			runner.withPropertyValues("polar.webhook.jdbc.initialize-schema=always")
				.run((context) -> assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED));
		}
	}

	@Test
	void ownScriptIsUsed() {
		this.withDataSource.withPropertyValues("polar.webhook.jdbc.schema=classpath:nothing-@@platform@@.sql")
			.run((context) -> assertThat(failure(context))
				.contains("Script classpath:nothing-h2.sql for the inbox does not exist"));
	}

	@Test
	void directInboxIsTheDefaultAndLeavesTheDatabaseAlone() {
		DataSource dataSource = dataSource();
		this.runner.withBean(DataSource.class, () -> dataSource)
			.withPropertyValues("polar.webhook.inbox=direct")
			.run((context) -> {
				assertThat(context.getBean(PolarWebhookInbox.class)).isNotInstanceOf(JdbcWebhookInbox.class);
				assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
				assertThat(new JdbcTemplate(dataSource)
					.queryForList("SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
					.isEmpty();
			});
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class,
					PolarJdbcInboxAutoConfiguration.class, PolarWebhookAutoConfiguration.class))
			.withPropertyValues("polar.webhook.secret=" + Signed.SECRET)
			.run((context) -> assertThat(context.getBean(PolarWebhookInbox.class))
				.isNotInstanceOf(JdbcWebhookInbox.class));
	}

	/**
	 * Phases go up at the start and down at the stop.
	 */
	@Test
	void inboxStartsBeforeTheWebServerAndStopsAfterIt() {
		this.withDataSource.run((context) -> assertThat(context.getBean(JdbcInboxLifecycle.class).getPhase())
			.isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
			.isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE));
	}

	@Test
	void directInboxHasNoDeadLetters() {
		this.runner.withPropertyValues("polar.webhook.inbox=direct").run((context) -> {
			PolarDeadLetters deadLetters = context.getBean(PolarDeadLetters.class);
			assertThat(deadLetters.list(10)).isEmpty();
			assertThat(deadLetters.find("1")).isEmpty();
			assertThat(deadLetters.read("1")).isEmpty();
			assertThat(deadLetters.requeue("1")).isFalse();
			assertThat(deadLetters.requeueAll()).isZero();
		});
		this.runner.withPropertyValues("polar.webhook.inbox=direct")
			.withClassLoader(new FilteredClassLoader(JdbcClient.class))
			.run((context) -> assertThat(context).hasSingleBean(PolarDeadLetters.class));
	}

	@Test
	void missingSpringJdbcIsSaid() {
		this.runner.withClassLoader(new FilteredClassLoader(JdbcClient.class))
			.run((context) -> assertThat(failure(context)).contains("spring-boot-starter-jdbc"));
	}

	@Test
	void missingDataSourceIsSaid() {
		this.runner.run((context) -> assertThat(failure(context)).contains("no data source", "spring.datasource.url"));
	}

	@Test
	void severalDataSourcesNeedAMark() {
		this.runner.withBean("one", DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean("two", DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.run((context) -> assertThat(failure(context)).contains("several data sources", "@PolarDataSource"));
		this.runner.withUserConfiguration(MarkedDataSource.class).run((context) -> {
			assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
			assertThat(new JdbcTemplate(context.getBean("two", DataSource.class))
				.queryForObject("SELECT COUNT(*) FROM polar_webhook_event", Long.class)).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void transactionManagerOfSomethingElseIsNotUsed(boolean autoCommit, CapturedOutput output) {
		JdbcDataSource shared = (JdbcDataSource) dataSource();
		this.runner.withBean(DataSource.class, () -> new AutoCommitDataSource(shared, autoCommit))
			.withBean(OtherTransactionManager.class)
			.withPropertyValues("polar.webhook.jdbc.initialize-schema=always")
			.run((context) -> {
				assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
				assertThat(context.getBean(Listeners.class).heard).isEqualTo(1);
				assertThat(context.getBean(OtherTransactionManager.class).begun).isZero();
				assertThat(new JdbcTemplate(shared)
					.queryForObject("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'DONE'", Long.class))
					.isEqualTo(1);
				assertThat(output).contains("written in separate transactions");
			});
	}

	@Test
	void otherResourceThatIsDownDoesNotStopTheInbox() {
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean("broker", BrokenTransactionManager.class)
			.withBean("own", OwnTransactionManager.class)
			.run((context) -> assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED));
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean("broker", BrokenTransactionManager.class)
			.run((context) -> assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED));
	}

	@Test
	void transactionManagerOfTheDataSourceIsFoundAmongOthers(CapturedOutput output) {
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean("other", OtherTransactionManager.class)
			.withBean("own", OwnTransactionManager.class)
			.run((context) -> {
				int begun = context.getBean(OwnTransactionManager.class).begun;
				assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
				assertThat(context.getBean(OwnTransactionManager.class).begun).isGreaterThan(begun);
			});
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean("one", OwnTransactionManager.class)
			.withBean("two", OwnTransactionManager.class)
			.run((context) -> assertThat(failure(context)).contains("several transaction managers",
					"Annotate the one that listeners use with @PolarDataSource"));
		assertThat(output).doesNotContain("written in separate transactions");
	}

	@Test
	void transactionManagerIsFoundBehindProxiesAndInHibernate() {
		DataSource target = dataSource();
		DataSource proxy = new TransactionAwareDataSourceProxy(target);
		HibernateTransactionManager hibernate = new HibernateTransactionManager();
		hibernate.setDataSource(target);
		for (DataSource dataSource : List.of(target, proxy)) {
			for (PlatformTransactionManager candidate : List.of(new JdbcTransactionManager(target),
					new JdbcTransactionManager(proxy), hibernate)) {
				assertThat(transactionManager(dataSource, candidate)).isSameAs(candidate);
			}
		}
		PlatformTransactionManager other = new JdbcTransactionManager(dataSource());
		assertThat(transactionManager(target, other)).isNotSameAs(other).isInstanceOf(JdbcTransactionManager.class);
	}

	private static @Nullable PlatformTransactionManager transactionManager(DataSource dataSource,
			PlatformTransactionManager candidate) {
		StaticListableBeanFactory none = new StaticListableBeanFactory();
		StaticListableBeanFactory one = new StaticListableBeanFactory(Map.of("one", candidate));
		return InboxTransactions
			.of(dataSource, none.getBeanProvider(PlatformTransactionManager.class),
					one.getBeanProvider(PlatformTransactionManager.class))
			.getTransactionManager();
	}

	@Test
	void markedTransactionManagerOfSomethingElseFailsTheStart() {
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withUserConfiguration(MarkedOther.class)
			.run((context) -> assertThat(failure(context)).contains("annotated with @PolarDataSource does not manage",
					"Annotate the transaction manager of that data source instead, or remove the annotation"));
	}

	/**
	 * It cannot set the level, so that of the database has to be right.
	 */
	@Test
	void transactionManagerOfJtaIsUsedIfItIsMarked(CapturedOutput output) {
		Jta jta = new Jta("");
		this.runner.withBean(Jta.class, () -> jta).withUserConfiguration(MarkedJta.class).run((context) -> {
			int begun = jta.begun;
			assertThat(begun).isPositive();
			assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
			assertThat(context.getBean(Listeners.class).heard).isEqualTo(1);
			assertThat(jta.begun).isGreaterThan(begun);
		});
		assertThat(output).doesNotContain("written in separate transactions");
		Jta unmarked = new Jta("");
		this.runner.withBean(Jta.class, () -> unmarked)
			.withBean(JtaTransactionManager.class, () -> new JtaTransactionManager((UserTransaction) unmarked))
			.run((context) -> {
				assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED);
				assertThat(unmarked.begun).isZero();
				assertThat(output).contains("To use a JTA transaction manager, annotate it with @PolarDataSource");
			});
		this.runner
			.withBean(Jta.class,
					() -> new Jta(";INIT=SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
			.withUserConfiguration(MarkedJta.class)
			.run((context) -> assertThat(failure(context)).contains("'read committed'", "@PolarDataSource"));
	}

	@Test
	void markedTransactionManagerOfJtaThatIsNotOfTheDataSourceFailsTheStart() {
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withUserConfiguration(OtherMarkedJta.class)
			.run((context) -> assertThat(failure(context)).contains("do not belong to the data source"));
	}

	@Test
	void transactionManagerThatSetsNoIsolationLevelFailsTheStart() {
		this.runner.withBean(DataSource.class, PolarJdbcInboxAutoConfigurationTests::dataSource)
			.withBean(FixedIsolation.class)
			.run((context) -> assertThat(failure(context)).contains("'read committed': No level"));
	}

	@Test
	void poolThatIsTooSmallIsWarnedOf(CapturedOutput output) {
		this.withDataSource.withPropertyValues("spring.datasource.hikari.maximum-pool-size=2")
			.run((context) -> assertThat(output).contains("The connection pool has 2 connection(s)",
					"maximum-pool-size"));
	}

	@Test
	void migrationOfALazyApplicationComesFirst() {
		this.runner.withUserConfiguration(Migrated.class)
			.withPropertyValues("polar.webhook.jdbc.initialize-schema=never")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(accept(context)).isEqualTo(Receipt.ACCEPTED));
	}

	/**
	 * The database comes up later, and is empty.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 2 })
	void tableIsCreatedWhenTheDatabaseIsThere(int workers) {
		LateDataSource late = new LateDataSource(dataSource());
		this.runner.withBean(DataSource.class, () -> late)
			.withPropertyValues("polar.webhook.jdbc.initialize-schema=always", "polar.webhook.jdbc.poll-interval=10ms",
					"polar.webhook.jdbc.workers=" + workers)
			.run((context) -> {
				assertThat(accept(context)).isEqualTo(Receipt.LATER);
				late.there = true;
				long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
				while (accept(context) != Receipt.ACCEPTED) {
					assertThat(System.nanoTime() - until).as("time is up").isNegative();
				}
			});
	}

	@Test
	void ownInboxWins() {
		this.runner.withBean(PolarWebhookInbox.class, () -> (event) -> Receipt.LATER)
			.run((context) -> assertThat(accept(context)).isEqualTo(Receipt.LATER));
	}

	@Test
	void databaseThatIsDownDoesNotFailTheStart(CapturedOutput output) {
		this.withDataSource
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
					"spring.datasource.hikari.connection-timeout=250",
					"spring.datasource.hikari.initialization-fail-timeout=0", "polar.webhook.jdbc.workers=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("Webhooks are not acknowledged until it is");
				assertThat(accept(context)).isEqualTo(Receipt.LATER);
			});
	}

	@Test
	void scriptsAreThereInANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new PolarJdbcInboxAutoConfiguration.ScriptHints().registerHints(hints, null);
		for (String platform : new String[] { "h2", "mysql", "postgresql" }) {
			for (String folder : new String[] { "webhook/jdbc", "entitlement" }) {
				String script = "io/github/polarspring/%s/schema-%s.sql".formatted(folder, platform);
				assertThat(getClass().getClassLoader().getResource(script)).isNotNull();
				assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(hints);
			}
		}
	}

	static class Listeners {

		private volatile int heard;

		@PolarEventListener("order.paid")
		void paid() {
			this.heard++;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedDataSource {

		@Bean
		@Primary
		DataSource one() {
			return dataSource();
		}

		@Bean
		@PolarDataSource
		DataSource two() {
			return dataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(DatabaseInitializationDependencyConfigurer.class)
	static class Migrated {

		@Bean
		DataSource dataSource() {
			return PolarJdbcInboxAutoConfigurationTests.dataSource();
		}

		@Bean
		DataSourceScriptDatabaseInitializer migration(DataSource dataSource) {
			DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
			settings.setSchemaLocations(List.of("classpath:io/github/polarspring/webhook/jdbc/schema-h2.sql"));
			settings.setMode(DatabaseInitializationMode.ALWAYS);
			return new DataSourceScriptDatabaseInitializer(dataSource, settings);
		}

	}

	static class AutoCommitDataSource extends DelegatingDataSource {

		private final boolean autoCommit;

		AutoCommitDataSource(DataSource dataSource, boolean autoCommit) {
			super(dataSource);
			this.autoCommit = autoCommit;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			connection.setAutoCommit(this.autoCommit);
			return connection;
		}

	}

	@SuppressWarnings("serial")
	static class BrokenTransactionManager extends OtherTransactionManager {

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			throw new CannotCreateTransactionException("The broker is down");
		}

	}

	static class LateDataSource extends DelegatingDataSource {

		private volatile boolean there;

		LateDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (!this.there) {
				throw new SQLException("Not there yet", "08001");
			}
			return super.getConnection();
		}

	}

	@SuppressWarnings("serial")
	static class OwnTransactionManager extends JdbcTransactionManager {

		private int begun;

		OwnTransactionManager(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun++;
			super.doBegin(transaction, definition);
		}

	}

	@SuppressWarnings("serial")
	static class FixedIsolation extends JdbcTransactionManager {

		FixedIsolation(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			if (definition.getIsolationLevel() != TransactionDefinition.ISOLATION_DEFAULT) {
				throw new InvalidIsolationLevelException("No level");
			}
			super.doBegin(transaction, definition);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedOther {

		@Bean
		@PolarDataSource
		OtherTransactionManager marked() {
			return new OtherTransactionManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedJta {

		@Bean
		@PolarDataSource
		JtaTransactionManager marked(Jta jta) {
			return new JtaTransactionManager((UserTransaction) jta);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherMarkedJta {

		@Bean
		@PolarDataSource
		JtaTransactionManager marked() {
			return new JtaTransactionManager((UserTransaction) new Jta(""));
		}

	}

	/**
	 * A data source whose connections take part in the transaction of their thread.
	 */
	static class Jta extends DelegatingDataSource implements UserTransaction {

		private final ThreadLocal<Connection> current = new ThreadLocal<>();

		private volatile int begun;

		Jta(String settings) {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + settings);
			setTargetDataSource(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = this.current.get();
			return (connection != null) ? new SingleConnectionDataSource(connection, true).getConnection()
					: super.getConnection();
		}

		@Override
		public void begin() throws SystemException {
			try {
				Connection connection = super.getConnection();
				connection.setAutoCommit(false);
				this.current.set(connection);
				this.begun++;
			}
			catch (SQLException ex) {
				throw new SystemException(ex.getMessage());
			}
		}

		@Override
		public void commit() throws SystemException {
			end(true);
		}

		@Override
		public void rollback() throws SystemException {
			end(false);
		}

		private void end(boolean commit) throws SystemException {
			try (Connection connection = this.current.get()) {
				this.current.remove();
				if (commit) {
					connection.commit();
				}
				else {
					connection.rollback();
				}
			}
			catch (SQLException ex) {
				throw new SystemException(ex.getMessage());
			}
		}

		@Override
		public void setRollbackOnly() {
		}

		@Override
		public int getStatus() {
			return (this.current.get() != null) ? Status.STATUS_ACTIVE : Status.STATUS_NO_TRANSACTION;
		}

		@Override
		public void setTransactionTimeout(int seconds) {
		}

	}

	/**
	 * As that of a message broker.
	 */
	@SuppressWarnings("serial")
	static class OtherTransactionManager extends AbstractPlatformTransactionManager {

		private int begun;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun++;
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
