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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.testsupport.Fault;
import io.github.polarspring.testsupport.FaultyServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PolarClient.CallSpec#retrieveOnce}: what reaches a server is counted.
 */
@Timeout(30)
class RetrieveOnceTests {

	private static final Map<String, Object> EFFECT = Map.of("plan", "pro");

	private final AtomicInteger looks = new AtomicInteger();

	private static PolarClient.Builder client(FaultyServer server) {
		return PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(server.url())
			.timeouts(Duration.ofMillis(200), Duration.ofMillis(300))
			.retry(3, Duration.ofMillis(1), Duration.ofMillis(2))
			.outcomeTimeout(Duration.ofMillis(50));
	}

	private Map<?, ?> change(PolarClient client, Supplier<Optional<Map<String, Object>>> effect) {
		return client.call(HttpMethod.PATCH, "/v1/things/{id}", "secret")
			.body(Map.of("plan", "pro"))
			.retrieveOnce(Map.class, (limited) -> {
				this.looks.incrementAndGet();
				return effect.get().map(Map.class::cast);
			});
	}

	@Test
	void effectIsNotLookedForAfterAResponse() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{\"plan\":\"free\"}")) {
			assertThat(change(client(server).build(), () -> Optional.of(EFFECT))).hasToString("{plan=free}");
			assertThat(this.looks).hasValue(0);
		}
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	void callIsSentOnceAndItsEffectIsTheResult(Fault fault) throws Exception {
		try (FaultyServer server = new FaultyServer(fault::write)) {
			assertThat(change(client(server).build(), () -> Optional.of(EFFECT))).isEqualTo(EFFECT);
			assertThat(server.requests()).hasSize(1);
			assertThat(this.looks).hasValue(1);
		}
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	void callIsSentOnceAndItsOutcomeIsUnknownWithoutAnEffect(Fault fault) throws Exception {
		try (FaultyServer server = new FaultyServer(fault::write)) {
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> change(client(server).build(), Optional::empty))
				.withMessage("It is not known whether Polar processed PATCH /v1/things/{id}")
				.withCauseInstanceOf(PolarException.class);
			assertThat(server.requests()).hasSize(1);
			assertThat(this.looks).as("immediately, and at the end").hasValue(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "500", "501", "502", "503", "504", "302", "403 Firewall", "200" })
	void responseThatDoesNotTellTheOutcomeLeadsToASearch(String status) throws Exception {
		try (FaultyServer server = FaultyServer.responding(status + " Status", "<html>")) {
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> change(client(server).build(), Optional::empty));
			assertThat(server.requests()).hasSize(1);
			assertThat(this.looks).hasValue(2);
		}
	}

	@ParameterizedTest
	@MethodSource
	void rejectionIsThrownWithoutASearch(String status, String body, int requests,
			Class<? extends PolarApiException> type) throws Exception {
		try (FaultyServer server = FaultyServer.responding(status, "Polar-Version: 2026-10", body)) {
			assertThatExceptionOfType(type).isThrownBy(() -> change(client(server).build(), () -> Optional.of(EFFECT)));
			assertThat(server.requests()).hasSize(requests);
			assertThat(this.looks).hasValue(0);
		}
	}

	static Stream<Arguments> rejectionIsThrownWithoutASearch() {
		String error = "{\"error\":\"%s\",\"detail\":\"no\"}";
		return Stream.of(
				Arguments.of("402 Payment Required", error.formatted("PaymentFailed"), 1,
						PolarPaymentFailedException.class),
				Arguments.of("403 Forbidden", error.formatted("AlreadyCanceledSubscription"), 1,
						PolarConflictException.class),
				Arguments.of("403 Forbidden", error.formatted("insufficient_scope"), 1, PolarPermissionException.class),
				Arguments.of("404 Not Found", error.formatted("ResourceNotFound"), 1, PolarNotFoundException.class),
				Arguments.of("409 Conflict", error.formatted("Some"), 1, PolarConflictException.class),
				// certainly not processed, so it is sent again
				Arguments.of("409 Conflict", error.formatted("SubscriptionLocked"), 3, PolarConflictException.class),
				Arguments.of("429 Too Many Requests", error.formatted("RateLimit"), 3, PolarRateLimitException.class),
				Arguments.of("422 Unprocessable Entity", "{\"error\":\"x\",\"detail\":[]}", 1,
						PolarValidationException.class));
	}

	@Test
	void callThatDidNotReachPolarIsThrownWithoutASearch() throws Exception {
		PolarClient client;
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			client = client(server).build();
		}
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> change(client, () -> Optional.of(EFFECT)));
		assertThat(this.looks).hasValue(0);
	}

	@Test
	void callThatIsTooManyIsThrownWithoutASearch() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		FaultyServer.Response success = FaultyServer.response("200 OK", "{}");
		try (FaultyServer server = new FaultyServer((socket, out, closed) -> {
			answer.await();
			success.write(socket, out, closed);
		})) {
			PolarClient client = client(server).timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10))
				.maxConcurrentCalls(1)
				.build();
			Thread other = new Thread(() -> client.get(Map.class, "/v1/things/"));
			other.start();
			await().until(() -> server.requests().size() == 1);
			assertThatExceptionOfType(PolarSaturationException.class)
				.isThrownBy(() -> change(client, () -> Optional.of(EFFECT)));
			assertThat(this.looks).hasValue(0);
			answer.countDown();
			other.join();
		}
	}

	@Test
	void searchDoesNotOccupyAPermitAndUsesTheSameClient() throws Exception {
		try (FaultyServer server = new FaultyServer((request) -> request.startsWith("PATCH")
				? Fault.CLOSES_WITHOUT_A_RESPONSE::write : FaultyServer.response("200 OK", "{\"plan\":\"pro\"}"))) {
			PolarClient client = client(server).maxConcurrentCalls(1).build();
			assertThat(change(client, () -> Optional.of(client.get(Map.class, "/v1/things/")).map((found) -> EFFECT)))
				.isEqualTo(EFFECT);
		}
	}

	@Test
	void searchContinuesUntilTheEffectIsThere() throws Exception {
		try (FaultyServer server = new FaultyServer(Fault.CLOSES_WITHOUT_A_RESPONSE::write)) {
			PolarClient client = client(server).outcomeTimeout(Duration.ofSeconds(20)).build();
			assertThat(change(client, () -> Optional.of(EFFECT).filter((found) -> this.looks.get() == 3)))
				.isEqualTo(EFFECT);
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void failedLookIsNoEffectAndDoesNotEndTheSearch() throws Exception {
		try (FaultyServer server = new FaultyServer(Fault.CLOSES_WITHOUT_A_RESPONSE::write)) {
			List<PolarException> failures = List.of(new PolarTimeoutException("1", null),
					new PolarApiException("2", 503, null, null));
			assertThat(change(client(server).outcomeTimeout(Duration.ofSeconds(20)).build(), () -> {
				if (this.looks.get() <= failures.size()) {
					throw failures.get(this.looks.get() - 1);
				}
				return Optional.of(EFFECT);
			})).isEqualTo(EFFECT);
			assertThat(this.looks).hasValue(3);
		}
	}

	@Test
	void errorOfTheSearchItselfIsAddedToTheUnknownOutcome() throws Exception {
		try (FaultyServer server = new FaultyServer(Fault.CLOSES_WITHOUT_A_RESPONSE::write)) {
			PolarClient client = client(server).outcomeTimeout(Duration.ofMillis(10)).build();
			assertThatExceptionOfType(PolarOutcomeUnknownException.class).isThrownBy(() -> change(client, () -> {
				throw new IllegalStateException("mine");
			}))
				.satisfies((ex) -> assertThat(ex.getCause().getSuppressed()).singleElement()
					.isInstanceOf(IllegalStateException.class));
		}
	}

	@Test
	void interruptionEndsTheSearch() throws Exception {
		try (FaultyServer server = new FaultyServer(Fault.CLOSES_WITHOUT_A_RESPONSE::write)) {
			PolarClient client = client(server).outcomeTimeout(Duration.ofMinutes(5)).build();
			Thread caller = Thread.currentThread();
			Thread other = new Thread(() -> {
				await().until(() -> this.looks.get() > 0 && caller.getState() == Thread.State.TIMED_WAITING);
				caller.interrupt();
			});
			other.start();
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> change(client, Optional::empty));
			assertThat(Thread.interrupted()).isTrue();
			other.join();
		}
	}

	@Test
	void searchEndsInTimeAlthoughReadsAreSlowAndRetried() throws Exception {
		try (FaultyServer server = new FaultyServer(Fault.HANGS_BEFORE_THE_HEADERS::write)) {
			PolarClient client = client(server).timeouts(Duration.ofMillis(200), Duration.ofSeconds(4))
				.totalTimeout(Duration.ofSeconds(14))
				.outcomeTimeout(Duration.ofSeconds(1))
				.build();
			AtomicLong start = new AtomicLong();
			assertThatExceptionOfType(PolarOutcomeUnknownException.class)
				.isThrownBy(() -> client.call(HttpMethod.PATCH, "/v1/things/").retrieveOnce(Map.class, (limited) -> {
					start.compareAndSet(0, System.nanoTime());
					return Optional.of(limited.get(Map.class, "/v1/things/"));
				}));
			assertThat(Duration.ofNanos(System.nanoTime() - start.get())).isLessThan(Duration.ofSeconds(3));
			assertThat(server.requests()).as("one call, and one read without a retry").hasSize(2);
		}
	}

	@Test
	void retryableCallIsRejectedBeforeItIsSent() throws Exception {
		try (FaultyServer server = FaultyServer.responding("200 OK", "{}")) {
			PolarClient client = client(server).build();
			assertThatIllegalStateException().isThrownBy(() -> client.call(HttpMethod.PATCH, "/v1/things/")
				.retryable()
				.retrieveOnce(Map.class, (limited) -> Optional.empty()));
			assertThatIllegalStateException().isThrownBy(() -> client.call(HttpMethod.GET, "/v1/things/")
				.retrieveOnce(Map.class, (limited) -> Optional.empty()));
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void timeoutMustBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarClient.builder().outcomeTimeout(Duration.ZERO));
	}

}
