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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionUsageException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the transaction manager that works on the data source of the inbox, by trying.
 * With one of another resource the lock on an event would be released before its listener
 * is called. As long as the database cannot be asked, nothing is decided.
 */
final class InboxTransactions implements Supplier<TransactionOperations> {

	private static final Log logger = LogFactory.getLog(InboxTransactions.class);

	private final DataSource dataSource;

	private final ObjectProvider<PlatformTransactionManager> marked;

	private final ObjectProvider<PlatformTransactionManager> all;

	private volatile @Nullable TransactionTemplate decided;

	private boolean unclear;

	InboxTransactions(DataSource dataSource, ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> all) {
		this.dataSource = dataSource;
		this.marked = marked;
		this.all = all;
	}

	@Override
	public TransactionOperations get() {
		TransactionTemplate decided = this.decided;
		return (decided != null) ? decided : decide();
	}

	private synchronized TransactionTemplate decide() {
		requireDatabase();
		PlatformTransactionManager marked = this.marked.getIfAvailable();
		if (marked != null) {
			TransactionTemplate transactions = usable(marked);
			if (transactions == null) {
				throw new PolarConfigurationException(
						"The transaction manager that is marked with @PolarDataSource does not work on the data source"
								+ " of the inbox.",
						"Mark the one of that data source, or none.");
			}
			return remember(transactions);
		}
		PlatformTransactionManager usual = this.all.getIfUnique();
		TransactionTemplate transactions = (usual != null) ? usableOrNot(usual) : null;
		return (transactions != null) ? remember(transactions) : only();
	}

	private TransactionTemplate remember(TransactionTemplate transactions) {
		this.decided = transactions;
		return transactions;
	}

	private TransactionTemplate only() {
		this.unclear = false;
		List<TransactionTemplate> usable = new ArrayList<>();
		this.all.orderedStream().forEach((transactionManager) -> {
			TransactionTemplate transactions = usableOrNot(transactionManager);
			if (transactions != null) {
				usable.add(transactions);
			}
		});
		if (usable.size() > 1) {
			throw new PolarConfigurationException(
					"The application has several transaction managers for the data source of the inbox.",
					"Mark the one that listeners use with @PolarDataSource.");
		}
		if (!usable.isEmpty()) {
			return remember(usable.get(0));
		}
		TransactionTemplate own = JdbcWebhookInbox.transactions(new JdbcTransactionManager(this.dataSource));
		if (this.unclear) {
			return own;
		}
		logger.info("The inbox for Polar's webhooks has transactions of its own, as no transaction manager of the"
				+ " application works on its data source: what listeners do is not committed together with it");
		return remember(own);
	}

	private void requireDatabase() {
		try {
			this.dataSource.getConnection().close();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException("The database of the inbox is not there", ex);
		}
	}

	/**
	 * One that cannot begin is that of something else which is down, as the database is
	 * there.
	 */
	private @Nullable TransactionTemplate usableOrNot(PlatformTransactionManager transactionManager) {
		try {
			return usable(transactionManager);
		}
		catch (TransactionException ex) {
			logger.debug("%s cannot begin a transaction".formatted(transactionManager.getClass().getName()), ex);
			this.unclear = true;
			return null;
		}
	}

	private @Nullable TransactionTemplate usable(PlatformTransactionManager transactionManager) {
		TransactionTemplate transactions = JdbcWebhookInbox.transactions(transactionManager);
		Integer isolation;
		try {
			isolation = isolation(transactions, isJta(transactionManager));
		}
		catch (TransactionUsageException ex) {
			// as that of JTA: the level has to be right without being asked for
			transactions.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
			isolation = isolation(transactions, isJta(transactionManager));
		}
		if (isolation != null && isolation != Connection.TRANSACTION_READ_COMMITTED) {
			throw new PolarConfigurationException(
					"The inbox needs transactions with the isolation level 'read committed', which "
							+ transactionManager.getClass().getSimpleName() + " does not give it.",
					"Let the data source have this level, or mark another transaction manager with @PolarDataSource.");
		}
		return (isolation != null) ? transactions : null;
	}

	/**
	 * Return the isolation level that the data source has in a transaction, {@code null}
	 * if the transaction is not one of the data source.
	 */
	private @Nullable Integer isolation(TransactionTemplate transactions, boolean jta) {
		return transactions.execute((status) -> {
			// asking for a connection binds it, whosever the transaction is
			boolean bound = TransactionSynchronizationManager.hasResource(this.dataSource);
			if (!bound && !jta) {
				return null;
			}
			Connection connection = DataSourceUtils.getConnection(this.dataSource);
			try {
				return connection.getAutoCommit() ? null : connection.getTransactionIsolation();
			}
			catch (SQLException ex) {
				throw new DataAccessResourceFailureException("The connection cannot be asked", ex);
			}
			finally {
				DataSourceUtils.releaseConnection(connection, this.dataSource);
			}
		});
	}

	/**
	 * By its name: the class needs an API that most applications do not have.
	 */
	private static boolean isJta(PlatformTransactionManager transactionManager) {
		for (Class<?> type = transactionManager.getClass(); type != null; type = type.getSuperclass()) {
			if (type.getName().equals("org.springframework.transaction.jta.JtaTransactionManager")) {
				return true;
			}
		}
		return false;
	}

}
