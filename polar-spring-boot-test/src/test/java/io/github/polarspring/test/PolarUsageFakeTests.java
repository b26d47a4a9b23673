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

package io.github.polarspring.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.usage.LlmUsage;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.UsageEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarUsageTemplate} with the fake.
 */
class PolarUsageFakeTests {

	private final PolarFake fake = PolarFake.start();

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private PolarUsageTemplate usage = usage();

	private PolarUsageTemplate usage() {
		return PolarUsageTemplate.builder(this.client)
			.currentPayer(() -> () -> PolarIdentity.of("alice"))
			.pollInterval(Duration.ofMillis(10))
			.requestsPerMinute(6000)
			.build();
	}

	@AfterEach
	void close() {
		this.usage.stop();
		this.fake.close();
	}

	private void send(long events) {
		this.usage.start(this.usage::check);
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while (this.usage.sent() < events) {
			assertThat(System.nanoTime() - until).as("time is up").isNegative();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	private void createMeterAndCustomer() {
		this.client.post(JsonNode.class, "/v1/meters/",
				Map.of("name", "Pages", "filter",
						Map.of("conjunction", "and", "clauses",
								List.of(Map.of("property", "name", "operator", "eq", "value", "export"))),
						"aggregation", Map.of("func", "sum", "property", "pages")));
		this.client.post(JsonNode.class, "/v1/customers/",
				Map.of("email", "alice@example.com", "external_id", "alice"));
	}

	private double consumed() {
		this.fake.advance(Duration.ofSeconds(15));
		return this.client.call(HttpMethod.GET, "/v1/customer-meters/")
			.query("external_customer_id", "alice")
			.retrieve(JsonNode.class)
			.at("/items/0/consumed_units")
			.asDouble();
	}

	@Test
	void usageIsCountedByTheMeter() {
		createMeterAndCustomer();
		this.usage.record("export", Map.of("pages", 12));
		this.usage.record("export", Map.of("pages", new BigDecimal("0.5")));
		this.usage.record("export", Map.of("pages", "7"));
		this.usage.record("import", Map.of("pages", 9));
		send(4);
		assertThat(consumed()).isEqualTo(12.5);
	}

	@Test
	void keyIsCountedOnceEvenIfItIsSentAgain() {
		createMeterAndCustomer();
		UsageEvent event = UsageEvent.builder("export").metadata("pages", 3).key("request-1").build();
		this.usage.record(event);
		send(1);
		this.usage.stop();
		this.usage = usage();
		this.usage.record(event);
		send(1);
		assertThat(consumed()).isEqualTo(3);
	}

	@Test
	void failuresOfPolarDoNotChangeTheCount() {
		createMeterAndCustomer();
		for (int i = 0; i < 10; i++) {
			this.usage.record("export", Map.of("pages", 1));
		}
		for (PolarFault fault : List.of(PolarFault.serverError(), PolarFault.badGateway(), PolarFault.connectionReset(),
				PolarFault.malformedResponse(), PolarFault.truncated(), PolarFault.unknownField())) {
			this.fake.injectFault(fault, 1, "/v1/events/ingest");
		}
		send(10);
		assertThat(consumed()).isEqualTo(10);
	}

	@Test
	void everyPartOfAnEventIsAccepted() {
		this.usage.record(UsageEvent.builder("chat")
			.externalCustomerId("team-1")
			.externalMemberId("alice")
			.timestamp(Instant.parse("2025-01-01T00:00:00Z"))
			.metadata("text", "a")
			.metadata("integer", 1)
			.metadata("decimal", 0.5)
			.metadata("boolean", true)
			.cost(new BigDecimal("0.0125"))
			.llm(new LlmUsage("acme", "small", 10, 5, 15, 4L))
			.key("k")
			.build());
		send(1);
		assertThat(this.usage.backlog().deadLetters()).isZero();
	}

}
