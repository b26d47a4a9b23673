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

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Creates the {@link JdbcWebhookInbox} in the application's database. Whether it is
 * enabled is decided at runtime; whether it can be used is decided at build time.
 *
 * @param database the database
 * @param properties the properties of the inbox
 * @param clock the clock
 */
record JdbcInboxFactory(PolarDatabase database, PolarInboxProperties properties, Clock clock) {

	PolarWebhookInbox create(PolarEventListeners listeners, ApplicationEventPublisher publisher,
			Supplier<List<PolarEventRecorder>> recorders) {
		return new JdbcWebhookInbox(listeners, publisher, recorders, requireDataSource(),
				this.database.transactions(tables()), settings(), this.clock);
	}

	private JdbcWebhookInbox.Settings settings() {
		PolarInboxProperties properties = this.properties;
		return new JdbcWebhookInbox.Settings(properties.workers(), properties.acknowledgeWithin(), properties.holdFor(),
				properties.pollInterval(), properties.keepPayload(), properties.keepId());
	}

	DataSource requireDataSource() {
		return this.database.requireDataSource(tables());
	}

	void prepare(JdbcWebhookInbox inbox) {
		this.database.prepare(tables(), inbox::check);
	}

	private Tables tables() {
		return new Tables("the inbox", "'polar.webhook.inbox' is 'jdbc'", "polar.webhook.inbox: direct",
				"polar.webhook.jdbc", this.properties.initializeSchema(), this.properties.schema(),
				this.properties.platform());
	}

}
