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
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;

import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.util.StringUtils;

/**
 * Creates tables that are missing. Two instances that start at the same time both try it;
 * the second one finds that they exist.
 *
 * @param dataSource the data source
 * @param resourceLoader loads the script
 * @param tables the tables
 */
record SchemaInitializer(DataSource dataSource, ResourceLoader resourceLoader, Tables tables) {

	void run(Runnable check) {
		try {
			check.run();
			return;
		}
		catch (BadSqlGrammarException ex) {
			// a table does not exist
		}
		String script = script();
		if (!this.resourceLoader.getResource(script).exists()) {
			throw new PolarConfigurationException(
					"Script %s for %s does not exist. There are scripts for PostgreSQL, MariaDB, MySQL and H2."
						.formatted(script, this.tables.owner()),
					"Use one of these databases, or set '%s'.".formatted(this.tables.alternative()));
		}
		execute(script);
		try {
			check.run();
		}
		catch (BadSqlGrammarException ex) {
			throw new PolarConfigurationException(
					"%s, but a table is missing in the database or does not have the expected columns (%s)."
						.formatted(this.tables.reason(), ex.getMostSpecificCause().getMessage()),
					("Run the script %s, which is contained in the jar of polar-spring, in your"
							+ " migrations, or set '%s.initialize-schema: always'.")
						.formatted(script, this.tables.prefix()));
		}
	}

	private void execute(String script) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setMode(this.tables.initializeSchema());
		settings.setSchemaLocations(List.of(script));
		settings.setContinueOnError(true);
		DataSourceScriptDatabaseInitializer initializer = new DataSourceScriptDatabaseInitializer(this.dataSource,
				settings);
		initializer.setResourceLoader(this.resourceLoader);
		initializer.initializeDatabase();
	}

	private String script() {
		PlatformPlaceholderDatabaseDriverResolver resolver = new PlatformPlaceholderDatabaseDriverResolver()
			.withDriverPlatform(DatabaseDriver.MARIADB, "mysql");
		String platform = this.tables.platform();
		String schema = this.tables.schema();
		return (StringUtils.hasText(platform) ? resolver.resolveAll(platform, schema)
				: resolver.resolveAll(this.dataSource, schema))
			.get(0);
	}

}
