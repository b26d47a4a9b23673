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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.polarspring.entitlement.EntitlementReport.Source;
import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for reading many payers at the same time.
 */
class BulkReadsTests {

	private static final UUID EXPORT = EntitlementsFixture.EXPORT;

	/**
	 * Number of payers that can be read one by one within a minute.
	 */
	private static final int SINGLE = 40;

	/**
	 * Number of further payers who may have paid.
	 */
	private static final int RESERVED = 10;

	private static final int THREADS = 250;

	private final EntitlementsFixture fixture = new EntitlementsFixture();

	private final PurchasesAtPolar polar = this.fixture.polar;

	private final Item pro = this.polar.product(EntitlementsFixture.PRO, EXPORT);

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	@AfterEach
	void close() {
		this.fixture.close();
		this.threads.shutdown();
	}

	/**
	 * Check payers at the same time.
	 */
	private Map<String, Entitlements> checkAtOnce(DefaultPolarEntitlements entitlements, List<String> payers)
			throws Exception {
		Map<String, Entitlements> checked = new ConcurrentHashMap<>();
		Set<Thread> waiting = ConcurrentHashMap.newKeySet();
		Runnable release = this.polar.hang();
		List<Future<Entitlements>> checks = payers.stream().map((payer) -> this.threads.submit(() -> {
			waiting.add(Thread.currentThread());
			return checked.put(payer, entitlements.of(payer));
		})).toList();
		await().until(() -> waiting.size() == Math.min(payers.size(), THREADS)
				&& waiting.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		release.run();
		for (Future<Entitlements> check : checks) {
			check.get(60, TimeUnit.SECONDS);
		}
		return checked;
	}

	private void checkOneByOne(DefaultPolarEntitlements entitlements, int from, int to) {
		IntStream.range(from, to).forEach((i) -> entitlements.of("someone" + i));
	}

	private List<String> bulkRequests() {
		return this.polar.requests().stream().filter((request) -> request.contains("sorting=")).toList();
	}

	private static Source source(Entitlements entitlements) {
		return entitlements.report().source();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void coldStartWithThousandPayersDeniesNoOneWhoHasPaid(boolean withStore) throws Exception {
		List<String> payers = IntStream.range(0, 1000).mapToObj((i) -> "user" + i).toList();
		for (int i = 0; i < payers.size(); i++) {
			Item purchase = (i % 2 == 0) ? this.polar.subscription(payers.get(i), this.pro)
					: this.polar.order(payers.get(i), this.pro);
			if (i % 5 == 0) {
				purchase.assignedTo("mallory");
			}
			if (i % 7 == 0) {
				purchase.with("status", (i % 2 == 0) ? "past_due" : "paid");
			}
			this.polar.grant(purchase, EXPORT);
		}
		HoldingsInMemory store = withStore ? new HoldingsInMemory(this.fixture.clock) : null;
		DefaultPolarEntitlements entitlements = this.fixture.start(store);
		List<String> everyone = new ArrayList<>(payers);
		IntStream.range(0, 100).forEach((i) -> everyone.add("free" + i));
		Map<String, Entitlements> checked = checkAtOnce(entitlements, everyone);
		assertThat(checked).hasSize(1100).allSatisfy((payer, of) -> {
			assertThat(of.has("export")).as(payer).isEqualTo(payer.startsWith("user"));
			assertThat(of.has("pro")).as(payer).isEqualTo(payer.startsWith("user"));
		});
		assertThat(this.polar.requests()).hasSizeLessThan(300);
		assertThat(this.fixture.warnings()).isEmpty();
		assertThat(payers).allMatch((payer) -> store == null || store.find(payer) != null);
	}

	@Test
	void readOfAllIsTheSameAsReadOfOne() throws Exception {
		Item pastDue = this.polar.subscription("alice", this.pro).with("status", "past_due");
		this.polar.order("alice", this.pro)
			.with("status", "pending")
			.with("paid", false)
			.with("subscription_id", pastDue.id())
			.with("next_payment_attempt_at", "2026-12-01T00:00:00Z");
		this.polar.subscription("bob", this.pro).with("status", "canceled");
		this.polar.order("carol", this.pro).with("created_at", this.fixture.clock.instant());
		this.polar.order("dave", this.pro).with("created_at", this.fixture.clock.instant());
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE);
		for (String payer : List.of("alice", "bob", "carol")) {
			Entitlements one = this.fixture.start().of(payer);
			Entitlements all = entitlements.of(payer);
			assertThat(all.report()).isEqualTo(one.report());
			assertThat(all.paymentProblem()).isEqualTo(one.paymentProblem());
		}
		assertThat(entitlements.of("alice").paymentProblem()).get()
			.extracting(PaymentProblem::nextAttempt)
			.isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
		assertThat(entitlements.of("carol").has("export")).isTrue();
		assertThat(bulkRequests()).hasSize(4);
	}

	@Test
	void payersAreReadOneByOneFortyTimesAMinute() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, 20);
		this.fixture.clock.advance(Duration.ofSeconds(40));
		checkOneByOne(entitlements, 20, SINGLE);
		assertThat(bulkRequests()).isEmpty();
		checkOneByOne(entitlements, SINGLE, SINGLE + 1);
		assertThat(bulkRequests()).hasSize(4);
		checkOneByOne(entitlements, SINGLE + 1, SINGLE + 200);
		assertThat(bulkRequests()).as("shared").hasSize(4);
		this.fixture.clock.advance(Duration.ofSeconds(20));
		int requests = this.polar.requests().size();
		checkOneByOne(entitlements, 300, 320);
		assertThat(this.polar.requests()).as("those of a minute ago do not count").hasSize(requests + 20 * 4);
		checkOneByOne(entitlements, 320, 321);
		assertThat(this.polar.requests()).hasSize(requests + 20 * 4);
	}

	@Test
	void readOfAllIsSharedForHalfAMinute() {
		Item subscription = this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE + 1);
		subscription.with("status", "canceled");
		this.fixture.clock.advance(Duration.ofSeconds(30).minusMillis(1));
		assertThat(entitlements.of("alice").has("pro")).as("as it was then").isTrue();
		assertThat(bulkRequests()).hasSize(4);
		this.fixture.clock.advance(Duration.ofMillis(1));
		this.polar.subscription("bob", this.pro);
		assertThat(entitlements.of("bob").has("pro")).isTrue();
		assertThat(bulkRequests()).hasSize(8);
	}

	@Test
	void allAreReadWithTwoHundredPagesAMinute() {
		IntStream.range(0, 10_000).forEach((i) -> this.polar.subscription("user" + i, this.pro));
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE + RESERVED);
		assertThat(bulkRequests()).hasSize(103);
		this.fixture.clock.advance(Duration.ofMinutes(1).minusMillis(1));
		assertThat(entitlements.of("user2").has("pro")).as("still shared").isTrue();
		entitlements.refresh(List.of("user3"), null);
		IntStream.range(0, RESERVED).forEach((i) -> refreshed(entitlements, "buyer" + i));
		assertThat(source(refreshed(entitlements, "user3"))).as("too early for another read of all")
			.isEqualTo(Source.NONE);
		assertThat(bulkRequests()).hasSize(103);
		this.fixture.clock.advance(Duration.ofMillis(1));
		IntStream.range(100, 100 + SINGLE).forEach((i) -> entitlements.of("free" + i));
		assertThat(refreshed(entitlements, "user4").has("pro")).isTrue();
		assertThat(bulkRequests()).hasSize(206);
	}

	private Entitlements refreshed(DefaultPolarEntitlements entitlements, String payer) {
		entitlements.refresh(List.of(payer), null);
		return entitlements.of(payer);
	}

	@Test
	void fewPagesAreReadOften() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		int buyers = SINGLE + RESERVED + 50;
		for (int i = 0; i < buyers; i++) {
			this.polar.subscription("buyer" + i, this.pro);
			this.fixture.clock.advance(Duration.ofMillis(1));
			assertThat(refreshed(entitlements, "buyer" + i).has("pro")).isTrue();
		}
		assertThat(bulkRequests()).hasSize(50 * 4);
		assertThat(this.polar.requests()).hasSizeLessThan(500);
		this.fixture.clock.advance(Duration.ofMillis(1));
		assertThat(source(refreshed(entitlements, "another"))).isEqualTo(Source.NONE);
		assertThat(this.fixture.warnings()).isEmpty();
	}

	@Test
	void payersWhoMayHavePaidAreReadBeforeOthers() {
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, 2 * SINGLE);
		this.fixture.clock.advance(Duration.ofSeconds(1));
		for (int i = 0; i < RESERVED; i++) {
			this.polar.subscription("buyer" + i, this.pro);
			assertThat(refreshed(entitlements, "buyer" + i).has("pro")).isTrue();
		}
		assertThat(bulkRequests()).as("one by one").hasSize(4);
		this.polar.subscription("another", this.pro);
		assertThat(refreshed(entitlements, "another").has("pro")).isTrue();
		assertThat(bulkRequests()).hasSize(8);
	}

	@Test
	void moreThanTwoHundredPagesAreReadOneByOne() {
		IntStream.range(0, 19_801).forEach((i) -> this.polar.subscription("user" + i, this.pro));
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE);
		assertThat(source(entitlements.of("user1"))).as("without capacity").isEqualTo(Source.NONE);
		assertThat(bulkRequests()).as("only the first pages").hasSize(4);
		assertThat(this.fixture.warnings()).singleElement().asString().contains("202 pages", "one by one");
		this.fixture.clock.advance(Duration.ofMinutes(1));
		for (int i = 2; i < SINGLE + 2; i++) {
			assertThat(entitlements.of("user" + i).has("pro")).isTrue();
		}
		assertThat(source(entitlements.of("user1"))).isEqualTo(Source.NONE);
		assertThat(bulkRequests()).hasSize(4);
		assertThat(this.fixture.statistics.unavailableSince()).as("Polar can be read").isNull();
		this.fixture.clock.advance(Duration.ofMinutes(9));
		checkOneByOne(entitlements, 0, SINGLE + 1);
		assertThat(bulkRequests()).as("tried again").hasSize(8);
	}

	@Test
	void manyAtOnceAreReadOneByOneIfAllCannotBeRead() throws Exception {
		List<String> payers = IntStream.range(0, 40).mapToObj((i) -> "user" + i).toList();
		payers.forEach((payer) -> this.polar.subscription(payer, this.pro));
		this.polar.missing(1);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		Map<String, Entitlements> checked = checkAtOnce(entitlements, payers);
		assertThat(checked).hasSize(40).allSatisfy((payer, of) -> assertThat(of.has("pro")).isTrue());
		assertThat(this.fixture.warnings()).singleElement().asString().contains("incomplete");
		assertThat(bulkRequests()).hasSize(4);
	}

	@Test
	void unreadablePurchaseKeepsNoOtherPayerFromBeingRead() {
		this.polar.subscription("alice", this.pro).with("customer_id", "none");
		this.polar.order("carol", this.pro).with("status", null).with("customer.external_id", "dave");
		this.polar.subscription("bob", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE);
		assertThat(entitlements.of("bob").has("pro")).isTrue();
		assertThat(bulkRequests()).hasSize(4);
		for (String unknown : List.of("alice", "carol", "dave")) {
			assertThat(source(entitlements.of(unknown))).isEqualTo(Source.NONE);
		}
		assertThat(bulkRequests()).as("shared").hasSize(4);
		assertThat(this.fixture.warnings()).hasSizeBetween(1, 2)
			.allSatisfy((warning) -> assertThat(warning).contains("a purchase cannot be read"));
	}

	@Test
	void outageDuringAReadOfAllEnds() {
		this.polar.subscription("alice", this.pro);
		DefaultPolarEntitlements entitlements = this.fixture.start();
		checkOneByOne(entitlements, 0, SINGLE);
		this.polar.fail(500);
		assertThat(source(entitlements.of("alice"))).isEqualTo(Source.NONE);
		this.polar.recover();
		this.fixture.clock.advance(Duration.ofSeconds(5));
		assertThat(entitlements.of("alice").has("pro")).isTrue();
		assertThat(this.fixture.warnings()).isEmpty();
	}

}
