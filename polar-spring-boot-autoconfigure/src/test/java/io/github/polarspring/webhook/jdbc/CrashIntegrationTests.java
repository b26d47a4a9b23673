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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.github.polarspring.testsupport.Signed;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Kills instances of an application in the middle of their work, and looks at what became
 * of the events. {@code -Dpolar.crash.events} says how many.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CrashIntegrationTests {

	private static final int EVENTS = Integer.getInteger("polar.crash.events", 1500);

	private static final int CUSTOMERS = 60;

	private static final int WINDOW = 100;

	/**
	 * The event that always fails: stored before any instance is killed, so that its
	 * customer has later ones.
	 */
	private static final int FAILING = EVENTS / 10;

	private static final int SENDERS = 12;

	private static final Duration HOLD = Duration.ofSeconds(8);

	private final Random random = new Random(20261123);

	private final HttpClient polar = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private JdbcClient jdbc;

	@Test
	void nothingIsLostOnPostgres() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("synchronous_commit", "on")
			.start()) {
			run(postgres.getJdbcUrl("postgres", "postgres"), "postgresql");
		}
	}

	@Test
	void nothingIsLostOnMariaDb() throws Exception {
		String url = System.getProperty("polar.mariadb.url", "");
		if (url.isEmpty()) {
			String message = "There is no MariaDB: -Dpolar.mariadb.url=jdbc:mariadb://... of an empty database";
			System.err.println("SKIPPED: " + message);
			abort(message);
		}
		run(url, "mysql");
	}

	private void run(String url, String platform) throws Exception {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
		this.jdbc = JdbcClient.create(dataSource);
		this.jdbc.sql("DROP TABLE IF EXISTS polar_webhook_event").update();
		this.jdbc.sql("DROP TABLE IF EXISTS effect").update();
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/polarspring/webhook/jdbc/schema-" + platform + ".sql"))
			.execute(dataSource);
		this.jdbc
			.sql("CREATE TABLE effect (event_id VARCHAR(100), listener VARCHAR(10), customer VARCHAR(100),"
					+ " started BIGINT, ended BIGINT, process BIGINT)")
			.update();
		this.jdbc.sql("CREATE INDEX effect_event ON effect (event_id, listener)").update();
		List<Event> events = events();
		Event failing = events.get(FAILING);

		int early = EVENTS / 5;
		try (Instances instances = new Instances(url, 2, "--polar.webhook.jdbc.workers=0")) {
			deliver(instances, deliveries(events.subList(0, early)), 0);
		}
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'NEW'")).isEqualTo(early);
		assertThat(count("SELECT COUNT(*) FROM effect")).isZero();

		long begin = System.nanoTime();
		int kills;
		List<Event> deliveries = deliveries(events.subList(early, EVENTS));
		deliveries.add(deliveries.size() / 2, failing);
		try (Instances instances = new Instances(url, 2, "--polar.webhook.jdbc.hold-for=" + HOLD)) {
			kills = deliver(instances, deliveries, 2000);
			awaitNothingPending();
		}
		System.out.printf("%s: %d events, delivered %d times, %d kills, %.1f s from the first start of a worker%n",
				platform, EVENTS, early + deliveries.size(), kills, (System.nanoTime() - begin) / 1e9);
		assertThat(kills).isPositive();

		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event")).isEqualTo(EVENTS);
		long wanted = events.stream().filter(Event::isWanted).count();
		long keptForOthers = events.subList(0, early).stream().filter((event) -> !event.isWanted()).count();
		assertThat(this.jdbc.sql("SELECT id FROM polar_webhook_event WHERE status = 'DEAD'").query(String.class).list())
			.containsExactly(failing.id());
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'DONE'"))
			.isEqualTo(wanted - 1 + keptForOthers);
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'EMPTY' AND body IS NULL"))
			.isEqualTo(EVENTS - wanted - keptForOthers)
			.isPositive();
		verifyEffects(wanted, failing);
		verifyOrder(failing);
		verifyHold(failing);
		verifyOperations(store(dataSource), failing);
	}

	private static InboxStore store(DataSource dataSource) {
		TransactionTemplate transactions = InboxStore.transactions(new JdbcTransactionManager(dataSource));
		return new InboxStore(dataSource, transactions);
	}

	/**
	 * What an operator does, with this database.
	 */
	private void verifyOperations(InboxStore store, Event failing) {
		Instant now = Instant.now();
		store.check();
		assertThat(store.backlog(now)).isEqualTo(new JdbcWebhookInbox.Backlog(0, Duration.ZERO, 0, 1));
		assertThat(store.deadIds()).containsExactly(failing.id());
		assertThat(store.deadLetters(10)).hasSize(1);
		assertThat(store.deadLetter(failing.id())).hasValueSatisfying(
				(letter) -> assertThat(letter.failure()).endsWith("#fail: java.lang.IllegalStateException"));
		assertThat(store.deadEvent(failing.id())).hasValueSatisfying(
				(event) -> assertThat(event.body()).asString(StandardCharsets.UTF_8).isEqualTo(failing.body()));
		assertThat(store.requeue(failing.id(), Set.of(), now)).isTrue();
		assertThat(store.backlog(now.plusSeconds(5)).pending()).isEqualTo(1);
		assertThat(store.dueLanes(now, 10)).containsExactly(failing.customer());
		assertThat(store.<Boolean>inTransaction(() -> {
			InboxStore.Row row = store.lockFirst(failing.customer(), now);
			assertThat(row).isNotNull();
			assertThat(row.handledBy()).hasSize(2);
			assertThat(row.outOfOrder()).isTrue();
			return true;
		})).isTrue();
		String bodies = "SELECT COUNT(*) FROM polar_webhook_event WHERE body IS NOT NULL AND lane %s '%s'";
		long ofOthers = count(bodies.formatted("<>", failing.customer()));
		assertThat(count(bodies.formatted("=", failing.customer()))).isGreaterThan(1);
		store.erase(UUID.fromString(failing.customer()));
		assertThat(count(bodies.formatted("=", failing.customer()))).as("the pending event").isEqualTo(1);
		assertThat(count(bodies.formatted("<>", failing.customer()))).isEqualTo(ofOthers).isPositive();
		store.purge(now.plusSeconds(1), now.minusSeconds(3600), () -> true);
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event WHERE body IS NOT NULL")).isEqualTo(1);
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event")).isEqualTo(EVENTS);
		store.purge(now.plusSeconds(1), now.plusSeconds(1), () -> true);
		assertThat(count("SELECT COUNT(*) FROM polar_webhook_event")).as("the last of each customer")
			.isEqualTo(count("SELECT COUNT(DISTINCT lane) FROM polar_webhook_event"))
			.isBetween(CUSTOMERS / 2L, (long) CUSTOMERS);
	}

	private List<Event> events() {
		List<Event> events = new ArrayList<>();
		for (int i = 0; i < EVENTS; i++) {
			String customer = new UUID(0x4000, 0x8000_0000_0000_0000L + this.random.nextInt(CUSTOMERS)).toString();
			String type = (i % 25 == 7) ? "product.updated" : "order.paid";
			String description = (i == FAILING) ? CrashApplication.FAILS : "works";
			String body = """
					{"type":"%s","timestamp":"2026-08-22T09:31:40Z","data":{"id":"%s","customer_id":"%s",\
					"description":"%s"}}""".formatted(type, UUID.randomUUID(), customer, description);
			events.add(new Event(UUID.randomUUID().toString(), customer, body));
		}
		return events;
	}

	/**
	 * Each up to three times, shuffled within windows.
	 */
	private List<Event> deliveries(List<Event> events) {
		List<Event> deliveries = new ArrayList<>();
		for (int from = 0; from < events.size(); from += WINDOW) {
			List<Event> window = new ArrayList<>();
			for (Event event : events.subList(from, Math.min(from + WINDOW, events.size()))) {
				window.addAll(Collections.nCopies(1 + this.random.nextInt(3), event));
			}
			Collections.shuffle(window, this.random);
			deliveries.addAll(window);
		}
		return deliveries;
	}

	/**
	 * Send until all are acknowledged, and kill an instance from time to time.
	 */
	private int deliver(Instances instances, List<Event> deliveries, int millisBetweenKills) throws Exception {
		Queue<Event> open = new ConcurrentLinkedQueue<>(deliveries);
		AtomicInteger acknowledged = new AtomicInteger();
		ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
		int kills = 0;
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				running.add(senders.submit(() -> send(instances, open, acknowledged, deliveries.size())));
			}
			long nextKill = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisBetweenKills);
			while (acknowledged.get() < deliveries.size() || (millisBetweenKills > 0 && count(
					"SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'NEW'" + " AND attempts = 0") > 0)) {
				for (Future<?> sender : running) {
					if (sender.isDone()) {
						sender.get();
					}
				}
				if (millisBetweenKills > 0 && System.nanoTime() - nextKill > 0) {
					instances.kill(this.random.nextInt(2));
					kills++;
					nextKill = System.nanoTime() + TimeUnit.MILLISECONDS
						.toNanos(millisBetweenKills + this.random.nextInt(millisBetweenKills));
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			}
		}
		finally {
			senders.shutdownNow();
		}
		return kills;
	}

	private Void send(Instances instances, Queue<Event> open, AtomicInteger acknowledged, int total)
			throws InterruptedException {
		while (acknowledged.get() < total) {
			Event event = open.poll();
			if (event == null) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
				continue;
			}
			int port = instances.ports().get(Math.floorMod(System.nanoTime() / 1000, 2));
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/polar"))
				.timeout(Duration.ofSeconds(10))
				.headers(Signed.of(Signed.SECRET, event.id(), event.body()).headers())
				.POST(BodyPublishers.ofString(event.body()))
				.build();
			try {
				int status = this.polar.send(request, BodyHandlers.discarding()).statusCode();
				if (status == 202) {
					acknowledged.incrementAndGet();
					continue;
				}
			}
			catch (IOException ex) {
				// killed, or not up again: Polar would try again later
			}
			open.add(event);
		}
		return null;
	}

	private void awaitNothingPending() {
		long until = System.nanoTime() + Duration.ofMinutes(3).toNanos();
		while (count("SELECT COUNT(*) FROM polar_webhook_event WHERE status = 'NEW'") > 0) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
		}
	}

	private long count(String sql) {
		return this.jdbc.sql(sql).query(Long.class).single();
	}

	private void verifyEffects(long wanted, Event failing) {
		Map<String, List<Effect>> booked = effects("book").stream().collect(Collectors.groupingBy(Effect::eventId));
		assertThat(booked).hasSize((int) wanted);
		assertThat(booked.values()).as("the effect of a transactional listener is there once")
			.allSatisfy((effects) -> assertThat(effects).hasSize(1));
		assertThat(effects("call").stream().map(Effect::eventId).distinct().count()).isEqualTo(wanted);
		Map<String, List<Effect>> failed = effects("fail").stream().collect(Collectors.groupingBy(Effect::eventId));
		assertThat(failed).as("what a failing listener did is rolled back")
			.hasSize((int) wanted - 1)
			.doesNotContainKey(failing.id());
		assertThat(failed.values()).allSatisfy((effects) -> assertThat(effects).hasSize(1));
	}

	/**
	 * Of a customer, nothing overlaps, and everything happens in the order in which it
	 * was stored.
	 */
	private void verifyOrder(Event failing) {
		Map<String, Long> order = new HashMap<>();
		this.jdbc.sql("SELECT id, lane_order FROM polar_webhook_event")
			.query((RowCallbackHandler) (row) -> order.put(row.getString("id"), row.getLong("lane_order")));
		Map<String, List<Effect>> byCustomer = this.jdbc
			.sql("SELECT event_id, customer, started, ended, process FROM effect ORDER BY started")
			.query(Effect.class)
			.list()
			.stream()
			.collect(Collectors.groupingBy(Effect::customer));
		assertThat(byCustomer).hasSizeGreaterThan(CUSTOMERS / 2);
		int changes = 0;
		for (List<Effect> effects : byCustomer.values()) {
			for (int i = 1; i < effects.size(); i++) {
				Effect before = effects.get(i - 1);
				Effect after = effects.get(i);
				assertThat(after.started()).as("%s begins when %s has ended", after, before)
					.isGreaterThanOrEqualTo(before.ended());
				// sent again after it was parked, it moves to the end
				boolean moved = before.eventId().equals(failing.id()) || after.eventId().equals(failing.id());
				assertThat(moved || order.get(after.eventId()) >= order.get(before.eventId()))
					.as("%s was stored after %s", after, before)
					.isTrue();
				changes += (before.process() != after.process()) ? 1 : 0;
			}
		}
		assertThat(changes).as("customers were passed on between processes").isPositive();
	}

	/**
	 * The customer of the event that fails waits for as long as designed. How much longer
	 * depends on who was killed meanwhile.
	 */
	private void verifyHold(Event failing) {
		List<Effect> customer = this.jdbc
			.sql("SELECT event_id, customer, started, ended, process FROM effect WHERE customer = ? ORDER BY started")
			.param(failing.customer())
			.query(Effect.class)
			.list();
		List<Effect> first = customer.stream().filter((effect) -> effect.eventId().equals(failing.id())).toList();
		long begin = first.get(first.size() - 1).ended();
		assertThat(customer.stream().filter((effect) -> effect.started() > begin).findFirst()).hasValueSatisfying(
				(next) -> assertThat(Duration.ofNanos(next.started() - begin)).isGreaterThanOrEqualTo(HOLD));
	}

	private List<Effect> effects(String listener) {
		return this.jdbc
			.sql("SELECT event_id, customer, started, ended, process FROM effect WHERE listener = ? ORDER BY started")
			.param(listener)
			.query(Effect.class)
			.list();
	}

	private record Event(String id, String customer, String body) {

		boolean isWanted() {
			return this.body.contains("order.paid");
		}

	}

	record Effect(String eventId, String customer, long started, long ended, long process) {

	}

}
