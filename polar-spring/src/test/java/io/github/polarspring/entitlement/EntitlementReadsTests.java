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

package io.github.polarspring.entitlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.entitlement.EntitlementReport.Basis;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for when Polar is read, and for what is used if it cannot be.
 */
class EntitlementReadsTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	/**
	 * Start an instance whose checks do not wait long.
	 */
	private DefaultPolarEntitlements startImpatient() {
		return this.fixture
			.start((builder) -> builder.durations(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofMillis(100)));
	}

	private DefaultPolarEntitlements startFor(@Nullable PolarIdentity identity, @Nullable Instant paidAt) {
		CurrentPayer payer = new CurrentPayer() {

			@Override
			public @Nullable PolarIdentity identity() {
				return identity;
			}

			@Override
			public @Nullable Instant paidAt() {
				return paidAt;
			}

		};
		return this.fixture.start((builder) -> builder.currentPayer(() -> payer));
	}

	private int requests() {
		return this.polar.requests().size();
	}

	private void advance(Duration duration) {
		this.fixture.clock.advance(duration);
	}

	private static Source source(Entitlements entitlements) {
		return entitlements.report().source();
	}

	@Test
	void stateIsUsedForFiveMinutes() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(this.polar.requests()).hasSize(5);
		this.polar.remove(subscription);
		advance(Duration.ofMinutes(5).minusMillis(1));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(requests()).isEqualTo(5);
		assertThat(this.fixture.statistics.memoryHits()).isOne();
		advance(Duration.ofMillis(1));
		assertThat(entitlements.of("alice").has("pro")).as("a read that is awaited").isFalse();
		assertThat(this.fixture.statistics.reads(Source.POLAR)).isEqualTo(2);
	}

	@Test
	void payerWithoutPurchasesIsReadAgainAfterHalfAMinute() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		int requests = requests();
		assertThat(requests).isEqualTo(4);
		this.polar.subscription("alice", this.pro);
		advance(Duration.ofSeconds(30).minusMillis(1));
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		assertThat(requests()).isEqualTo(requests);
		advance(Duration.ofMillis(1));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
	}

	@Test
	void payerWithUnprovenPurchasesOnlyIsReadAgainAfterHalfAMinute() {
		this.polar.subscription("bob", this.pro).assignedTo("alice");
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		this.polar.subscription("alice", this.pro);
		advance(Duration.ofSeconds(30));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
	}

	@Test
	void olderStateIsUsedForADayIfPolarCannotBeRead() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		Instant readAt = this.fixture.clock.instant();
		entitlements.of("alice");
		this.polar.fail(500);
		advance(Duration.ofMinutes(5));
		Entitlements stale = entitlements.of("alice");
		assertThat(stale.has("pro")).isTrue();
		assertThat(stale.has("export")).as("certainly not bought").isFalse();
		assertThat(source(stale)).isEqualTo(Source.STALE);
		assertThat(stale.report().readAt()).isEqualTo(readAt);
		advance(Duration.ofHours(24).minusMinutes(5));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		advance(Duration.ofSeconds(5));
		Entitlements unknown = entitlements.of("alice");
		assertThat(source(unknown)).isEqualTo(Source.NONE);
		assertThat(unknown.report().readAt()).isNull();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).isThrownBy(() -> unknown.has("pro"));
		this.polar.recover();
		advance(Duration.ofSeconds(5));
		assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR);
	}

	@Test
	void nothingIsKnownIfPolarCannotBeRead() {
		this.polar.fail(500);
		Entitlements alice = this.fixture.start().of("alice");
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).isThrownBy(() -> alice.has("pro"))
			.satisfies((ex) -> {
				assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(5));
				assertThat(ex).hasCauseInstanceOf(PolarApiException.class);
				assertThat(ex.getMessage()).doesNotContain("alice");
			});
		assertThat(alice.has("open")).as("allowed if unknown").isTrue();
		assertThat(alice.limit("forms")).isEqualTo(3);
		assertThat(alice.paymentProblem()).isEmpty();
		assertThat(alice.report().features().get("pro").basis()).isEqualTo(Basis.UNKNOWN);
		assertThat(alice.report().features().get("open").basis()).isEqualTo(Basis.ALLOWED_WHEN_UNKNOWN);
		assertThat(this.fixture.statistics.unknown()).isOne();
		assertThat(this.fixture.statistics.granted()).isOne();
	}

	@Test
	void failedReadIsNotRepeatedForFiveSeconds() {
		DefaultPolarEntitlements entitlements = startFor(PolarIdentity.of("alice"), this.fixture.clock.instant());
		this.polar.fail(500);
		entitlements.of("alice");
		int requests = requests();
		advance(Duration.ofSeconds(5).minusMillis(1));
		entitlements.of("alice");
		entitlements.current();
		assertThat(requests()).isEqualTo(requests);
		this.polar.recover();
		advance(Duration.ofMillis(1));
		assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR);
	}

	@Test
	void checkDoesNotWaitLongerThanTheTimeout() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = startImpatient();
		Runnable release = this.polar.hang();
		Entitlements unknown = entitlements.of("alice");
		assertThat(source(unknown)).isEqualTo(Source.NONE);
		release.run();
		await().untilAsserted(() -> assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(requests()).as("the late response is used").isEqualTo(5);
		assertThat(this.fixture.everythingLogged()).as("one slow response is no outage").isEmpty();
	}

	@Test
	void readsOfAPayerDoNotOverlap() throws Exception {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		Runnable release = this.polar.hang();
		ExecutorService threads = Executors.newFixedThreadPool(20);
		CyclicBarrier barrier = new CyclicBarrier(20);
		List<Future<Boolean>> checks = IntStream.range(0, 20).mapToObj((i) -> threads.submit(() -> {
			barrier.await(20, TimeUnit.SECONDS);
			return entitlements.of("alice").has("pro");
		})).toList();
		await().until(() -> requests() == 1);
		release.run();
		for (Future<Boolean> check : checks) {
			assertThat(check.get(20, TimeUnit.SECONDS)).isTrue();
		}
		threads.shutdown();
		assertThat(requests()).isEqualTo(5);
		assertThat(this.fixture.statistics.reads(Source.POLAR)).isOne();
	}

	@Test
	void readThatBeganBeforeAMarkIsNotUsedForLong() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		AtomicBoolean first = new AtomicBoolean(true);
		this.polar.onRequest((request) -> {
			if (request.contains("benefit-grants") && first.getAndSet(false)) {
				advance(Duration.ofSeconds(1));
				subscription.with("status", "canceled");
				entitlements.refresh(List.of("alice"), null);
			}
		});
		assertThat(entitlements.of("alice").has("pro")).as("read before").isTrue();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
	}

	@Test
	void readThatBeganBeforeAMarkOfTheCustomerIsNotUsedForLong() {
		Item subscription = this.polar.subscription("alice", this.pro).assignedTo("mallory");
		DefaultPolarEntitlements entitlements = this.fixture.start();
		AtomicBoolean first = new AtomicBoolean(true);
		this.polar.onRequest((request) -> {
			if (request.contains("benefit-grants") && first.getAndSet(false)) {
				advance(Duration.ofSeconds(1));
				subscription.with("status", "canceled");
				entitlements.refresh(List.of(), PurchasesAtPolar.customer("mallory"));
			}
		});
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
	}

	@Test
	void markWhileAReadHangsCausesOneMoreRead() throws Exception {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = startImpatient();
		Runnable release = this.polar.hang();
		entitlements.of("alice");
		for (int i = 0; i < 10; i++) {
			advance(Duration.ofSeconds(5));
			entitlements.refresh(List.of("alice"), null);
			entitlements.of("alice");
		}
		subscription.with("status", "canceled");
		assertThat(requests()).as("one read at a time").isOne();
		release.run();
		await().untilAsserted(() -> assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR));
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		assertThat(requests()).as("4 or 5 for each of two reads").isLessThanOrEqualTo(10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "payer", "customer" })
	void refreshMakesTheNextCheckRead(String what) {
		Item subscription = this.polar.subscription("alice", this.pro).assignedTo("mallory");
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		this.polar.subscription("bob", this.pro);
		assertThat(entitlements.of("bob").has("pro")).isTrue();
		int requests = requests();
		subscription.with("status", "canceled");
		advance(Duration.ofSeconds(1));
		entitlements.refresh(what.equals("payer") ? List.of("alice", "nobody") : List.of(),
				what.equals("payer") ? null : PurchasesAtPolar.customer("mallory"));
		assertThat(requests()).as("not by the mark").isEqualTo(requests);
		assertThat(entitlements.of("bob").has("pro")).isTrue();
		assertThat(requests()).as("not the others").isEqualTo(requests);
		assertThat(entitlements.of("alice").has("pro")).isFalse();
	}

	@Test
	void whatAMarkedPayerDoesNotHaveIsUnknownIfPolarCannotBeRead() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThat(entitlements.of("alice").has("export")).isFalse();
		advance(Duration.ofSeconds(1));
		this.polar.fail(500);
		entitlements.refresh(List.of("alice"), null);
		for (int i = 0; i < 100; i++) {
			Entitlements alice = entitlements.of("alice");
			assertThat(source(alice)).isEqualTo(Source.STALE);
			assertThat(alice.has("pro")).isTrue();
			assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
				.as("may have been bought meanwhile, %s", i)
				.isThrownBy(() -> alice.has("export"));
			assertThat(alice.has("open")).isTrue();
			advance(Duration.ofSeconds(5));
		}
		this.polar.recover();
		assertThat(entitlements.of("alice").has("export")).isFalse();
	}

	@Test
	void whatABuyerDoesNotHaveIsUnknownIfPolarCannotBeRead() {
		DefaultPolarEntitlements entitlements = startFor(PolarIdentity.of("alice"),
				this.fixture.clock.instant().plusSeconds(10));
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		advance(Duration.ofSeconds(10));
		this.polar.fail(500);
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).as("never offered to buy again")
			.isThrownBy(() -> entitlements.current().has("pro"));
	}

	@Test
	void buyerIsReadAgainOnce() {
		DefaultPolarEntitlements entitlements = startFor(PolarIdentity.of("alice"),
				this.fixture.clock.instant().plusSeconds(10));
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		this.polar.subscription("alice", this.pro);
		advance(Duration.ofSeconds(10));
		assertThat(entitlements.of("alice").has("pro")).as("not known to have paid").isFalse();
		int requests = requests();
		assertThat(entitlements.current().has("pro")).isTrue();
		assertThat(requests()).isEqualTo(requests + 5);
		advance(Duration.ofMinutes(4));
		assertThat(entitlements.current().has("pro")).isTrue();
		assertThat(requests()).isEqualTo(requests + 5);
	}

	@Test
	void buyerIsNotReadAgainWithinTwoSeconds() {
		DefaultPolarEntitlements entitlements = startFor(PolarIdentity.of("alice"),
				this.fixture.clock.instant().plusSeconds(1));
		entitlements.of("alice");
		int requests = requests();
		this.polar.subscription("alice", this.pro);
		advance(Duration.ofMillis(1999));
		assertThat(entitlements.current().has("pro")).isFalse();
		assertThat(requests()).isEqualTo(requests);
		advance(Duration.ofMillis(1));
		assertThat(entitlements.current().has("pro")).isTrue();
	}

	@Test
	void paymentInTheFutureOfAnotherClockIsReadAgainEveryTwoSeconds() {
		DefaultPolarEntitlements entitlements = startFor(PolarIdentity.of("alice"),
				this.fixture.clock.instant().plusSeconds(3600));
		int clicks = 40;
		for (int i = 0; i < clicks; i++) {
			entitlements.current();
			advance(Duration.ofMillis(500));
		}
		assertThat(requests()).isEqualTo(clicks / 4 * 4);
	}

	@Test
	void guestHasTheDefaultsWithoutARead() {
		Entitlements guest = startFor(null, null).current();
		assertThat(guest.has("pro")).isFalse();
		assertThat(guest.has("open")).isFalse();
		assertThat(guest.limit("forms")).isEqualTo(3);
		assertThat(source(guest)).isEqualTo(Source.GUEST);
		assertThat(requests()).isZero();
	}

	@Test
	void callerOfAnApplicationWithoutServletsIsNotKnown() {
		assertThatIllegalStateException().isThrownBy(this.fixture.start()::current)
			.withMessageContaining("Declare a bean of type CurrentPayer");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", " alice", "a\u0000b" })
	void idThatNoCustomerCanHaveIsRejected(String id) {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		assertThatIllegalArgumentException().isThrownBy(() -> entitlements.of(id));
		assertThat(requests()).isZero();
	}

	@Test
	void outageAfterThreeFailuresKeepsOtherPayersFromWaiting() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		this.polar.fail(503);
		for (int i = 0; i < 3; i++) {
			assertThat(this.fixture.warnings()).isEmpty();
			entitlements.of("user" + i);
		}
		assertThat(requests()).isEqualTo(3);
		for (int i = 0; i < 1000; i++) {
			assertThat(source(entitlements.of("other" + i))).isEqualTo(Source.NONE);
		}
		assertThat(requests()).isEqualTo(3);
		assertThat(this.fixture.statistics.unavailableSince()).isEqualTo(this.fixture.clock.instant());

		advance(Duration.ofSeconds(5));
		for (int i = 0; i < 1000; i++) {
			entitlements.of("other" + i);
		}
		assertThat(requests()).as("one attempt").isEqualTo(4);

		this.polar.recover();
		advance(Duration.ofSeconds(5));
		for (int i = 0; i < 3; i++) {
			assertThat(source(entitlements.of("other" + i))).isEqualTo(Source.POLAR);
		}
		assertThat(this.fixture.statistics.unavailableSince()).isNull();
		assertThat(this.fixture.warnings()).singleElement().asString().contains("polar.entitlements.stale-for");
		assertThat(this.fixture.log(Level.INFO)).containsExactly("Entitlements can be read from Polar again");
	}

	@Test
	void outageByHangingKeepsOtherPayersFromWaiting() {
		DefaultPolarEntitlements entitlements = startImpatient();
		Runnable release = this.polar.hang();
		for (int i = 0; i < 3; i++) {
			entitlements.of("user" + i);
		}
		await().until(() -> requests() == 3);
		for (int i = 0; i < 1000; i++) {
			assertThat(source(entitlements.of("other" + i))).isEqualTo(Source.NONE);
		}
		assertThat(requests()).isEqualTo(3);
		assertThat(this.fixture.warnings()).hasSize(1);
		release.run();
		await().untilAsserted(() -> assertThat(this.fixture.log(Level.INFO)).hasSize(1));
		assertThat(source(entitlements.of("another"))).as("without a restart").isEqualTo(Source.POLAR);
		assertThat(this.fixture.warnings()).hasSize(1);
	}

	@Test
	void callersWhoWaitForOneReadCountAsOneFailure() throws Exception {
		DefaultPolarEntitlements entitlements = startImpatient();
		Runnable release = this.polar.hang();
		ExecutorService threads = Executors.newFixedThreadPool(10);
		List<Future<Entitlements>> checks = IntStream.range(0, 10)
			.mapToObj((i) -> threads.submit(() -> entitlements.of("alice")))
			.toList();
		for (Future<Entitlements> check : checks) {
			assertThat(source(check.get(20, TimeUnit.SECONDS))).isEqualTo(Source.NONE);
		}
		threads.shutdown();
		assertThat(this.fixture.warnings()).isEmpty();
		release.run();
	}

	@ParameterizedTest
	@CsvSource({ "30, 30", "3600, 60", "1, 5", "'', 5" })
	void rateLimitIsRespectedForAMinuteAtMost(String retryAfter, int pause) {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		this.polar.limit(retryAfter.isEmpty() ? null : retryAfter);
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
			.isThrownBy(() -> entitlements.of("alice").has("pro"))
			.withCauseInstanceOf(PolarRateLimitException.class);
		entitlements.of("bob");
		assertThat(requests()).as("by the first response").isOne();
		this.polar.recover();
		advance(Duration.ofSeconds(pause).minusMillis(1));
		assertThat(source(entitlements.of("carol"))).isEqualTo(Source.NONE);
		advance(Duration.ofMillis(1));
		assertThat(source(entitlements.of("dave"))).isEqualTo(Source.POLAR);
		assertThat(this.fixture.warnings()).hasSize(1);
		assertThat(this.fixture.log(Level.INFO)).hasSize(1);
	}

	@Test
	void outageOfAnHourLocksNoOneOutWhoHasPaid() {
		for (int i = 0; i < 50; i++) {
			this.polar.subscription("user" + i, this.pro);
		}
		DefaultPolarEntitlements entitlements = this.fixture.start();
		for (int i = 0; i < 50; i++) {
			assertThat(entitlements.of("user" + i).has("pro")).isTrue();
		}
		int requests = requests();
		this.polar.fail(502);
		advance(Duration.ofMinutes(5));
		for (int second = 0; second < 3600; second += 10) {
			for (int i = 0; i < 50; i++) {
				assertThat(entitlements.of("user" + i).has("pro")).isTrue();
			}
			advance(Duration.ofSeconds(10));
		}
		assertThat(requests() - requests).isLessThanOrEqualTo(3 + 360 + 4);
		this.polar.recover();
		assertThat(source(entitlements.of("user0"))).isEqualTo(Source.POLAR);
		assertThat(this.fixture.warnings()).hasSize(1);
		assertThat(this.fixture.log(Level.INFO)).hasSize(1);
	}

	@Test
	void unreadablePurchaseOfOneUserIsNoOutage() {
		this.polar.subscription("alice", this.pro).with("customer_id", "none");
		this.polar.subscription("bob", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(PolarEntitlementsUnavailableException.class)
				.isThrownBy(() -> entitlements.of("alice").has("pro"))
				.withCauseInstanceOf(PolarDataException.class);
			assertThat(entitlements.of("bob").has("pro")).isTrue();
			advance(Duration.ofSeconds(5));
		}
		assertThat(this.fixture.statistics.unavailableSince()).isNull();
		assertThat(this.fixture.warnings()).as("once an hour").singleElement().asString().doesNotContain("alice");
	}

	@Test
	void lateFailureAfterASuccessIsNoOutage() {
		DefaultPolarEntitlements entitlements = startImpatient();
		CountDownLatch latch = new CountDownLatch(1);
		this.polar.onRequest((request) -> {
			if (request.contains("=user")) {
				PurchasesAtPolar.await(latch);
				throw new IllegalStateException("broken connection");
			}
		});
		IntStream.range(0, 3).forEach((i) -> entitlements.of("user" + i));
		assertThat(this.fixture.statistics.unavailableSince()).isNotNull();
		advance(Duration.ofSeconds(5));
		assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR);
		assertThat(this.fixture.statistics.unavailableSince()).isNull();
		latch.countDown();
		await().until(() -> requests() == 3 + 4);
		this.polar.onRequest((request) -> {
		});
		advance(Duration.ofSeconds(5));
		IntStream.range(0, 3)
			.forEach((i) -> await()
				.untilAsserted(() -> assertThat(source(entitlements.of("user" + i))).isEqualTo(Source.POLAR)));
		assertThat(this.fixture.warnings()).hasSize(1);
	}

	@Test
	void interruptedCheckReturnsAtOnce() throws Exception {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		Runnable release = this.polar.hang();
		ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(1);
		Thread thread = new Thread(() -> {
			seen.add(source(entitlements.of("alice")));
			seen.add(Thread.currentThread().isInterrupted());
			done.countDown();
		});
		thread.start();
		await().until(() -> requests() == 1);
		thread.interrupt();
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(seen).containsExactly(Source.NONE, true);
		release.run();
		await().untilAsserted(() -> assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR));
	}

	@Test
	void closeEndsTheThreads() {
		DefaultPolarEntitlements entitlements = this.fixture.start(new HoldingsInMemory(this.fixture.clock));
		entitlements.of("alice");
		assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
		entitlements.close();
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
		advance(Duration.ofMinutes(5));
		assertThat(source(entitlements.of("alice"))).as("rejected, but without waiting").isEqualTo(Source.STALE);
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("polar-entitlements-"))
			.toList();
	}

}
