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

import javax.sql.DataSource;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.io.ResourceLoader;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Database of the application that contains the tables of the library. Internal: not
 * meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarDatabase {

	private final ObjectProvider<DataSource> markedDataSource;

	private final ObjectProvider<DataSource> dataSource;

	private final ObjectProvider<PlatformTransactionManager> markedTransactionManager;

	private final ObjectProvider<PlatformTransactionManager> transactionManager;

	private final ResourceLoader resourceLoader;

	private final PolarInboxProperties properties;

	private @Nullable TransactionTemplate transactions;

	/**
	 * Create a database.
	 * @param markedDataSource the data source with {@link PolarDataSource}
	 * @param dataSource all data sources
	 * @param markedTransactionManager the transaction manager with
	 * {@link PolarDataSource}
	 * @param transactionManager all transaction managers
	 * @param resourceLoader loads the scripts
	 * @param properties the properties of the inbox
	 */
	PolarDatabase(ObjectProvider<DataSource> markedDataSource, ObjectProvider<DataSource> dataSource,
			ObjectProvider<PlatformTransactionManager> markedTransactionManager,
			ObjectProvider<PlatformTransactionManager> transactionManager, ResourceLoader resourceLoader,
			PolarInboxProperties properties) {
		this.markedDataSource = markedDataSource;
		this.dataSource = dataSource;
		this.markedTransactionManager = markedTransactionManager;
		this.transactionManager = transactionManager;
		this.resourceLoader = resourceLoader;
		this.properties = properties;
	}

	/**
	 * Return the data source.
	 * @param tables the tables for which it is required
	 * @return the marked one, or the only or primary one
	 * @throws PolarConfigurationException if there is none, or several
	 */
	public DataSource requireDataSource(Tables tables) {
		DataSource marked = this.markedDataSource.getIfAvailable();
		DataSource dataSource = (marked != null) ? marked : this.dataSource.getIfUnique();
		if (dataSource == null) {
			boolean several = this.dataSource.stream().findAny().isPresent();
			throw new PolarConfigurationException(
					tables.reason() + ", but the application has "
							+ (several ? "several data sources." : "no data source."),
					several ? "Annotate the one to use for %s with @PolarDataSource.".formatted(tables.owner())
							: "Set 'spring.datasource.url' or '%s'.".formatted(tables.alternative()));
		}
		return dataSource;
	}

	/**
	 * Return a template for new transactions on the data source, with the isolation level
	 * 'read committed'. It begins them with the transaction manager of the application,
	 * if there is one for the data source.
	 * @param tables the tables for which it is required
	 * @return the template, which must not be changed
	 * @throws PolarConfigurationException if the transaction manager cannot be determined
	 */
	public synchronized TransactionTemplate transactions(Tables tables) {
		if (this.transactions == null) {
			this.transactions = InboxTransactions.of(requireDataSource(tables), this.markedTransactionManager,
					this.transactionManager);
		}
		return this.transactions;
	}

	/**
	 * Create the tables if they are missing and initialization is enabled.
	 * @param tables the tables
	 * @param check throws a {@link org.springframework.jdbc.BadSqlGrammarException} if a
	 * table is missing or has other columns
	 * @throws PolarConfigurationException if the check fails afterwards
	 */
	public void prepare(Tables tables, Runnable check) {
		new SchemaInitializer(requireDataSource(tables), this.resourceLoader, tables).run(check);
	}

	/**
	 * Return tables that are created in the same way as those of the inbox.
	 * @param owner the part of the library that uses them
	 * @param schema location of the script, with a placeholder for the platform
	 * @return the tables
	 */
	public Tables tables(String owner, String schema) {
		return tables(owner, "'polar.webhook.inbox' is 'jdbc'", "polar.webhook.inbox: direct", schema);
	}

	/**
	 * Return tables that are created in the same way as those of the inbox, but can be
	 * used without it.
	 * @param owner the part of the library that uses them
	 * @param reason the reason why they are required, as the beginning of a sentence
	 * @param alternative the line of configuration without which they are not required
	 * @param schema location of the script, with a placeholder for the platform
	 * @return the tables
	 */
	public Tables tables(String owner, String reason, String alternative, String schema) {
		return new Tables(owner, reason, alternative, "polar.webhook.jdbc", this.properties.initializeSchema(), schema,
				this.properties.platform());
	}

	/**
	 * Strategy to create the tables of a part of the library. All beans of this type are
	 * called before the inbox accepts events, and again while the database is not
	 * available.
	 */
	@FunctionalInterface
	public interface TablesInitializer {

		/**
		 * Create the tables if they are missing.
		 * @throws PolarConfigurationException if they are missing and cannot be created
		 */
		void initialize();

	}

	/**
	 * Tables of a part of the library, as it is configured.
	 *
	 * @param owner the part, such as {@code the inbox}
	 * @param reason the reason why the tables are required, as the beginning of a
	 * sentence: {@code 'polar.webhook.inbox' is 'jdbc'}
	 * @param alternative the line of configuration without which they are not required
	 * @param prefix the prefix of the properties for the other parameters
	 * @param initializeSchema when to create the tables
	 * @param schema location of the script, with a placeholder for the platform
	 * @param platform the platform, {@code null} to detect it
	 */
	public record Tables(String owner, String reason, String alternative, String prefix,
			DatabaseInitializationMode initializeSchema, String schema, @Nullable String platform) {

	}

}
