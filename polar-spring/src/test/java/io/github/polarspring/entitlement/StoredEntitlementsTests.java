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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.HoldingsStore.Stored;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for entitlements with a database.
 */
class StoredEntitlementsTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	private final HoldingsInMemory store = new HoldingsInMemory(this.fixture.clock);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	private DefaultPolarEntitlements start() {
		return this.fixture.start(this.store);
	}

	private void advance(Duration duration) {
		this.fixture.clock.advance(duration);
	}

	private int requests() {
		return this.polar.requests().size();
	}

	private static Source source(Entitlements entitlements) {
		return entitlements.report().source();
	}

	private Stored stored(String payer) {
		Stored stored = this.store.find(payer);
		assertThat(stored).isNotNull();
		return stored;
	}

	@Test
	void stateIsInTheDatabaseAfterARestart() {
		this.polar.grant(this.polar.subscription("alice", this.pro), EXPORT);
		assertThat(start().of("alice").has("export")).isTrue();
		int requests = requests();
		this.polar.fail(500);
		advance(Duration.ofMinutes(5).minusMillis(1));
		DefaultPolarEntitlements restarted = start();
		Entitlements alice = restarted.of("alice");
		assertThat(alice.has("export")).isTrue();
		assertThat(source(alice)).isEqualTo(Source.DATABASE);
		assertThat(alice.report().readAt()).isEqualTo(this.fixture.clock.instant().minusMillis(299_999));
		assertThat(requests()).isEqualTo(requests);
		assertThat(this.fixture.statistics.reads(Source.DATABASE)).isOne();
		this.polar.recover();
		advance(Duration.ofMillis(1));
		assertThat(source(restarted.of("alice"))).as("as old as if it had been in memory").isEqualTo(Source.POLAR);
	}

	@Test
	void payerWithoutPurchasesIsNotTakenFromTheDatabase() {
		Item subscription = this.polar.subscription("alice", this.pro);
		start().of("alice");
		subscription.with("status", "canceled");
		advance(Duration.ofMinutes(5));
		assertThat(start().of("alice").has("pro")).isFalse();
		assertThat(stored("alice").holdings()).isEqualTo(Holdings.NONE);
		subscription.with("status", "active");
		assertThat(start().of("alice").has("pro")).isTrue();
		start().of("bob");
		assertThat(this.store.find("bob")).isNull();
	}

	@Test
	void provisionalTimeEndsInTheDatabaseToo() {
		this.polar.subscription("alice", this.pro).with("started_at", this.fixture.clock.instant());
		assertThat(start().of("alice").has("export")).isTrue();
		advance(Duration.ofSeconds(59));
		Entitlements alice = start().of("alice");
		assertThat(alice.has("export")).isTrue();
		assertThat(source(alice)).isEqualTo(Source.DATABASE);
		advance(Duration.ofSeconds(1));
		assertThat(start().of("alice").has("export")).isFalse();
	}

	@Test
	void payerWhoIsMarkedMeanwhileIsReadAgain() {
		Item subscription = this.polar.subscription("alice", this.pro);
		AtomicInteger saves = new AtomicInteger();
		this.store.beforeSave = () -> {
			if (saves.incrementAndGet() == 1) {
				subscription.with("status", "canceled");
				this.store.mark(List.of("alice"), null);
			}
		};
		DefaultPolarEntitlements entitlements = start();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
		assertThat(saves).hasValue(2);
		assertThat(stored("alice").stale()).isFalse();
		int requests = requests();
		entitlements.poll();
		entitlements.of("alice");
		assertThat(requests()).as("nothing new").isEqualTo(requests);
	}

	@Test
	void payerWhoIsMarkedAgainAndAgainIsNotReadForever() {
		this.polar.subscription("alice", this.pro);
		AtomicInteger saves = new AtomicInteger();
		this.store.beforeSave = () -> {
			saves.incrementAndGet();
			this.store.mark(List.of("alice"), null);
		};
		DefaultPolarEntitlements entitlements = start();
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(saves).hasValue(4);
		entitlements.of("alice");
		assertThat(saves).as("the state is not fresh").hasValue(8);
	}

	@Test
	void stateIsUsedIfPolarCannotBeReadAgain() {
		this.polar.subscription("alice", this.pro);
		this.store.beforeSave = () -> {
			this.store.mark(List.of("alice"), null);
			this.polar.fail(500);
		};
		Entitlements alice = start().of("alice");
		assertThat(alice.has("pro")).isTrue();
		assertThat(source(alice)).isEqualTo(Source.POLAR);
	}

	@Test
	void databaseThatIsDownIsReplacedByMemoryAndPolar() {
		this.polar.subscription("alice", this.pro);
		this.store.down = true;
		DefaultPolarEntitlements entitlements = start();
		for (int i = 0; i < 100; i++) {
			assertThat(entitlements.of("alice").has("pro")).isTrue();
			entitlements.of("free");
			advance(Duration.ofSeconds(1));
		}
		assertThat(requests()).as("alice from memory").isEqualTo(5 + 4 * 4);
		assertThat(this.store.calls).as("one attempt for each read").hasValue(1 + 3);
		assertThat(this.fixture.warnings()).singleElement()
			.asString()
			.contains("database", "IllegalStateException", "ConnectException")
			.doesNotContain("alice");
		this.store.down = false;
		advance(Duration.ofMinutes(5));
		entitlements.of("alice");
		assertThat(this.fixture.log(Level.INFO)).containsExactly("Entitlements can be read from the database again");
		assertThat(this.store.find("alice")).isNotNull();
		assertThat(this.fixture.warnings()).hasSize(1);
	}

	@Test
	void databaseThatHangsDoesNotDelayEachCheck() {
		this.polar.subscription("alice", this.pro);
		this.polar.subscription("bob", this.pro);
		CountDownLatch latch = new CountDownLatch(1);
		this.store.hanging = latch;
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store,
				(builder) -> builder.durations(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofMillis(400)));
		await().untilAsserted(() -> {
			advance(Duration.ofSeconds(5));
			assertThat(source(entitlements.of("alice"))).isEqualTo(Source.POLAR);
		});
		int calls = this.store.calls.get();
		for (int i = 0; i < 1000; i++) {
			assertThat(entitlements.of("alice").has("pro")).isTrue();
		}
		assertThat(this.store.calls).hasValue(calls);
		assertThat(this.fixture.warnings()).singleElement().asString().contains("TimeoutException");
		latch.countDown();
		this.store.hanging = null;
		await().untilAsserted(() -> {
			advance(Duration.ofSeconds(10));
			entitlements.of(UUID.randomUUID().toString());
			assertThat(this.fixture.log(Level.INFO)).hasSize(1);
		});
	}

	@Test
	void assignedOrderCountsForItsOwnerIfTheDatabaseIsDown() {
		Item order = this.polar.order("bob", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.assignOrder(order.id(), "alice");
		this.store.down = true;
		advance(Duration.ofSeconds(1));
		assertThat(entitlements.of("bob").report().features().get("pro").proof()).isEqualTo(Proof.METADATA);
	}

	@Test
	void stateInTheDatabaseIsUsedForADayIfPolarCannotBeRead() {
		this.polar.subscription("alice", this.pro);
		start().of("alice");
		this.polar.fail(500);
		advance(Duration.ofHours(24));
		Entitlements alice = start().of("alice");
		assertThat(alice.has("pro")).isTrue();
		assertThat(alice.has("export")).isFalse();
		assertThat(source(alice)).isEqualTo(Source.STALE);
		advance(Duration.ofMillis(1));
		assertThat(source(start().of("alice"))).isEqualTo(Source.NONE);
	}

	@Test
	void stateInTheDatabaseIsUsedIfPolarHangs() {
		this.polar.subscription("alice", this.pro);
		start().of("alice");
		advance(Duration.ofMinutes(5));
		Runnable release = this.polar.hang();
		DefaultPolarEntitlements entitlements = this.fixture.start(this.store,
				(builder) -> builder.durations(Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofMillis(400)));
		await().untilAsserted(() -> {
			advance(Duration.ofSeconds(5));
			assertThat(entitlements.of("alice").has("pro")).isTrue();
		});
		release.run();
	}

	@Test
	void newerStateOfAnotherInstanceIsUsedIfPolarCannotBeRead() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements first = start();
		first.of("alice");
		advance(Duration.ofMinutes(5));
		Item order = this.polar.order("alice", this.pro);
		start().of("alice");
		this.polar.remove(subscription);
		this.polar.fail(500);
		advance(Duration.ofMinutes(5));
		Entitlements alice = first.of("alice");
		assertThat(alice.has("pro")).isTrue();
		assertThat(alice.report().readAt()).isEqualTo(this.fixture.clock.instant().minus(Duration.ofMinutes(5)));
		assertThat(stored("alice").holdings()).isNotNull()
			.extracting(Holdings::purchases)
			.asInstanceOf(InstanceOfAssertFactories.list(Holdings.Purchase.class))
			.extracting(Holdings.Purchase::id)
			.contains(order.id());
	}

	@Test
	void whatAMarkedPayerDoesNotHaveIsUnknownAfterARestart() {
		this.polar.subscription("alice", this.pro);
		start().of("alice");
		advance(Duration.ofSeconds(1));
		this.store.mark(List.of("alice"), null);
		this.polar.fail(500);
		Entitlements alice = start().of("alice");
		assertThat(alice.has("pro")).isTrue();
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).isThrownBy(() -> alice.has("export"));
	}

	@Test
	void stateThatAnotherInstanceReadIsUsedDuringAnOutage() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		this.polar.fail(500);
		for (String payer : List.of("x", "y", "z")) {
			entitlements.of(payer);
		}
		assertThat(this.fixture.warnings()).hasSize(1);
		this.polar.recover();
		this.fixture.start(this.store, (builder) -> builder.statistics(new EntitlementStatistics())).of("alice");
		this.polar.fail(500);
		int requests = requests();
		assertThat(source(entitlements.of("alice"))).isEqualTo(Source.DATABASE);
		assertThat(requests()).isEqualTo(requests);
		assertThat(this.fixture.statistics.unavailableSince()).as("the database says nothing about Polar").isNotNull();
		advance(Duration.ofSeconds(5));
		entitlements.of("z");
		assertThat(requests()).as("the attempt is not lost").isEqualTo(requests + 1);
		assertThat(this.fixture.warnings()).hasSize(1);
		assertThat(this.fixture.log(Level.INFO)).isEmpty();
	}

	@Test
	void pollShowsWhatOtherInstancesMarked() {
		Item subscription = this.polar.subscription("alice", this.pro);
		this.polar.subscription("bob", this.pro);
		DefaultPolarEntitlements first = start();
		DefaultPolarEntitlements second = start();
		assertThat(first.of("alice").has("pro")).isTrue();
		assertThat(second.of("alice").has("pro")).isTrue();
		assertThat(second.of("bob").has("pro")).isTrue();
		subscription.with("status", "canceled");
		advance(Duration.ofSeconds(1));
		first.refresh(List.of("alice", "nobody"), null);
		assertThat(first.of("alice").has("pro")).isFalse();
		assertThat(second.of("alice").has("pro")).isTrue();
		int requests = requests();
		second.poll();
		assertThat(requests()).isEqualTo(requests);
		assertThat(second.of("alice").has("pro")).isFalse();
		assertThat(second.of("bob").has("pro")).isTrue();
		int afterwards = requests();
		for (int i = 0; i < 10; i++) {
			advance(Duration.ofSeconds(1));
			first.poll();
			second.poll();
			first.of("alice");
			second.of("alice");
		}
		assertThat(requests()).as("a mark is seen once").isEqualTo(afterwards);
	}

	@Test
	void pollWhileAPayerIsReadDoesNotCauseAnotherRead() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.of("alice");
		advance(Duration.ofSeconds(1));
		this.store.mark(List.of("alice"), null);
		entitlements.poll();
		this.polar.onRequest((request) -> {
			advance(Duration.ofSeconds(1));
			entitlements.poll();
		});
		int requests = requests();
		entitlements.of("alice");
		entitlements.of("alice");
		entitlements.poll();
		entitlements.of("alice");
		assertThat(requests()).isEqualTo(requests + 5);
	}

	@Test
	void pollDoesNotRepeatAFailedRead() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.of("alice");
		advance(Duration.ofSeconds(1));
		this.polar.fail(500);
		this.store.mark(List.of("alice"), null);
		int requests = requests();
		for (int i = 0; i < 49; i++) {
			entitlements.poll();
			assertThat(entitlements.of("alice").has("pro")).isTrue();
			advance(Duration.ofMillis(100));
		}
		assertThat(requests()).isEqualTo(requests + 1);
	}

	@Test
	void pollSeesMarksOfTransactionsThatTookLong() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.of("alice");
		advance(Duration.ofSeconds(1));
		this.store.mark(List.of("alice"), null);
		advance(Duration.ofMinutes(4));
		int requests = requests();
		entitlements.poll();
		entitlements.of("alice");
		assertThat(requests()).isEqualTo(requests + 5);
	}

	@Test
	void refreshMarksMemoryAlsoIfTheDatabaseIsDown() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.of("alice");
		subscription.with("status", "canceled");
		advance(Duration.ofSeconds(1));
		this.store.down = true;
		assertThatIllegalStateException().as("so that Polar sends the event again")
			.isThrownBy(() -> entitlements.refresh(List.of("alice"), null));
		assertThatExceptionOfType(PolarEntitlementsUnavailableException.class).as("without the assignments of orders")
			.isThrownBy(() -> entitlements.of("alice").has("pro"));
	}

	@Test
	void payerWhoIsMarkedInATransactionIsReadAgainAfterTheCommit() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = start();
		entitlements.of("alice");
		advance(Duration.ofSeconds(1));
		// memory is marked in the transaction, before it is committed
		this.store.down = true;
		assertThatIllegalStateException().isThrownBy(() -> entitlements.refresh(List.of("alice"), null));
		this.store.down = false;
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		subscription.with("status", "canceled");
		this.store.mark(List.of("alice"), null);
		entitlements.poll();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
	}

	@Test
	void stateOfASaveThatFailsIsReplacedAfterAMark() {
		Item subscription = this.polar.subscription("alice", this.pro);
		this.store.down = true;
		DefaultPolarEntitlements entitlements = start();
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		this.store.down = false;
		advance(Duration.ofSeconds(10));
		subscription.with("status", "canceled");
		this.store.mark(List.of("alice"), null);
		entitlements.poll();
		assertThat(entitlements.of("alice").has("pro")).isFalse();
	}

}
