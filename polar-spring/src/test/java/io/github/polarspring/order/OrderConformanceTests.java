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

package io.github.polarspring.order;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.Refund;
import io.github.polarspring.order.OrderQuery.SortProperty;
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
 * Checks what this package sends against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class OrderConformanceTests {

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
	void refundConforms() {
		assertConforms("RefundCreate",
				RefundRequest.of(500, "return-1").comment("broken").revokingBenefits().body(ID, 500));
	}

	@Test
	void billingDetailsConform() {
		assertConforms("OrderUpdate",
				new BillingDetails("Ada", "US", "1 Main Street", "2nd floor", "10001", "New York", "US-NY").body());
	}

	@Test
	void everyParameterOfAListCanBeSent() {
		Set<String> parameters = new TreeSet<>();
		this.document.paths()
			.at("/~1v1~1orders~1/get/parameters")
			.forEach((parameter) -> parameters.add(parameter.get("name").asString()));
		// the access token determines the organization
		parameters.remove("organization_id");
		Set<String> sent = OrderQuery.builder()
			.productId(ID)
			.billingType(OrderQuery.BillingType.RECURRING)
			.discountId(ID)
			.customerId(ID)
			.externalCustomerId("alice")
			.checkoutId(ID)
			.subscriptionId(ID)
			.status(OrderStatus.PAID)
			.createdAfter(Instant.EPOCH)
			.createdBefore(Instant.EPOCH)
			.metadata("a", "b")
			.ascending(SortProperty.AMOUNT)
			.limit(1)
			.build()
			.parameters()
			.keySet()
			.stream()
			.map((name) -> name.replaceFirst("\\[.*", ""))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(sent).isEqualTo(parameters);
	}

	@Test
	void everyValueOfAnEnumCanBeSent() {
		Set<String> sortings = values("OrderSortProperty");
		sortings.removeIf((value) -> value.startsWith("-"));
		assertThat(values(SortProperty.values())).isEqualTo(sortings);
		Set<String> reasons = values(Refund.Reason.values());
		reasons.remove("unknown");
		assertThat(reasons).isEqualTo(values("RefundReason"));
	}

	private Set<String> values(String schema) {
		return this.document.definition(schema)
			.get("enum")
			.valueStream()
			.map(JsonNode::asString)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> values(Enum<?>[] values) {
		return Arrays.stream(values)
			.map((value) -> value.name().toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void whatDecidesAboutARefundIsRead() {
		for (int variant = 0; variant < 4; variant++) {
			JsonNode json = new SampleJson(this.document, variant).of("Refund");
			Refund refund = PolarJson.MAPPER.readValue(json.toString(), Refund.class);
			assertThat(refund.status()).isNotEqualTo(Refund.Status.UNKNOWN);
			assertThat(refund.amount()).isEqualTo(json.get("amount").asLong());
			assertThat(refund.orderId()).isEqualTo(UUID.fromString(json.get("order_id").asString()));
			assertThat(refund.metadata()).isNotNull();
		}
	}

}
