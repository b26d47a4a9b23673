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

package io.github.polarspring.autoconfigure.usage;

import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase.Tables;
import io.github.polarspring.usage.PolarUsageTemplate;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;

/**
 * Tables of usage events, in the database of the inbox.
 */
final class UsageTables {

	private static final String SCHEMA = "classpath:io/github/polarspring/usage/schema-@@platform@@.sql";

	private final PolarDatabase database;

	private final Tables tables;

	UsageTables(PolarDatabase database) {
		this.database = database;
		this.tables = database.tables("usage events", "Usage events are stored in the database",
				"polar.usage.outbox: memory", SCHEMA);
	}

	void configure(PolarUsageTemplate.Builder builder) {
		PlatformTransactionManager transactionManager = newTransactions().getTransactionManager();
		Assert.state(transactionManager != null, "No transaction manager");
		builder.database(this.database.requireDataSource(this.tables), transactionManager, newTransactions());
	}

	TransactionTemplate newTransactions() {
		return this.database.transactions(this.tables);
	}

	void prepare(PolarUsageTemplate usage) {
		this.database.prepare(this.tables, usage::check);
	}

}
