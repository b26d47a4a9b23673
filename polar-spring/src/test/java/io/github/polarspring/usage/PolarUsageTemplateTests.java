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

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.github.polarspring.usage.PolarUsageDeadLetters.DeadLetter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolarUsageTemplate} with events in memory.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarUsageTemplateTests {

	private final UsageAtPolar polar = new UsageAtPolar();

	private volatile @Nullable PolarIdentity user = PolarIdentity.of("alice");

	private final List<PolarUsageTemplate> started = new ArrayList<>();

	@AfterEach
	void close() {
		this.polar.behave(Behavior.WORK);
		this.started.forEach(PolarUsageTemplate::stop);
		this.polar.close();
	}

	private PolarUsageTemplate.Builder builder() {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(this.polar.url())
			.timeouts(Duration.ofSeconds(2), Duration.ofMillis(500))
			.build();
		return PolarUsageTemplate.builder(client)
			.currentPayer(() -> () -> this.user)
			.requestsPerMinute(60_000)
			.pollInterval(Duration.ofMillis(10));
	}

	private PolarUsageTemplate start(PolarUsageTemplate.Builder builder) {
		PolarUsageTemplate usage = builder.build();
		usage.start(usage::check);
		this.started.add(usage);
		return usage;
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}

	private JsonNode sent(UsageEvent event) {
		int before = this.polar.events().size();
		Set<String> known = new HashSet<>(this.polar.events().keySet());
		start(builder()).record(event);
		await(() -> this.polar.events().size() > before);
		return this.polar.events()
			.entrySet()
			.stream()
			.filter((entry) -> !known.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void eventOfTheCurrentUserIsSent() {
		PolarUsageTemplate usage = start(builder());
		usage.record("submission", Map.of("form", "f-1", "pages", 12, "share", 0.5, "draft", false));
		await(() -> usage.sent() == 1);
		JsonNode event = this.polar.events().values().iterator().next();
		assertThat(event.path("external_id").asString()).hasSize(36);
		assertThat(event.path("name").asString()).isEqualTo("submission");
		assertThat(event.path("external_customer_id").asString()).isEqualTo("alice");
		assertThat(event.has("external_member_id")).isFalse();
		assertThat(event.has("timestamp")).as("it has just happened").isFalse();
		JsonNode metadata = event.path("metadata");
		assertThat(metadata.path("form").asString()).isEqualTo("f-1");
		assertThat(metadata.path("pages").isIntegralNumber()).isTrue();
		assertThat(metadata.path("share").isNumber()).isTrue();
		assertThat(metadata.path("draft").isBoolean()).isTrue();
		assertThat(usage.backlog()).isEqualTo(new PolarUsageTemplate.Backlog(0, Duration.ZERO, 0));
	}

	@Test
	void memberOfATeamIsSent() {
		this.user = PolarIdentity.of("team-1").withMemberId("alice");
		JsonNode event = sent(UsageEvent.builder("export").build());
		assertThat(event.path("external_customer_id").asString()).isEqualTo("team-1");
		assertThat(event.path("external_member_id").asString()).isEqualTo("alice");
		assertThat(event.has("metadata")).isFalse();
	}

	@Test
	void customerOfTheEventReplacesTheCurrentUser() {
		this.user = null;
		JsonNode event = sent(
				UsageEvent.builder("export").externalCustomerId("team-2").externalMemberId("bob").build());
		assertThat(event.path("external_customer_id").asString()).isEqualTo("team-2");
		assertThat(event.path("external_member_id").asString()).isEqualTo("bob");
	}

	@Test
	void guestHasNoUsage() {
		this.user = null;
		PolarUsageTemplate usage = start(builder());
		assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(() -> usage.record("export", Map.of()));
		assertThat(usage.backlog().pending()).isZero();
	}

	@Test
	void costAndTokensAreSentInPolarsForm() {
		JsonNode metadata = sent(UsageEvent.builder("chat")
			.cost(new BigDecimal("0.0125"))
			.llm(new LlmUsage("acme", "small", 10, 5, 15, 4L))
			.build()).path("metadata");
		assertThat(metadata.path("_cost").path("amount").asString()).isEqualTo("0.0125");
		assertThat(metadata.path("_cost").path("currency").asString()).isEqualTo("usd");
		assertThat(metadata.path("_llm")).hasToString("{\"vendor\":\"acme\",\"model\":\"small\",\"input_tokens\":10,"
				+ "\"output_tokens\":5,\"total_tokens\":15,\"cached_input_tokens\":4}");
	}

	@Test
	void timeInThePastIsSentAndOneInTheFutureIsRejected() {
		Instant past = Instant.parse("2024-02-29T12:00:00.123Z");
		assertThat(sent(UsageEvent.builder("export").timestamp(past).build()).path("timestamp").asString())
			.isEqualTo("2024-02-29T12:00:00.123Z");
		Instant soon = Instant.now().plusSeconds(30);
		assertThat(sent(UsageEvent.builder("export").timestamp(soon).build()).has("timestamp"))
			.as("the clocks may differ")
			.isFalse();
		PolarUsageTemplate usage = start(builder());
		UsageEvent future = UsageEvent.builder("export").timestamp(Instant.now().plusSeconds(120)).build();
		assertThatIllegalArgumentException().isThrownBy(() -> usage.record(future)).withMessageContaining("timestamp");
	}

	@Test
	void eventThatWaitedIsSentWithItsTime() {
		MutableClock clock = new MutableClock();
		Instant recorded = clock.instant();
		PolarUsageTemplate usage = builder().clock(clock).build();
		usage.record("export", Map.of());
		clock.advance(Duration.ofMinutes(2));
		assertThat(usage.backlog().oldest()).isEqualTo(Duration.ofMinutes(2));
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.sent() == 1);
		assertThat(Instant.parse(this.polar.events().values().iterator().next().path("timestamp").asString()))
			.isEqualTo(recorded);
	}

	@Test
	void keyIsCountedOncePerNameAndCustomer() {
		PolarUsageTemplate usage = start(builder());
		UsageEvent event = UsageEvent.builder("export").key("request-1").build();
		usage.record(event);
		usage.record(event);
		await(() -> this.polar.events().size() == 1 && usage.backlog().pending() == 0);
		usage.record(event);
		usage.record(UsageEvent.builder("export").key("request-2").build());
		usage.record(UsageEvent.builder("import").key("request-1").build());
		usage.record(UsageEvent.builder("export").key("request-1").externalCustomerId("bob").build());
		usage.record(UsageEvent.builder("exporta").key("request-1").externalCustomerId("lice").build());
		await(() -> usage.backlog().pending() == 0);
		assertThat(this.polar.events()).hasSize(5);
		assertThat(this.polar.events().keySet()).allSatisfy((id) -> assertThat(id).matches("[0-9a-f]{64}"));
	}

	@Test
	void manyEventsAreSentInBatches() {
		PolarUsageTemplate usage = builder().build();
		for (int i = 0; i < 1700; i++) {
			usage.record("export", Map.of("n", i));
		}
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.sent() == 1700);
		assertThat(this.polar.batches()).containsExactly(500, 500, 500, 200);
	}

	@Test
	void batchIsLimitedInSize() {
		PolarUsageTemplate usage = builder().build();
		for (int i = 0; i < 100; i++) {
			UsageEvent.Builder event = UsageEvent.builder("export");
			for (int j = 0; j < 35; j++) {
				event.metadata("text-" + j, "\u0001".repeat(500));
			}
			usage.record(event.build());
		}
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.sent() == 100);
		assertThat(this.polar.batches()).hasSizeGreaterThan(10)
			.allSatisfy((size) -> assertThat(size).isLessThanOrEqualTo(9));
	}

	@Test
	void queueIsBounded() {
		PolarUsageTemplate usage = builder().queueCapacity(3).build();
		for (int i = 0; i < 3; i++) {
			usage.record(UsageEvent.builder("export").key("k" + i).build());
		}
		assertThatExceptionOfType(PolarUsageQueueFullException.class).isThrownBy(() -> usage.record("export", Map.of()))
			.withMessageContaining("3 events")
			.withMessageContaining("polar.usage.queue-capacity");
		usage.record(UsageEvent.builder("export").key("k0").build());
		assertThat(usage.backlog().pending()).isEqualTo(3);
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.sent() == 3);
		usage.record("export", Map.of());
		await(() -> usage.sent() == 4);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "WORK", "HANG" })
	void failureIsRetriedUntilPolarHasTheEvent(Behavior failure) {
		this.polar.behave(failure);
		PolarUsageTemplate usage = start(builder());
		usage.record("export", Map.of());
		await(() -> this.polar.batches().size() >= ((failure == Behavior.RATE_LIMIT) ? 1 : 3)
				|| failure == Behavior.PAYLOAD_TOO_LARGE && usage.backlog().deadLetters() == 1);
		this.polar.behave(Behavior.WORK);
		usage.deadLetters().requeueAll();
		await(() -> usage.sent() == 1);
		assertThat(this.polar.events()).hasSize(1);
		assertThat(usage.backlog()).isEqualTo(new PolarUsageTemplate.Backlog(0, Duration.ZERO, 0));
	}

	@Test
	void recordingDoesNotWaitForPolar() {
		this.polar.behave(Behavior.HANG);
		PolarUsageTemplate usage = start(builder());
		usage.record("export", Map.of());
		await(() -> !this.polar.batches().isEmpty());
		usage.record("export", Map.of());
		assertThat(usage.backlog().pending()).isEqualTo(2);
	}

	@Test
	void rateLimitIsRespected() {
		this.polar.behave(Behavior.RATE_LIMIT);
		PolarUsageTemplate usage = start(builder());
		usage.record("export", Map.of());
		await(() -> this.polar.batches().size() == 1);
		long limited = System.nanoTime();
		this.polar.behave(Behavior.WORK);
		await(() -> usage.sent() == 1);
		assertThat(Duration.ofNanos(System.nanoTime() - limited)).isGreaterThan(Duration.ofMillis(900));
	}

	@Test
	void requestsAreSpacedOut() {
		PolarUsageTemplate usage = builder().requestsPerMinute(120).build();
		for (int i = 0; i < 1001; i++) {
			usage.record("export", Map.of());
		}
		long begin = System.nanoTime();
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.sent() == 1001);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
		assertThat(this.polar.batches()).hasSize(3);
	}

	@Test
	void outageIsLoggedOnce(CapturedOutput output) {
		this.polar.behave(Behavior.UNAVAILABLE);
		PolarUsageTemplate usage = start(builder());
		usage.record("export", Map.of());
		await(() -> this.polar.batches().size() >= 4);
		this.polar.behave(Behavior.WORK);
		await(() -> usage.sent() == 1);
		assertThat(output.toString().lines().filter((line) -> line.contains("cannot be sent to Polar"))).hasSize(1)
			.first()
			.asString()
			.contains("WARN", "in memory", "503");
		assertThat(output).doesNotContain("alice");
	}

	@Test
	void singleFailureIsNotLogged(CapturedOutput output) {
		this.polar.behave(Behavior.UNAVAILABLE);
		PolarUsageTemplate usage = start(builder().pollInterval(Duration.ofMillis(200)));
		usage.record("export", Map.of());
		await(() -> this.polar.batches().size() == 1);
		this.polar.behave(Behavior.WORK);
		await(() -> usage.sent() == 1);
		assertThat(output).doesNotContain("cannot be sent");
	}

	@ParameterizedTest
	@EnumSource
	void invalidEventIsFoundAndTheOthersAreSent(Kind kind, CapturedOutput output) {
		PolarUsageTemplate usage = builder().build();
		for (int i = 0; i < 500; i++) {
			usage.record(UsageEvent.builder((i % 200 == 7) ? kind.event : "export").key("k" + i).build());
		}
		usage.start(usage::check);
		this.started.add(usage);
		await(() -> usage.backlog().deadLetters() == 3 && usage.sent() == 497);
		assertThat(this.polar.events()).hasSize(497);
		assertThat(this.polar.batches()).hasSizeLessThanOrEqualTo(kind.requests);
		List<DeadLetter> letters = usage.deadLetters().list(10);
		assertThat(letters).hasSize(3).allSatisfy((letter) -> {
			assertThat(letter.name()).isEqualTo(kind.event);
			assertThat(letter.failure()).contains("422");
			assertThat(letter.deadSince()).isAfterOrEqualTo(letter.timestamp());
		});
		assertThat(output.toString().lines().filter((line) -> line.contains("dead letters"))).hasSize(3);
		assertThat(output).doesNotContain("alice").doesNotContain("cannot be sent");
		this.polar.acceptInvalid();
		assertThat(usage.deadLetters().discard(letters.get(0).id())).isTrue();
		assertThat(usage.deadLetters().discard(letters.get(0).id())).isFalse();
		assertThat(usage.deadLetters().requeue(letters.get(1).id())).isTrue();
		assertThat(usage.deadLetters().requeue(letters.get(1).id())).isFalse();
		assertThat(usage.deadLetters().requeueAll()).isEqualTo(1);
		await(() -> usage.sent() == 499);
		assertThat(this.polar.events().keySet())
			.containsAll(letters.stream().skip(1).map(DeadLetter::id).collect(Collectors.toSet()));
	}

	@Test
	void deadLetterIsNotRecordedAgain() {
		PolarUsageTemplate usage = start(builder());
		UsageEvent event = UsageEvent.builder(UsageAtPolar.INVALID).key("k").build();
		usage.record(event);
		await(() -> usage.backlog().deadLetters() == 1);
		usage.record(event);
		assertThat(usage.backlog().pending()).isZero();
	}

	@Test
	void deadLettersInMemoryAreLimited() {
		MemoryUsageStore store = new MemoryUsageStore(10, new MutableClock());
		for (int i = 0; i < 1003; i++) {
			PendingEvent event = PendingEvent.of(UsageEvent.builder("n" + i).build(), "alice", null, Instant.EPOCH,
					Map.of());
			store.add(event, Instant.EPOCH, Set.of());
			store.reject(event, "invalid", Instant.EPOCH);
		}
		assertThat(store.list(2000)).hasSize(1000).first().extracting(DeadLetter::name).isEqualTo("n3");
	}

	@Test
	void queueIsFlushedAtShutdown(CapturedOutput output) {
		PolarUsageTemplate usage = start(builder().pollInterval(Duration.ofHours(1)).requestsPerMinute(1));
		for (int i = 0; i < 1200; i++) {
			usage.record("export", Map.of());
		}
		this.polar.behave(new Once(Behavior.UNAVAILABLE)::next);
		usage.stop();
		assertThat(this.polar.events()).hasSize(1200);
		assertThat(output).doesNotContain("are lost");
	}

	@Test
	void shutdownTakesLimitedTimeAndSaysWhatIsLost(CapturedOutput output) {
		this.polar.behave(Behavior.HANG);
		PolarUsageTemplate usage = start(
				builder().pollInterval(Duration.ofHours(1)).shutdownTimeout(Duration.ofMillis(300)));
		usage.record("export", Map.of());
		usage.record("export", Map.of());
		long begin = System.nanoTime();
		usage.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
		assertThat(output).contains("ERROR").contains("2 usage events were not sent").contains("are lost");
		assertThat(usage.isRunning()).isFalse();
	}

	@Test
	void sendingIsStartedAgain() {
		PolarUsageTemplate usage = start(builder());
		usage.stop();
		usage.stop();
		usage.record("export", Map.of());
		usage.start(usage::check);
		usage.start(usage::check);
		assertThat(usage.isRunning()).isTrue();
		await(() -> usage.sent() == 1);
	}

	/**
	 * Number of requests that are needed at most.
	 */
	private enum Kind {

		NAMED(UsageAtPolar.INVALID, 5), UNNAMED(UsageAtPolar.INVALID_UNNAMED, 60);

		private final String event;

		private final int requests;

		Kind(String event, int requests) {
			this.event = event;
			this.requests = requests;
		}

	}

	private static final class Once {

		private @Nullable Behavior behavior;

		Once(Behavior behavior) {
			this.behavior = behavior;
		}

		synchronized Behavior next() {
			Behavior next = this.behavior;
			this.behavior = null;
			return (next != null) ? next : Behavior.WORK;
		}

	}

}
