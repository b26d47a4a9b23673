package io.github.polarspring.autoconfigure.webhook;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.InboxSettings;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates the {@link JdbcWebhookInbox} on the application's database.
 */
final class JdbcInboxFactory implements StoredInboxFactory {

	private static final Log logger = LogFactory.getLog(JdbcInboxFactory.class);

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
	public PolarWebhookInbox create(PolarEventListeners listeners, PolarEventAnnouncements announcements) {
		DataSource dataSource = dataSource();
		return new JdbcWebhookInbox(listeners, announcements, dataSource, transactionManager(dataSource), settings(),
				this.clock);
	}

	private InboxSettings settings() {
		PolarInboxProperties properties = this.properties;
		try {
			return new InboxSettings(properties.getWorkers(), properties.getAcknowledgeWithin(),
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

	private PlatformTransactionManager transactionManager(DataSource dataSource) {
		PlatformTransactionManager marked = this.markedTransactionManager.getIfAvailable();
		if (marked != null) {
			return marked;
		}
		PlatformTransactionManager transactionManager = this.transactionManager.getIfUnique();
		if (transactionManager != null && worksOn(transactionManager, dataSource)) {
			return transactionManager;
		}
		logger.info("The inbox for Polar's webhooks has transactions of its own: what listeners do is not committed"
				+ " together with it. If it should be, mark its transaction manager with @PolarDataSource");
		return new JdbcTransactionManager(dataSource);
	}

	/**
	 * Without it, the lock on an event would be released before its listener is called.
	 */
	private static boolean worksOn(PlatformTransactionManager transactionManager, DataSource dataSource) {
		TransactionTemplate transaction = new TransactionTemplate(transactionManager);
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		try {
			return Boolean.TRUE.equals(transaction.execute((status) -> isPartOfTransaction(dataSource)));
		}
		catch (TransactionException | DataAccessException ex) {
			logger.debug("The database cannot be asked yet", ex);
			return true;
		}
	}

	private static @Nullable Boolean isPartOfTransaction(DataSource dataSource) {
		Connection connection = DataSourceUtils.getConnection(dataSource);
		try {
			return DataSourceUtils.isConnectionTransactional(connection, dataSource) && !connection.getAutoCommit();
		}
		catch (SQLException ex) {
			return true;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, dataSource);
		}
	}

}
