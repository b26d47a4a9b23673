package io.github.polarspring.conformance;

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
