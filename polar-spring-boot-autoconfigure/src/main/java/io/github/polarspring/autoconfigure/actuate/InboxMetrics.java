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

package io.github.polarspring.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * {@link MeterBinder} for the gauges of the inbox. All instances report the same values,
 * because they share the database.
 */
final class InboxMetrics implements MeterBinder {

	private static final Log logger = LogFactory.getLog(InboxMetrics.class);

	private static final Duration FRESH = Duration.ofSeconds(5);

	private final StoredInbox inbox;

	private JdbcWebhookInbox.@Nullable Backlog backlog;

	private boolean read;

	private long readAt;

	InboxMetrics(StoredInbox inbox) {
		this.inbox = inbox;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.inbox.get() == null) {
			return;
		}
		gauge(registry, "polar.inbox.pending", JdbcWebhookInbox.Backlog::pending,
				"Events that are waiting or in progress");
		gauge(registry, "polar.inbox.blocked.customers", JdbcWebhookInbox.Backlog::blockedCustomers,
				"Customers whose events wait for a failed event");
		gauge(registry, "polar.inbox.dead.letters", JdbcWebhookInbox.Backlog::deadLetters,
				"Events in the dead letters");
		TimeGauge
			.builder("polar.inbox.oldest.age", this, TimeUnit.MILLISECONDS,
					(metrics) -> metrics.read((backlog) -> backlog.oldest().toMillis()))
			.description("Time for which the oldest event has been ready to be processed")
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String name, ToDoubleFunction<JdbcWebhookInbox.Backlog> value,
			String description) {
		Gauge.builder(name, this, (metrics) -> metrics.read(value)).description(description).register(registry);
	}

	/**
	 * Run one query for all gauges of a scrape, even if it fails.
	 */
	private synchronized double read(ToDoubleFunction<JdbcWebhookInbox.Backlog> value) {
		JdbcWebhookInbox.Backlog backlog = this.backlog;
		if (!this.read || System.nanoTime() - this.readAt > FRESH.toNanos()) {
			JdbcWebhookInbox stored = this.inbox.get();
			try {
				backlog = (stored != null) ? stored.backlog() : null;
			}
			catch (DataAccessException | TransactionException ex) {
				logger.debug("The inbox could not be read", ex);
				backlog = null;
			}
			this.backlog = backlog;
			this.readAt = System.nanoTime();
			this.read = true;
		}
		return (backlog != null) ? value.applyAsDouble(backlog) : Double.NaN;
	}

}
