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

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application that is killed. What its listeners did stands in a table.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, DataSourceAutoConfiguration.class,
		DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
		JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class, PolarAutoConfiguration.class,
		PolarJdbcInboxAutoConfiguration.class, PolarWebhookAutoConfiguration.class })
@Import(CrashApplication.Listeners.class)
class CrashApplication {

	static final String FAILS = "fails";

	public static void main(String[] args) {
		SpringApplication.run(CrashApplication.class, args);
	}

	static class Listeners {

		private final JdbcClient jdbc;

		Listeners(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		/**
		 * Takes part in the transaction of the inbox.
		 */
		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		@Order(1)
		@Transactional
		void book(PolarEvent<?> event) {
			record(event, "book");
		}

		/**
		 * Does not: like a call to another service.
		 */
		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		@Order(2)
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		void call(PolarEvent<?> event) {
			record(event, "call");
		}

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		@Order(3)
		@Transactional
		void fail(PolarEvent<?> event) {
			record(event, "fail");
			if (event.payload().path("description").asString().equals(FAILS)) {
				throw new IllegalStateException("A bug");
			}
		}

		private void record(PolarEvent<?> event, String listener) {
			long started = System.nanoTime();
			JsonNode order = event.payload();
			this.jdbc
				.sql("INSERT INTO effect (event_id, listener, customer, started, ended, process)"
						+ " VALUES (?, ?, ?, ?, 0, ?)")
				.params(event.id(), listener, order.path("customer_id").asString(), started,
						ProcessHandle.current().pid())
				.update();
			this.jdbc.sql("UPDATE effect SET ended = ? WHERE event_id = ? AND listener = ? AND started = ?")
				.params(System.nanoTime(), event.id(), listener, started)
				.update();
		}

	}

}
