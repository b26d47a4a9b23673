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

import java.util.List;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.hibernate.HibernateTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;

/**
 * Chooses the transaction manager of the library's tables: the marked one, or the one of
 * their data source. With a transaction manager of another resource, the lock on an event
 * of the inbox would be released before its listener is called.
 */
final class InboxTransactions {

	private static final Log logger = LogFactory.getLog(InboxTransactions.class);

	private static final boolean ORM = ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager",
			InboxTransactions.class.getClassLoader());

	private InboxTransactions() {
	}

	static TransactionTemplate of(DataSource dataSource, ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> all) {
		PlatformTransactionManager chosen = marked.getIfAvailable();
		if (chosen == null) {
			return JdbcWebhookInbox.transactions(usual(dataSource, all));
		}
		TransactionTemplate transactions = JdbcWebhookInbox.transactions(chosen);
		if (chosen instanceof JtaTransactionManager) {
			// JTA does not set an isolation level; the data source must define it
			transactions.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
		}
		else if (!isOf(dataSource, chosen)) {
			throw new PolarConfigurationException(
					"The transaction manager that is annotated with @PolarDataSource does not manage the data source of Polar's"
							+ " tables.",
					"Annotate the transaction manager of that data source instead, or remove the annotation.");
		}
		return transactions;
	}

	private static PlatformTransactionManager usual(DataSource dataSource,
			ObjectProvider<PlatformTransactionManager> all) {
		PlatformTransactionManager usual = all.getIfUnique();
		if (usual != null && isOf(dataSource, usual)) {
			return usual;
		}
		List<PlatformTransactionManager> matching = all.orderedStream()
			.filter((candidate) -> isOf(dataSource, candidate))
			.toList();
		if (matching.size() > 1) {
			throw new PolarConfigurationException(
					"The application has several transaction managers for the data source of Polar's tables.",
					"Annotate the one that listeners use with @PolarDataSource.");
		}
		if (matching.size() == 1) {
			return matching.get(0);
		}
		logger.info("Polar's tables are written in separate transactions, because no transaction manager of the"
				+ " application manages their data source: changes by listeners are not committed together with the inbox."
				+ " To use a JTA transaction manager, annotate it with @PolarDataSource");
		return new JdbcTransactionManager(dataSource);
	}

	private static boolean isOf(DataSource dataSource, PlatformTransactionManager transactionManager) {
		Object resource = ORM ? Orm.dataSource(transactionManager) : null;
		if (resource == null && transactionManager instanceof ResourceTransactionManager manager) {
			resource = manager.getResourceFactory();
		}
		return resource != null && unwrap(resource).equals(unwrap(dataSource));
	}

	/**
	 * Unwrap the data source as transaction managers do.
	 */
	private static Object unwrap(Object resource) {
		DataSource target = (resource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return TransactionSynchronizationUtils.unwrapResourceIfNecessary((target != null) ? target : resource);
	}

	/**
	 * The resource of these transaction managers is not the data source, although they
	 * bind its connection.
	 */
	private static final class Orm {

		static @Nullable DataSource dataSource(PlatformTransactionManager transactionManager) {
			if (transactionManager instanceof JpaTransactionManager jpa) {
				return jpa.getDataSource();
			}
			return (transactionManager instanceof HibernateTransactionManager hibernate) ? hibernate.getDataSource()
					: null;
		}

	}

}
