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

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.testsupport.FaultyServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for how often {@link PolarClient} makes a call: what reaches a server is counted.
 */
@Timeout(30)
class CallRetryTests {

	private static final String LOCKED = "{\"error\":\"%sLocked\",\"detail\":\"Locked\"}";

	private static PolarClient.Builder client(FaultyServer server) {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(server.url())
			.retry(3, Duration.ofMillis(1), Duration.ofMillis(2));
	}

	private static Map<?, ?> call(PolarClient client, String method) {
		return switch (method) {
			case "GET" -> client.get(Map.class, "/v1/things/");
			case "POST" -> client.post(Map.class, "/v1/things/", Map.of("name", "Pro"));
			case "CREATE" ->
				client.call(HttpMethod.POST, "/v1/things/").body(Map.of("name", "Pro")).retryable().retrieve(Map.class);
			case "PATCH" -> client.patch(Map.class, "/v1/things/", Map.of("name", "Pro"));
			case "DELETE" -> client.call(HttpMethod.DELETE, "/v1/things/").retrieve(Map.class);
			default -> throw new IllegalArgumentException(method);
		};
	}

	@ParameterizedTest
	@CsvSource({ "429,3,3", "502,3,1", "503,3,1", "504,3,1", "500,1,1", "501,1,1", "400,1,1", "401,1,1", "403,1,1",
			"404,1,1", "409,1,1", "410,1,1", "422,1,1", "302,1,1", "200,1,1" })
	void statusLeadsToAsManyCalls(String status, int retryable, int write) throws Exception {
		Map<String, Integer> calls = Map.of("GET", retryable, "CREATE", retryable, "POST", write, "PATCH", write,
				"DELETE", write);
		for (Map.Entry<String, Integer> expected : calls.entrySet()) {
			try (FaultyServer server = FaultyServer.responding(status + " Status", "Polar-Version: 2026-10",
					"{\"a\"")) {
				assertThatExceptionOfType(PolarException.class)
					.isThrownBy(() -> call(client(server).build(), expected.getKey()));
				assertThat(server.requests()).as(expected.getKey()).hasSize(expected.getValue());
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "429 Too Many Requests", "503 Service Unavailable" })
	void callWithoutRetriesIsMadeOnce(String status) throws Exception {
		try (FaultyServer server = FaultyServer.responding(status, "")) {
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(
					() -> client(server).build().call(HttpMethod.GET, "/v1/things/").withoutRetries().execute());
			assertThat(server.requests()).hasSize(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET,Checkout", "CREATE,Checkout", "POST,Checkout", "PATCH,Checkout", "DELETE,Checkout",
			"PATCH,Subscription", "DELETE,Subscription" })
	void lockedObjectIsTriedAgain(String method, String type) throws Exception {
		try (FaultyServer server = FaultyServer.sequence(FaultyServer.response("409 Conflict", LOCKED.formatted(type)),
				FaultyServer.response("200 OK", "{\"name\":\"Pro\"}"))) {
			assertThat(call(client(server).build(), method)).hasToString("{name=Pro}");
			assertThat(server.requests()).hasSize(2);
		}
	}

	@ParameterizedTest
	@CsvSource({ "CREATE,3", "POST,1", "PATCH,1", "DELETE,1" })
	void connectionThatEndsLeadsToAsManyCalls(String method, int calls) throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> socket.setSoLinger(true, 0))) {
			assertThatExceptionOfType(PolarConnectionException.class)
				.isThrownBy(() -> call(client(server).build(), method));
			assertThat(server.requests()).hasSize(calls);
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET,2", "CREATE,2", "POST,1", "PATCH,1", "DELETE,1" })
	void afterATimeoutOneAttemptFitsIn(String method, int calls) throws Exception {
		// 1 + 0.2 + 1 of 3 seconds, and by default 6 + 2 + 6 of 15
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> FaultyServer.hang(socket, closed))) {
			PolarClient client = client(server).timeouts(Duration.ofMillis(200), Duration.ofSeconds(1))
				.totalTimeout(Duration.ofSeconds(3))
				.build();
			assertThatExceptionOfType(PolarTimeoutException.class).isThrownBy(() -> call(client, method));
			assertThat(server.requests()).hasSize(calls);
		}
	}

	@Test
	void whatIsNotThereAtFirstIsThereInTheEnd() throws Exception {
		try (FaultyServer server = FaultyServer.sequence((socket, out, closed) -> socket.setSoLinger(true, 0),
				FaultyServer.response("503 Service Unavailable", "<html>"),
				FaultyServer.response("201 Created", "{}"))) {
			assertThat(call(client(server).build(), "CREATE")).isEmpty();
			assertThat(server.requests()).hasSize(3)
				.allSatisfy((request) -> assertThat(request).endsWith("{\"name\":\"Pro\"}"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET", "CREATE", "POST", "PATCH", "DELETE" })
	void retryAfterIsHonoured(String method) throws Exception {
		List<Long> times = new ArrayList<>();
		FaultyServer.Response limit = FaultyServer.response("429 Too Many Requests", "Retry-After: 1", "");
		FaultyServer.Response answer = FaultyServer.response("200 OK", "{}");
		try (FaultyServer server = FaultyServer.sequence((socket, out, closed) -> {
			times.add(System.nanoTime());
			limit.write(socket, out, closed);
		}, (socket, out, closed) -> {
			times.add(System.nanoTime());
			answer.write(socket, out, closed);
		})) {
			assertThat(call(client(server).build(), method)).isEmpty();
			assertThat(times).hasSize(2);
			assertThat(times.get(1) - times.get(0)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
		}
	}

	@ParameterizedTest
	@CsvSource({ "429 Too Many Requests", "503 Service Unavailable" })
	void retryAfterThatIsTooLongFailsAtOnce(String status) throws Exception {
		try (FaultyServer server = FaultyServer.responding(status, "Retry-After: 60", "")) {
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> call(client(server).build(), "GET"))
				.satisfies((ex) -> assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofMinutes(1)));
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void manyCallersMakeNoStorm() throws Exception {
		try (FaultyServer server = FaultyServer.responding("503 Service Unavailable", "")) {
			PolarClient client = client(server).build();
			inParallel(50,
					() -> assertThatExceptionOfType(PolarException.class).isThrownBy(() -> call(client, "CREATE")));
			assertThat(server.requests()).hasSize(150);
		}
		try (FaultyServer server = FaultyServer.responding("429 Too Many Requests", "Retry-After: 60", "")) {
			PolarClient client = client(server).build();
			inParallel(50, () -> assertThatExceptionOfType(PolarRateLimitException.class)
				.isThrownBy(() -> call(client, "GET")));
			assertThat(server.requests()).hasSize(50);
		}
	}

	private static void inParallel(int threads, Runnable call) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				calls.add(executor.submit(call));
			}
			for (Future<?> future : calls) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void oneAttemptRepeatsNothing() throws Exception {
		try (FaultyServer server = FaultyServer.responding("503 Service Unavailable", "")) {
			PolarClient client = client(server).retry(1, Duration.ofMillis(1), Duration.ofMillis(1)).build();
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> call(client, "GET"));
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void interruptionEndsTheWait() throws Exception {
		try (FaultyServer server = FaultyServer.responding("503 Service Unavailable", "")) {
			RecentCalls recentCalls = new RecentCalls(Clock.systemUTC());
			PolarClient client = client(server).retry(3, Duration.ofSeconds(5), Duration.ofSeconds(5))
				.recentCalls(recentCalls)
				.build();
			Thread caller = Thread.currentThread();
			Thread other = new Thread(() -> {
				await().until(() -> caller.getState() == Thread.State.TIMED_WAITING && !server.requests().isEmpty()
						&& server.openConnections() == 0);
				caller.interrupt();
			});
			other.start();
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> call(client, "GET"));
			assertThat(Thread.interrupted()).isTrue();
			// it does not tell of Polar that somebody did not want to wait
			assertThat(recentCalls.summary().calls()).isZero();
			other.join();
		}
	}

	@Test
	void exceptionOfTheApplicationIsNotRepeated() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server)
				.restClient((builder) -> builder.requestInterceptor((request, body, execution) -> {
					execution.execute(request, body);
					throw new IllegalStateException("mine");
				}))
				.build();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> call(client, "GET"))
				.withMessage("mine");
			assertThat(server.requests()).hasSize(1);
		}
	}

	private static PolarClient.CallSpec callWithFallback(PolarClient client) {
		AtomicInteger next = new AtomicInteger();
		return client.call(HttpMethod.POST, "/v1/things/")
			.body(Map.of("n", 0))
			.fallback((failure) -> Map.of("n", next.incrementAndGet()));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fallbackAfterARejectionIsSentImmediatelyAndOnce(boolean retryable) throws Exception {
		try (FaultyServer server = FaultyServer.responding("422 Unprocessable", "{\"error\":\"a\",\"detail\":[]}")) {
			PolarClient client = client(server).retry(1, Duration.ofSeconds(5), Duration.ofSeconds(5)).build();
			PolarClient.CallSpec call = callWithFallback(client);
			assertThatExceptionOfType(PolarApiException.class)
				.isThrownBy(() -> (retryable ? call.retryable() : call).retrieve(Map.class));
			assertThat(server.requests()).hasSize(2);
			assertThat(server.requests().get(0)).endsWith("{\"n\":0}");
			assertThat(server.requests().get(1)).endsWith("{\"n\":1}");
		}
	}

	@Test
	void fallbackAfterARejectionIsNoAttempt() throws Exception {
		try (FaultyServer server = FaultyServer.sequence(
				FaultyServer.response("422 Unprocessable", "{\"error\":\"a\",\"detail\":[]}"),
				FaultyServer.response("503 Service Unavailable", ""))) {
			assertThatExceptionOfType(PolarApiException.class)
				.isThrownBy(() -> callWithFallback(client(server).build()).retryable().execute())
				.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(503));
			assertThat(server.requests()).hasSize(4);
			assertThat(server.requests().subList(1, 4))
				.allSatisfy((request) -> assertThat(request).endsWith("{\"n\":1}"));
		}
	}

	@Test
	void fallbackAfterARejectionNeedsNoMoreThanTimeThatIsLeft() throws Exception {
		try (FaultyServer server = FaultyServer.sequence(
				FaultyServer.response("422 Unprocessable", "{\"error\":\"a\",\"detail\":[]}"),
				FaultyServer.response("200 OK", "{}"))) {
			PolarClient client = client(server).totalTimeout(Duration.ofSeconds(5)).build();
			assertThat(callWithFallback(client).retrieve(Map.class)).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "1,10,true,1", "2,10,true,2", "2,10,false,1", "2,1,true,1" })
	void fallbackAfterATimeoutIsAnAttempt(int maxAttempts, int totalTimeout, boolean retryable, int requests)
			throws Exception {
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> FaultyServer.hang(socket, closed))) {
			PolarClient client = client(server).timeouts(Duration.ofMillis(300), Duration.ofMillis(400))
				.totalTimeout(Duration.ofSeconds(totalTimeout))
				.retry(maxAttempts, Duration.ofMillis(1), Duration.ofMillis(1))
				.build();
			AtomicInteger asked = new AtomicInteger();
			PolarClient.CallSpec call = client.call(HttpMethod.POST, "/v1/things/")
				.body(Map.of("n", 0))
				.fallback((failure) -> Map.of("n", asked.incrementAndGet()));
			assertThatExceptionOfType(PolarTimeoutException.class)
				.isThrownBy(() -> (retryable ? call.retryable() : call).execute());
			assertThat(server.requests()).hasSize(requests);
			assertThat(asked).as("asked only for what is sent").hasValue(requests - 1);
			assertThat(server.requests().get(requests - 1)).endsWith("{\"n\":%d}".formatted(requests - 1));
		}
	}

	@Test
	void fallbackThatReturnsNothingChangesNothing() throws Exception {
		try (FaultyServer server = FaultyServer.responding("503 Service Unavailable", "")) {
			List<PolarException> failures = new ArrayList<>();
			assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> client(server).build()
				.call(HttpMethod.POST, "/v1/things/")
				.body(Map.of("n", 0))
				.retryable()
				.fallback((failure) -> {
					failures.add(failure);
					return null;
				})
				.execute());
			assertThat(server.requests()).hasSize(3).allSatisfy((request) -> assertThat(request).endsWith("{\"n\":0}"));
			assertThat(failures).hasSize(2);
		}
	}

	@Test
	void callThatIsTooManyFailsAtOnceAndThereIsRoomAgainLater() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		FaultyServer.Response success = FaultyServer.response("200 OK", "{}");
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			answer.await();
			success.write(socket, out, closed);
		})) {
			PolarClient client = client(server).maxConcurrentCalls(2).build();
			ExecutorService executor = Executors.newFixedThreadPool(2);
			Future<?> first = executor.submit(() -> call(client, "GET"));
			Future<?> second = executor.submit(() -> call(client.withoutAccessToken(), "POST"));
			await().until(() -> server.requests().size() == 2);
			for (String method : List.of("GET", "CREATE", "POST", "PATCH", "DELETE")) {
				assertThatExceptionOfType(PolarSaturationException.class).isThrownBy(() -> call(client, method))
					.withMessageEndingWith(" /v1/things/ was rejected: 2 calls to Polar (custom) are in progress, which"
							+ " is the limit set by 'polar.http.max-concurrent-calls'");
			}
			assertThat(server.requests()).hasSize(2);
			answer.countDown();
			first.get();
			second.get();
			assertThat(call(client, "GET")).isEmpty();
			executor.shutdown();
		}
	}

	@Test
	void whoWaitsForTheNextAttemptIsCounted() throws Exception {
		try (FaultyServer server = FaultyServer.responding("429 Too Many Requests", "Retry-After: 5", "")) {
			PolarClient client = client(server).maxConcurrentCalls(1).build();
			Thread waiting = new Thread(() -> {
				try {
					call(client, "GET");
				}
				catch (PolarException ex) {
					// interrupted
				}
			});
			waiting.start();
			await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING && server.requests().size() == 1
					&& server.openConnections() == 0);
			assertThatExceptionOfType(PolarSaturationException.class).isThrownBy(() -> call(client, "GET"));
			waiting.interrupt();
			waiting.join();
		}
	}

	@Test
	void settingsThatMakeNoSenseAreRejected() {
		PolarClient.Builder builder = PolarClient.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrentCalls(0));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.retry(0, Duration.ofMillis(1), Duration.ofMillis(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.retry(2, Duration.ZERO, Duration.ofMillis(1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.retry(2, Duration.ofMillis(2), Duration.ofMillis(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.timeouts(Duration.ZERO, Duration.ofMillis(1)));
	}

}
