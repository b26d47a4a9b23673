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

package io.github.polarspring.autoconfigure.order;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.TablesInitializer;
import io.github.polarspring.order.PolarOrderTemplate;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Tables by which instances make refunds one after the other, in the database of the
 * inbox. Applications that do not use orders do not need them.
 */
final class RefundTables implements TablesInitializer {

	private static final String SCHEMA = "classpath:io/github/polarspring/order/schema-@@platform@@.sql";

	private static final String TEMPLATE = "polarOrderTemplate";

	private final ObjectProvider<PolarDatabase> database;

	private final ObjectProvider<PolarWebhookInbox> inbox;

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Whether the application has started, after which the bean can be created, too.
	 */
	private volatile boolean started;

	RefundTables(ObjectProvider<PolarDatabase> database, ObjectProvider<PolarWebhookInbox> inbox,
			ConfigurableListableBeanFactory beanFactory) {
		this.database = database;
		this.inbox = inbox;
		this.beanFactory = beanFactory;
	}

	void configure(PolarOrderTemplate.Builder builder) {
		if (this.inbox.getIfAvailable() instanceof JdbcWebhookInbox) {
			PolarDatabase database = this.database.getObject();
			Tables tables = tables(database);
			if (this.started) {
				prepare(database, tables);
			}
			builder.database(database.requireDataSource(tables), database.transactions(tables));
		}
	}

	@Override
	public void initialize() {
		if (this.beanFactory.containsSingleton(TEMPLATE)) {
			PolarDatabase database = this.database.getObject();
			prepare(database, tables(database));
		}
		this.started = true;
	}

	private static void prepare(PolarDatabase database, Tables tables) {
		database.prepare(tables, () -> PolarOrderTemplate.Builder.checkDatabase(database.requireDataSource(tables),
				database.transactions(tables)));
	}

	private static Tables tables(PolarDatabase database) {
		return database.tables("refunds", SCHEMA);
	}

}
