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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Instance of an application with an inbox, with a separate connection pool, workers and
 * listeners.
 */
final class InboxInstance implements AutoCloseable {

	private final HikariDataSource dataSource;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final JdbcWebhookInbox inbox;

	private final Listener listener;

	InboxInstance(String url, int workers, Duration acknowledgeWithin, boolean writing) {
		this.dataSource = pool(url);
		this.context.registerBean(DataSource.class, () -> this.dataSource);
		this.context.registerBean(JdbcClient.class, () -> JdbcClient.create(this.dataSource));
		this.context.registerBean(Listener.class,
				() -> new Listener(writing ? this.context.getBean(JdbcClient.class) : null));
		this.context.refresh();
		ConfigurableListableBeanFactory beanFactory = this.context.getBeanFactory();
		this.listener = this.context.getBean(Listener.class);
		TransactionTemplate transactions = JdbcWebhookInbox.transactions(new JdbcTransactionManager(this.dataSource));
		this.inbox = new JdbcWebhookInbox(new PolarEventListeners(beanFactory), this.context, List::of, this.dataSource,
				transactions, new JdbcWebhookInbox.Settings(workers, acknowledgeWithin, Duration.ofMinutes(5),
						Duration.ofSeconds(1), Duration.ofDays(14), Duration.ofDays(100)),
				Clock.systemUTC());
	}

	static HikariDataSource pool(String url) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		dataSource.setMaximumPoolSize(16);
		return dataSource;
	}

	JdbcWebhookInbox inbox() {
		return this.inbox;
	}

	void start() {
		this.inbox.start(this.inbox::check);
	}

	int handled() {
		return this.listener.handled.get();
	}

	@Override
	public void close() {
		this.inbox.stop();
		this.context.close();
		this.dataSource.close();
	}

	static final class Listener {

		private final @Nullable JdbcClient jdbc;

		private final AtomicInteger handled = new AtomicInteger();

		Listener(@Nullable JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@PolarEventListener
		void all(PolarEvent<?> event) {
			int number = event.payload().path("number").asInt();
			if (this.jdbc != null) {
				this.jdbc.sql("INSERT INTO license (event_id, number) VALUES (?, ?)")
					.params(event.id(), number)
					.update();
			}
			this.handled.incrementAndGet();
		}

	}

}
