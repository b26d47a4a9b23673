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

package io.github.polarspring.license;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.LicenseKey;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.testsupport.conformance.SampleJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks what this package sends and reads against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class LicenseKeyConformanceTests {

	private static final UUID ID = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	private void assertConforms(String schema, Object body, String... leftOut) {
		String json = PolarJson.MAPPER.writeValueAsString(body);
		assertThat(this.document.violations(schema, json)).isEmpty();
		Set<String> fields = new TreeSet<>(this.document.properties(schema));
		List.of(leftOut).forEach(fields::remove);
		assertThat(PolarJson.MAPPER.readTree(json).propertyNames()).containsExactlyInAnyOrderElementsOf(fields);
	}

	@Test
	void validationConforms() {
		assertConforms("LicenseKeyValidate",
				LicenseKeyValidation.of("APP-1").benefitId(ID).customerId(ID).activationId(ID).usage(1).body(ID),
				// the key need not have been activated with conditions
				"conditions");
	}

	@Test
	void updateConforms() {
		assertConforms("LicenseKeyUpdate",
				LicenseKeyUpdate.builder()
					.status(LicenseKey.Status.DISABLED)
					.usage(0)
					.limitUsage(1)
					.limitActivations(1)
					.expiresAt(Instant.EPOCH)
					.build()
					.body());
	}

	@Test
	void licenseKeyIsRead() {
		for (int variant = 0; variant < 4; variant++) {
			JsonNode json = new SampleJson(this.document, variant).of("ValidatedLicenseKey");
			LicenseKey key = PolarJson.MAPPER.readValue(json.toString(), LicenseKey.class);
			assertThat(key.key()).isEqualTo(json.get("key").asString());
			assertThat(key.status()).isNotEqualTo(LicenseKey.Status.UNKNOWN);
			assertThat(key.customerId()).isEqualTo(UUID.fromString(json.get("customer_id").asString()));
			assertThat(key.activation() != null).isEqualTo(json.path("activation").isObject());
			assertThat(key.limitUsage() != null).isEqualTo(!json.get("limit_usage").isNull());
			assertThat(key.expiresAt() != null).isEqualTo(!json.get("expires_at").isNull());
		}
	}

}
