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

package io.github.polarspring.webhook.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventMetadata;
import io.github.polarspring.webhook.PolarWebhookInbox;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what a listener does by JPA is committed with the note that it is done.
 */
class JpaListenerTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, TransactionAutoConfiguration.class))
		.withUserConfiguration(Jpa.class)
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=jdbc",
				"polar.webhook.jdbc.acknowledge-within=20s");

	private static void accept(ApplicationContext context, String id) {
		context.getBean(PolarWebhookInbox.class)
			.accept(PolarEvent.read(id, "{\"type\":\"order.paid\",\"data\":{}}".getBytes(StandardCharsets.UTF_8)));
	}

	private static String status(ApplicationContext context, String id) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT CONCAT(status, ' ', attempts, ' ', (SELECT COUNT(*) FROM License WHERE id = e.id)) FROM"
					+ " polar_webhook_event e WHERE id = ?")
			.param(id)
			.query(String.class)
			.single();
	}

	@Test
	void entityIsThereWhenTheListenerIsDone() {
		this.runner.run((context) -> {
			accept(context, "fine");
			assertThat(status(context, "fine")).isEqualTo("DONE 0 1");
		});
	}

	@Test
	void entityIsNotThereWhenTheListenerFailed() {
		this.runner.run((context) -> {
			accept(context, "fails");
			assertThat(status(context, "fails")).isEqualTo("NEW 1 0");
			context.getBean(Listener.class).fix();
			long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
			while (!status(context, "fails").equals("DONE 1 1")) {
				assertThat(System.nanoTime() - until).as("time is up").isNegative();
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
			}
		});
	}

	/**
	 * The entity manager flushes when the listener has returned.
	 */
	@Test
	void failureOfTheCommitIsTheListenersToo() {
		this.runner.run((context) -> {
			accept(context, "too long to be an id");
			assertThat(status(context, "too long to be an id")).isEqualTo("NEW 1 0");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Jpa {

		@Bean
		DataSource dataSource() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
			return dataSource;
		}

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
			hibernate.setGenerateDdl(true);
			factory.setJpaVendorAdapter(hibernate);
			factory.setDataSource(dataSource);
			factory.setManagedTypes(PersistenceManagedTypes.of(License.class.getName()));
			return factory;
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

		@Bean
		Listener listener(EntityManagerFactory entityManagerFactory) {
			return new Listener(SharedEntityManagerCreator.createSharedEntityManager(entityManagerFactory));
		}

	}

	static class Listener {

		private final EntityManager entityManager;

		private volatile boolean fixed;

		Listener(EntityManager entityManager) {
			this.entityManager = entityManager;
		}

		/**
		 * Not a field: the bean is a proxy.
		 */
		public void fix() {
			this.fixed = true;
		}

		@PolarEventListener("order.paid")
		@Transactional
		public void give(PolarEventMetadata event) {
			License license = new License();
			license.id = event.id();
			this.entityManager.persist(license);
			if (event.id().equals("fails") && !this.fixed) {
				throw new IllegalStateException("A bug");
			}
		}

	}

	@Entity(name = "License")
	static class License {

		@Id
		@Column(length = 10)
		private String id;

	}

}
