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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarJson;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for quotas, with events in memory and in each database.
 */
abstract class AbstractQuotaTests {

	static final UUID TOKENS = UUID.fromString("0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01");

	static final UUID CALLS = UUID.fromString("0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a02");

	static final UUID STORAGE = UUID.fromString("0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a03");

	final UsageAtPolar polar = new UsageAtPolar();

	final MutableClock clock = new MutableClock();

	private final List<PolarUsageTemplate> started = new ArrayList<>();

	private volatile @Nullable PolarIdentity user = PolarIdentity.of("alice");

	private volatile @Nullable Instant paidAt;

	/**
	 * Choose where events wait.
	 */
	abstract void configure(PolarUsageTemplate.Builder builder);

	@AfterEach
	void close() {
		this.polar.close();
		this.started.forEach(PolarUsageTemplate::stop);
	}

	private static PolarMeters meters(WhenUnknown whenUnknown) {
		return new PolarMeters(List.of(new UsageMeter("tokens", TOKENS, "chat", "tokens", "/credits", whenUnknown),
				new UsageMeter("calls", CALLS, "chat", null, null, whenUnknown),
				new UsageMeter("storage", STORAGE, null, null, null, whenUnknown)));
	}

	private static PolarMeters tokensOnly() {
		return new PolarMeters(List.of(meters(WhenUnknown.REJECT).require("tokens")));
	}

	private PolarUsageTemplate.Builder builder(PolarMeters meters) {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(this.polar.url())
			.timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))
			.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
			.build();
		PolarUsageTemplate.Builder builder = PolarUsageTemplate.builder(client).currentPayer(() -> new CurrentPayer() {

			@Override
			public @Nullable PolarIdentity identity() {
				return AbstractQuotaTests.this.user;
			}

			@Override
			public @Nullable Instant paidAt() {
				return AbstractQuotaTests.this.paidAt;
			}

		})
			.clock(this.clock)
			.meters(meters)
			.shutdownTimeout(Duration.ofSeconds(2))
			.requestsPerMinute(60_000)
			.pollInterval(Duration.ofMillis(10));
		configure(builder);
		return builder;
	}

	PolarUsageTemplate usage() {
		return builder(meters(WhenUnknown.REJECT)).build();
	}

	private void start(PolarUsageTemplate usage) {
		usage.start(usage::check);
		this.started.add(usage);
	}

	/**
	 * Set what Alice has left on both meters.
	 */
	void credit(String tokens) {
		this.polar.balance("alice", TOKENS, tokens, 1000, this.clock.instant());
		this.polar.balance("alice", CALLS, "1000000", 1000000, this.clock.instant());
	}

	void receiveState(PolarUsageTemplate usage) {
		usage.update(PolarJson.MAPPER.readValue(this.polar.state("alice"), CustomerState.class), this.clock.instant());
	}

	static BigDecimal remaining(PolarUsage usage) {
		return usage.balance("tokens", "alice").remaining();
	}

	static UsageEvent chat(Object tokens) {
		return UsageEvent.builder("chat").metadata("tokens", tokens).externalCustomerId("alice").build();
	}

	static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}

	@Test
	void balanceIsPolarsMinusWhatIsNotCounted() {
		credit("700");
		PolarUsageTemplate usage = usage();
		assertThat(usage.balance("tokens"))
			.isEqualTo(new MeterBalance("tokens", new BigDecimal(700), new BigDecimal(1000)));
		usage.record("chat", Map.of("tokens", 30));
		assertThat(usage.balance("tokens").used()).isEqualTo("330");
		assertThat(this.polar.reads()).isEqualTo(1);
		start(usage);
		await(() -> usage.sent() == 1);
		assertThat(remaining(usage)).as("Polar has it, and has not counted it").isEqualTo("670");
		this.clock.advance(Duration.ofSeconds(3));
		credit("700");
		receiveState(usage);
		assertThat(remaining(usage)).as("it is not certain that it was counted").isEqualTo("670");
		this.clock.advance(Duration.ofSeconds(20));
		credit("670");
		receiveState(usage);
		assertThat(remaining(usage)).as("Polar has counted it").isEqualTo("670");
		usage.record("chat", Map.of("tokens", 70));
		assertThat(remaining(usage)).isEqualTo("600");
		assertThat(this.polar.reads()).as("Polar has sent the balance").isEqualTo(1);
	}

	@Test
	void rejectedEventReturnsItsUnitsWithTheNextCount() {
		credit("100");
		PolarUsageTemplate usage = usage();
		this.polar.reject("chat");
		assertThat(usage.tryConsume("tokens", 60)).isTrue();
		usage.record(chat(10));
		start(usage);
		await(() -> usage.backlog().deadLetters() == 2);
		this.clock.advance(Duration.ofSeconds(20));
		credit("100");
		receiveState(usage);
		assertThat(remaining(usage)).isEqualTo("100");
		this.polar.acceptInvalid();
		assertThat(usage.deadLetters().requeueAll()).isEqualTo(2);
		receiveState(usage);
		assertThat(remaining(usage)).isEqualTo("30");
		await(() -> usage.sent() == 2);
		assertThat(remaining(usage)).isEqualTo("30");
	}

	@Test
	void unitsAreConsumedUntilNothingIsLeft() {
		credit("100");
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryConsume("tokens", 60)).isTrue();
		assertThat(usage.tryConsume("tokens", 60)).isFalse();
		assertThat(usage.tryConsume("tokens", 40)).isTrue();
		assertThat(usage.balance("tokens").isUsedUp()).isTrue();
		assertThat(usage.balance("calls").used()).isEqualTo("2");
		assertThatExceptionOfType(PolarQuotaExceededException.class).isThrownBy(() -> usage.consume("tokens", 1))
			.satisfies((ex) -> assertThat(ex.getMeter().name()).isEqualTo("tokens"));
		assertThatExceptionOfType(PolarQuotaExceededException.class).isThrownBy(() -> usage.consume(chat(1)))
			.satisfies((ex) -> assertThat(ex.getMeter().name()).as("of two that count it").isEqualTo("tokens"));
		usage.record(chat(5));
		assertThat(remaining(usage)).as("record is not limited").isEqualTo("-5");
		start(usage);
		await(() -> usage.sent() == 3);
		assertThat(this.polar.events().values()).extracting((event) -> event.at("/metadata/tokens").asInt())
			.containsExactlyInAnyOrder(60, 40, 5);
	}

	@Test
	void meterThatLacksUnitsIsNamed() {
		this.polar.balance("alice", TOKENS, "-5", 1000, this.clock.instant());
		this.polar.balance("alice", CALLS, "0", 1000, this.clock.instant());
		PolarUsageTemplate usage = usage();
		assertThatExceptionOfType(PolarQuotaExceededException.class).isThrownBy(() -> usage.consume(chat(0)))
			.satisfies((ex) -> assertThat(ex.getMeter().name()).isEqualTo("calls"));
	}

	@Test
	void metersCountOnlyWhatPolarCounts() {
		credit("100");
		PolarUsageTemplate usage = usage();
		usage.balance("tokens");
		usage.record("export", Map.of("tokens", 10));
		usage.record(chat("10"));
		usage.record("chat", Map.of());
		usage.record(chat(new BigDecimal("0.25")));
		usage.record(chat(0.5));
		assertThat(remaining(usage)).isEqualTo("99.25");
		usage.record(chat(-20));
		assertThat(remaining(usage)).isEqualTo("119.25");
		assertThat(usage.balance("calls").used()).isEqualTo("5");
	}

	@Test
	void eventOfTwoMetersIsLimitedByBoth() {
		this.polar.balance("alice", TOKENS, "100", 100, this.clock.instant());
		this.polar.balance("alice", CALLS, "1", 1, this.clock.instant());
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryRecord(chat(200))).isFalse();
		assertThat(usage.balance("calls").remaining()).as("nothing was taken").isEqualTo("1");
		assertThat(usage.tryRecord(chat(10))).isTrue();
		assertThat(usage.tryRecord(chat(10))).isFalse();
		assertThat(remaining(usage)).isEqualTo("90");
	}

	@Test
	void concurrentCallersNeverUseTheSameUnits() throws Exception {
		credit("100");
		PolarUsageTemplate usage = usage();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<Boolean>> results = new ArrayList<>();
			for (int i = 0; i < 150; i++) {
				results.add(threads.submit(() -> usage.tryRecord(chat(1))));
			}
			int consumed = 0;
			for (Future<Boolean> result : results) {
				consumed += result.get(30, TimeUnit.SECONDS) ? 1 : 0;
			}
			assertThat(consumed).isEqualTo(100);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(this.polar.reads()).as("concurrent reads are shared").isLessThanOrEqualTo(8);
	}

	@Test
	void keyIsConsumedOnce() {
		credit("100");
		PolarUsageTemplate usage = usage();
		UsageEvent event = UsageEvent.builder("chat").metadata("tokens", 60).key("request-1").build();
		assertThat(usage.tryRecord(event)).isTrue();
		assertThat(usage.tryRecord(event)).as("it was recorded before").isTrue();
		start(usage);
		await(() -> usage.sent() == 1);
		assertThat(usage.tryRecord(event)).as("it was sent before").isTrue();
		assertThat(remaining(usage)).isEqualTo("40");
		this.clock.advance(Duration.ofSeconds(20));
		credit("40");
		receiveState(usage);
		assertThat(usage.tryRecord(event)).as("it was counted before").isTrue();
		usage.record(event);
		assertThat(remaining(usage)).isEqualTo("40");
		assertThat(usage.tryRecord(UsageEvent.builder("chat").metadata("tokens", 60).key("request-2").build()))
			.isFalse();
	}

	@Test
	void olderStateIsIgnored() {
		credit("100");
		String old = this.polar.state("alice");
		PolarUsageTemplate usage = usage();
		receiveState(usage);
		assertThat(remaining(usage)).isEqualTo("100");
		this.clock.advance(Duration.ofMinutes(1));
		credit("50");
		receiveState(usage);
		assertThat(remaining(usage)).isEqualTo("50");
		usage.update(PolarJson.MAPPER.readValue(old, CustomerState.class), this.clock.instant());
		assertThat(remaining(usage)).isEqualTo("50");
		assertThat(this.polar.reads()).as("only a known balance is updated").isEqualTo(1);
	}

	@Test
	void customerUnknownToPolarHasNothing() {
		PolarUsageTemplate usage = usage();
		assertThat(usage.balance("tokens", "bob"))
			.isEqualTo(new MeterBalance("tokens", BigDecimal.ZERO, BigDecimal.ZERO));
		assertThat(usage.balance("storage", "bob").isUsedUp()).isTrue();
		assertThat(usage.tryConsume("tokens", 1)).isFalse();
	}

	@Test
	void usedUpBalanceIsReadAgain() {
		credit("0");
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryConsume("tokens", 1)).isFalse();
		this.clock.advance(Duration.ofSeconds(20));
		credit("1000");
		assertThat(usage.tryConsume("tokens", 1)).isFalse();
		assertThat(this.polar.reads()).isEqualTo(1);
		this.clock.advance(Duration.ofSeconds(11));
		assertThat(usage.tryConsume("tokens", 1)).isTrue();
		assertThat(usage.tryConsume("tokens", 1)).isTrue();
		assertThat(this.polar.reads()).isEqualTo(2);
		this.clock.advance(Duration.ofMinutes(6));
		assertThat(usage.tryConsume("tokens", 1)).isTrue();
		assertThat(this.polar.reads()).isEqualTo(3);
	}

	@Test
	void userWhoHasPaidDoesNotWait() {
		credit("0");
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryConsume("tokens", 1)).isFalse();
		this.clock.advance(Duration.ofSeconds(11));
		this.paidAt = this.clock.instant();
		credit("1000");
		assertThat(usage.tryConsume("tokens", 1)).isTrue();
	}

	@Test
	void forgedTimeOfAPaymentDoesNotUseUpTheReads() {
		credit("0");
		PolarUsageTemplate usage = usage();
		this.paidAt = this.clock.instant().plus(Duration.ofMinutes(1));
		for (int i = 0; i < 20; i++) {
			assertThat(usage.tryConsume("tokens", 1)).isFalse();
			this.clock.advance(Duration.ofSeconds(1));
		}
		assertThat(this.polar.reads()).isEqualTo(1);
	}

	@Test
	void readsAreLimitedAndReservedForUnknownCustomers() {
		PolarUsageTemplate usage = builder(meters(WhenUnknown.REJECT)).requestsPerMinute(20).build();
		credit("0");
		for (int i = 0; i < 5; i++) {
			assertThat(usage.tryConsume("tokens", 1)).isFalse();
			this.clock.advance(Duration.ofSeconds(11));
			this.paidAt = this.clock.instant();
		}
		assertThat(this.polar.reads()).as("half of four").isEqualTo(2);
		assertThat(usage.balance("tokens", "bob").isUsedUp()).isTrue();
		assertThat(usage.balance("tokens", "carol").isUsedUp()).isTrue();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> usage.balance("tokens", "dave"));
		assertThat(this.polar.reads()).isEqualTo(4);
	}

	@Test
	void customerWhoIsDeletedAtPolarHasNothing() {
		credit("100");
		PolarUsageTemplate usage = usage();
		assertThat(remaining(usage)).isEqualTo("100");
		this.polar.removeBalances();
		this.clock.advance(Duration.ofMinutes(6));
		assertThat(remaining(usage)).isEqualTo("0");
	}

	@Test
	void unknownBalanceIsNeitherZeroNorEnough() {
		this.polar.behave(Behavior.UNAVAILABLE);
		PolarUsageTemplate usage = usage();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> usage.tryConsume("tokens", 1));
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> usage.balance("tokens", "bob"));
		assertThat(this.polar.reads()).as("no further read for some seconds").isEqualTo(1);
		assertThat(usage.backlog().pending()).isZero();
		PolarUsageTemplate allowing = builder(meters(WhenUnknown.ALLOW)).build();
		assertThat(allowing.tryConsume("tokens", 1)).isTrue();
		assertThat(allowing.backlog().pending()).isEqualTo(1);
		this.polar.behave(Behavior.WORK);
		this.clock.advance(Duration.ofSeconds(6));
		credit("100");
		assertThat(usage.tryConsume("tokens", 1)).isTrue();
	}

	@Test
	void callerWaitsForPolarForALimitedTime() {
		this.polar.behave(Behavior.HANG);
		PolarUsageTemplate usage = builder(meters(WhenUnknown.REJECT))
			.balances(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMillis(50))
			.build();
		long begin = System.nanoTime();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> usage.tryConsume("tokens", 1));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(450));
	}

	@Test
	void outageIsBridgedWithTheLastBalance() {
		credit("100");
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryConsume("tokens", 60)).isTrue();
		this.polar.behave(Behavior.UNAVAILABLE);
		this.clock.advance(Duration.ofHours(23));
		assertThat(usage.tryConsume("tokens", 30)).isTrue();
		assertThat(usage.tryConsume("tokens", 30)).isFalse();
		assertThat(remaining(usage)).isEqualTo("10");
		this.clock.advance(Duration.ofHours(2));
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).isThrownBy(() -> remaining(usage));
	}

	@Test
	void eventThatPolarNeverCountsIsForgotten() {
		credit("100");
		PolarUsageTemplate usage = usage();
		assertThat(usage.tryConsume("tokens", 60)).isTrue();
		start(usage);
		await(() -> usage.sent() == 1);
		Instant counted = this.clock.instant();
		this.clock.advance(Duration.ofHours(25));
		UsageEvent next = UsageEvent.builder("export").externalCustomerId("bob").build();
		usage.record(next);
		await(() -> usage.sent() == 2);
		this.polar.balance("alice", TOKENS, "100", 1000, counted);
		assertThat(remaining(usage)).isEqualTo("100");
	}

	@Test
	void erasedBalanceIsReadAgain() {
		credit("100");
		PolarUsageTemplate usage = usage();
		assertThat(remaining(usage)).isEqualTo("100");
		usage.erase("alice");
		credit("50");
		assertThat(remaining(usage)).isEqualTo("50");
		assertThat(this.polar.reads()).isEqualTo(2);
	}

	@Test
	void mistakesAreNamed() {
		PolarUsageTemplate usage = usage();
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> usage.balance("token"))
			.withMessageContaining(
					"There is no meter 'token' in 'polar.usage.meters'. Known meters: calls, storage, tokens.");
		assertThatExceptionOfType(PolarConfigurationException.class).isThrownBy(() -> usage.tryConsume("storage", 1))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("'polar.usage.meters.storage.event'"));
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> usage.tryRecord(UsageEvent.builder("export").build()))
			.withMessageContaining("No meter in 'polar.usage.meters' counts the event 'export'");
		assertThatExceptionOfType(PolarConfigurationException.class)
			.isThrownBy(() -> builder(tokensOnly()).build()
				.tryRecord(UsageEvent.builder("chat").metadata("tokens", "12").build()))
			.withMessageContaining("The meter 'tokens' counts the event 'chat' by its property 'tokens'")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("metadata(\"tokens\", units)"));
		assertThatIllegalArgumentException().isThrownBy(() -> usage.tryConsume("tokens", 0));
		assertThatIllegalArgumentException().isThrownBy(() -> usage.tryConsume("calls", 2))
			.withMessageContaining("'polar.usage.meters.calls.property'");
		this.user = null;
		assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(() -> usage.tryConsume("tokens", 1));
		assertThatExceptionOfType(PolarLoginRequiredException.class).isThrownBy(() -> usage.balance("tokens"));
		assertThat(this.polar.reads()).isZero();
	}

}
