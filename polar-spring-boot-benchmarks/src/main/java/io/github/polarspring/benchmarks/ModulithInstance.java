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

package io.github.polarspring.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Application that stores events in Spring Modulith's event publication registry and
 * processes them after the commit, without ordering or deduplication.
 */
final class ModulithInstance implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final TransactionTemplate transactions;

	ModulithInstance(String url, int threads, boolean writing) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + url, "--spring.datasource.hikari.maximum-pool-size=16",
					"--spring.main.banner-mode=off", "--logging.level.root=warn",
					"--spring.modulith.events.jdbc.schema-initialization.enabled=true",
					"--spring.task.execution.pool.core-size=" + threads,
					"--spring.task.execution.pool.max-size=" + threads, "--benchmark.writing=" + writing);
		this.transactions = new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class));
	}

	void accept(int number) {
		String body = new String(Events.event("order.paid", number).body(), StandardCharsets.UTF_8);
		this.transactions.executeWithoutResult(
				(status) -> ((ApplicationEventPublisher) this.context).publishEvent(new Received(number, body)));
	}

	int handled() {
		return this.context.getBean(Listener.class).handled();
	}

	/**
	 * A listener returns before its publication is marked as completed.
	 */
	boolean isCompleted() {
		return this.context.getBean(JdbcClient.class)
			.sql("SELECT COUNT(*) FROM event_publication WHERE completion_date IS NULL")
			.query(Long.class)
			.single() == 0;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * A stored event.
	 *
	 * @param number the number of the event
	 * @param body the received body
	 */
	record Received(int number, String body) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	static class Application {

		@Bean
		Listener listener(JdbcClient jdbc, Environment environment) {
			return new Listener(jdbc, environment.getRequiredProperty("benchmark.writing", Boolean.class));
		}

	}

	static class Listener {

		private final JdbcClient jdbc;

		private final boolean writing;

		private final AtomicInteger handled = new AtomicInteger();

		Listener(JdbcClient jdbc, boolean writing) {
			this.jdbc = jdbc;
			this.writing = writing;
		}

		@ApplicationModuleListener
		public void handle(Received event) {
			if (this.writing) {
				this.jdbc.sql("INSERT INTO license (event_id, number) VALUES (?, ?)")
					.params("m", event.number())
					.update();
			}
			this.handled.incrementAndGet();
		}

		/**
		 * Not a field, because the bean is a proxy.
		 */
		public int handled() {
			return this.handled.get();
		}

	}

}
