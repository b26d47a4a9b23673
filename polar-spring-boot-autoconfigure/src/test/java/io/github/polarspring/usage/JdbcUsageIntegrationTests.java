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

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests for {@link PolarUsageTemplate} on PostgreSQL and MariaDB.
 */
class JdbcUsageIntegrationTests {

	@Nested
	class OnPostgres extends AbstractJdbcUsageTests {

		private static EmbeddedPostgres postgres;

		@BeforeAll
		static void start() throws IOException {
			postgres = EmbeddedPostgres.start();
		}

		@AfterAll
		static void stop() throws IOException {
			postgres.close();
		}

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(postgres.getJdbcUrl("postgres", "postgres"));
		}

		@Override
		String platform() {
			return "postgresql";
		}

	}

	@Nested
	class OnMariaDb extends AbstractJdbcUsageTests {

		private static final String URL = System.getProperty("polar.mariadb.url", "");

		@BeforeAll
		static void abortWithoutDatabase() {
			if (URL.isEmpty()) {
				String message = "There is no MariaDB: -Dpolar.mariadb.url=jdbc:mariadb://... of an empty database";
				System.err.println("SKIPPED: " + message);
				abort(message);
			}
		}

		@Override
		DataSource dataSource() {
			return new DriverManagerDataSource(URL);
		}

		@Override
		String platform() {
			return "mysql";
		}

	}

}
