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

package io.github.polarspring.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks what this package sends against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class UsageConformanceTests {

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	@Test
	void eventConforms() {
		UsageEvent event = UsageEvent.builder("chat")
			.metadata("text", "a")
			.metadata("integer", 1)
			.metadata("decimal", 0.5)
			.metadata("boolean", true)
			.cost(new BigDecimal("0.0125"))
			.llm(new LlmUsage("acme", "small", 10, 5, 15, 4L))
			.build();
		String json = PolarJson.MAPPER.writeValueAsString(
				PendingEvent.of(event, "team-1", "alice", Instant.EPOCH, Map.of()).toJson(Instant.now()));
		assertThat(this.document.violations("EventCreateExternalCustomer", json)).isEmpty();
		Set<String> fields = new TreeSet<>(this.document.properties("EventCreateExternalCustomer"));
		// the access token determines the organization, and there are no parents
		fields.removeAll(Set.of("organization_id", "parent_id"));
		assertThat(PolarJson.MAPPER.readTree(json).propertyNames()).containsExactlyInAnyOrderElementsOf(fields);
	}

}
