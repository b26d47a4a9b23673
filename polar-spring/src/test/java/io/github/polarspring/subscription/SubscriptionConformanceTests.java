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

package io.github.polarspring.subscription;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarJson;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.Subscription.CancellationReason;
import io.github.polarspring.model.SubscriptionStatus;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.subscription.SubscriptionQuery.SortProperty;
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
class SubscriptionConformanceTests {

	private static final UUID ID = SubscriptionAtPolar.ID;

	/**
	 * The access token determines the organization, and {@code status} replaces the
	 * deprecated {@code active}.
	 */
	private static final Set<String> LEFT_OUT_OF_QUERY = Set.of("organization_id", "active");

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	@Test
	void everyChangeConforms() {
		for (Change change : Change.values()) {
			assertThat(this.document.violations("SubscriptionUpdate", change.body())).as(change.name()).isEmpty();
		}
	}

	@Test
	void everyFieldOfEveryShapeCanBeSent() {
		Set<String> fields = new TreeSet<>();
		for (JsonNode shape : this.document.definition("SubscriptionUpdate").get("anyOf")) {
			fields.addAll(this.document.resolve(shape).get("properties").propertyNames());
		}
		Set<String> sent = Arrays.stream(Change.values())
			.flatMap((change) -> PolarJson.MAPPER.readTree(change.body()).propertyNames().stream())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(sent).isEqualTo(fields);
	}

	@Test
	void creationConforms() {
		PolarProducts products = new PolarProducts(Map.of("free", SubscriptionAtPolar.BASIC));
		String ofUser = json(SubscriptionRequest.forUser("free", "alice").metadata("n", 1).body(products));
		String ofCustomer = json(SubscriptionRequest.forCustomer("free", ID).metadata("b", true).body(products));
		assertThat(this.document.violations("SubscriptionCreateExternalCustomer", ofUser)).isEmpty();
		assertThat(this.document.violations("SubscriptionCreateCustomer", ofCustomer)).isEmpty();
		assertThat(PolarJson.MAPPER.readTree(ofUser).propertyNames())
			.containsExactlyInAnyOrderElementsOf(this.document.properties("SubscriptionCreateExternalCustomer"));
		assertThat(PolarJson.MAPPER.readTree(ofCustomer).propertyNames())
			.containsExactlyInAnyOrderElementsOf(this.document.properties("SubscriptionCreateCustomer"));
	}

	private static String json(Object body) {
		return PolarJson.MAPPER.writeValueAsString(body);
	}

	@Test
	void everyParameterOfAListCanBeSent() {
		Set<String> parameters = new TreeSet<>();
		this.document.paths()
			.at("/~1v1~1subscriptions~1/get/parameters")
			.forEach((parameter) -> parameters.add(parameter.get("name").asString()));
		parameters.removeAll(LEFT_OUT_OF_QUERY);
		Set<String> sent = SubscriptionQuery.builder()
			.productId(ID)
			.customerId(ID)
			.externalCustomerId("alice")
			.discountId(ID)
			.status(SubscriptionStatus.ACTIVE)
			.cancelAtPeriodEnd(true)
			.cancellationReason(CancellationReason.UNUSED)
			.canceledAfter(Instant.EPOCH)
			.canceledBefore(Instant.EPOCH)
			.startedAfter(Instant.EPOCH)
			.startedBefore(Instant.EPOCH)
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
		assertThat(values(Proration.values())).isEqualTo(values("SubscriptionProrationBehavior"));
		Set<String> sortings = values("SubscriptionSortProperty");
		sortings.removeIf((value) -> value.startsWith("-"));
		assertThat(values(SortProperty.values())).isEqualTo(sortings);
		Set<String> reasons = values(CancellationReason.values());
		reasons.remove("unknown");
		assertThat(reasons).isEqualTo(values("CustomerCancellationReason"));
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
	void whatDecidesAboutAChangeIsRead() {
		for (int variant = 0; variant < 4; variant++) {
			JsonNode json = new SampleJson(this.document, variant).of("Subscription");
			Subscription subscription = PolarJson.MAPPER.readValue(json.toString(), Subscription.class);
			assertThat(subscription.status()).isNotEqualTo(SubscriptionStatus.UNKNOWN);
			assertThat(subscription.productId()).isNotNull();
			assertThat(subscription.cancelAtPeriodEnd()).isEqualTo(json.get("cancel_at_period_end").asBoolean());
			assertThat(subscription.pauseAtPeriodEnd()).isEqualTo(json.get("pause_at_period_end").asBoolean());
			assertThat(subscription.pendingUpdate() != null).isEqualTo(!json.get("pending_update").isNull());
			assertThat(subscription.discountId() != null).isEqualTo(!json.get("discount_id").isNull());
			assertThat(subscription.resumesAt() != null).isEqualTo(!json.get("resumes_at").isNull());
			assertThat(subscription.isBoughtBy("alice")).isFalse();
		}
	}

}
