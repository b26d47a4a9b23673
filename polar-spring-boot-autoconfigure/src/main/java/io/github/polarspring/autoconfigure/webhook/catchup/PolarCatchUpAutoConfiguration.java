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

package io.github.polarspring.autoconfigure.webhook.catchup;

import java.time.Clock;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarReceivers;
import io.github.polarspring.autoconfigure.webhook.endpoint.PolarWebhookEndpointsAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the catch-up of missed events.
 * The bean is created lazily, because it needs the access token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarJdbcInboxAutoConfiguration.class, PolarWebhookEndpointsAutoConfiguration.class })
@ConditionalOnBean({ PolarWebhookEndpoints.class, PolarReceivers.class })
public final class PolarCatchUpAutoConfiguration {

	@Bean(destroyMethod = "stop")
	@Lazy
	@ConditionalOnMissingBean
	PolarCatchUp polarCatchUp(PolarClient client, PolarWebhookEndpoints endpoints, PolarReceivers receivers,
			PolarWebhookInbox inbox, ObjectProvider<CatchUpDatabase> database, ObjectProvider<Clock> clock) {
		PolarCatchUp.Builder builder = PolarCatchUp.builder(client, endpoints, receivers.ofApi(), inbox)
			.clock(clock.getIfUnique(Clock::systemUTC));
		database.ifAvailable((used) -> used.configure(builder, inbox));
		return builder.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JdbcClient.class)
	@ConditionalOnBean(PolarDatabase.class)
	static class JdbcConfiguration {

		@Bean
		@Lazy
		CatchUpDatabase polarCatchUpDatabase(PolarDatabase database) {
			return new CatchUpDatabase(database);
		}

	}

	/**
	 * Table of the catch-up, in the database of the inbox. Applications that do not catch
	 * up do not need it.
	 */
	static final class CatchUpDatabase {

		private static final String SCHEMA = "classpath:io/github/polarspring/webhook/catchup/schema-@@platform@@.sql";

		private final PolarDatabase database;

		CatchUpDatabase(PolarDatabase database) {
			this.database = database;
		}

		void configure(PolarCatchUp.Builder builder, PolarWebhookInbox inbox) {
			if (inbox instanceof JdbcWebhookInbox) {
				Tables tables = this.database.tables("the catch-up", SCHEMA);
				TransactionTemplate transactions = this.database.transactions(tables);
				this.database.prepare(tables, () -> PolarCatchUp.Builder
					.checkDatabase(this.database.requireDataSource(tables), transactions));
				builder.database(this.database.requireDataSource(tables), transactions);
			}
		}

	}

}
