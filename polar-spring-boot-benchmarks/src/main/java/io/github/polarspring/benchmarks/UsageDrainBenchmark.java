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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.usage.PolarUsageTemplate;

/**
 * Measures how fast usage is sent from PostgreSQL to a Polar that responds after 50 ms,
 * and how the latency of what users wait for depends on the number of waiting events.
 */
public final class UsageDrainBenchmark {

	private static final int EVENTS = 50_000;

	private static final int ROUNDS = 3;

	private static final long RESPONSE_MILLIS = 50;

	private static final int CALLS = 3000;

	private static final int CALLS_PER_BLOCK = 100;

	private static final int CUSTOMERS = 200;

	private final UsageDatabase database;

	private final String polar;

	private final AtomicInteger requests = new AtomicInteger();

	/**
	 * Time in milliseconds since which events were recorded.
	 */
	private long filledAt;

	private UsageDrainBenchmark(UsageDatabase database) throws IOException {
		this.database = database;
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", this::respond);
		server.start();
		this.polar = "http://127.0.0.1:" + server.getAddress().getPort();
	}

	/**
	 * Run the benchmark.
	 * @param args not used
	 * @throws Exception if it cannot be run
	 */
	public static void main(String[] args) throws Exception {
		try (UsageDatabase database = new UsageDatabase()) {
			new UsageDrainBenchmark(database).run();
		}
		System.exit(0);
	}

	private void respond(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			this.requests.incrementAndGet();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RESPONSE_MILLIS));
			byte[] body = "{\"inserted\":500,\"duplicates\":0}".getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.getResponseHeaders().set("Polar-Version", "2026-10");
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	private void run() {
		System.out.printf("%s, %s, %d processors, %s%n%n", System.getProperty("java.vm.name"),
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				this.database.jdbc().sql("SELECT version()").query(String.class).single());
		drain(1, Integer.MAX_VALUE);
		System.out.println("| events waiting | `record` p50 | p99 | metered `record` p50 | p99 | `tryRecord` p50 | p99"
				+ " | `balance` p50 | p99 |");
		System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
		// the first round warms up
		for (int events : new int[] { 1000, 0, 1000, 10_000, 100_000 }) {
			growth(events);
		}
		System.out.printf("%nEvents per second, median of %d rounds of %d (min to max)%n%n", ROUNDS, EVENTS);
		System.out.println("| instances | requests per minute | events per second | requests |");
		System.out.println("| --- | --- | --- | --- |");
		for (int limit : new int[] { 250, Integer.MAX_VALUE }) {
			for (int instances = 1; instances <= 2; instances++) {
				double[] results = new double[ROUNDS];
				for (int i = 0; i < ROUNDS; i++) {
					results[i] = drain(instances, limit);
				}
				Arrays.sort(results);
				System.out.printf("| %d | %s | %.0f (%.0f to %.0f) | %d |%n", instances,
						(limit < Integer.MAX_VALUE) ? limit : "no limit", results[ROUNDS / 2], results[0],
						results[ROUNDS - 1], this.requests.get());
			}
		}
	}

	private double drain(int instances, int requestsPerMinute) {
		List<PolarUsageTemplate> started = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			started.add(this.database.usage(this.polar, requestsPerMinute));
		}
		this.database.fill(started.get(0), UsageDatabase.PLAIN, EVENTS, 0);
		this.requests.set(0);
		long begin = System.nanoTime();
		started.forEach((usage) -> usage.start(usage::check));
		while (started.stream().mapToLong(PolarUsageTemplate::sent).sum() < EVENTS) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		double seconds = (System.nanoTime() - begin) / 1e9;
		started.forEach(PolarUsageTemplate::stop);
		if (this.database.events() > 0) {
			throw new IllegalStateException("Events were not deleted");
		}
		return EVENTS / seconds;
	}

	private void growth(int events) {
		PolarUsageTemplate usage = this.database.usage(this.polar, 250);
		this.filledAt = this.database.fill(usage, UsageDatabase.METERED, events, Math.max(events, CUSTOMERS));
		System.out.printf("| %d | %s | %s | %s | %s |%n", events,
				latency((customer) -> usage.record(UsageDatabase.event(UsageDatabase.PLAIN, customer))),
				latency((customer) -> usage.record(UsageDatabase.event(UsageDatabase.METERED, customer))),
				latency((customer) -> usage.tryRecord(UsageDatabase.event(UsageDatabase.METERED, customer))),
				latency((customer) -> usage.balance(UsageDatabase.METER, customer)));
	}

	/**
	 * Measure calls. The events that they record are deleted after each block, so that
	 * the size of the table does not change.
	 */
	private String latency(Call call) {
		double[] micros = new double[CALLS];
		for (int i = -CALLS; i < CALLS; i++) {
			String customer = "customer-" + (1 + Math.floorMod(i, CUSTOMERS));
			long begin = System.nanoTime();
			call.execute(customer);
			double time = (System.nanoTime() - begin) / 1e3;
			if (i >= 0) {
				micros[i] = time;
			}
			if (i % CALLS_PER_BLOCK == 0) {
				deleteRecorded();
			}
		}
		deleteRecorded();
		Arrays.sort(micros);
		return "%.0f µs | %.0f µs".formatted(micros[CALLS / 2], micros[(int) (CALLS * 0.99)]);
	}

	private void deleteRecorded() {
		this.database.jdbc().sql("DELETE FROM polar_usage_unit WHERE event_id NOT LIKE 'event-%'").update();
		this.database.jdbc()
			.sql("DELETE FROM polar_usage_event WHERE status = 'NEW' AND changed_at > ?")
			.param(this.filledAt)
			.update();
	}

	@FunctionalInterface
	private interface Call {

		void execute(String customer);

	}

}
