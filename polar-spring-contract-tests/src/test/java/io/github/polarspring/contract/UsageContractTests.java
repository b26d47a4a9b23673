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

package io.github.polarspring.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Usage events.
 */
@ContractTest
class UsageContractTests {

	private final Contract polar;

	UsageContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void eventsAreCountedOnce() {
		String user = this.polar.names().next();
		Map<String, Object> event = Map.of("name", "contract", "external_customer_id", user, "external_id",
				this.polar.names().next(), "metadata", Map.of("tokens", 12, "cost", 0.5, "cached", true));
		JsonNode first = ingest(event).expect(200).shape("ingested").json();
		assertThat(first.path("inserted").asInt()).isOne();
		assertThat(first.path("duplicates").asInt()).isZero();
		JsonNode second = ingest(event).expect(200).json();
		assertThat(second.path("inserted").asInt()).isZero();
		assertThat(second.path("duplicates").asInt()).isOne();
	}

	@Test
	void wrongEventsAreRejected() {
		String user = this.polar.names().next();
		this.polar.post("/v1/events/ingest")
			.body(Map.of())
			.expectError(422, "RequestValidationError", "missing body.events");
		ingest(Map.of("external_customer_id", user)).expectError(422, "RequestValidationError",
				"missing body.events.0.name");
		ingest(Map.of("name", "contract", "customer_id", UUID.randomUUID())).expectError(422,
				"PolarRequestValidationError", "customer_id body.events.0.customer_id");
		ingest(Map.of("name", "contract", "external_customer_id", user, "timestamp",
				Instant.now().plus(Duration.ofHours(1)).toString()))
			.expectError(422, "RequestValidationError", "value_error body.events.0.timestamp");
		ingest(Map.of("name", "contract", "external_customer_id", user, "metadata", Map.of("a", List.of(1))))
			.expectError(422, "RequestValidationError", "string_type body.events.0.metadata.a");
	}

	private ContractRequest ingest(Map<String, ?> event) {
		return this.polar.post("/v1/events/ingest").body(Map.of("events", List.of(event)));
	}

}
