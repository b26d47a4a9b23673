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

package io.github.polarspring.webhook.jdbc;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarDeadLetters.DeadLetter;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventMetadata;
import io.github.polarspring.webhook.PolarIdentityMismatch;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the inbox in a database, by what the application and its database see.
 */
@ExtendWith(OutputCaptureExtension.class)
class JdbcWebhookInboxTests {

	private static final String ALICE = "a11ce000-0000-4000-8000-000000000000";

	private static final String BOB = "b0b00000-0000-4000-8000-000000000000";

	private static final List<String> heard = new CopyOnWriteArrayList<>();

	private static final Set<String> broken = ConcurrentHashMap.newKeySet();

	private final MutableClock clock = new MutableClock();

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class,
				PolarWebhookAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
		.withBean(Clock.class, () -> this.clock)
		.withPropertyValues("polar.webhook.secret=" + Signed.SECRET, "polar.webhook.inbox=jdbc",
				"polar.webhook.jdbc.poll-interval=10ms", "polar.webhook.jdbc.acknowledge-within=20s",
				"spring.datasource.generate-unique-name=true");

	@BeforeEach
	void forget() {
		heard.clear();
		broken.clear();
	}

	private void run(Class<?> listeners, ContextConsumer<? super AssertableWebApplicationContext> consumer) {
		this.runner.withBean(listeners).run(consumer);
	}

	private static PolarEvent<?> event(String id, String customer) {
		return event(id, "order.paid", """
				{"id":"%s","customer_id":"%s","description":"%s"}""".formatted(UUID.randomUUID(), customer, id));
	}

	private static PolarEvent<?> event(String id, String type, String data) {
		return PolarEvent.read(id,
				"{\"type\":\"%s\",\"timestamp\":\"2026-08-22T09:31:40Z\",\"data\":%s}".formatted(type, data)
					.getBytes(StandardCharsets.UTF_8));
	}

	private static Receipt accept(ApplicationContext context, PolarEvent<?> event) {
		return context.getBean(PolarWebhookInbox.class).accept(event);
	}

	private static Map<String, Object> row(ApplicationContext context, String id) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT * FROM polar_webhook_event WHERE id = ?")
			.param(id)
			.query()
			.singleRow();
	}

	private static String status(ApplicationContext context, String id) {
		return (String) row(context, id).get("status");
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up; heard so far: " + heard).isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
		}
	}

	@Test
	void eventIsDoneWhenItIsAcknowledged() {
		run(Recorder.class, (context) -> {
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("first:1", "second:1");
			assertThat(row(context, "1")).containsEntry("status", "DONE")
				.containsEntry("event_type", "order.paid")
				.containsEntry("lane", ALICE)
				.containsEntry("received_at", this.clock.millis())
				.containsEntry("attempts", 0)
				.containsEntry("handled_by", null);
		});
	}

	@Test
	void bodyIsStoredByteForByte() {
		byte[] body = "{ \"type\":\"order.paid\" ,\"data\":{\"amount\":1.10,\"description\":\"caf\\u00e9 ✓ é\"}}"
			.getBytes(StandardCharsets.UTF_8);
		run(Recorder.class, (context) -> {
			accept(context, PolarEvent.read("1", body));
			assertThat(context.getBean(JdbcClient.class)
				.sql("SELECT body FROM polar_webhook_event")
				.query((row, index) -> row.getBytes(1))
				.single()).isEqualTo(body);
		});
	}

	@Test
	void repeatedEventIsHandledOnce() {
		run(Recorder.class, (context) -> {
			PolarEvent<?> event = event("1", ALICE);
			assertThat(accept(context, event)).isEqualTo(Receipt.ACCEPTED);
			assertThat(accept(context, event)).isEqualTo(Receipt.ACCEPTED);
			accept(context, event("2", ALICE));
			assertThat(heard).containsExactly("first:1", "second:1", "first:2", "second:2");
		});
	}

	@Test
	void eventThatIsBeingHandledIsAcknowledgedAndNotHandledTwice() {
		run(Slow.class, (context) -> {
			Slow slow = context.getBean(Slow.class);
			CompletableFuture<Receipt> first = CompletableFuture.supplyAsync(() -> accept(context, event("1", ALICE)));
			assertThat(slow.called.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
			slow.proceed.countDown();
			assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Receipt.ACCEPTED);
			accept(context, event("2", ALICE));
			assertThat(heard).containsExactly("slow:1", "slow:2");
		});
	}

	@Test
	void acknowledgementDoesNotWaitForLong() {
		this.runner.withBean(Slow.class)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=50ms")
			.run((context) -> {
				assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
				assertThat(status(context, "1")).isEqualTo("NEW");
				context.getBean(Slow.class).proceed.countDown();
				await(() -> status(context, "1").equals("DONE"));
			});
	}

	@Test
	void onlyTheListenerThatFailedIsCalledAgain() {
		run(Recorder.class, (context) -> {
			broken.add("first:1");
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("second:1");
			assertThat(row(context, "1")).containsEntry("status", "NEW")
				.containsEntry("attempts", 1)
				.containsEntry("failure", Recorder.class.getName() + "#first: java.lang.IllegalStateException")
				.containsEntry("failing_since", this.clock.millis());
			assertThat((String) row(context, "1").get("handled_by")).contains("#second").doesNotContain("#first");
			broken.clear();
			this.clock.advance(Duration.ofSeconds(1));
			await(() -> status(context, "1").equals("DONE"));
			assertThat(heard).containsExactly("second:1", "first:1");
			assertThat(row(context, "1")).containsEntry("handled_by", null).containsEntry("failure", null);
		});
	}

	@Test
	void errorCountsAsFailure() {
		run(Recorder.class, (context) -> {
			broken.add("error:1");
			accept(context, event("1", ALICE));
			assertThat(row(context, "1")).containsEntry("failure",
					Recorder.class.getName() + "#second: java.lang.StackOverflowError");
			broken.clear();
			this.clock.advance(Duration.ofSeconds(1));
			await(() -> status(context, "1").equals("DONE"));
		});
	}

	@Test
	void listenerThatInterruptsItsThreadDisturbsNoOne() {
		this.runner.withBean(Interrupting.class).withPropertyValues("polar.webhook.jdbc.workers=1").run((context) -> {
			for (String id : List.of("1", "2", "3")) {
				accept(context, event(id, ALICE));
				assertThat(status(context, id)).isEqualTo("DONE");
			}
			assertThat(heard).containsExactly("false", "false", "false");
		});
	}

	@Test
	void eventThatCannotBeReadIsGivenUpAndNoOneElseWaitsForIt() {
		WebApplicationContextRunner runner = sharedDatabase().withBean(Recorder.class);
		runner.withPropertyValues("polar.webhook.jdbc.workers=0").run((context) -> {
			accept(context, event("1", ALICE));
			context.getBean(JdbcClient.class).sql("UPDATE polar_webhook_event SET body = X'7b'").update();
			accept(context, event("2", BOB));
			accept(context, event("3", ALICE));
		});
		runner.withPropertyValues("polar.webhook.jdbc.hold-for=0").run((context) -> {
			await(() -> heard.contains("second:2") && heard.contains("second:3"));
			assertThat(row(context, "1")).containsEntry("status", "DEAD");
			assertThat(context.getBean(PolarDeadLetters.class).list(10)).hasSize(1);
		});
	}

	private WebApplicationContextRunner sharedDatabase() {
		return this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
	}

	@Test
	void listenerThatThisInstanceDoesNotHaveIsWaitedFor() {
		WebApplicationContextRunner runner = sharedDatabase();
		runner.withBean(Recorder.class)
			.withBean(Newcomer.class)
			.withPropertyValues("polar.webhook.jdbc.workers=0")
			.run((context) -> {
				accept(context, event("1", ALICE));
				accept(context, event("2", "novel.thing", "{}"));
			});
		runner.withBean(Recorder.class).run((context) -> {
			await(() -> heard.contains("second:1") && (int) row(context, "1").get("attempts") > 0);
			assertThat(row(context, "1")).containsEntry("status", "NEW");
			assertThat((String) row(context, "1").get("failure")).contains(Newcomer.class.getName() + "#hear");
			await(() -> status(context, "2").equals("DONE"));
		});
		this.clock.advance(Duration.ofSeconds(1));
		runner.withBean(Recorder.class).withBean(Newcomer.class).run((context) -> {
			await(() -> status(context, "1").equals("DONE"));
			assertThat(heard).containsExactly("first:1", "second:1", "newcomer:1");
		});
	}

	@Test
	void whoOnlyStoresKeepsWhatOthersMayWant() {
		WebApplicationContextRunner runner = sharedDatabase();
		runner.withPropertyValues("polar.webhook.jdbc.workers=0").run((context) -> accept(context, event("1", ALICE)));
		runner.withBean(Recorder.class).run((context) -> {
			await(() -> status(context, "1").equals("DONE"));
			assertThat(heard).containsExactly("first:1", "second:1");
		});
	}

	@Test
	void clockOfWhoStoredItDoesNotMatter() {
		WebApplicationContextRunner runner = sharedDatabase().withBean(Recorder.class);
		this.clock.advance(Duration.ofDays(1));
		runner.withPropertyValues("polar.webhook.jdbc.workers=0").run((context) -> accept(context, event("1", ALICE)));
		this.clock.advance(Duration.ofDays(-1));
		runner.run((context) -> await(() -> status(context, "1").equals("DONE")));
	}

	/**
	 * Between the two statements of who puts it back, an event comes in and is handled.
	 */
	@Test
	void deadLetterIsNotPutInFrontOfWhatCameMeanwhile() {
		Meddler meddler = new Meddler();
		this.runner.withBean(Recorder.class).withBean(Meddler.class, () -> meddler).run((context) -> {
			park(context, "1", ALICE);
			broken.clear();
			heard.clear();
			meddler.before("UPDATE polar_webhook_event SET status = 'NEW'", () -> accept(context, event("2", ALICE)));
			assertThat(context.getBean(PolarDeadLetters.class).requeue("1")).isTrue();
			await(() -> status(context, "1").equals("DONE"));
			assertThat(heard).containsExactly("first:2", "second:2", "late:1", "first:1");
		});
	}

	@Test
	void failureAfterTheCommitIsSaid(CapturedOutput output) {
		this.runner.withBean(FailingLate.class).withBean(Observer.class).run((context) -> {
			accept(context, event("1", ALICE));
			assertThat(status(context, "1")).isEqualTo("DONE");
			await(() -> output.getAll().contains("too late") && heard.contains("observed:1:false"));
		});
	}

	@Test
	void observerThatFailsStopsNothing() {
		this.runner.withBean(Recorder.class)
			.withBean(FailingObserver.class)
			.withPropertyValues("polar.webhook.jdbc.workers=1")
			.run((context) -> {
				for (String id : List.of("1", "2", "3")) {
					accept(context, event(id, ALICE));
					assertThat(status(context, id)).isEqualTo("DONE");
				}
			});
	}

	@Test
	void failingEventHoldsItsCustomerAndNoOneElse(CapturedOutput output) {
		this.runner.withBean(Recorder.class)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=100ms")
			.run((context) -> {
				broken.add("first:1");
				accept(context, event("1", ALICE));
				await(() -> heard.contains("second:1"));
				accept(context, event("2", ALICE));
				accept(context, event("3", BOB));
				assertThat(heard).containsExactly("second:1", "first:3", "second:3");
				assertThat(context.getBean(PolarWebhookInbox.class)).isInstanceOfSatisfying(JdbcWebhookInbox.class,
						(inbox) -> {
							this.clock.advance(Duration.ofMillis(700));
							assertThat(inbox.backlog())
								.isEqualTo(new JdbcWebhookInbox.Backlog(2, Duration.ofMillis(700), 1, 0));
						});
				Instant begin = this.clock.instant();
				while (status(context, "1").equals("NEW")) {
					int attempts = (int) row(context, "1").get("attempts");
					assertThat(status(context, "2")).isEqualTo("NEW");
					this.clock.advance(Duration.ofSeconds(20));
					assertThat(Duration.between(begin, this.clock.instant())).isLessThan(Duration.ofSeconds(330));
					long due = (long) row(context, "1").get("due_at");
					if (due <= this.clock.millis()) {
						await(() -> status(context, "1").equals("DEAD")
								|| (int) row(context, "1").get("attempts") > attempts);
					}
				}
				assertThat(Duration.between(begin, this.clock.instant())).isGreaterThan(Duration.ofSeconds(280));
				await(() -> status(context, "2").equals("DONE"));
				assertThat(heard).containsExactly("second:1", "first:3", "second:3", "first:2", "second:2");
				// it is logged after the row is updated
				await(() -> output.getAll().contains("was moved to the dead letters"));
				assertThat(output.getAll().lines().filter((line) -> line.contains("was moved to the dead letters")))
					.hasSize(1)
					.allSatisfy((line) -> assertThat(line).contains("WARN", "PolarEvent[type=order.paid, id=1]")
						.doesNotContain(ALICE, "secret words"));
				assertThat(output.getAll().lines().filter((line) -> line.contains("failed for the event"))).hasSize(1);
			});
	}

	@Test
	void attemptsGetRarer() {
		run(Recorder.class, (context) -> {
			broken.add("first:1");
			accept(context, event("1", ALICE));
			for (long longest : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
				long delay = (long) row(context, "1").get("due_at") - this.clock.millis();
				assertThat(delay).isBetween(longest * 750, longest * 1000);
				int attempts = (int) row(context, "1").get("attempts");
				this.clock.advance(Duration.ofMillis(delay));
				await(() -> (int) row(context, "1").get("attempts") > attempts);
			}
		});
	}

	@Test
	void deadLetterIsHandledWhenItIsSentAgain() {
		run(Recorder.class, (context) -> {
			park(context, "1", ALICE);
			broken.clear();
			accept(context, event("2", ALICE));
			heard.clear();
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("late:1", "first:1");
			assertThat(status(context, "1")).isEqualTo("DONE");
		});
	}

	@Test
	void deadLetterIsPutBack() {
		run(Recorder.class, (context) -> {
			park(context, "1", ALICE);
			PolarDeadLetters deadLetters = context.getBean(PolarDeadLetters.class);
			assertThat(deadLetters.list(10)).singleElement().satisfies((letter) -> {
				assertThat(letter.id()).isEqualTo("1");
				assertThat(letter.type()).isEqualTo("order.paid");
				assertThat(letter.deadSince()).isEqualTo(this.clock.instant());
				assertThat(letter.receivedAt()).isBefore(letter.deadSince());
				assertThat(letter.attempts()).isEqualTo(2);
				assertThat(letter.failure()).endsWith("#first: java.lang.IllegalStateException");
				assertThat(letter.toString()).doesNotContain(ALICE);
			});
			assertThat(deadLetters.find("1")).map(DeadLetter::attempts).contains(2);
			assertThat(deadLetters.find("2")).isEmpty();
			assertThat(deadLetters.read("1").map(PolarEvent::type)).contains("order.paid");
			assertThat(deadLetters.read("2")).isEmpty();
			assertThat(deadLetters.requeue("2")).isFalse();
			heard.clear();
			broken.clear();
			assertThat(deadLetters.requeue("1")).isTrue();
			await(() -> status(context, "1").equals("DONE"));
			assertThat(heard).as("nothing overtook it, and the other listener had done it").containsExactly("first:1");
			assertThat(deadLetters.requeue("1")).isFalse();
			assertThat(deadLetters.list(10)).isEmpty();
		});
	}

	@Test
	void deadLettersThatArePutBackInTheirOrderAreNotOutOfOrder() {
		run(Recorder.class, (context) -> {
			park(context, "1", ALICE);
			park(context, "2", ALICE);
			broken.clear();
			heard.clear();
			assertThat(context.getBean(PolarDeadLetters.class).requeueAll()).isEqualTo(2);
			await(() -> {
				// an attempt that failed may not have ended yet
				this.clock.advance(Duration.ofMillis(50));
				return status(context, "2").equals("DONE");
			});
			assertThat(heard).containsExactly("first:1", "first:2");
		});
	}

	@Test
	void deadLetterWithoutAListenerStaysWhatItIs() {
		WebApplicationContextRunner runner = sharedDatabase();
		runner.withBean(Recorder.class).run((context) -> park(context, "1", ALICE));
		broken.clear();
		runner.run((context) -> {
			assertThat(context.getBean(PolarDeadLetters.class).requeue("1")).isFalse();
			assertThat(context.getBean(PolarDeadLetters.class).requeueAll()).isZero();
			assertThat(row(context, "1")).containsEntry("status", "DEAD");
		});
		runner.withBean(Recorder.class).run((context) -> {
			assertThat(context.getBean(PolarDeadLetters.class).requeue("1")).isTrue();
			await(() -> status(context, "1").equals("DONE"));
		});
	}

	@Test
	void allDeadLettersArePutBack() {
		run(Recorder.class, (context) -> {
			park(context, "1", ALICE);
			park(context, "2", BOB);
			broken.clear();
			assertThat(context.getBean(PolarDeadLetters.class).requeueAll()).isEqualTo(2);
			await(() -> status(context, "1").equals("DONE") && status(context, "2").equals("DONE"));
			assertThat(context.getBean(PolarDeadLetters.class).requeueAll()).isZero();
		});
	}

	private void park(ApplicationContext context, String id, String customer) {
		broken.add("first:" + id);
		accept(context, event(id, customer));
		this.clock.advance(Duration.ofMinutes(5));
		await(() -> status(context, id).equals("DEAD"));
	}

	@Test
	void whatAListenerWroteIsCommittedWithTheMarkOrNotAtAll() {
		run(Writing.class, (context) -> {
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			jdbc.sql("CREATE TABLE license (id VARCHAR(10))").update();
			broken.add("after:1");
			accept(context, event("1", ALICE));
			assertThat(heard).contains("transaction:1");
			assertThat(jdbc.sql("SELECT COUNT(*) FROM license").query(Long.class).single()).isZero();
			broken.clear();
			await(() -> {
				// the attempt that fails may not have ended yet
				this.clock.advance(Duration.ofMillis(50));
				return status(context, "1").equals("DONE");
			});
			assertThat(jdbc.sql("SELECT id FROM license").query(String.class).list()).containsExactly("1");
		});
	}

	@Test
	void eventThatNoOneWantsIsDoneAtOnceAndNotKept() {
		run(Recorder.class, (context) -> {
			accept(context, event("1", "novel.thing", "{\"secret\":\"words\"}"));
			assertThat(row(context, "1")).containsEntry("status", "EMPTY").containsEntry("body", null);
			accept(context, event("1", "novel.thing", "{\"secret\":\"words\"}"));
			assertThat(heard).isEmpty();
		});
	}

	@Test
	void handledEventsOfACustomerAreErased() {
		this.runner.withBean(Recorder.class)
			.withBean(Checkouts.class)
			.withPropertyValues("polar.webhook.jdbc.hold-for=1s", "polar.webhook.jdbc.acknowledge-within=0s")
			.run((context) -> {
				String checkout = "{\"id\":\"c1\",\"customer_email\":\"alice@example.com\",\"customer_id\":%s}";
				accept(context, event("open", "checkout.updated", checkout.formatted("null")));
				accept(context, event("succeeded", "checkout.updated", checkout.formatted("\"" + ALICE + "\"")));
				accept(context, event("ordered", "order.paid",
						"{\"customer_id\":\"%s\",\"checkout_id\":\"c2\"}".formatted(ALICE)));
				accept(context, event("of c2", "checkout.updated", "{\"id\":\"c2\"}"));
				accept(context, event("abandoned", "checkout.updated", "{\"id\":\"c3\"}"));
				accept(context, event("of bob", BOB));
				await(() -> List.of("open", "succeeded", "ordered", "of c2", "abandoned", "of bob")
					.stream()
					.allMatch((id) -> status(context, id).equals("DONE")));
				broken.addAll(List.of("first:dead", "first:failing"));
				accept(context, event("dead", ALICE));
				await(() -> row(context, "dead").get("attempts").equals(1));
				this.clock.advance(Duration.ofSeconds(2));
				await(() -> status(context, "dead").equals("DEAD"));
				accept(context, event("failing", ALICE));
				await(() -> row(context, "failing").get("attempts").equals(1));

				for (int i = 0; i < 2; i++) {
					context.getBean(CustomerDataEraser.class).erase(UUID.fromString(ALICE));
					for (String id : List.of("open", "succeeded", "ordered", "of c2")) {
						assertThat(row(context, id)).containsEntry("status", "EMPTY").containsEntry("body", null);
					}
					assertThat(status(context, "abandoned")).isEqualTo("DONE");
					assertThat(status(context, "of bob")).isEqualTo("DONE");
					assertThat(status(context, "dead")).isEqualTo("DEAD");
					assertThat(status(context, "failing")).isEqualTo("NEW");
				}

				accept(context, event("ordered", ALICE));
				assertThat(heard).containsOnlyOnce("first:ordered");
				broken.clear();
				this.clock.advance(Duration.ofSeconds(1));
				await(() -> status(context, "failing").equals("DONE"));
				assertThat(context.getBean(PolarDeadLetters.class).requeue("dead")).isTrue();
				await(() -> status(context, "dead").equals("DONE"));
			});
	}

	@Test
	void inboxOfTheApplicationIsWarnedAbout(CapturedOutput output) {
		PolarWebhookInbox own = mock();
		this.runner.withBean(PolarWebhookInbox.class, () -> own).run((context) -> {
			context.getBean(CustomerDataEraser.class).erase(UUID.fromString(ALICE));
			assertThat(output).contains("The events of customer " + ALICE + " were not erased");
		});
	}

	@Test
	void observersGetACopyWhenAllIsCommitted() {
		this.runner.withBean(Recorder.class).withBean(Observer.class).run((context) -> {
			accept(context, event("1", ALICE));
			accept(context, event("2", "novel.thing", "{}"));
			accept(context, event("3", "order.paid",
					"{\"metadata\":{\"external_customer_id\":\"alice\"},\"customer\":{\"external_id\":\"bob\"}}"));
			await(() -> heard
				.containsAll(List.of("observed:1:false", "observed:2:false", "observed:3:false", "mismatch:3")));
			assertThat(heard).contains("mismatch:3", "observed:2:false")
				.containsSubsequence("first:1", "second:1", "observed:1:false")
				.containsSubsequence("first:3", "second:3", "observed:3:false");
		});
	}

	@Test
	void databaseThatIsDownLosesNothing(CapturedOutput output) {
		Outage outage = new Outage();
		this.runner.withBean(Recorder.class).withBean(Outage.class, () -> outage).run((context) -> {
			outage.down = true;
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.LATER);
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.LATER);
			await(() -> output.getAll().contains("It will retry"));
			assertThat(output.getAll().split("Webhooks cannot be stored")).as("said once").hasSize(2);
			outage.down = false;
			assertThat(accept(context, event("1", ALICE))).isEqualTo(Receipt.ACCEPTED);
			await(() -> heard.contains("second:1"));
		});
	}

	@Test
	void stopWaitsForTheListenerAndLeavesTheRest() {
		this.runner.withBean(Slow.class)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=0", "polar.webhook.jdbc.workers=1")
			.run((context) -> {
				Slow slow = context.getBean(Slow.class);
				accept(context, event("1", ALICE));
				assertThat(slow.called.await(10, TimeUnit.SECONDS)).isTrue();
				accept(context, event("2", BOB));
				CompletableFuture<Void> stopping = CompletableFuture
					.runAsync(context.getSourceApplicationContext()::stop);
				await(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.anyMatch((thread) -> thread.getName().equals("polar-inbox-stop")
							&& thread.getState() == Thread.State.TIMED_WAITING));
				assertThat(stopping).isNotDone();
				slow.proceed.countDown();
				stopping.get(10, TimeUnit.SECONDS);
				assertThat(status(context, "1")).isEqualTo("DONE");
				assertThat(status(context, "2")).isEqualTo("NEW");
				accept(context, event("3", ALICE));
				assertThat(status(context, "3")).as("is stored all the same").isEqualTo("NEW");
				context.getSourceApplicationContext().start();
				await(() -> status(context, "2").equals("DONE") && status(context, "3").equals("DONE"));
			});
	}

	@Test
	void whatWasLeftIsHandledAfterTheStart() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		WebApplicationContextRunner runner = this.runner.withPropertyValues("spring.datasource.url=" + url);
		runner.withBean(Recorder.class).withPropertyValues("polar.webhook.jdbc.workers=0").run((context) -> {
			accept(context, event("1", ALICE));
			accept(context, event("2", ALICE));
			assertThat(status(context, "1")).isEqualTo("NEW");
		});
		assertThat(heard).isEmpty();
		runner.withBean(Recorder.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				await(() -> heard.contains("second:2"));
				assertThat(heard).containsExactly("first:1", "second:1", "first:2", "second:2");
			});
	}

	@Test
	void payloadAndIdAreDeletedInTheirTime() {
		this.runner.withBean(Recorder.class).run((context) -> {
			accept(context, event("done", ALICE));
			park(context, "dead", BOB);
			this.clock.advance(Duration.ofDays(13));
			accept(context, event("later", ALICE));
			assertThat(row(context, "done").get("body")).isNotNull();
			this.clock.advance(Duration.ofDays(2));
			await(() -> row(context, "done").get("body") == null);
			assertThat(row(context, "later").get("body")).isNotNull();
			heard.clear();
			accept(context, event("done", ALICE));
			this.clock.advance(Duration.ofDays(80));
			accept(context, event("done", ALICE));
			assertThat(heard).as("its id is known still").isEmpty();
			this.clock.advance(Duration.ofDays(6));
			await(() -> context.getBean(JdbcClient.class)
				.sql("SELECT COUNT(*) FROM polar_webhook_event WHERE id = 'done'")
				.query(Long.class)
				.single() == 0);
			accept(context, event("last", ALICE));
			this.clock.advance(Duration.ofDays(1000));
			await(() -> context.getBean(JdbcClient.class)
				.sql("SELECT COUNT(*) FROM polar_webhook_event WHERE id = 'later'")
				.query(Long.class)
				.single() == 0);
			assertThat(row(context, "last")).as("has the place that the next one follows")
				.containsEntry("status", "EMPTY");
			assertThat(row(context, "dead")).containsEntry("status", "DEAD");
			assertThat(row(context, "dead").get("body")).isNotNull();
		});
	}

	static class Recorder {

		@PolarEventListener("order.paid")
		@Order(1)
		void first(PolarEvent<?> event) {
			if (event.isOutOfOrder()) {
				heard.add("late:" + event.id());
			}
			record("first", event.id());
		}

		@PolarEventListener("order.paid")
		@Order(2)
		void second(PolarEventMetadata event) {
			if (broken.contains("error:" + event.id())) {
				throw new StackOverflowError();
			}
			record("second", event.id());
		}

		private void record(String listener, String id) {
			if (broken.contains(listener + ":" + id)) {
				throw new IllegalStateException("secret words");
			}
			heard.add(listener + ":" + id);
		}

	}

	static class Checkouts {

		@PolarEventListener("checkout.updated")
		void checkout() {
		}

	}

	static class Slow {

		private final CountDownLatch called = new CountDownLatch(1);

		private final CountDownLatch proceed = new CountDownLatch(1);

		@PolarEventListener("order.paid")
		void slow(PolarEventMetadata event) throws InterruptedException {
			this.called.countDown();
			assertThat(this.proceed.await(20, TimeUnit.SECONDS)).isTrue();
			heard.add("slow:" + event.id());
		}

	}

	static class Interrupting {

		@PolarEventListener("order.paid")
		void interrupt() {
			heard.add(String.valueOf(Thread.currentThread().isInterrupted()));
			Thread.currentThread().interrupt();
		}

	}

	static class Newcomer {

		@PolarEventListener("order.paid")
		void hear(PolarEventMetadata event) {
			heard.add("newcomer:" + event.id());
		}

	}

	static class FailingLate {

		@PolarEventListener("order.paid")
		void hear() {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					throw new IllegalStateException("too late");
				}

			});
		}

	}

	static class FailingObserver implements ApplicationListener<PayloadApplicationEvent<PolarEvent<?>>> {

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<PolarEvent<?>> event) {
			if (event.getPayload().id().equals("1")) {
				throw new StackOverflowError();
			}
			FailingObserver.<RuntimeException>sneak(new IOException("checked, from another language"));
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void sneak(Throwable ex) throws T {
			throw (T) ex;
		}

	}

	static class Writing {

		private final JdbcClient jdbc;

		Writing(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@PolarEventListener("order.paid")
		@Transactional
		void write(PolarEventMetadata event) {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			heard.add("transaction:" + event.id());
			this.jdbc.sql("INSERT INTO license (id) VALUES (?)").param(event.id()).update();
			if (broken.contains("after:" + event.id())) {
				throw new IllegalStateException("after it was written");
			}
		}

	}

	static class Observer {

		@EventListener
		void observe(PolarEvent<?> event) {
			heard.add("observed:" + event.id() + ":" + TransactionSynchronizationManager.isActualTransactionActive());
		}

		@EventListener
		void observe(PolarIdentityMismatch mismatch) {
			heard.add("mismatch:" + mismatch.event().id());
		}

	}

	/**
	 * Does something right before a statement, once.
	 */
	static class Meddler implements BeanPostProcessor {

		private final AtomicReference<Runnable> action = new AtomicReference<>();

		private volatile String statement = "";

		void before(String statement, Runnable action) {
			this.statement = statement;
			this.action.set(action);
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource dataSource) ? new DelegatingDataSource(dataSource) {

				@Override
				public Connection getConnection() throws SQLException {
					Connection connection = super.getConnection();
					return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
							new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
								if (method.getName().equals("prepareStatement")
										&& arguments[0].toString().startsWith(Meddler.this.statement)) {
									Runnable meddling = Meddler.this.action.getAndSet(null);
									if (meddling != null) {
										CompletableFuture.runAsync(meddling).get(10, TimeUnit.SECONDS);
									}
								}
								return AopUtils.invokeJoinpointUsingReflection(connection, method, arguments);
							});
				}

			} : bean;
		}

	}

	static class Outage implements BeanPostProcessor {

		private volatile boolean down;

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource dataSource) ? new DelegatingDataSource(dataSource) {

				@Override
				public Connection getConnection() throws SQLException {
					if (Outage.this.down) {
						throw new SQLException("The database is down", "08001");
					}
					return super.getConnection();
				}

			} : bean;
		}

	}

}
