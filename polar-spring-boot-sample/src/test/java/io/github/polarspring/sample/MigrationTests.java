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

package io.github.polarspring.sample;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.CompositeResourceAccessor;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the documentation says about migrations: the application starts with the
 * tables that they made.
 */
class MigrationTests {

	static final String CHANGELOG = "databaseChangeLog:";

	private static final List<String> SCRIPTS = List.of("io/github/polarspring/webhook/jdbc/schema-h2.sql",
			"io/github/polarspring/entitlement/schema-h2.sql", "io/github/polarspring/order/schema-h2.sql",
			"io/github/polarspring/usage/schema-h2.sql", "io/github/polarspring/webhook/catchup/schema-h2.sql");

	private final DataSource dataSource = new DriverManagerDataSource(
			"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");

	@Test
	void flywayRunsACopyOfTheScript(@TempDir Path migrations) throws Exception {
		for (int i = 0; i < SCRIPTS.size(); i++) {
			try (InputStream script = getClass().getClassLoader().getResourceAsStream(SCRIPTS.get(i))) {
				assertThat(script).isNotNull();
				Files.copy(script, migrations.resolve("V" + (7 + i) + "__polar.sql"));
			}
		}
		assertThat(Flyway.configure()
			.dataSource(this.dataSource)
			.locations("filesystem:" + migrations)
			.load()
			.migrate().migrationsExecuted).isEqualTo(SCRIPTS.size());
		assertThatTheShopStarts();
	}

	@Test
	void liquibaseRunsTheScriptWhereItIs(@TempDir Path directory) throws Exception {
		String changelog = Page.blocks("yaml")
			.stream()
			.map(Page.Block::text)
			.filter((block) -> block.startsWith(CHANGELOG))
			.findFirst()
			.orElseThrow()
			.replace("schema-postgresql.sql", "schema-h2.sql");
		Files.writeString(directory.resolve("changelog.yaml"), changelog);
		CompositeResourceAccessor resources = new CompositeResourceAccessor(new DirectoryResourceAccessor(directory),
				new ClassLoaderResourceAccessor());
		try (Connection connection = this.dataSource.getConnection();
				Liquibase liquibase = new Liquibase("changelog.yaml", resources, DatabaseFactory.getInstance()
					.findCorrectDatabaseImplementation(new JdbcConnection(connection)))) {
			liquibase.update(new Contexts());
		}
		assertThatTheShopStarts();
	}

	private void assertThatTheShopStarts() {
		String url = ((DriverManagerDataSource) this.dataSource).getUrl();
		try (PolarFake polar = PolarFake.start();
				ConfigurableApplicationContext shop = new SpringApplicationBuilder(ShopApplication.class).run(
						"--server.port=0", "--spring.datasource.url=" + url,
						"--polar.webhook.jdbc.initialize-schema=never", "--polar.base-url=" + polar.baseUrl(),
						"--polar.access-token=" + polar.accessToken())) {
			assertThat(shop.getBean(PolarDeadLetters.class).list(1)).isEmpty();
			assertThat(shop.getBean(PolarUsageDeadLetters.class).list(1)).isEmpty();
			assertThat(shop.getBean(JdbcClient.class)
				.sql("SELECT COUNT(*) FROM polar_catch_up")
				.query(Long.class)
				.single()).isZero();
		}
	}

}
