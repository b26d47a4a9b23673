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

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.github.polarspring.usage.PolarUsageTemplate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Recording of usage in PostgreSQL in a separate transaction, compared with a handwritten
 * one that changes the same rows.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class UsageJdbcBenchmark {

	private static final String CUSTOMER = "customer-1";

	private UsageDatabase database;

	private JdbcClient jdbc;

	private TransactionTemplate transactions;

	private PolarUsageTemplate usage;

	/**
	 * Start PostgreSQL.
	 */
	@Setup
	public void start() {
		this.database = new UsageDatabase();
		this.jdbc = this.database.jdbc();
		this.transactions = this.database.transactions();
		this.usage = this.database.usage("http://127.0.0.1:1", 250);
	}

	/**
	 * Empty the tables.
	 */
	@Setup(Level.Iteration)
	public void clear() {
		this.database.fill(this.usage, UsageDatabase.PLAIN, 0, 1000);
	}

	/**
	 * Stop PostgreSQL.
	 */
	@TearDown
	public void stop() {
		this.database.close();
	}

	private String insert(String name) {
		String id = UUID.randomUUID().toString();
		long now = System.currentTimeMillis();
		byte[] body = JsonMapper.shared()
			.writeValueAsBytes(Map.of("name", name, "external_customer_id", CUSTOMER, "metadata",
					Map.of("form", "contact", UsageDatabase.METER, 1, "draft", false)));
		this.jdbc
			.sql("INSERT INTO polar_usage_event (id, event_name, status, changed_at, occurred_at, body)"
					+ " VALUES (?, ?, 'NEW', ?, ?, ?)")
			.params(id, name, now, now, body)
			.update();
		return id;
	}

	/**
	 * Handwritten insert.
	 */
	@Benchmark
	public void byHand() {
		this.transactions.executeWithoutResult((status) -> insert(UsageDatabase.PLAIN));
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public void polar() {
		this.usage.record(UsageDatabase.event(UsageDatabase.PLAIN, CUSTOMER));
	}

	/**
	 * Handwritten inserts of the event and of its units.
	 */
	@Benchmark
	public void byHandMetered() {
		this.transactions.executeWithoutResult((status) -> {
			String id = insert(UsageDatabase.METERED);
			this.jdbc
				.sql("INSERT INTO polar_usage_unit (event_id, meter, customer_id, units, reserved)"
						+ " VALUES (?, ?, ?, 1, FALSE)")
				.params(id, UsageDatabase.METER, CUSTOMER)
				.update();
		});
	}

	/**
	 * The starter.
	 */
	@Benchmark
	public void polarMetered() {
		this.usage.record(UsageDatabase.event(UsageDatabase.METERED, CUSTOMER));
	}

}
