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

import io.github.polarspring.autoconfigure.webhook.PolarDatabase.TablesInitializer;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the inbox after all beans that create tables and before the web server accepts
 * requests, and stops it after the web server has completed the last request.
 */
final class JdbcInboxLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(JdbcInboxLifecycle.class);

	/**
	 * Lower than the phase of the web server, which therefore stops earlier.
	 */
	private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3072;

	private final boolean wanted;

	private final ObjectProvider<PolarWebhookInbox> inbox;

	private final JdbcInboxFactory factory;

	private final PolarInboxProperties properties;

	private final ObjectProvider<DataSourcePoolMetadataProvider> pools;

	private final ObjectProvider<TablesInitializer> tables;

	private volatile @Nullable JdbcWebhookInbox started;

	JdbcInboxLifecycle(boolean wanted, ObjectProvider<PolarWebhookInbox> inbox, JdbcInboxFactory factory,
			PolarInboxProperties properties, ObjectProvider<DataSourcePoolMetadataProvider> pools,
			ObjectProvider<TablesInitializer> tables) {
		this.wanted = wanted;
		this.inbox = inbox;
		this.factory = factory;
		this.properties = properties;
		this.pools = pools;
		this.tables = tables;
	}

	@Override
	public void start() {
		if (this.wanted && this.inbox.getIfAvailable() instanceof JdbcWebhookInbox stored) {
			warnOfSmallPool();
			stored.start(() -> {
				this.factory.prepare(stored);
				this.tables.orderedStream().forEach(TablesInitializer::initialize);
			});
			this.started = stored;
		}
	}

	/**
	 * If the workers use all connections, no event is acknowledged while listeners run.
	 */
	private void warnOfSmallPool() {
		DataSourcePoolMetadata pool = new CompositeDataSourcePoolMetadataProvider(this.pools.orderedStream().toList())
			.getDataSourcePoolMetadata(this.factory.requireDataSource());
		Integer max = (pool != null) ? pool.getMax() : null;
		if (max != null && max > 0 && max <= this.properties.workers()) {
			logger.warn(
					("The connection pool has %d connection(s), but the inbox for Polar's webhooks has %d workers, each of"
							+ " which uses one. Increase 'spring.datasource.hikari.maximum-pool-size' or decrease"
							+ " 'polar.webhook.jdbc.workers'")
						.formatted(max, this.properties.workers()));
		}
	}

	@Override
	public void stop() {
		JdbcWebhookInbox inbox = this.started;
		if (inbox != null) {
			inbox.stop();
			this.started = null;
		}
	}

	/**
	 * Stop without waiting longer than the context does for this phase. Events that are
	 * still in progress are processed again by the next instance.
	 */
	@Override
	public void stop(Runnable callback) {
		Thread stopping = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "polar-inbox-stop");
		stopping.setDaemon(true);
		stopping.start();
	}

	@Override
	public boolean isRunning() {
		return this.started != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
