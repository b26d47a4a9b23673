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

package io.github.polarspring.webhook.catchup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.WebhooksAtPolar;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolarCatchUp}, for each database.
 */
abstract class AbstractPolarCatchUpTests {

	private static final String SECRET = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";

	private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

	private static final Instant SINCE = NOW.minus(Duration.ofDays(1));

	private static final UUID CUSTOMER = UUID.fromString("0d6f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final String ORDER = """
			{"id":"%s","created_at":"%s","modified_at":"2026-11-30T11:00:00Z","status":"%s","customer_id":"%s",\
			"refunded_amount":%d,"metadata":{},"customer":{}}""";

	private final WebhooksAtPolar polar = new WebhooksAtPolar();

	private final ObjectNode endpoint = this.polar.endpoint("https://shop.example/webhooks/polar", SECRET,
			"order.paid");

	private final MutableClock clock = new MutableClock();

	private final DataSource dataSource = dataSource();

	private final TransactionTemplate transactions = JdbcWebhookInbox
		.transactions(new JdbcTransactionManager(this.dataSource));

	private final JdbcWebhookInbox inbox = new JdbcWebhookInbox(
			new PolarEventListeners(new DefaultListableBeanFactory()), (event) -> {
			}, List::of, this.dataSource, this.transactions, new JdbcWebhookInbox.Settings(0, Duration.ZERO,
					Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofDays(14), Duration.ofDays(100)),
			this.clock);

	private List<String> types = List.of("order.paid");

	/**
	 * Return an existing database.
	 */
	abstract DataSource dataSource();

	abstract String platform();

	/**
	 * Return a number of events that are read in several slices.
	 */
	int many() {
		return 2_000;
	}

	@BeforeEach
	void createTables() {
		this.clock.advance(Duration.between(this.clock.instant(), NOW));
		for (String table : List.of("polar_webhook_event", "polar_catch_up")) {
			JdbcClient.create(this.dataSource).sql("DROP TABLE IF EXISTS " + table).update();
		}
		for (String directory : List.of("jdbc", "catchup")) {
			new ResourceDatabasePopulator(new ClassPathResource(
					"io/github/polarspring/webhook/%s/schema-%s.sql".formatted(directory, platform())))
				.execute(this.dataSource);
		}
		PolarCatchUp.Builder.checkDatabase(this.dataSource, this.transactions);
	}

	@AfterEach
	void close() {
		this.polar.close();
	}

	@Test
	void eventsThatPolarCouldNotDeliverReachTheInboxUnderTheirOwnIdsOldestFirst() {
		String late = delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)), false);
		String early = delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(3)), null);
		delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(2)), true);
		delivery("order.paid", UUID.randomUUID(), SINCE.minus(Duration.ofHours(1)), false);
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.complete()).isTrue();
		assertThat(report.recovered()).isEqualTo(Map.of("order.paid", 2));
		assertThat(report.delivered()).isOne();
		assertThat(stored()).containsExactly(early, late);
		assertThat(report.since()).isEqualTo(SINCE);
		assertThat(report.until()).isEqualTo(NOW);
	}

	@Test
	void retryOfPolarAfterTheCatchUpIsADuplicate() {
		UUID order = UUID.randomUUID();
		String id = delivery("order.paid", order, NOW.minus(Duration.ofHours(1)), null);
		run(CatchUpRequest.since(SINCE));
		this.inbox.accept(PolarEvent.read(id, payload("order.paid", order, NOW).getBytes()));
		assertThat(stored()).containsExactly(id);
	}

	@Test
	void secondRunDoesNothing() {
		delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)), false);
		order(UUID.randomUUID(), "paid", 0);
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEqualTo(Map.of("order.paid", 1));
		CatchUpReport second = run(CatchUpRequest.since(SINCE));
		assertThat(second.recovered()).isEmpty();
		assertThat(second.rebuilt()).isEmpty();
		assertThat(second.known()).isEqualTo(2);
		assertThat(stored()).hasSize(2);
	}

	@Test
	void dryRunReportsAndChangesNothing() {
		delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)), false);
		order(UUID.randomUUID(), "paid", 0);
		CatchUpReport report = run(CatchUpRequest.since(SINCE).asDryRun());
		assertThat(report.recovered()).isEqualTo(Map.of("order.paid", 1));
		assertThat(report.rebuilt()).isEqualTo(Map.of("order.paid", 1));
		assertThat(report.dryRun()).isTrue();
		assertThat(stored()).isEmpty();
		assertThat(run(CatchUpRequest.since(SINCE)).recovered()).isEqualTo(report.recovered());
	}

	@Test
	void deliveredEventsAreProcessedOnRequestIfTheInboxDoesNotKnowThem() {
		String lost = delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(2)), true);
		UUID order = UUID.randomUUID();
		String known = delivery("order.paid", order, NOW.minus(Duration.ofHours(1)), true);
		this.inbox.accept(PolarEvent.read(known, payload("order.paid", order, NOW).getBytes()));
		CatchUpReport report = run(CatchUpRequest.since(SINCE).withDelivered());
		assertThat(report.recovered()).isEqualTo(Map.of("order.paid", 1));
		assertThat(report.known()).isOne();
		assertThat(stored()).containsExactlyInAnyOrder(known, lost);
	}

	@Test
	void eventsThatPolarNeverRecordedAreRebuiltFromResources() {
		this.types = List.of("order.created", "order.paid", "order.refunded", "refund.created", "subscription.canceled",
				"subscription.revoked", "customer.state_changed");
		UUID paid = UUID.randomUUID();
		UUID refunded = UUID.randomUUID();
		order(paid, "paid", 0);
		order(UUID.randomUUID(), "pending", 0);
		this.polar.resource("/v1/refunds/", """
				{"id":"%s","order_id":"%s","created_at":"2026-11-30T10:30:00Z","status":"succeeded","metadata":{}}"""
			.formatted(UUID.randomUUID(), refunded));
		this.polar.resource("/v1/orders/" + refunded,
				ORDER.formatted(refunded, "2026-10-01T00:00:00Z", "partially_refunded", CUSTOMER, 500));
		this.polar.resource("/v1/subscriptions/", """
				{"id":"%s","created_at":"2026-10-01T00:00:00Z","started_at":"2026-10-01T00:00:00Z","status":"active",\
				"canceled_at":"2026-11-30T09:00:00Z","customer_id":"%s","metadata":{}}""".formatted(UUID.randomUUID(),
				CUSTOMER));
		this.polar.resource("/v1/customers/" + CUSTOMER + "/state", "{\"id\":\"%s\"}".formatted(CUSTOMER));
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.rebuilt()).isEqualTo(Map.of("order.created", 2, "order.paid", 1, "order.refunded", 1,
				"refund.created", 1, "subscription.canceled", 1, "customer.state_changed", 1));
		assertThat(stored()).allMatch((id) -> id.startsWith("rebuilt-"));
		PolarEvent<?> event = read("rebuilt-order.paid-" + paid);
		assertThat(event.isRebuilt()).isTrue();
		assertThat(event.payload().path("status").asString()).isEqualTo("paid");
		assertThat(event.timestamp()).isEqualTo(NOW.minus(Duration.ofHours(2)));
	}

	@Test
	void eventThatWasDeliveredIsNotRebuilt() {
		UUID order = UUID.randomUUID();
		order(order, "paid", 0);
		delivery("order.paid", order, NOW.minus(Duration.ofHours(2)), true);
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEmpty();
		assertThat(stored()).isEmpty();
	}

	@Test
	void eventThatTheInboxHasFromAnotherEndpointIsNotRebuilt() {
		UUID order = UUID.randomUUID();
		order(order, "paid", 0);
		this.inbox.accept(PolarEvent.read("id-of-an-endpoint-that-was-deleted",
				payload("order.paid", order, NOW.minus(Duration.ofHours(2))).getBytes()));
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEmpty();
		assertThat(stored()).hasSize(1);
	}

	@Test
	void eventWhoseBodyWasDeletedIsNotRebuilt() {
		UUID order = UUID.randomUUID();
		order(order, "paid", 0);
		this.inbox.accept(PolarEvent.read("any", payload("order.paid", order, NOW).getBytes()));
		JdbcClient.create(this.dataSource).sql("UPDATE polar_webhook_event SET body = NULL, status = 'EMPTY'").update();
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEmpty();
	}

	@Test
	void renewalIsRebuiltAlthoughTheBodyOfTheLastOneWasDeleted() {
		this.clock.advance(Duration.ofDays(-30));
		this.inbox.accept(PolarEvent.read("last-month",
				payload("order.paid", UUID.randomUUID(), this.clock.instant()).getBytes()));
		JdbcClient.create(this.dataSource).sql("UPDATE polar_webhook_event SET body = NULL, status = 'EMPTY'").update();
		this.clock.advance(Duration.ofDays(30));
		order(UUID.randomUUID(), "paid", 0);
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEqualTo(Map.of("order.paid", 1));
	}

	@Test
	void changeThatPolarMayStillReportIsLeftToItAndToTheNextRun() {
		this.polar.resource("/v1/orders/",
				ORDER.formatted(UUID.randomUUID(), NOW.minus(Duration.ofMinutes(14)), "paid", CUSTOMER, 0));
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.rebuilt()).isEmpty();
		assertThat(report.notes()).anyMatch((note) -> note.startsWith("Changes after 2026-11-30T11:45:00Z"));
		this.clock.advance(Duration.ofMinutes(10));
		assertThat(run(CatchUpRequest.sinceLastRun()).rebuilt()).isEqualTo(Map.of("order.paid", 1));
	}

	@Test
	void statesOfManyCustomersAreProcessedAsFarAsTheCallsSuffice() {
		this.types = List.of("customer.state_changed");
		for (int i = 0; i < 20; i++) {
			UUID customer = UUID.randomUUID();
			this.polar.resource("/v1/subscriptions/",
					"""
							{"id":"%s","created_at":"2026-11-30T09:00:00Z","status":"active","customer_id":"%s","metadata":{}}"""
						.formatted(UUID.randomUUID(), customer));
			this.polar.resource("/v1/customers/" + customer + "/state", "{\"id\":\"%s\"}".formatted(customer));
		}
		CatchUpReport report = builder(this.inbox).maxCalls(13).build().run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(report.complete()).isFalse();
		assertThat(report.rebuilt()).isEqualTo(Map.of("customer.state_changed", 10));
	}

	@Test
	void orderThatWasPaidLateIsRebuilt() {
		this.polar.resource("/v1/orders/",
				ORDER.formatted(UUID.randomUUID(), "2026-11-20T10:00:00Z", "paid", CUSTOMER, 0));
		this.polar.resource("/v1/orders/",
				ORDER.formatted(UUID.randomUUID(), "2026-11-20T10:00:00Z", "paid", CUSTOMER, 0)
					.replace("2026-11-30T11:00:00Z", "2026-11-20T11:00:00Z"));
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEqualTo(Map.of("order.paid", 1));
		assertThat(run(CatchUpRequest.since(SINCE)).known()).isOne();
	}

	@Test
	void paymentsOfOlderOrdersAreNotedIfTheInboxDoesNotRemember() {
		this.polar.resource("/v1/orders/",
				ORDER.formatted(UUID.randomUUID(), "2026-11-20T10:00:00Z", "paid", CUSTOMER, 0));
		CatchUpReport report = catchUp(this.inbox::accept).run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(report.rebuilt()).isEmpty();
		assertThat(report.notes()).anyMatch((note) -> note.startsWith("Payments of orders that are older"));
	}

	@Test
	void deliveredEventsNeedAnInboxThatRemembers() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> catchUp(this.inbox::accept).run(CatchUpRequest.since(SINCE).withDelivered()))
			.withMessageContaining("polar.webhook.inbox: jdbc");
	}

	@Test
	void longTimeIsDividedIntoRuns() {
		String early = delivery("order.paid", UUID.randomUUID(), SINCE.plus(Duration.ofHours(1)), false);
		String late = delivery("order.paid", UUID.randomUUID(), SINCE.plus(Duration.ofHours(3)), false);
		run(CatchUpRequest.since(SINCE).until(SINCE.plus(Duration.ofHours(2))));
		assertThat(stored()).containsExactly(early);
		run(CatchUpRequest.sinceLastRun());
		assertThat(stored()).containsExactly(early, late);
	}

	@Test
	void runThatLeavesAGapIsNotTheLastOne() {
		run(CatchUpRequest.sinceLastRun());
		this.clock.advance(Duration.ofDays(3));
		Instant later = NOW.plus(Duration.ofDays(3));
		assertThat(run(CatchUpRequest.since(later.minus(Duration.ofDays(1)))).complete()).isTrue();
		assertThat(run(CatchUpRequest.since(SINCE).until(NOW.minus(Duration.ofHours(1)))).complete()).isTrue();
		assertThat(run(CatchUpRequest.sinceLastRun()).since()).isEqualTo(NOW.minus(Duration.ofHours(2)));
		assertThat(run(CatchUpRequest.sinceLastRun()).since()).isEqualTo(later.minus(Duration.ofHours(2)));
	}

	@Test
	void timeThatIsEmptyIsRejected() {
		run(CatchUpRequest.sinceLastRun());
		assertThatIllegalArgumentException()
			.isThrownBy(() -> run(CatchUpRequest.sinceLastRun().until(NOW.minus(Duration.ofHours(3)))));
		assertThat(run(CatchUpRequest.sinceLastRun()).complete()).as("the turn was given back").isTrue();
	}

	@Test
	void refundThatFailedIsNoRefund() {
		this.types = List.of("order.refunded");
		UUID order = UUID.randomUUID();
		this.polar.resource("/v1/refunds/", """
				{"id":"%s","order_id":"%s","created_at":"2026-11-30T10:30:00Z","status":"failed","metadata":{}}"""
			.formatted(UUID.randomUUID(), order));
		this.polar.resource("/v1/orders/" + order,
				ORDER.formatted(order, "2026-10-01T00:00:00Z", "partially_refunded", CUSTOMER, 500));
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEmpty();
	}

	@Test
	void deliveriesOfAllEndpointsOfTheApplicationAreRead() {
		ObjectNode second = this.polar.endpoint("https://shop.example/second", SECRET, "order.paid");
		String one = delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(2)), false);
		String two = UUID.randomUUID().toString();
		Instant time = NOW.minus(Duration.ofHours(1));
		this.polar.delivery(second, two, time, payload("order.paid", UUID.randomUUID(), time), false);
		run(CatchUpRequest.since(SINCE));
		assertThat(stored()).containsExactly(one, two);
	}

	@Test
	void secondCancellationIsRebuiltAlthoughTheFirstWasDelivered() {
		this.types = List.of("subscription.canceled");
		UUID subscription = UUID.randomUUID();
		this.polar.resource("/v1/subscriptions/", """
				{"id":"%s","created_at":"2026-10-01T00:00:00Z","status":"active",\
				"canceled_at":"2026-11-30T09:00:00Z","customer_id":"%s","metadata":{}}""".formatted(subscription,
				CUSTOMER));
		delivery("subscription.canceled", subscription, Instant.parse("2026-11-30T08:00:00Z"), true);
		assertThat(run(CatchUpRequest.since(SINCE)).rebuilt()).isEqualTo(Map.of("subscription.canceled", 1));
	}

	@Test
	void archivedEventIsReportedAndItsTypeIsNotRebuilt() {
		ObjectNode delivery = this.polar.delivery(this.endpoint, UUID.randomUUID().toString(),
				NOW.minus(Duration.ofHours(1)), payload("order.paid", UUID.randomUUID(), NOW), false);
		((ObjectNode) delivery.path("webhook_event")).putNull("payload").put("is_archived", true);
		order(UUID.randomUUID(), "paid", 0);
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.recovered()).isEmpty();
		assertThat(report.rebuilt()).isEmpty();
		assertThat(report.notes()).anyMatch((note) -> note.contains("archived") && note.contains("order.paid=1"));
	}

	@Test
	void typesThatCannotBeRebuiltAreListed() {
		this.types = List.of("order.paid", "benefit_grant.revoked", "member.created");
		assertThat(run(CatchUpRequest.since(SINCE)).notes())
			.anyMatch((note) -> note.endsWith(": benefit_grant.revoked, member.created"));
	}

	@Test
	void manyEventsAreRecoveredWithFewCalls() {
		int many = many();
		for (int i = 0; i < many; i++) {
			delivery("order.paid", UUID.randomUUID(), SINCE.plusSeconds(2L * i + 1), (i % 2 == 0) ? false : null);
		}
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.recovered()).isEqualTo(Map.of("order.paid", many));
		assertThat(count()).isEqualTo(many);
		assertThat(report.calls()).isLessThan(many / 50 + 100);
	}

	@Test
	void attemptsAtTheSameTimeAreAllRead() {
		for (int i = 0; i < 250; i++) {
			delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)).plusNanos(1000L * (i / 40)),
					false);
		}
		assertThat(run(CatchUpRequest.since(SINCE)).recovered()).isEqualTo(Map.of("order.paid", 250));
	}

	@Test
	void listThatChangesBetweenPagesLosesNothing() {
		for (int i = 0; i < 350; i++) {
			delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(5)).plusSeconds(i), false);
		}
		this.polar.afterPage(() -> {
			for (int i = 0; i < 30; i++) {
				delivery("order.paid", UUID.randomUUID(), NOW.plusSeconds(i), false);
			}
		});
		assertThat(run(CatchUpRequest.since(SINCE)).recovered()).isEqualTo(Map.of("order.paid", 350));
	}

	@Test
	void runThatWasInterruptedIsRepeatedWithoutDoingAnythingTwice() {
		for (int i = 0; i < 500; i++) {
			delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(5)).plusSeconds(i), false);
		}
		AtomicInteger accepted = new AtomicInteger();
		PolarWebhookInbox dying = (event) -> {
			if (accepted.incrementAndGet() > 200) {
				throw new StackOverflowError("killed");
			}
			return this.inbox.accept(event);
		};
		CatchUpReport first = catchUp(dying).run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(first.complete()).isFalse();
		assertThat(count()).isEqualTo(200);
		CatchUpReport second = run(CatchUpRequest.since(SINCE));
		assertThat(second.known()).isEqualTo(200);
		assertThat(second.recovered()).isEqualTo(Map.of("order.paid", 300));
		assertThat(count()).isEqualTo(500);
	}

	@Test
	void twoInstancesDoNotRunAtTheSameTime() throws Exception {
		delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)), false);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		PolarCatchUp slow = catchUp((event) -> {
			begun.countDown();
			await(proceed);
			return this.inbox.accept(event);
		});
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<Optional<CatchUpReport>> running = executor.submit(() -> slow.run(CatchUpRequest.since(SINCE)));
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(slow.isRunning()).isTrue();
			assertThat(slow.latest().orElseThrow().complete()).isFalse();
			assertThat(catchUp(this.inbox).run(CatchUpRequest.since(SINCE))).isEmpty();
			proceed.countDown();
			assertThat(running.get(10, TimeUnit.SECONDS).orElseThrow().complete()).isTrue();
			assertThat(slow.isRunning()).isFalse();
			assertThat(run(CatchUpRequest.since(SINCE)).known()).isOne();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void turnOfAnInstanceThatWasKilledEnds() {
		JdbcCatchUpTurn turn = new JdbcCatchUpTurn(this.dataSource, this.transactions, this.clock);
		UUID killed = UUID.randomUUID();
		assertThat(turn.take(killed)).isTrue();
		assertThat(catchUp(this.inbox).run(CatchUpRequest.since(SINCE))).isEmpty();
		this.clock.advance(Duration.ofMinutes(3));
		assertThat(catchUp(this.inbox).run(CatchUpRequest.since(SINCE))).isPresent();
		assertThat(turn.keep(killed)).isFalse();
	}

	@Test
	void runThatLostItsTurnEnds() {
		delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(1)), false);
		JdbcCatchUpTurn turn = new JdbcCatchUpTurn(this.dataSource, this.transactions, this.clock);
		PolarCatchUp sleeping = catchUp((event) -> {
			this.clock.advance(Duration.ofMinutes(4));
			assertThat(turn.take(UUID.randomUUID())).isTrue();
			return this.inbox.accept(event);
		});
		CatchUpReport report = sleeping.run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(report.complete()).isFalse();
		assertThat(report.notes()).anyMatch((note) -> note.contains("Another run has begun"));
	}

	@Test
	void nextRunBeginsTwoHoursBeforeTheEndOfTheLastCompleteOne() {
		assertThat(run(CatchUpRequest.sinceLastRun()).since()).isEqualTo(NOW.minus(Duration.ofDays(7)));
		this.clock.advance(Duration.ofHours(5));
		this.polar.fail("/deliveries", 500);
		CatchUpReport failed = run(CatchUpRequest.sinceLastRun());
		assertThat(failed.since()).isEqualTo(NOW.minus(Duration.ofHours(2)));
		assertThat(failed.complete()).isFalse();
		assertThat(failed.notes()).anyMatch((note) -> note.contains("500"));
		this.polar.recover();
		run(CatchUpRequest.since(NOW).asDryRun());
		assertThat(run(CatchUpRequest.sinceLastRun()).since()).isEqualTo(NOW.minus(Duration.ofHours(2)));
	}

	@Test
	void missingScopeIsNamedAndTheTurnIsGivenBack() {
		this.polar.fail("/deliveries", 403);
		PolarCatchUp catchUp = catchUp(this.inbox);
		assertThatExceptionOfType(PolarPermissionException.class)
			.isThrownBy(() -> catchUp.run(CatchUpRequest.since(SINCE)))
			.withMessageContaining("Add 'webhooks:read'");
		assertThat(catchUp.latest().orElseThrow().notes()).anyMatch((note) -> note.contains("Add 'webhooks:read'"));
		this.polar.recover();
		assertThat(catchUp.run(CatchUpRequest.since(SINCE)).orElseThrow().complete()).isTrue();
	}

	@Test
	void inboxThatAcceptsNothingEndsTheRun() {
		for (int i = 0; i < 100; i++) {
			delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(5)).plusSeconds(i), false);
		}
		AtomicInteger attempts = new AtomicInteger();
		CatchUpReport report = catchUp((event) -> {
			attempts.incrementAndGet();
			throw new IllegalStateException("The listener fails");
		}).run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(report.complete()).isFalse();
		assertThat(report.failed()).isEqualTo(Map.of("order.paid", 20));
		assertThat(attempts).hasValue(20);
	}

	@Test
	void numberOfCallsIsLimited() {
		for (int i = 0; i < 2000; i++) {
			delivery("order.paid", UUID.randomUUID(), NOW.minus(Duration.ofHours(5)).plusSeconds(i), false);
		}
		CatchUpReport report = builder(this.inbox).maxCalls(12).build().run(CatchUpRequest.since(SINCE)).orElseThrow();
		assertThat(report.complete()).isFalse();
		assertThat(report.calls()).isEqualTo(12);
	}

	@Test
	void missingEndpointLeavesTheResources() {
		this.polar.delete(this.endpoint);
		order(UUID.randomUUID(), "paid", 0);
		CatchUpReport report = run(CatchUpRequest.since(SINCE));
		assertThat(report.rebuilt()).isEqualTo(Map.of("order.paid", 1));
		assertThat(report.complete()).isFalse();
		assertThat(report.notes()).anyMatch((note) -> note.contains("no webhook endpoint"));
	}

	@Test
	void stoppedCatchUpRunsNoMore() {
		PolarCatchUp catchUp = catchUp(this.inbox);
		catchUp.stop();
		assertThat(catchUp.run(CatchUpRequest.since(SINCE))).isEmpty();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private CatchUpReport run(CatchUpRequest request) {
		return catchUp(this.inbox).run(request).orElseThrow();
	}

	private PolarCatchUp catchUp(PolarWebhookInbox inbox) {
		return builder(inbox).build();
	}

	private PolarCatchUp.Builder builder(PolarWebhookInbox inbox) {
		PolarWebhookEndpoints endpoints = new PolarWebhookEndpoints(this.polar.client(), () -> new Needs(Set.of(SECRET),
				null, "/webhooks/polar", Set.copyOf(this.types), Set.of(), false, "2026-10"), this.clock);
		return PolarCatchUp
			.builder(this.polar.client(), endpoints, PolarWebhookReceiver.builderForApi(inbox).build(), inbox)
			.database(this.dataSource, this.transactions)
			.pause(Duration.ZERO)
			.clock(this.clock);
	}

	private String delivery(String type, UUID objectId, Instant time, Boolean succeeded) {
		String id = UUID.randomUUID().toString();
		this.polar.delivery(this.endpoint, id, time, payload(type, objectId, time), succeeded);
		return id;
	}

	private static String payload(String type, UUID objectId, Instant time) {
		return """
				{"type":"%s","timestamp":"%s","data":{"id":"%s","customer_id":"%s","metadata":{},"customer":{}}}"""
			.formatted(type, time, objectId, CUSTOMER);
	}

	private void order(UUID id, String status, long refunded) {
		this.polar.resource("/v1/orders/", ORDER.formatted(id, "2026-11-30T10:00:00Z", status, CUSTOMER, refunded));
	}

	private List<String> stored() {
		return new ArrayList<>(JdbcClient.create(this.dataSource)
			.sql("SELECT id FROM polar_webhook_event ORDER BY lane, lane_order")
			.query(String.class)
			.list());
	}

	private int count() {
		return JdbcClient.create(this.dataSource)
			.sql("SELECT COUNT(*) FROM polar_webhook_event")
			.query(Integer.class)
			.single();
	}

	private PolarEvent<?> read(String prefix) {
		return JdbcClient.create(this.dataSource)
			.sql("SELECT id, body FROM polar_webhook_event WHERE id LIKE :prefix")
			.param("prefix", prefix + "%")
			.query((row, index) -> PolarEvent.read(row.getString("id"), row.getBytes("body")))
			.single();
	}

}
