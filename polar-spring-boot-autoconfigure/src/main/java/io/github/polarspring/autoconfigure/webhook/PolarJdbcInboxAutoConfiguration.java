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

import java.time.Clock;

import javax.sql.DataSource;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PolarProperties.Webhook.InboxType;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.TablesInitializer;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration.ScriptHints;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the inbox in the application's
 * database. Whether it is used is decided at runtime.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = PolarWebhookAutoConfiguration.class)
@ConditionalOnClass({ JdbcClient.class, PlatformTransactionManager.class, DataSourceScriptDatabaseInitializer.class })
@EnableConfigurationProperties(PolarInboxProperties.class)
@ImportRuntimeHints(ScriptHints.class)
public final class PolarJdbcInboxAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PolarJdbcInboxAutoConfiguration.class);

	@Bean
	@Lazy
	PolarDatabase polarDatabase(@PolarDataSource ObjectProvider<DataSource> markedDataSource,
			ObjectProvider<DataSource> dataSource,
			@PolarDataSource ObjectProvider<PlatformTransactionManager> markedTransactionManager,
			ObjectProvider<PlatformTransactionManager> transactionManager, ResourceLoader resourceLoader,
			PolarInboxProperties properties) {
		return new PolarDatabase(markedDataSource, dataSource, markedTransactionManager, transactionManager,
				resourceLoader, properties);
	}

	@Bean
	@Lazy
	JdbcInboxFactory polarJdbcInboxFactory(PolarDatabase database, PolarInboxProperties properties,
			ObjectProvider<Clock> clock) {
		return new JdbcInboxFactory(database, properties, clock.getIfUnique(Clock::systemUTC));
	}

	/**
	 * Never lazy, even with {@code spring.main.lazy-initialization}, because stored
	 * events may be waiting.
	 */
	@Bean
	@Lazy(false)
	@DependsOnDatabaseInitialization
	JdbcInboxLifecycle polarJdbcInboxLifecycle(PolarProperties polar, PolarInboxProperties properties,
			ObjectProvider<PolarWebhookInbox> inbox, JdbcInboxFactory factory,
			ObjectProvider<DataSourcePoolMetadataProvider> pools, ObjectProvider<TablesInitializer> tables) {
		return new JdbcInboxLifecycle(polar.webhook().inbox() == InboxType.JDBC, inbox, factory, properties, pools,
				tables);
	}

	@Bean
	@Lazy
	CustomerDataEraser polarInboxDataEraser(PolarProperties polar, ObjectProvider<PolarWebhookInbox> inbox) {
		return (customerId) -> {
			if (inbox.getIfAvailable() instanceof JdbcWebhookInbox stored) {
				stored.erase(customerId);
			}
			else if (polar.webhook().inbox() == InboxType.JDBC) {
				logger.warn("The events of customer " + customerId + " were not erased, because the application has its"
						+ " own PolarWebhookInbox. Declare a bean of type CustomerDataEraser");
			}
		};
	}

	static final class ScriptHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources()
				.registerPattern("io/github/polarspring/webhook/jdbc/schema-*.sql")
				.registerPattern("io/github/polarspring/webhook/catchup/schema-*.sql")
				.registerPattern("io/github/polarspring/entitlement/schema-*.sql")
				.registerPattern("io/github/polarspring/order/schema-*.sql")
				.registerPattern("io/github/polarspring/usage/schema-*.sql");
		}

	}

}
