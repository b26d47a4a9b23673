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

package io.github.polarspring.subscription;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarPaymentFailedException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.testsupport.Fault;
import io.github.polarspring.testsupport.FaultyServer;
import io.github.polarspring.testsupport.FaultyServer.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for changes of a subscription while Polar fails: the requests and the charges are
 * counted.
 */
@Timeout(30)
class SubscriptionFaultTests {

	private final SubscriptionAtPolar polar = new SubscriptionAtPolar();

	private final AtomicBoolean failed = new AtomicBoolean();

	private final PolarSubscriptionTemplate subscriptions = template(this.polar.client());

	private PolarSubscriptionTemplate template(PolarClient.Builder client) {
		return PolarSubscriptionTemplate
			.builder(client.timeouts(Duration.ofMillis(200), Duration.ofMillis(250)).build())
			.products(new PolarProducts(Map.of("pro", SubscriptionAtPolar.PRO)))
			.build();
	}

	private PolarSubscriptionTemplate patient() {
		return template(this.polar.client().outcomeTimeout(Duration.ofSeconds(20)));
	}

	@AfterEach
	void close() throws IOException {
		this.polar.close();
	}

	/**
	 * Fail the next request that changes something.
	 */
	private void failOnce(Response fault) {
		this.polar.fault(() -> this.failed.compareAndSet(false, true) ? fault : null);
	}

	/**
	 * Process the next request that changes something, and fail its response.
	 */
	private void failOnceAfterward(Response fault) {
		this.polar.fault(() -> {
			if (this.failed.compareAndSet(false, true)) {
				this.polar.process();
				return fault;
			}
			return null;
		});
	}

	/**
	 * Return the number of charges of a change that was made.
	 */
	private int price(Change change) {
		try (SubscriptionAtPolar other = new SubscriptionAtPolar()) {
			change.prepare(other);
			change.make(template(other.client()), SubscriptionAtPolar.ID);
			return other.charges();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Stream<Response> faults() {
		return Stream.concat(Stream
			.of(Fault.HANGS_BEFORE_THE_HEADERS, Fault.HANGS_WITHIN_THE_BODY, Fault.RESETS, Fault.RESETS_WITHIN_THE_BODY,
					Fault.CLOSES_WITHOUT_A_RESPONSE, Fault.IS_CUT_OFF, Fault.IS_NOT_JSON)
			.map((fault) -> fault::write),
				Stream
					.of("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable",
							"504 Gateway Timeout")
					.map((status) -> FaultyServer.response(status, "<html>")));
	}

	static Stream<Arguments> faultsOfChanges() {
		return Stream
			.of(Change.PRODUCT, Change.PRODUCT_NOW, Change.PRODUCT_WITH_NEW_PERIOD, Change.SEATS_NOW, Change.END_TRIAL,
					Change.RESUME)
			.flatMap((change) -> {
				List<Response> faults = faults().toList();
				return Stream.iterate(0, (i) -> i < faults.size(), (i) -> i + 1)
					.map((i) -> Arguments.of(change, i, faults.get(i)));
			});
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("faultsOfChanges")
	void chargeWhoseResponseIsLostIsFoundAndNotRepeated(Change change, int number, Response fault) {
		change.prepare(this.polar);
		failOnceAfterward(fault);
		Subscription subscription = change.make(patient(), SubscriptionAtPolar.ID);
		assertThat(subscription.json()).hasToString(this.polar.current());
		assertThat(this.polar.changes()).containsExactly(change.body());
		assertThat(this.polar.charges()).isEqualTo(price(change));
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("faultsOfChanges")
	void changeWithoutAnEffectIsUnknownAndNotRepeated(Change change, int number, Response fault) {
		change.prepare(this.polar);
		failOnce(fault);
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID))
			.withMessage("It is not known whether Polar processed PATCH /v1/subscriptions/{id}");
		assertThat(this.polar.changes()).containsExactly(change.body());
		assertThat(this.polar.charges()).isZero();
	}

	static Stream<Change> charging() {
		return Change.charging();
	}

	static Stream<Change> harmless() {
		return Change.harmless();
	}

	@ParameterizedTest
	@MethodSource("charging")
	void changeThatIsStillInProgressAfterATimeoutIsWaitedFor(Change change) {
		change.prepare(this.polar);
		PolarSubscriptionTemplate patient = patient();
		failOnce(Fault.HANGS_BEFORE_THE_HEADERS::write);
		int before = this.polar.reads();
		AtomicBoolean processed = new AtomicBoolean();
		this.polar.onRead(() -> {
			boolean second = this.failed.get() && this.polar.reads() > before + 2;
			if (second && processed.compareAndSet(false, true)) {
				this.polar.process();
			}
		});
		assertThat(change.make(patient, SubscriptionAtPolar.ID).json()).hasToString(this.polar.current());
		assertThat(this.polar.changes()).hasSize(1);
		assertThat(this.polar.charges()).isEqualTo(price(change));
	}

	@ParameterizedTest
	@EnumSource(names = { "PRODUCT_NOW", "PRODUCT_WITH_NEW_PERIOD", "SEATS_NOW", "END_TRIAL", "RESUME" })
	void changeThatTakesEffectLaterIsNotChargedAgainByTheNextClick(Change change) {
		change.prepare(this.polar);
		failOnce(Fault.CLOSES_WITHOUT_A_RESPONSE::write);
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID));
		this.polar.process();
		assertThat(change.make(this.subscriptions, SubscriptionAtPolar.ID).json()).hasToString(this.polar.current());
		assertThat(this.polar.charges()).isOne();
	}

	@ParameterizedTest
	@MethodSource("charging")
	void failedChargeIsThrownAtOnce(Change change) {
		change.prepare(this.polar);
		failOnce(FaultyServer.response("402 Payment Required", "Polar-Version: 2026-10",
				"{\"error\":\"PaymentFailed\",\"detail\":\"Payment failed with reason: missing_payment_method.\"}"));
		assertThatExceptionOfType(PolarPaymentFailedException.class)
			.isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("missing_payment_method"));
		assertThat(this.polar.changes()).hasSize(1);
		assertThat(this.polar.requests()).last().asString().startsWith("PATCH");
	}

	static Stream<Arguments> rejections() {
		return Change.charging()
			.flatMap((change) -> Stream.of(
					Arguments.of(change, SubscriptionAtPolar.error("409 Conflict", "Some"),
							PolarConflictException.class),
					Arguments.of(change, SubscriptionAtPolar.error("403 Forbidden", "AlreadyCanceledSubscription"),
							PolarConflictException.class),
					Arguments.of(change, SubscriptionAtPolar.error("410 Gone", "ResourceUnavailable"),
							PolarConflictException.class),
					Arguments.of(change, SubscriptionAtPolar.error("400 Bad Request", "BelowMinimumSeats"),
							PolarApiException.class),
					Arguments.of(change, SubscriptionAtPolar.invalid("proration_behavior", "Not enabled."),
							PolarValidationException.class)));
	}

	@ParameterizedTest
	@MethodSource("rejections")
	void rejectedChangeIsThrownAndNotRepeated(Change change, Response rejection,
			Class<? extends PolarApiException> type) {
		change.prepare(this.polar);
		failOnce(rejection);
		assertThatExceptionOfType(type).isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID));
		assertThat(this.polar.changes()).hasSize(1);
		assertThat(this.polar.charges()).isZero();
	}

	@ParameterizedTest
	@MethodSource("charging")
	void changeThatPolarDidNotProcessIsSentAgain(Change change) {
		change.prepare(this.polar);
		List<Response> responses = new ArrayList<>(
				List.of(FaultyServer.response("429 Too Many Requests", "Retry-After: 0", ""),
						SubscriptionAtPolar.error("409 Conflict", "SubscriptionLocked")));
		this.polar.fault(() -> responses.isEmpty() ? null : responses.remove(0));
		change.make(this.subscriptions, SubscriptionAtPolar.ID);
		assertThat(this.polar.changes()).hasSize(3);
		assertThat(this.polar.charges()).isEqualTo(price(change));
	}

	@ParameterizedTest
	@MethodSource("charging")
	void changeThatExceedsTheRateLimitIsNotUnknown(Change change) {
		change.prepare(this.polar);
		this.polar.fault(() -> FaultyServer.response("429 Too Many Requests", "Retry-After: 60", ""));
		assertThatExceptionOfType(PolarRateLimitException.class)
			.isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID));
		assertThat(this.polar.changes()).hasSize(1);
	}

	@ParameterizedTest
	@MethodSource("charging")
	void changeThatDoesNotReachPolarIsNotUnknown(Change change) throws IOException {
		this.polar.close();
		assertThatExceptionOfType(PolarConnectionException.class)
			.isThrownBy(() -> change.make(this.subscriptions, SubscriptionAtPolar.ID));
		assertThat(this.polar.changes()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("harmless")
	void changeThatDoesNotChargeIsRetried(Change change) {
		change.prepare(this.polar);
		failOnce(FaultyServer.response("503 Service Unavailable", "<html>"));
		change.make(this.subscriptions, SubscriptionAtPolar.ID);
		assertThat(this.polar.changes()).containsExactly(change.body(), change.body());
		assertThat(this.polar.charges()).isZero();
	}

	@ParameterizedTest
	@MethodSource("harmless")
	void retryOfAChangeThatWasMadeIsNoError(Change change) {
		change.prepare(this.polar);
		failOnceAfterward(Fault.CLOSES_WITHOUT_A_RESPONSE::write);
		Subscription subscription = change.make(this.subscriptions, SubscriptionAtPolar.ID);
		assertThat(subscription.json()).hasToString(this.polar.current());
		assertThat(this.polar.changes()).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource(names = { "PRODUCT_NOW", "PRODUCT_WITH_NEW_PERIOD", "SEATS_NOW", "END_TRIAL", "RESUME" })
	void secondClickOnTheSameInstanceChargesOnce(Change change) throws Exception {
		change.prepare(this.polar);
		CountDownLatch second = new CountDownLatch(1);
		this.polar.fault(() -> after(second));
		ExecutorService clicks = Executors.newFixedThreadPool(2);
		PolarSubscriptionTemplate template = PolarSubscriptionTemplate
			.builder(this.polar.client().timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10)).build())
			.products(new PolarProducts(Map.of("pro", SubscriptionAtPolar.PRO)))
			.build();
		Future<Subscription> one = clicks.submit(() -> change.make(template, SubscriptionAtPolar.ID));
		await().until(() -> this.polar.changes().size() == 1);
		Thread[] waiting = new Thread[1];
		Future<Subscription> two = clicks.submit(() -> {
			waiting[0] = Thread.currentThread();
			return change.make(template, SubscriptionAtPolar.ID);
		});
		await().until(() -> waiting[0] != null && waiting[0].getState() == Thread.State.TIMED_WAITING);
		second.countDown();
		assertThat(one.get().json()).isEqualTo(two.get().json());
		assertThat(this.polar.charges()).isOne();
		clicks.shutdown();
	}

	private static @Nullable Response after(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return null;
	}

	/**
	 * Polar makes one change after the other. The second one finds that nothing is to be
	 * done.
	 */
	@ParameterizedTest
	@EnumSource(names = { "PRODUCT_NOW", "SEATS_NOW", "END_TRIAL", "RESUME" })
	void secondClickOnAnotherInstanceChargesOnce(Change change) throws Exception {
		change.prepare(this.polar);
		CyclicBarrier both = new CyclicBarrier(2);
		this.polar.fault(() -> {
			try {
				both.await(10, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			return null;
		});
		ExecutorService clicks = Executors.newFixedThreadPool(2);
		List<Future<Subscription>> results = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			PolarSubscriptionTemplate instance = PolarSubscriptionTemplate
				.builder(this.polar.client().timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10)).build())
				.products(new PolarProducts(Map.of("pro", SubscriptionAtPolar.PRO)))
				.build();
			results.add(clicks.submit(() -> change.make(instance, SubscriptionAtPolar.ID)));
		}
		assertThat(results.get(0).get().json()).isEqualTo(results.get(1).get().json());
		assertThat(this.polar.changes()).hasSize(2);
		assertThat(this.polar.charges()).isOne();
		clicks.shutdown();
	}

	@Test
	void changeWaitsUntilPolarCanNoLongerBeMakingAnEarlierOne() {
		AtomicLong nanos = new AtomicLong();
		ExclusiveChanges changes = new ExclusiveChanges(Duration.ofMillis(10), nanos::get);
		UUID id = UUID.randomUUID();
		Supplier<String> unknown = () -> {
			throw new PolarOutcomeUnknownException("unknown", null);
		};
		assertThat(changes.isUncertain(id)).isFalse();
		assertThatExceptionOfType(PolarOutcomeUnknownException.class).isThrownBy(() -> changes.run(id, unknown));
		nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThatExceptionOfType(PolarOutcomeUnknownException.class).isThrownBy(() -> changes.run(id, unknown));
		assertThat(changes.isUncertain(id)).isTrue();
		assertThat(changes.isUncertain(UUID.randomUUID())).isFalse();
		nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(changes.isUncertain(id)).as("not extended").isFalse();
		assertThatExceptionOfType(PolarOutcomeUnknownException.class).isThrownBy(() -> changes.run(id, unknown));
		assertThat(changes.run(id, () -> "made")).isEqualTo("made");
		assertThat(changes.isUncertain(id)).isFalse();
	}

	@Test
	void clickThatWaitsTooLongIsUnknownAndSendsNothing() throws Exception {
		ExclusiveChanges changes = new ExclusiveChanges(Duration.ofMillis(10), Ticker.systemTicker());
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		Thread other = new Thread(() -> changes.run(SubscriptionAtPolar.ID, () -> {
			begun.countDown();
			return after(end);
		}));
		other.start();
		begun.await();
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> changes.run(SubscriptionAtPolar.ID, () -> "sent"))
			.withMessageContaining(SubscriptionAtPolar.ID.toString());
		assertThat(changes.<String>run(SubscriptionAtPolar.UNKNOWN_ID, () -> "another")).isEqualTo("another");
		end.countDown();
		other.join();
		assertThat(changes.<String>run(SubscriptionAtPolar.ID, () -> "sent")).isEqualTo("sent");
	}

	@Test
	void failedChangeDoesNotBlockTheNext() {
		ExclusiveChanges changes = new ExclusiveChanges(Duration.ofMillis(10), Ticker.systemTicker());
		assertThatExceptionOfType(PolarException.class).isThrownBy(() -> changes.run(SubscriptionAtPolar.ID, () -> {
			throw new PolarOutcomeUnknownException("no", null);
		}));
		assertThat(changes.<String>run(SubscriptionAtPolar.ID, () -> "sent")).isEqualTo("sent");
	}

	@Test
	void interruptedClickIsNotSent() {
		ExclusiveChanges changes = new ExclusiveChanges();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(PolarOutcomeUnknownException.class)
			.isThrownBy(() -> changes.run(SubscriptionAtPolar.ID, () -> "sent"));
		assertThat(Thread.interrupted()).isTrue();
	}

}
