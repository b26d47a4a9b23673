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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import io.github.polarspring.webhook.PolarEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * Throughput and latency of the inbox on PostgreSQL, compared with Spring Modulith's
 * event publication registry.
 * <p>
 * PostgreSQL and all instances run on the same machine, the instances in a single JVM.
 */
public final class InboxBenchmark {

	private static final int EVENTS = Integer.getInteger("benchmark.events", 4000);

	private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 3);

	private static final int SENDERS = 8;

	private final String url;

	private final JdbcClient jdbc;

	private final JdbcClient orders;

	private InboxBenchmark(String url) {
		this.url = url;
		this.jdbc = JdbcClient.create(new DriverManagerDataSource(url));
		this.orders = JdbcClient.create(InboxInstance.pool(url));
	}

	/**
	 * Run the benchmark.
	 * @param args not used
	 * @throws Exception if it cannot be run
	 */
	public static void main(String[] args) throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("synchronous_commit", "on")
			.start()) {
			new InboxBenchmark(postgres.getJdbcUrl("postgres", "postgres")).run();
		}
		System.exit(0);
	}

	private void run() throws Exception {
		System.out.printf("%s, %s, %d processors, %s%n%n", System.getProperty("java.vm.name"),
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(),
				this.jdbc.sql("SELECT version()").query(String.class).single());
		this.jdbc.sql("CREATE TABLE license (event_id VARCHAR(256), number INTEGER)").update();
		this.jdbc.sql("CREATE INDEX license_event ON license (event_id)").update();
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/webhook/jdbc/schema-postgresql.sql"))
			.execute(new DriverManagerDataSource(this.url));
		// warm up
		backlog(1, 2, true);
		modulith(2, true);

		System.out.println("Events per second, median of " + ROUNDS + " rounds of " + EVENTS + " (min to max)");
		System.out.println();
		System.out.println(
				"| | backlog, no-op listener | backlog, insert | end to end, no-op listener | end to end, insert |");
		System.out.println("| --- | --- | --- | --- | --- |");
		for (int instances = 1; instances <= 2; instances++) {
			for (int workers : new int[] { 1, 2, 4 }) {
				int i = instances;
				System.out.printf("| inbox, %d instance%s, %d worker%s | %s | %s | %s | %s |%n", i, (i > 1) ? "s" : "",
						workers, (workers > 1) ? "s each" : (i > 1) ? " each" : "",
						rounds(() -> backlog(i, workers, false)), rounds(() -> backlog(i, workers, true)),
						rounds(() -> endToEnd(i, workers, false)), rounds(() -> endToEnd(i, workers, true)));
			}
		}
		for (int threads : new int[] { 1, 2, 4, 8 }) {
			System.out.printf("| Modulith, 1 instance, %d threads | | | %s | %s |%n", threads,
					rounds(() -> modulith(threads, false)), rounds(() -> modulith(threads, true)));
		}
		System.out.printf("%nStored and acknowledged without waiting, %d senders: %s events per second%n%n", SENDERS,
				rounds(this::intake));
		System.out.println("Sales of four events each, 2 workers, listener inserts a row");
		System.out.println();
		System.out
			.println("| sales per second | order exists when the buyer returns | acknowledgment: median | 99 % |");
		System.out.println("| --- | --- | --- | --- |");
		for (int rate : new int[] { 1, 10, 50, 100, 200, 400, 600 }) {
			sales(rate);
		}
	}

	private static String rounds(Round round) throws Exception {
		double[] results = new double[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			results[i] = round.run();
		}
		Arrays.sort(results);
		return "%.0f (%.0f to %.0f)".formatted(results[ROUNDS / 2], results[0], results[ROUNDS - 1]);
	}

	private void clear() {
		this.jdbc.sql("TRUNCATE polar_webhook_event, license").update();
	}

	private long pending() {
		return this.jdbc.sql("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'NEW'")
			.query(Long.class)
			.single();
	}

	/**
	 * All events are stored before the workers start.
	 */
	private double backlog(int instances, int workers, boolean writing) throws Exception {
		clear();
		List<InboxInstance> started = new ArrayList<>();
		try {
			for (int i = 0; i < instances; i++) {
				started.add(new InboxInstance(this.url, workers, Duration.ZERO, writing));
			}
			send((number) -> started.get(0).inbox().accept(Events.event("order.paid", number)));
			long begin = System.nanoTime();
			started.forEach((instance) -> instance.start());
			await(() -> started.stream().mapToInt(InboxInstance::handled).sum() >= EVENTS);
			await(() -> pending() == 0);
			return perSecond(begin);
		}
		finally {
			started.forEach(InboxInstance::close);
		}
	}

	/**
	 * From the first stored event to the last processed event.
	 */
	private double endToEnd(int instances, int workers, boolean writing) throws Exception {
		clear();
		List<InboxInstance> started = new ArrayList<>();
		try {
			for (int i = 0; i < instances; i++) {
				started.add(new InboxInstance(this.url, workers, Duration.ZERO, writing));
			}
			started.forEach((instance) -> instance.start());
			long begin = System.nanoTime();
			send((number) -> started.get(number % instances).inbox().accept(Events.event("order.paid", number)));
			await(() -> started.stream().mapToInt(InboxInstance::handled).sum() >= EVENTS);
			await(() -> pending() == 0);
			return perSecond(begin);
		}
		finally {
			started.forEach(InboxInstance::close);
		}
	}

	private double modulith(int threads, boolean writing) throws Exception {
		this.jdbc.sql("DROP TABLE IF EXISTS event_publication").update();
		clear();
		try (ModulithInstance instance = new ModulithInstance(this.url, threads, writing)) {
			long begin = System.nanoTime();
			send(instance::accept);
			await(() -> instance.handled() >= EVENTS);
			await(instance::isCompleted);
			return perSecond(begin);
		}
	}

	private double intake() throws Exception {
		clear();
		try (InboxInstance instance = new InboxInstance(this.url, 0, Duration.ZERO, false)) {
			long begin = System.nanoTime();
			send((number) -> instance.inbox().accept(Events.event("order.paid", number)));
			return perSecond(begin);
		}
	}

	private static double perSecond(long begin) {
		return EVENTS / ((System.nanoTime() - begin) / 1e9);
	}

	private static void send(IntConsumer accept) throws InterruptedException {
		ExecutorService senders = Executors.newFixedThreadPool(SENDERS, InboxBenchmark::thread);
		AtomicInteger next = new AtomicInteger();
		for (int i = 0; i < SENDERS; i++) {
			senders.execute(() -> {
				for (int number = next.getAndIncrement(); number < EVENTS; number = next.getAndIncrement()) {
					accept.accept(number);
				}
			});
		}
		senders.shutdown();
		senders.awaitTermination(10, TimeUnit.MINUTES);
	}

	/**
	 * A failure aborts the benchmark, because its results would be wrong.
	 */
	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task);
		thread.setUncaughtExceptionHandler((failed, ex) -> {
			ex.printStackTrace();
			Runtime.getRuntime().halt(1);
		});
		return thread;
	}

	private static void await(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
	}

	/**
	 * Like Polar's events for a sale: sent sequentially, and the buyer is redirected when
	 * the last one is acknowledged.
	 */
	private void sales(int rate) throws Exception {
		clear();
		int sales = Math.max(20, rate * 15);
		try (InboxInstance instance = new InboxInstance(this.url, 2, Duration.ofMillis(1500), true)) {
			instance.start();
			ExecutorService buyers = Executors.newFixedThreadPool(400, InboxBenchmark::thread);
			CountDownLatch done = new CountDownLatch(sales);
			AtomicInteger there = new AtomicInteger();
			double[] millis = new double[sales];
			long begin = System.nanoTime();
			for (int sale = 0; sale < sales; sale++) {
				long due = begin + TimeUnit.SECONDS.toNanos(1) * sale / rate;
				while (System.nanoTime() - due < 0) {
					LockSupport.parkNanos(due - System.nanoTime());
				}
				int number = sale;
				buyers.execute(() -> {
					String customer = new UUID(ThreadLocalRandom.current().nextLong(), number).toString();
					for (String type : List.of("order.created", "order.updated")) {
						instance.inbox().accept(Events.event(type, number, customer));
					}
					PolarEvent<?> paid = Events.event("order.paid", number, customer);
					instance.inbox().accept(paid);
					long last = System.nanoTime();
					instance.inbox().accept(Events.event("checkout.updated", number, customer));
					millis[number] = (System.nanoTime() - last) / 1e6;
					there.addAndGet(this.orders.sql("SELECT COUNT(*) FROM license WHERE event_id = ?")
						.param(paid.id())
						.query(Integer.class)
						.single());
					done.countDown();
				});
			}
			done.await();
			buyers.shutdown();
			Arrays.sort(millis);
			System.out.printf("| %d | %d of %d | %.0f ms | %.0f ms |%n", rate, there.get(), sales, millis[sales / 2],
					millis[(int) (sales * 0.99)]);
		}
	}

	@FunctionalInterface
	private interface Round {

		double run() throws Exception;

	}

}
