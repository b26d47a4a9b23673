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

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Creates the {@link JdbcWebhookInbox} on the application's database.
 */
final class JdbcInboxFactory implements StoredInboxFactory {

	private final ObjectProvider<DataSource> markedDataSource;

	private final ObjectProvider<DataSource> dataSource;

	private final ObjectProvider<PlatformTransactionManager> markedTransactionManager;

	private final ObjectProvider<PlatformTransactionManager> transactionManager;

	private final PolarInboxProperties properties;

	private final Clock clock;

	JdbcInboxFactory(ObjectProvider<DataSource> markedDataSource, ObjectProvider<DataSource> dataSource,
			ObjectProvider<PlatformTransactionManager> markedTransactionManager,
			ObjectProvider<PlatformTransactionManager> transactionManager, PolarInboxProperties properties,
			Clock clock) {
		this.markedDataSource = markedDataSource;
		this.dataSource = dataSource;
		this.markedTransactionManager = markedTransactionManager;
		this.transactionManager = transactionManager;
		this.properties = properties;
		this.clock = clock;
	}

	@Override
	public PolarWebhookInbox create(PolarEventListeners listeners, ApplicationEventPublisher publisher) {
		DataSource dataSource = dataSource();
		TransactionOperations transactions = InboxTransactions.of(dataSource, this.markedTransactionManager,
				this.transactionManager);
		return new JdbcWebhookInbox(listeners, publisher, dataSource, transactions, settings(), this.clock);
	}

	private JdbcWebhookInbox.Settings settings() {
		PolarInboxProperties properties = this.properties;
		try {
			return new JdbcWebhookInbox.Settings(properties.getWorkers(), properties.getAcknowledgeWithin(),
					properties.getHoldFor(), properties.getPollInterval(), properties.getKeepPayload(),
					properties.getKeepId());
		}
		catch (IllegalArgumentException ex) {
			throw new PolarConfigurationException("The properties 'polar.webhook.jdbc.*' are wrong: " + ex.getMessage(),
					"Correct them, or remove them for the defaults.");
		}
	}

	DataSource dataSource() {
		DataSource marked = this.markedDataSource.getIfAvailable();
		DataSource dataSource = (marked != null) ? marked : this.dataSource.getIfUnique();
		if (dataSource == null) {
			boolean several = this.dataSource.stream().findAny().isPresent();
			throw new PolarConfigurationException(
					"'polar.webhook.inbox' is 'jdbc', and the application has "
							+ (several ? "several data sources." : "no data source."),
					several ? "Mark the one that has the inbox with @PolarDataSource."
							: "Set 'spring.datasource.url', or 'polar.webhook.inbox: direct'.");
		}
		return dataSource;
	}

}
