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
import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Creates the {@link JdbcWebhookInbox} in the application's database. Whether it is
 * enabled is decided at runtime; whether it can be used is decided at build time.
 *
 * @param markedDataSource the data source with {@link PolarDataSource}
 * @param dataSource all data sources
 * @param markedTransactionManager the transaction manager with {@link PolarDataSource}
 * @param transactionManager all transaction managers
 * @param properties the properties of the inbox
 * @param clock the clock
 */
record JdbcInboxFactory(ObjectProvider<DataSource> markedDataSource, ObjectProvider<DataSource> dataSource,
		ObjectProvider<PlatformTransactionManager> markedTransactionManager,
		ObjectProvider<PlatformTransactionManager> transactionManager, PolarInboxProperties properties, Clock clock) {

	PolarWebhookInbox create(PolarEventListeners listeners, ApplicationEventPublisher publisher,
			Supplier<List<PolarEventRecorder>> recorders) {
		DataSource dataSource = requireDataSource();
		return new JdbcWebhookInbox(listeners, publisher, recorders, dataSource,
				InboxTransactions.of(dataSource, this.markedTransactionManager, this.transactionManager), settings(),
				this.clock);
	}

	private JdbcWebhookInbox.Settings settings() {
		PolarInboxProperties properties = this.properties;
		return new JdbcWebhookInbox.Settings(properties.workers(), properties.acknowledgeWithin(), properties.holdFor(),
				properties.pollInterval(), properties.keepPayload(), properties.keepId());
	}

	DataSource requireDataSource() {
		DataSource marked = this.markedDataSource.getIfAvailable();
		DataSource dataSource = (marked != null) ? marked : this.dataSource.getIfUnique();
		if (dataSource == null) {
			boolean several = this.dataSource.stream().findAny().isPresent();
			throw new PolarConfigurationException(
					"'polar.webhook.inbox' is 'jdbc', but the application has "
							+ (several ? "several data sources." : "no data source."),
					several ? "Annotate the one to use for the inbox with @PolarDataSource."
							: "Set 'spring.datasource.url' or 'polar.webhook.inbox: direct'.");
		}
		return dataSource;
	}

}
