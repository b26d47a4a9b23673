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

package io.github.polarspring.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Kills two instances of an application while they record and send usage and Polar fails
 * in many ways, and compares what Polar counts with what was committed.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UsageCrashIntegrationTests {

	private static final int EVENTS = Integer.getInteger("polar.crash.usage", 10_000);

	private static final UUID METER = UUID.fromString("0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01");

	private static final int CREDITS = 60;

	private static final int INSTANCES = 2;

	private static final int KILLS = 8;

	/**
	 * After failures in a row, all instances pause for up to a minute.
	 */
	private static final Duration LIMIT = Duration.ofMinutes(5);

	private final Random random = new Random(20261130);

	private final List<Process> processes = new ArrayList<>();

	private int started;

	private JdbcClient jdbc;

	@Test
	void nothingIsLostOrCountedTwiceOnPostgres() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("synchronous_commit", "on")
			.start()) {
			run(postgres.getJdbcUrl("postgres", "postgres"), "postgresql");
		}
	}

	@Test
	void nothingIsLostOrCountedTwiceOnMariaDb() throws Exception {
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
		for (String table : new String[] { "polar_usage_event", "polar_usage_turn", "polar_usage_unit",
				"polar_usage_balance", "effect" }) {
			this.jdbc.sql("DROP TABLE IF EXISTS " + table).update();
		}
		new ResourceDatabasePopulator(new ClassPathResource("io/github/polarspring/usage/schema-" + platform + ".sql"))
			.execute(dataSource);
		this.jdbc.sql("CREATE TABLE effect (id VARCHAR(36) NOT NULL PRIMARY KEY, process BIGINT NOT NULL)").update();
		long begin = System.nanoTime();
		int kills = 0;
		try (UsageAtPolar polar = new UsageAtPolar()) {
			polar.behave(this::next);
			for (int i = 0; i < 20; i++) {
				polar.balance("customer-" + i, METER, String.valueOf(CREDITS), CREDITS, Instant.now());
			}
			for (int i = 0; i < INSTANCES; i++) {
				this.processes.add(start(url, polar));
			}
			long nextKill = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
			while (count("effect") < EVENTS || count("polar_usage_event WHERE status = 'NEW'") > 0) {
				assertThat(System.nanoTime() - begin).as("time is up").isLessThan(LIMIT.toNanos());
				assertThat(this.processes).as("see target/crash").allMatch(Process::isAlive);
				if (kills < KILLS && System.nanoTime() - nextKill > 0) {
					kill(this.random.nextInt(INSTANCES), url, polar);
					kills++;
					nextKill = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3000 + this.random.nextInt(2000));
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			}
			System.out.printf("%s: %d events in %d requests, sent %d times, %d kills, %.1f s%n", platform,
					count("effect"), polar.batches().size(), polar.received(), kills,
					(System.nanoTime() - begin) / 1e9);
			verify(polar);
			verifyBalances(polar);
			assertThat(kills).isPositive();
		}
		finally {
			this.processes.forEach(Process::destroyForcibly);
		}
	}

	private void verify(UsageAtPolar polar) {
		List<String> committed = this.jdbc.sql("SELECT id FROM effect").query(String.class).list();
		List<String> counted = polar.events()
			.values()
			.stream()
			.map((event) -> event.path("metadata").path("effect").asString())
			.toList();
		long dead = count("polar_usage_event WHERE status = 'DEAD'");
		assertThat(count("polar_usage_event")).as("everything valid is sent").isEqualTo(dead);
		assertThat(counted).as("counted once").doesNotHaveDuplicates().hasSize(committed.size() - (int) dead);
		assertThat(committed).as("nothing that was rolled back is counted").containsAll(counted);
		assertThat(dead).as("only invalid events")
			.isEqualTo(count("polar_usage_event WHERE event_name = '" + UsageAtPolar.INVALID + "'"))
			.isLessThan(EVENTS / 100);
		assertThat(polar.received()).as("events were sent again").isGreaterThan(counted.size());
		assertThat(this.jdbc.sql("SELECT COUNT(DISTINCT process) FROM effect").query(Long.class).single())
			.isGreaterThan(INSTANCES);
	}

	/**
	 * Verify that customers have what they did not consume, and never more than they were
	 * given.
	 */
	private void verifyBalances(UsageAtPolar polar) {
		Map<String, Long> consumed = polar.events()
			.values()
			.stream()
			.filter((event) -> event.path("name").asString().equals("rendering"))
			.collect(Collectors.groupingBy((event) -> event.path("external_customer_id").asString(),
					Collectors.counting()));
		Map<String, Long> used = new HashMap<>();
		this.jdbc.sql("SELECT customer_id, taken FROM polar_usage_balance")
			.query((row, index) -> Map.entry(row.getString(1), row.getLong(2)))
			.list()
			.forEach((row) -> used.put(row.getKey(), row.getValue()));
		used.values().removeIf((units) -> units == 0);
		assertThat(used).isNotEmpty().isEqualTo(consumed);
		assertThat(used.values()).allMatch((units) -> units <= CREDITS).anyMatch((units) -> units == CREDITS);
	}

	private synchronized Behavior next() {
		int number = this.random.nextInt(100);
		if (number < 65) {
			return Behavior.WORK;
		}
		if (number < 80) {
			return Behavior.LOSE_RESPONSE;
		}
		List<Behavior> others = Stream.of(Behavior.values())
			.filter((behavior) -> behavior != Behavior.PAYLOAD_TOO_LARGE && behavior != Behavior.WORK)
			.toList();
		return others.get(number % others.size());
	}

	private long count(String table) {
		return this.jdbc.sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
	}

	private Process start(String url, UsageAtPolar polar) throws IOException {
		Path log = Path.of("target", "crash", "usage-" + (++this.started) + ".log");
		Files.createDirectories(log.getParent());
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", UsageCrashApplication.class.getName(),
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off",
				"--spring.main.keep-alive=true", "--spring.datasource.url=" + url,
				"--polar.access-token=polar_oat_test", "--polar.base-url=" + polar.url(),
				"--polar.http.connect-timeout=200ms", "--polar.http.read-timeout=300ms", "--polar.usage.outbox=jdbc",
				"--polar.usage.poll-interval=50ms", "--polar.usage.meters.renderings.id=" + METER,
				"--polar.usage.meters.renderings.event=rendering", "--polar.usage.requests-per-minute=6000",
				"--crash.events=" + EVENTS)
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		// too long for the command line of some systems
		builder.environment()
			.put("CLASSPATH", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		return builder.start();
	}

	/**
	 * Kill an instance, without any warning, and start another one.
	 */
	private void kill(int index, String url, UsageAtPolar polar) throws IOException, InterruptedException {
		this.processes.get(index).destroyForcibly().waitFor();
		this.processes.set(index, start(url, polar));
	}

}
