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
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.boot.SpringBootVersion;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;

/**
 * Time until a change of which one instance is told is visible on another instance that
 * shares its database.
 * <p>
 * PostgreSQL, Polar and both instances run on the same machine, the instances in a single
 * JVM.
 */
public final class EntitlementChangeBenchmark {

	private static final int CHANGES = Integer.getInteger("benchmark.changes", 300);

	private static final String USER = "user-4711";

	private static final String FEATURE = "export";

	private volatile boolean bought = true;

	private EntitlementChangeBenchmark() {
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
			new EntitlementChangeBenchmark().run(postgres.getJdbcUrl("postgres", "postgres"));
		}
		System.exit(0);
	}

	private void run(String url) throws IOException {
		HttpServer polar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		polar.createContext("/", this::respond);
		polar.start();
		try (HikariDataSource first = InboxInstance.pool(url); HikariDataSource second = InboxInstance.pool(url)) {
			new ResourceDatabasePopulator(
					new ClassPathResource("io/github/polarspring/entitlement/schema-postgresql.sql"))
				.execute(first);
			TransactionTemplate transactions = transactions(first);
			PolarEntitlements told = entitlements(polar, first);
			PolarEntitlements other = entitlements(polar, second);
			for (int i = 0; i < 5; i++) {
				change(transactions, told, other);
			}
			double[] millis = new double[CHANGES];
			for (int i = 0; i < CHANGES; i++) {
				// at any time between two polls, and slowly enough to be read one by one
				LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(TimeUnit.SECONDS.toNanos(2)));
				millis[i] = change(transactions, told, other);
			}
			Arrays.sort(millis);
			System.out.printf("%s %s, %d processors, Spring Boot %s, %d changes%n%n",
					System.getProperty("java.vm.name"), System.getProperty("java.version"),
					Runtime.getRuntime().availableProcessors(), SpringBootVersion.getVersion(), CHANGES);
			System.out.println("| median | 99 % | max |");
			System.out.println("| --- | --- | --- |");
			System.out.printf("| %.0f ms | %.0f ms | %.0f ms |%n", millis[CHANGES / 2], millis[(int) (CHANGES * 0.99)],
					millis[CHANGES - 1]);
		}
		polar.stop(0);
	}

	private void respond(HttpExchange exchange) throws IOException {
		byte[] body = EntitlementBenchmark.purchases(this.bought ? USER : "another-user");
		exchange.getResponseHeaders().add("Content-Type", "application/json");
		exchange.getResponseHeaders().add("Polar-Version", "2026-10");
		exchange.sendResponseHeaders(200, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	private static TransactionTemplate transactions(DataSource dataSource) {
		return JdbcWebhookInbox.transactions(new JdbcTransactionManager(dataSource));
	}

	private static PolarEntitlements entitlements(HttpServer polar, DataSource dataSource) {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_benchmark0123456789")
			.baseUrl(URI.create("http://127.0.0.1:" + polar.getAddress().getPort()))
			.build();
		PolarFeatures features = new PolarFeatures(List
			.of(new Feature(FEATURE, Set.of(), Set.of(EntitlementBenchmark.PRODUCT), "/pricing", WhenUnknown.REJECT)),
				Map.of());
		return PolarEntitlements.builder(client, features).database(dataSource, transactions(dataSource)).build();
	}

	/**
	 * Return the milliseconds from the transaction that stores an event until the other
	 * instance decides by the change.
	 */
	private double change(TransactionTemplate transactions, PolarEntitlements told, PolarEntitlements other) {
		Assert.state(other.of(USER).has(FEATURE) == this.bought, "The state is not current");
		this.bought = !this.bought;
		transactions.executeWithoutResult((status) -> told.refresh(List.of(USER), null));
		long begin = System.nanoTime();
		while (other.of(USER).has(FEATURE) != this.bought) {
			Assert.state(System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1), "The change is not visible");
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		return (System.nanoTime() - begin) / 1e6;
	}

}
