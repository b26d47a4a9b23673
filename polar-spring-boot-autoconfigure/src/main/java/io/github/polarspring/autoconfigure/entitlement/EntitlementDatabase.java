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

package io.github.polarspring.autoconfigure.entitlement;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.TablesInitializer;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Database in which the states of entitlements are stored: that of the inbox, if it is in
 * one and features or limits are configured.
 */
final class EntitlementDatabase implements TablesInitializer {

	private static final String SCHEMA = "classpath:io/github/polarspring/entitlement/schema-@@platform@@.sql";

	private final ObjectProvider<PolarDatabase> database;

	private final ObjectProvider<PolarWebhookInbox> inbox;

	private final PolarFeatures features;

	EntitlementDatabase(ObjectProvider<PolarDatabase> database, ObjectProvider<PolarWebhookInbox> inbox,
			PolarFeatures features) {
		this.database = database;
		this.inbox = inbox;
		this.features = features;
	}

	private boolean isUsed() {
		return !this.features.isEmpty() && this.inbox.getIfAvailable() instanceof JdbcWebhookInbox;
	}

	void configure(PolarEntitlements.Builder builder) {
		if (isUsed()) {
			PolarDatabase database = this.database.getObject();
			Tables tables = tables(database);
			builder.database(database.requireDataSource(tables), database.transactions(tables));
		}
	}

	@Override
	public void initialize() {
		if (isUsed()) {
			PolarDatabase database = this.database.getObject();
			Tables tables = tables(database);
			database.prepare(tables, () -> PolarEntitlements.Builder.checkDatabase(database.requireDataSource(tables),
					database.transactions(tables)));
		}
	}

	private static Tables tables(PolarDatabase database) {
		return database.tables("entitlements", SCHEMA);
	}

}
