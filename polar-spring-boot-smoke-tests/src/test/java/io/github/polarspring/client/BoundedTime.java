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

package io.github.polarspring.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.testsupport.Fault;
import io.github.polarspring.testsupport.FaultyServer;
import org.junit.jupiter.api.DynamicTest;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Calls a server with each {@link Fault}, all at the same time, through the client that
 * an application with a certain HTTP client gets.
 */
final class BoundedTime {

	private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(3);

	/**
	 * The bound, and what a machine with two processors needs for so many at a time.
	 */
	private static final Duration BOUND = TOTAL_TIMEOUT.plus(READ_TIMEOUT).plusMillis(1500);

	private static final String TOKEN = "polar_oat_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

	private static final Set<String> CALLS = Set.of(CallRunner.class.getName(), InflaterInputStream.class.getName(),
			GZIPInputStream.class.getName(), BoundedBody.class.getName());

	/**
	 * What HTTP clients tell with the request that failed.
	 */
	private static final String SECRET = "jane.doe@example.com";

	private BoundedTime() {
	}

	static Stream<DynamicTest> tests(String httpClient) {
		ExecutorService threads = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task, "bounded-time");
			thread.setDaemon(true);
			return thread;
		});
		List<DynamicTest> tests = new ArrayList<>();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		for (Fault fault : Fault.values()) {
			for (boolean write : new boolean[] { false, true }) {
				CompletableFuture<Void> result = CompletableFuture.runAsync(() -> call(httpClient, fault, write),
						threads);
				tests.add(DynamicTest.dynamicTest((write ? "POST: " : "GET: ") + fault,
						() -> result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)));
			}
		}
		for (boolean write : new boolean[] { false, true }) {
			add(tests, threads, deadline, write, "refuses", () -> rejected(httpClient, write));
			add(tests, threads, deadline, write, "does not accept", () -> notAccepted(httpClient, write));
			add(tests, threads, deadline, write, "redirects", () -> redirected(httpClient, write));
			add(tests, threads, deadline, write, "asks to wait", () -> rateLimited(httpClient, write));
		}
		tests.add(DynamicTest.dynamicTest("No thread stays behind",
				() -> await().atMost(Duration.ofSeconds(10)).until(() -> threadsInCalls().isEmpty())));
		threads.shutdown();
		return tests.stream();
	}

	private static void add(List<DynamicTest> tests, ExecutorService threads, long deadline, boolean write, String name,
			Runnable test) {
		CompletableFuture<Void> result = CompletableFuture.runAsync(test, threads);
		tests.add(DynamicTest.dynamicTest((write ? "POST: " : "GET: ") + name,
				() -> result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)));
	}

	private static void call(String httpClient, Fault fault, boolean write) {
		try (FaultyServer server = new FaultyServer(fault::write)) {
			run(httpClient, server.url(), (client) -> {
				// no call keeps the one permit
				for (int i = 0; i < 2; i++) {
					assertThatExceptionOfType(PolarConnectionException.class)
						.isThrownBy(() -> inTime(() -> call(client, write)))
						.isInstanceOf(fault.isTimeout() ? PolarTimeoutException.class : PolarConnectionException.class)
						.satisfies((ex) -> assertThat(ex.getClass())
							.isNotEqualTo(io.github.polarspring.PolarSaturationException.class));
				}
				await(fault + " leaves a connection").atMost(Duration.ofSeconds(10))
					.until(() -> server.openConnections() == 0);
			});
			assertThat(server.requests()).hasSizeBetween(2 * fault.attempts(httpClient, write) - fault.tolerance(),
					2 * fault.attempts(httpClient, write) + (write ? 0 : fault.slack()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> threadsInCalls() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> Arrays.stream(entry.getValue())
				.anyMatch((element) -> CALLS.contains(element.getClassName())))
			.map((entry) -> entry.getKey().getName())
			.toList();
	}

	private static void rejected(String httpClient, boolean write) {
		run(httpClient, URI.create("http://127.0.0.1:1"),
				(client) -> assertThatExceptionOfType(PolarConnectionException.class)
					.isThrownBy(() -> inTime(() -> call(client, write)))
					.satisfies((ex) -> assertThat(CallOutcome.of(ex)).isEqualTo(CallOutcome.UNREACHABLE)));
	}

	private static void notAccepted(String httpClient, boolean write) {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			List<Socket> queue = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				Socket socket = new Socket();
				queue.add(socket);
				try {
					socket.connect(server.getLocalSocketAddress(), 100);
				}
				catch (IOException ex) {
					// the queue is full
				}
			}
			run(httpClient, URI.create("http://127.0.0.1:" + server.getLocalPort()),
					(client) -> assertThatExceptionOfType(PolarConnectionException.class)
						.isThrownBy(() -> inTime(() -> call(client, write)))
						.satisfies((ex) -> assertThat(CallOutcome.of(ex)).isEqualTo(CallOutcome.UNREACHABLE)));
			for (Socket socket : queue) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void redirected(String httpClient, boolean write) {
		try (FaultyServer elsewhere = FaultyServer.responding("200 OK", "{}")) {
			for (String status : List.of("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")) {
				try (FaultyServer server = FaultyServer.responding(status,
						"Location: " + elsewhere.url() + "/v1/things/", "")) {
					run(httpClient, server.url(),
							(client) -> assertThatExceptionOfType(PolarConnectionException.class)
								.isThrownBy(() -> inTime(() -> call(client, write)))
								.withMessageContaining("redirects are not followed"));
					assertThat(server.requests()).hasSize(1);
				}
			}
			assertThat(elsewhere.requests()).isEmpty();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void rateLimited(String httpClient, boolean write) {
		try (FaultyServer server = FaultyServer.responding("429 Too Many Requests", "Retry-After: 60", "")) {
			run(httpClient, server.url(),
					(client) -> assertThatExceptionOfType(PolarRateLimitException.class)
						.isThrownBy(() -> inTime(() -> call(client, write)))
						.satisfies((ex) -> assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(60))));
			assertThat(server.requests()).hasSize(1);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void call(PolarClient client, boolean write) {
		try {
			if (write) {
				client.post(Map.class, "/v1/things/{id}", Map.of("name", "Pro"), SECRET);
			}
			else {
				client.get(Map.class, "/v1/things/{id}", SECRET);
			}
		}
		catch (PolarException ex) {
			StringWriter text = new StringWriter();
			ex.printStackTrace(new PrintWriter(text));
			assertThat(text.toString()).doesNotContain(SECRET, "jane");
			throw ex;
		}
	}

	private static void inTime(Runnable call) {
		long start = System.nanoTime();
		try {
			call.run();
		}
		catch (PolarException ex) {
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
			throw ex;
		}
	}

	static void run(String httpClient, URI server, ClientTest test) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, RestClientAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=" + httpClient, "polar.base-url=" + server,
					"polar.access-token=" + TOKEN, "polar.http.connect-timeout=500ms",
					"polar.http.read-timeout=" + READ_TIMEOUT.toMillis() + "ms",
					"polar.http.total-timeout=" + TOTAL_TIMEOUT.toMillis() + "ms", "polar.http.max-concurrent-calls=1",
					"polar.http.retry.initial-delay=10ms")
			.run((context) -> test.run(context.getBean(PolarClient.class)));
	}

	@FunctionalInterface
	interface ClientTest {

		void run(PolarClient client);

	}

}
