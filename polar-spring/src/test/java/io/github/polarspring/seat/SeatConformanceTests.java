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

package io.github.polarspring.seat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.CustomerSeat;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks what this package sends and reads against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class SeatConformanceTests {

	private static final UUID ID = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	@Test
	void assignmentConforms() {
		for (Map<String, Object> body : List.of(
				SeatAssignment.toUser("bob", "bob@example.com").withoutInvitation().body("subscription_id", ID),
				SeatAssignment.toEmail("bob@example.com").metadata("desk", 7).body("order_id", ID),
				SeatAssignment.toMember(ID).body("order_id", ID))) {
			String json = PolarJson.MAPPER.writeValueAsString(body);
			assertThat(this.document.violations("SeatAssign", json)).isEmpty();
			assertThat(new TreeSet<>(this.document.properties("SeatAssign")))
				.containsAll(PolarJson.MAPPER.readTree(json).propertyNames());
		}
	}

	@Test
	void fieldsThatAreReadExist() {
		assertThat(this.document.properties("SeatsList")).containsExactlyInAnyOrder("seats", "available_seats",
				"total_seats");
		assertThat(this.document.properties("CustomerSeat")).contains("id", "status", "subscription_id", "order_id",
				"customer_id", "member", "email", "invitation_token_expires_at", "claimed_at", "revoked_at",
				"seat_metadata");
		Set<String> statuses = new TreeSet<>();
		this.document.definition("SeatStatus").get("enum").forEach((status) -> statuses.add(status.asString()));
		assertThat(Arrays.stream(CustomerSeat.Status.values())
			.filter((status) -> status != CustomerSeat.Status.UNKNOWN)
			.map((status) -> status.name().toLowerCase(Locale.ROOT))).containsExactlyInAnyOrderElementsOf(statuses);
	}

}
