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

package io.github.polarspring.testsupport.conformance;

import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link OpenApiDocument}: a check that cannot fail checks nothing.
 */
class OpenApiDocumentTests {

	@BeforeEach
	void documentsAreAtHand() {
		assumeTrue(OpenApiDocument.directory() != null,
				"Polar's OpenAPI documents are not part of this project, so nothing is checked against them here:"
						+ " -Dpolar.openapi=<directory> names theirs");
	}

	@Test
	void documentsAreThere() {
		assertThat(OpenApiDocument.all()).isNotEmpty()
			.allSatisfy((name, document) -> assertThat(document.properties("Checkout")).contains("id", "url"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"products\":[]}", "{\"products\":[\"no-id\"]}",
			"{\"products\":[\"ID\"],\"customer_ip_address\":\"1.2.3.4:80\"}",
			"{\"products\":[\"ID\"],\"customer_email\":\"nobody\"}",
			"{\"products\":[\"ID\"],\"success_url\":\"/thanks\"}",
			"{\"products\":[\"ID\"],\"metadata\":{\"a\":{\"b\":1}}}", "{\"products\":[\"ID\"],\"currency\":\"zzz\"}",
			"{\"products\":[\"ID\"],\"prices\":{\"ID\":[]}}",
			"{\"products\":[\"ID\"],\"prices\":{\"ID\":[{\"amount_type\":\"fixed\",\"price_currency\":\"usd\"}]}}" })
	void violationIsFound(String json) {
		Map<String, OpenApiDocument> documents = OpenApiDocument.all();
		assertThat(documents).allSatisfy((name, document) -> assertThat(
				document.violations("CheckoutCreate", json.replace("ID", "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")))
			.isNotEmpty());
	}

}
