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

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.usage.PolarUsageAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.testsupport.UsageAtPolar;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application that is killed while it records usage. Each row in the table
 * {@code effect} is committed together with one event.
 */
final class UsageCrashApplication {

	private static final int RECORDERS = 2;

	private static final int INVALID_ONE_IN = 1000;

	private static final int METERED_ONE_IN = 5;

	private static final int CUSTOMERS = 20;

	private final PolarUsage usage;

	private final JdbcClient jdbc;

	private final TransactionTemplate transactions;

	private final long events;

	private UsageCrashApplication(ConfigurableApplicationContext context) {
		this.usage = context.getBean(PolarUsage.class);
		this.jdbc = context.getBean(JdbcClient.class);
		this.transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		this.events = context.getEnvironment().getRequiredProperty("crash.events", Long.class);
	}

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(Config.class, args);
		UsageCrashApplication application = new UsageCrashApplication(context);
		for (int i = 0; i < RECORDERS; i++) {
			new Thread(application::record).start();
		}
	}

	private void record() {
		while (this.jdbc.sql("SELECT COUNT(*) FROM effect").query(Long.class).single() < this.events) {
			for (int i = 0; i < 20; i++) {
				String id = UUID.randomUUID().toString();
				boolean retried = ThreadLocalRandom.current().nextBoolean();
				boolean rolledBack = ThreadLocalRandom.current().nextInt(10) == 0;
				boolean metered = ThreadLocalRandom.current().nextInt(METERED_ONE_IN) == 0;
				UsageEvent.Builder event = (metered ? UsageEvent.builder("rendering").externalCustomerId(customer())
						: UsageEvent.builder(isInvalid() ? UsageAtPolar.INVALID : "submission")
							.externalCustomerId("alice"))
					.metadata("effect", id);
				UsageEvent built = (retried ? event.key(id) : event).build();
				if (metered) {
					consume(id, built, rolledBack);
				}
				else {
					this.transactions.executeWithoutResult((status) -> record(id, built, rolledBack, status));
				}
				if (retried && !rolledBack && !metered) {
					this.usage.record(built);
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
		}
	}

	private static String customer() {
		return "customer-" + ThreadLocalRandom.current().nextInt(CUSTOMERS);
	}

	private void consume(String id, UsageEvent event, boolean rolledBack) {
		try {
			this.transactions.executeWithoutResult((status) -> {
				insert(id);
				if (!this.usage.tryRecord(event) || rolledBack) {
					status.setRollbackOnly();
				}
			});
		}
		catch (PolarEntitlementsUnavailableException ex) {
			// the transaction was rolled back, because Polar was not available
		}
	}

	private static boolean isInvalid() {
		return ThreadLocalRandom.current().nextInt(INVALID_ONE_IN) == 0;
	}

	private void record(String id, UsageEvent event, boolean rolledBack, TransactionStatus status) {
		insert(id);
		this.usage.record(event);
		if (rolledBack) {
			status.setRollbackOnly();
		}
	}

	private void insert(String id) {
		this.jdbc.sql("INSERT INTO effect (id, process) VALUES (?, ?)")
			.params(id, ProcessHandle.current().pid())
			.update();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class,
			PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class, PolarUsageAutoConfiguration.class })
	static class Config {

	}

}
