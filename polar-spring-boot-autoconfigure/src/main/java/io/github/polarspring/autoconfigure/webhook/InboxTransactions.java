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
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionUsageException;
import org.springframework.transaction.support.TransactionOperations;
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

	InboxTransactions(DataSource dataSource, ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> all) {
		this.dataSource = dataSource;
		this.marked = marked;
		this.all = all;
	}

	@Override
	public TransactionOperations get() {
		TransactionTemplate decided = this.decided;
		if (decided == null) {
			decided = decide();
			this.decided = decided;
		}
		return decided;
	}

	private TransactionTemplate decide() {
		PlatformTransactionManager marked = this.marked.getIfAvailable();
		if (marked != null) {
			TransactionTemplate transactions = usable(marked);
			if (transactions == null) {
				throw new PolarConfigurationException(
						"The transaction manager that is marked with @PolarDataSource does not work on the data source"
								+ " of the inbox.",
						"Mark the one of that data source, or none.");
			}
			return transactions;
		}
		PlatformTransactionManager usual = this.all.getIfUnique();
		TransactionTemplate transactions = (usual != null) ? usable(usual) : null;
		return (transactions != null) ? transactions : only();
	}

	private TransactionTemplate only() {
		List<TransactionTemplate> usable = new ArrayList<>();
		this.all.orderedStream().forEach((transactionManager) -> {
			TransactionTemplate transactions = usable(transactionManager);
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
			return usable.get(0);
		}
		logger.info("The inbox for Polar's webhooks has transactions of its own, as no transaction manager of the"
				+ " application works on its data source: what listeners do is not committed together with it");
		return JdbcWebhookInbox.transactions(new JdbcTransactionManager(this.dataSource));
	}

	private @Nullable TransactionTemplate usable(PlatformTransactionManager transactionManager) {
		TransactionTemplate transactions = JdbcWebhookInbox.transactions(transactionManager);
		try {
			return (isolation(transactions) != null) ? transactions : null;
		}
		catch (TransactionUsageException ex) {
			// as that of JTA: the level has to be right without being asked for
			transactions.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
			Integer isolation = isolation(transactions);
			if (isolation != null && isolation != Connection.TRANSACTION_READ_COMMITTED) {
				throw new PolarConfigurationException(
						"The inbox needs transactions with the isolation level 'read committed', which "
								+ transactionManager.getClass().getSimpleName() + " neither has nor lets it set.",
						"Let the data source have this level, or mark another transaction manager with"
								+ " @PolarDataSource.");
			}
			return (isolation != null) ? transactions : null;
		}
	}

	/**
	 * Return the isolation level that the data source has in a transaction, {@code null}
	 * if the transaction is not one of the data source.
	 */
	private @Nullable Integer isolation(TransactionTemplate transactions) {
		return transactions.execute((status) -> {
			Connection connection = DataSourceUtils.getConnection(this.dataSource);
			try {
				boolean part = DataSourceUtils.isConnectionTransactional(connection, this.dataSource)
						&& !connection.getAutoCommit();
				return part ? connection.getTransactionIsolation() : null;
			}
			catch (SQLException ex) {
				throw new IllegalStateException("The connection cannot be asked", ex);
			}
			finally {
				DataSourceUtils.releaseConnection(connection, this.dataSource);
			}
		});
	}

}
