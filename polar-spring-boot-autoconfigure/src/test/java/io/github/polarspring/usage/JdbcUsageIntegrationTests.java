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

package io.github.polarspring.usage;

import java.io.IOException;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests for {@link PolarUsageTemplate} on PostgreSQL and MariaDB.
 */
@TestInstance(Lifecycle.PER_CLASS)
class JdbcUsageIntegrationTests {

	private static final String MARIADB = System.getProperty("polar.mariadb.url", "");

	private final EmbeddedPostgres postgres = EmbeddedPostgres.start();

	JdbcUsageIntegrationTests() throws IOException {
	}

	@AfterAll
	void stop() throws IOException {
		this.postgres.close();
	}

	private static void abortWithoutMariaDb() {
		if (MARIADB.isEmpty()) {
			String message = "There is no MariaDB: -Dpolar.mariadb.url=jdbc:mariadb://... of an empty database";
			System.err.println("SKIPPED: " + message);
			abort(message);
		}
	}

	@Nested
	class OnPostgres extends AbstractJdbcUsageTests {

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(
					JdbcUsageIntegrationTests.this.postgres.getJdbcUrl("postgres", "postgres"));
		}

		@Override
		String platform() {
			return "postgresql";
		}

	}

	@Nested
	class OnMariaDb extends AbstractJdbcUsageTests {

		@BeforeAll
		static void abortWithoutDatabase() {
			abortWithoutMariaDb();
		}

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(MARIADB);
		}

		@Override
		String platform() {
			return "mysql";
		}

	}

	@Nested
	class QuotasOnPostgres extends AbstractJdbcQuotaTests {

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(
					JdbcUsageIntegrationTests.this.postgres.getJdbcUrl("postgres", "postgres"));
		}

		@Override
		String platform() {
			return "postgresql";
		}

	}

	@Nested
	class QuotasOnMariaDb extends AbstractJdbcQuotaTests {

		@BeforeAll
		static void abortWithoutDatabase() {
			abortWithoutMariaDb();
		}

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(MARIADB);
		}

		@Override
		String platform() {
			return "mysql";
		}

	}

}
