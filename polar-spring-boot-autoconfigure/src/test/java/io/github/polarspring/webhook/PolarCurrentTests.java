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

package io.github.polarspring.webhook;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.client.PolarRestClientCustomizer;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.testsupport.MutableClock;
import io.github.polarspring.testsupport.Signed;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for listeners that are called with what Polar has now.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarCurrentTests {

	private static final String ID = "71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4";

	private static final String CUSTOMER = "16d10d37-0408-4ff4-a9f1-7b1791d59b80";

	private static final List<String> heard = new CopyOnWriteArrayList<>();

	private static final Map<String, String> resources = new ConcurrentHashMap<>();

	private static final List<String> calls = new CopyOnWriteArrayList<>();

	private static volatile boolean readInTransaction;

	private static volatile boolean broken;

	private static volatile CountDownLatch gate = new CountDownLatch(0);

	private static volatile HttpStatus failure = HttpStatus.NOT_FOUND;

	private static volatile @Nullable String gateway;

	private final WebApplicationContextRunner direct = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
				RestClientAutoConfiguration.class))
		.withBean(PolarRestClientCustomizer.class,
				() -> (builder) -> builder.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

					@Override
					protected ClientHttpResponse executeInternal() {
						return respond((uri.getQuery() != null) ? uri.getPath() + "?" + uri.getQuery() : uri.getPath());
					}

				}))
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.webhook.secret=" + Signed.SECRET,
				"polar.http.retry.max-attempts=1");

	private final WebApplicationContextRunner jdbc = this.direct
		.withConfiguration(
				AutoConfigurations.of(PolarJdbcInboxAutoConfiguration.class, DataSourceAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
						JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class))
		.withPropertyValues("polar.webhook.inbox=jdbc", "polar.webhook.jdbc.poll-interval=10ms",
				"polar.webhook.jdbc.acknowledge-within=20s", "spring.datasource.generate-unique-name=true");

	@BeforeEach
	void forget() {
		heard.clear();
		resources.clear();
		calls.clear();
		readInTransaction = false;
		broken = false;
		gate = new CountDownLatch(0);
		failure = HttpStatus.NOT_FOUND;
		gateway = null;
	}

	private static ClientHttpResponse respond(String path) {
		calls.add(path);
		readInTransaction |= TransactionSynchronizationManager.isActualTransactionActive();
		try {
			assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		String resource = resources.get(path);
		MockClientHttpResponse response = new MockClientHttpResponse(((resource != null) ? resource
				: (gateway != null) ? gateway
						: "{\"error\":\"%s\",\"detail\":\"Not found\"}"
							.formatted((failure == HttpStatus.FORBIDDEN) ? "insufficient_scope" : "ResourceNotFound"))
			.getBytes(StandardCharsets.UTF_8), (resource != null) ? HttpStatus.OK : failure);
		if (resource != null || gateway == null) {
			response.getHeaders().set("Polar-Version", "2026-10");
		}
		response.getHeaders().set(HttpHeaders.CONTENT_TYPE, "application/json");
		return response;
	}

	private static PolarEvent<?> event(String id, String type, String data) {
		return PolarEvent.read(id,
				"{\"type\":\"%s\",\"data\":%s}".formatted(type, data).getBytes(StandardCharsets.UTF_8));
	}

	private static Receipt accept(ApplicationContext context, String id, String type, String data) {
		return context.getBean(PolarWebhookInbox.class).accept(event(id, type, data));
	}

	private static void await(BooleanSupplier condition) {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime() - until).as("time is up; heard so far: " + heard).isNegative();
			Thread.onSpinWait();
		}
	}

	private static int attempts(ApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT attempts FROM polar_webhook_event")
			.query(Integer.class)
			.single();
	}

	private static String order(String status) {
		return "{\"id\":\"%s\",\"status\":\"%s\",\"metadata\":{\"external_customer_id\":\"alice\"}}".formatted(ID,
				status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct", "jdbc" })
	void staleEventIsHandledWithTheCurrentResource(String inbox) {
		resources.put("/v1/orders/" + ID, order("refunded"));
		(inbox.equals("jdbc") ? this.jdbc : this.direct).withBean(Orders.class).run((context) -> {
			assertThat(accept(context, "1", "order.refunded", order("refunded"))).isEqualTo(Receipt.ACCEPTED);
			assertThat(accept(context, "2", "order.updated", order("paid"))).isEqualTo(Receipt.ACCEPTED);
			assertThat(heard).containsExactly("order.refunded: sent refunded, now refunded, alice",
					"order.updated: sent paid, now refunded, alice");
			assertThat(calls).containsExactly("/v1/orders/" + ID, "/v1/orders/" + ID);
			assertThat(readInTransaction).isFalse();
		});
	}

	@Test
	void eachResourceIsReadFromItsPath() {
		resources.put("/v1/subscriptions/" + ID, "{\"id\":\"%s\",\"status\":\"past_due\"}".formatted(ID));
		resources.put("/v1/customers/" + ID, "{\"id\":\"%s\",\"external_id\":\"a\"}".formatted(ID));
		resources.put("/v1/customers/" + ID + "/state", "{\"id\":\"%s\",\"external_id\":\"b\"}".formatted(ID));
		resources.put("/v1/customers/" + CUSTOMER + "/members/" + ID, "{\"role\":\"owner\"}");
		resources.put("/v1/benefits/" + ID, "{\"role\":\"benefit\"}");
		resources.put("/v1/discounts/" + ID, "{\"role\":\"discount\"}");
		resources.put("/v1/organizations/" + ID, "{\"role\":\"organization\"}");
		resources.put("/v1/refunds/?id=" + ID,
				"{\"items\":[{\"id\":\"%s\",\"amount\":7}],\"pagination\":{\"total_count\":1,\"max_page\":1}}"
					.formatted(ID));
		this.direct.withBean(Resources.class).run((context) -> {
			String data = "{\"id\":\"%s\",\"customer_id\":\"%s\",\"metadata\":{}}".formatted(ID, CUSTOMER);
			accept(context, "1", "subscription.active", data);
			accept(context, "2", "customer.updated", data);
			accept(context, "3", "customer.state_changed", data);
			accept(context, "4", "refund.created", data);
			for (String type : List.of("member.created", "benefit.updated", "discount.updated",
					"organization.updated")) {
				accept(context, type, type, data);
			}
			assertThat(heard).containsExactly("past_due", "customer a", "state b", "refund 7", "owner", "benefit",
					"discount", "organization");
		});
	}

	@Test
	void failedReadIsRetriedByTheInboxAndTheListenerIsNotCalled() {
		failure = HttpStatus.INTERNAL_SERVER_ERROR;
		this.direct.withBean(Orders.class).run((context) -> {
			assertThatExceptionOfType(PolarException.class)
				.isThrownBy(() -> accept(context, "1", "order.paid", order("paid")));
			assertThat(heard).isEmpty();
			resources.put("/v1/orders/" + ID, order("paid"));
			accept(context, "1", "order.paid", order("paid"));
			assertThat(heard).hasSize(1);
		});
		heard.clear();
		resources.clear();
		this.jdbc.withBean(Orders.class).run((context) -> {
			PolarWebhookInbox inbox = context.getBean(PolarWebhookInbox.class);
			inbox.accept(event("1", "order.paid", order("paid")));
			await(() -> calls.size() > 3);
			assertThat(heard).isEmpty();
			assertThat(context.getBean(JdbcClient.class)
				.sql("SELECT failure FROM polar_webhook_event")
				.query(String.class)
				.single()).contains(Orders.class.getName()).contains("PolarApiException");
			resources.put("/v1/orders/" + ID, order("paid"));
			await(() -> heard.size() == 1);
			assertThat(heard).containsExactly("order.paid: sent paid, now paid, alice");
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVICE_UNAVAILABLE", "TOO_MANY_REQUESTS", "UNAUTHORIZED", "FORBIDDEN" })
	void eventOutlastsAnOutageOfPolar(HttpStatus status) {
		failure = status;
		MutableClock clock = new MutableClock();
		this.jdbc.withBean(Orders.class)
			.withBean(Clock.class, () -> clock)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=1ms")
			.run((context) -> {
				accept(context, "1", "order.paid", order("paid"));
				for (int attempts = 1; attempts <= 20; attempts++) {
					int expected = attempts;
					await(() -> attempts(context) == expected);
					clock.advance(Duration.ofHours(1));
				}
				await(() -> attempts(context) == 21);
				resources.put("/v1/orders/" + ID, order("paid"));
				broken = true;
				clock.advance(Duration.ofHours(1));
				await(() -> attempts(context) == 22);
				// the time of the outage does not count for the listener
				assertThat(context.getBean(PolarDeadLetters.class).list(10)).isEmpty();
				broken = false;
				clock.advance(Duration.ofMinutes(2));
				await(() -> heard.size() == 1);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"timestamp\":\"2026-11-29T10:00:00Z\",\"status\":404,\"error\":\"Not Found\",\"path\":\"/v1/orders/x\"}",
			"<html>404</html>", "{\"detail\":\"Not Found\"}" })
	void notFoundOfAGatewayDoesNotMeanThatTheResourceIsGone(String body) {
		gateway = body;
		MutableClock clock = new MutableClock();
		this.jdbc.withBean(DeletedCustomers.class)
			.withBean(Clock.class, () -> clock)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=1ms")
			.run((context) -> {
				accept(context, "1", "customer.deleted", "{\"id\":\"%s\"}".formatted(ID));
				for (int attempts = 1; attempts <= 5; attempts++) {
					int expected = attempts;
					await(() -> attempts(context) == expected);
					assertThat(heard).isEmpty();
					clock.advance(Duration.ofHours(1));
				}
				gateway = null;
				clock.advance(Duration.ofHours(1));
				await(() -> heard.size() == 1);
				assertThat(heard).containsExactly("null");
			});
	}

	@Test
	void outageOccupiesOneWorker() {
		failure = HttpStatus.SERVICE_UNAVAILABLE;
		MutableClock clock = new MutableClock();
		this.jdbc.withBean(Orders.class)
			.withBean(Customers.class)
			.withBean(Clock.class, () -> clock)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=1ms", "polar.webhook.jdbc.workers=2")
			.run((context) -> {
				accept(context, "1", "order.paid", order("paid"));
				await(() -> attempts(context) == 1);
				gate = new CountDownLatch(1);
				clock.advance(Duration.ofSeconds(30));
				for (int i = 2; i < 6; i++) {
					accept(context, "" + i, "order.paid",
							order("paid").replace("}}", "},\"customer_id\":\"c" + i + "\"}"));
				}
				resources.put("/v1/orders/" + ID, order("paid"));
				context.getBean(PolarWebhookInbox.class)
					.accept(event("7", "customer.created", "{\"id\":\"%s\"}".formatted(CUSTOMER)));
				await(() -> context.getBean(JdbcClient.class)
					.sql("SELECT status FROM polar_webhook_event WHERE id = '7'")
					.query(String.class)
					.single()
					.equals("DONE"));
				gate.countDown();
				clock.advance(Duration.ofMinutes(2));
				await(() -> heard.size() == 6);
			});
	}

	@Test
	void crashOfPolarEndsInTheDeadLetters() {
		failure = HttpStatus.INTERNAL_SERVER_ERROR;
		MutableClock clock = new MutableClock();
		this.jdbc.withBean(Orders.class)
			.withBean(Clock.class, () -> clock)
			.withPropertyValues("polar.webhook.jdbc.acknowledge-within=1ms")
			.run((context) -> {
				accept(context, "1", "order.paid", order("paid"));
				await(() -> !calls.isEmpty());
				await(() -> {
					clock.advance(Duration.ofMinutes(1));
					return !context.getBean(PolarDeadLetters.class).list(10).isEmpty();
				});
				assertThat(heard).isEmpty();
			});
	}

	@Test
	void noConnectionIsHeldWhilePolarResponds() {
		resources.put("/v1/orders/" + ID, order("paid"));
		gate = new CountDownLatch(1);
		this.jdbc
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.connection-timeout=2000", "polar.webhook.jdbc.acknowledge-within=1ms")
			.withBean(Orders.class)
			.run((context) -> {
				accept(context, "1", "order.paid", order("paid"));
				await(() -> !calls.isEmpty());
				assertThat(context.getBean(JdbcClient.class)
					.sql("SELECT COUNT(*) FROM polar_webhook_event WHERE status <> 'DONE'")
					.query(Integer.class)
					.single()).isEqualTo(1);
				gate.countDown();
				await(() -> heard.size() == 1);
			});
	}

	@Test
	void resourceThatNoLongerExistsIsNullOrAFailure() {
		this.direct.withBean(Orders.class)
			.run((context) -> assertThatExceptionOfType(PolarDataException.class)
				.isThrownBy(() -> accept(context, "1", "order.paid", order("paid")))
				.withMessageContaining("no longer exists")
				.withMessageContaining("@Nullable"));
		this.direct.withBean(DeletedCustomers.class).run((context) -> {
			accept(context, "1", "customer.deleted", "{\"id\":\"%s\"}".formatted(ID));
			assertThat(heard).containsExactly("null");
		});
	}

	@Test
	void buyerOfARefundIsLookedUpByTheInbox() {
		resources.put("/v1/orders/" + ID, order("refunded"));
		for (WebApplicationContextRunner runner : List.of(this.direct, this.jdbc)) {
			heard.clear();
			runner.withBean(Refunds.class).run((context) -> {
				accept(context, "1", "refund.created", "{\"order_id\":\"%s\"}".formatted(ID));
				assertThat(heard).containsExactly("alice");
				assertThat(readInTransaction).isFalse();
			});
		}
	}

	@Test
	void scopesOfTheTokenAreLoggedAtTheStart(CapturedOutput output) {
		this.direct.withBean(Orders.class)
			.withBean(Refunds.class)
			.withBean(Customers.class)
			.run((context) -> assertThat(output).contains(
					"The access token needs the scopes orders:read, subscriptions:read" + System.lineSeparator()));
		this.direct.withBean(Customers.class)
			.run((context) -> assertThat(output).containsOnlyOnce("The access token needs"));
	}

	@Test
	void composedAnnotationReadsAsWell() {
		resources.put("/v1/orders/" + ID, order("refunded"));
		this.direct.withBean(Composed.class).run((context) -> {
			accept(context, "1", "order.paid", order("paid"));
			assertThat(heard).containsExactly("REFUNDED");
		});
	}

	@Test
	void resolverOfTheApplicationReplacesTheLookup() {
		this.direct.withBean(Refunds.class)
			.withBean(PolarBuyerResolver.class, () -> (event) -> new Buyer.Known("from-a-table"))
			.run((context) -> {
				accept(context, "1", "refund.created", "{\"order_id\":\"%s\"}".formatted(ID));
				assertThat(heard).containsExactly("from-a-table");
				assertThat(calls).isEmpty();
			});
	}

	@ParameterizedTest
	@CsvSource({ "WholeEvent,@PolarCurrent parameter of type PolarEvent",
			"CurrentBuyer,@PolarCurrent parameter of type Buyer", "Anything,@PolarCurrent parameter of type Object",
			"AllTypes,listens to all types of events", "Seats,customer_seat.claimed", "Grants,benefit_grant.created" })
	void listenerForWhatCannotBeReadFailsTheStart(String type, String reason) throws Exception {
		Class<?> listener = Class.forName(getClass().getName() + "$" + type);
		this.direct.withBean(listener)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PolarConfigurationException.class)
				.hasMessageContaining(listener.getName() + "#heard")
				.hasMessageContaining(reason));
	}

	static class Orders {

		@PolarEventListener
		void changed(PolarEvent<Order> event, @PolarCurrent Order order, Buyer buyer) {
			if (broken) {
				throw new IllegalStateException("broken");
			}
			OrderStatus sent = event.data().status();
			heard.add("%s: sent %s, now %s, %s".formatted(event.type(), sent.name().toLowerCase(),
					order.status().name().toLowerCase(), ((Buyer.Known) buyer).externalId()));
		}

	}

	static class Composed {

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void heard(@Fresh Order order) {
			heard.add(order.status().name());
		}

	}

	@PolarCurrent
	@Retention(RetentionPolicy.RUNTIME)
	@interface Fresh {

	}

	static class Resources {

		@PolarEventListener
		void heard(@PolarCurrent Subscription subscription) {
			heard.add(String.valueOf(subscription.property("status")));
		}

		@PolarEventListener
		void heard(@PolarCurrent Customer customer) {
			heard.add("customer " + customer.externalId());
		}

		@PolarEventListener
		void heard(@PolarCurrent CustomerState customer) {
			heard.add("state " + customer.externalId());
		}

		@PolarEventListener
		void heard(@PolarCurrent Refund refund) {
			heard.add("refund " + refund.amount());
		}

		@PolarEventListener({ "member.created", "benefit.updated", "discount.updated", "organization.updated" })
		void heard(@PolarCurrent JsonNode resource) {
			heard.add(resource.path("role").asString());
		}

	}

	static class Customers {

		@PolarEventListener(PolarEventTypes.CUSTOMER_CREATED)
		void heard(Customer customer) {
			heard.add("customer");
		}

	}

	static class DeletedCustomers {

		@PolarEventListener(PolarEventTypes.CUSTOMER_DELETED)
		void heard(@PolarCurrent @Nullable Customer customer) {
			heard.add(String.valueOf(customer));
		}

	}

	static class Refunds {

		@PolarEventListener
		void heard(Refund refund, Buyer buyer) {
			heard.add(((Buyer.Known) buyer).externalId());
		}

	}

	static class WholeEvent {

		@PolarEventListener
		void heard(@PolarCurrent PolarEvent<Order> event) {
		}

	}

	static class CurrentBuyer {

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void heard(@PolarCurrent Buyer buyer) {
		}

	}

	static class Anything {

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void heard(@PolarCurrent Object resource) {
		}

	}

	static class AllTypes {

		@PolarEventListener
		void heard(@PolarCurrent JsonNode resource) {
		}

	}

	static class Seats {

		@PolarEventListener(PolarEventTypes.CUSTOMER_SEAT_CLAIMED)
		void heard(@PolarCurrent JsonNode seat) {
		}

	}

	static class Grants {

		@PolarEventListener
		void heard(@PolarCurrent io.github.polarspring.model.BenefitGrant grant) {
		}

	}

}
