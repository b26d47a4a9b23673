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

package io.github.polarspring.smoke;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.PolarIdentityMismatch;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookInbox.Receipt;

import org.springframework.boot.Banner.Mode;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.scheduling.annotation.EnableAsync;

import static io.github.polarspring.smoke.Library.JDBC;
import static io.github.polarspring.smoke.Library.MODULITH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for listeners of Spring Modulith, with its event publication registry in a
 * database.
 */
class ModulithTests {

	private static final String UNFINISHED = "select listener_id from event_publication where completion_date is null";

	private static final String BODY = """
			{"type":"order.paid","timestamp":"2026-11-23T09:00:00Z","data":{
			"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","description":"café ✓","total_amount":1234567890123,
			"metadata":{"external_customer_id":"alice"},"customer":{"external_id":"%s"}}}""";

	private final String database = UUID.randomUUID().toString();

	@ApplicationWith({ JDBC, MODULITH })
	void eventIsPublishedCompletedAndResubmittedWithTheDirectInbox() throws Exception {
		eventIsPublishedCompletedAndResubmitted("direct");
	}

	@ApplicationWith({ JDBC, MODULITH })
	void eventIsPublishedCompletedAndResubmittedWithTheStoredInbox() throws Exception {
		eventIsPublishedCompletedAndResubmitted("jdbc");
	}

	private void eventIsPublishedCompletedAndResubmitted(String inbox) throws Exception {
		PolarEvent<?> event = event("mallory");
		try (ConfigurableApplicationContext context = start("--polar.webhook.inbox=" + inbox, "--broken=true")) {
			accept(context, event);
			Heard heard = context.getBean(Heard.class);
			assertThat(List.of(heard.next(), heard.next(), heard.next())).containsExactlyInAnyOrder("mismatch Mismatch",
					"order " + event.id(), "broken");
			awaitUnfinished(context, 1);
		}
		try (ConfigurableApplicationContext context = start("--polar.webhook.inbox=" + inbox)) {
			assertThat(unfinished(context)).singleElement().asString().contains("Audit.on(");
			assertThat(context.getBean(JdbcClient.class)
				.sql("select count(*) from event_publication where completion_date is not null")
				.query(Integer.class)
				.single()).isEqualTo(2);
		}
		try (ConfigurableApplicationContext context = start("--polar.webhook.inbox=" + inbox,
				"--spring.modulith.events.republish-outstanding-events-on-restart=true")) {
			assertThat(context.getBean(Heard.class).next()).isEqualTo("audited " + event + " "
					+ new String(event.body(), StandardCharsets.UTF_8) + " " + "café ✓ 1234567890123 Mismatch");
			awaitUnfinished(context, 0);
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(unfinished(context)).isEmpty();
		}
	}

	/**
	 * The recommended way: what a listener of the stored inbox publishes is committed
	 * with its changes.
	 */
	@ApplicationWith({ JDBC, MODULITH })
	void eventOfTheApplicationIsCommittedWithTheInbox() throws Exception {
		PolarEvent<?> event = event("alice");
		try (ConfigurableApplicationContext context = start("--polar.webhook.inbox=jdbc", "--translate=true")) {
			accept(context, event);
			Heard heard = context.getBean(Heard.class);
			assertThat(List.of(heard.next(), heard.next(), heard.next())).containsExactlyInAnyOrder(
					"purchase 71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4", "order " + event.id(), "audited " + event + " "
							+ new String(event.body(), StandardCharsets.UTF_8) + " café ✓ 1234567890123 Known");
			awaitUnfinished(context, 0);
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(unfinished(context)).isEmpty();
		}
	}

	private static PolarEvent<?> event(String customer) {
		return PolarEvent.read(UUID.randomUUID().toString(), BODY.formatted(customer).getBytes(StandardCharsets.UTF_8));
	}

	private static void accept(ConfigurableApplicationContext context, PolarEvent<?> event) {
		assertThat(context.getBean(PolarWebhookInbox.class).accept(event)).isEqualTo(Receipt.ACCEPTED);
	}

	/**
	 * The registry marks a publication as complete after the listener returned.
	 */
	private static void awaitUnfinished(ConfigurableApplicationContext context, int count) {
		await().untilAsserted(() -> assertThat(unfinished(context)).hasSize(count));
	}

	private static List<String> unfinished(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class).sql(UNFINISHED).query(String.class).list();
	}

	private ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(Application.class).bannerMode(Mode.OFF)
			.registerShutdownHook(false)
			.properties(Map.of("polar.webhook.secret", Browser.SECRET, "spring.datasource.url",
					"jdbc:h2:mem:" + this.database + ";DB_CLOSE_DELAY=-1",
					"spring.modulith.events.jdbc.schema-initialization.enabled", "true",
					"spring.jackson.property-naming-strategy", "UPPER_SNAKE_CASE",
					"spring.jackson.default-property-inclusion", "non_default",
					"spring.task.execution.shutdown.await-termination", "true",
					"spring.task.execution.shutdown.await-termination-period", "10s"))
			.run(arguments);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	@Import({ Heard.class, Orders.class, Audit.class, Support.class, Translation.class })
	static class Application {

	}

	static class Heard {

		private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

		void add(String what) {
			this.heard.add(what);
		}

		String next() throws InterruptedException {
			return this.heard.poll(10, TimeUnit.SECONDS);
		}

	}

	static class Orders {

		private final Heard heard;

		Orders(Heard heard) {
			this.heard = heard;
		}

		@ApplicationModuleListener
		void on(PolarEvent<Order> event) {
			this.heard.add("order " + event.id());
		}

	}

	static class Audit {

		private final Heard heard;

		private final boolean broken;

		Audit(Heard heard, Environment environment) {
			this.heard = heard;
			this.broken = environment.getProperty("broken", Boolean.class, false);
		}

		@ApplicationModuleListener
		void on(PolarEvent<Order> event) {
			if (this.broken) {
				this.heard.add("broken");
				throw new IllegalStateException("on purpose");
			}
			this.heard.add("audited " + event + " " + new String(event.body(), StandardCharsets.UTF_8) + " "
					+ event.data().description() + " " + event.payload().path("total_amount") + " " + event.buyer());
		}

	}

	static class Support {

		private final Heard heard;

		Support(Heard heard) {
			this.heard = heard;
		}

		@ApplicationModuleListener
		void on(PolarIdentityMismatch mismatch) {
			assertThat(mismatch.buyer()).isEqualTo(new Buyer.Mismatch("alice", "mallory"));
			this.heard.add("mismatch " + mismatch.event().buyer());
		}

	}

	record Purchase(UUID order) {

	}

	static class Translation {

		private final Heard heard;

		private final ApplicationEventPublisher publisher;

		private final boolean active;

		Translation(Heard heard, ApplicationEventPublisher publisher, Environment environment) {
			this.heard = heard;
			this.publisher = publisher;
			this.active = environment.getProperty("translate", Boolean.class, false);
		}

		@PolarEventListener(PolarEventTypes.ORDER_PAID)
		void translate(PolarEvent<Order> event) {
			if (this.active) {
				this.publisher.publishEvent(new Purchase(event.data().id()));
			}
		}

		@ApplicationModuleListener
		void on(Purchase purchase) {
			this.heard.add("purchase " + purchase.order());
		}

	}

}
