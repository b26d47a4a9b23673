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

package io.github.polarspring.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.checkout.ReadWhole;
import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderBillingReason;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.Product;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.SubscriptionStatus;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import io.github.polarspring.testsupport.conformance.SampleJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the payloads of events against Polar's own description of the API.
 */
@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
		disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
@ParameterizedClass(name = "{0}")
@MethodSource("documents")
class EventConformanceTests {

	private static final Set<String> OF_DISCOUNT = Set.of(".discount.amount", ".discount.currency",
			".discount.created_at", ".discount.modified_at", ".discount.starts_at", ".discount.ends_at",
			".discount.max_redemptions", ".discount.max_redemptions_per_customer", ".discount.metadata",
			".discount.organization_id", ".discount.redemptions_count");

	private static final Set<String> OF_BENEFIT = Set.of(".visibility", ".visibility_configurable");

	/**
	 * Reachable as properties only: deprecated, or of little use to sellers.
	 */
	private static final Map<Class<?>, Set<String>> LEFT_OUT = Map.of(CheckoutSession.class,
			Set.of(".discount.amount", ".discount.currency", ".product_price", ".product_price_id"), Customer.class,
			Set.of(), CustomerState.class, Set.of(), Order.class, OF_DISCOUNT, Subscription.class,
			union(List.of(OF_DISCOUNT, below(".product.benefits[]", OF_BENEFIT), Set.of(".meters[].meter"))),
			Refund.class, Set.of(".dispute"), Product.class, below(".benefits[]", OF_BENEFIT), BenefitGrant.class,
			union(List.of(below(".benefit", OF_BENEFIT), Set.of(".error"))));

	/**
	 * Sent by the server, but not in its documents.
	 */
	private static final Set<String> UNDOCUMENTED = Set.of(".customer_billing_address_fields", ".customer_external_id",
			".subtotal_amount", ".active_subscriptions[].price_id", ".amount", ".from_balance_amount",
			".product_price_id", ".subscription.price_id", ".subscription.user_id", ".units", ".user_id", ".price_id");

	private static Set<String> below(String path, Set<String> names) {
		return names.stream().map(path::concat).collect(Collectors.toUnmodifiableSet());
	}

	private static Set<String> union(List<Set<String>> sets) {
		return sets.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
	}

	@Parameter(0)
	String name;

	@Parameter(1)
	OpenApiDocument document;

	static Stream<Arguments> documents() {
		return OpenApiDocument.all().entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	private Map<String, String> schemas() {
		Map<String, String> schemas = new LinkedHashMap<>();
		this.document.webhooks()
			.properties()
			.forEach((webhook) -> schemas.put(webhook.getKey(),
					webhook.getValue()
						.at("/post/requestBody/content/application~1json/schema/$ref")
						.asString()
						.replaceFirst(".*/", "")));
		return schemas;
	}

	@Test
	void everyTypeIsKnown() {
		assertThat(PolarEventTypes.payloads()).hasSize(42);
		assertThat(PolarEventTypes.payloads().keySet()).containsAll(schemas().keySet());
	}

	@Test
	void payloadWithEverythingIsReadWhole() {
		Map<Class<?>, Set<String>> untyped = new LinkedHashMap<>();
		schemas().forEach((type, schema) -> {
			Class<?> payload = PolarEventTypes.payloads().get(type);
			if (payload == JsonNode.class) {
				return;
			}
			for (int variant = 0; variant < 8; variant++) {
				ObjectNode json = new SampleJson(this.document, variant).of(schema);
				mend(json.get("data"));
				PolarEvent<?> event = PolarEvent.read("id", json.toString().getBytes(StandardCharsets.UTF_8));
				assertThat(event.type()).isEqualTo(type);
				assertThat(event.data()).isInstanceOf(payload);
				untyped.computeIfAbsent(payload, (key) -> new TreeSet<>())
					.addAll(ReadWhole.untypedOf(event.data(), json.get("data")));
			}
		});
		assertThat(untyped).isEqualTo(LEFT_OUT);
	}

	/**
	 * The type of a discount is a name of its own, and any in the documents.
	 */
	private static void mend(JsonNode data) {
		if (data.get("discount") instanceof ObjectNode discount) {
			discount.put("type", discount.has("basis_points") ? "percentage" : "fixed");
		}
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleIsReadWhole(String example) {
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		JsonNode json = OpenApiDocument.read(directory.resolve("examples").resolve(example));
		PolarEvent<?> event = PolarEvent.read("id", json.toString().getBytes(StandardCharsets.UTF_8));
		assertThat(example).contains(event.type());
		assertThat(event.data()).isInstanceOf(PolarEventTypes.payloads().get(event.type()));
		Set<String> untyped = new TreeSet<>(ReadWhole.untypedOf(event.data(), json.get("data")));
		untyped.removeAll(UNDOCUMENTED);
		assertThat(untyped).isSubsetOf(LEFT_OUT.get(event.payloadType()));
		assertThat(event.timestamp()).isNotNull();
		assertThat(event.toString() + event.data()).doesNotContain("@example.com", "Ada", "polar_c_");
	}

	static Stream<String> examples() {
		Path directory = OpenApiDocument.directory();
		assertThat(directory).isNotNull();
		try (Stream<Path> files = Files.list(directory.resolve("examples"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.startsWith("webhook-") && !name.contains("vectors"))
				.sorted()
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@MethodSource("enums")
	void everyValueOfAnEnumIsKnown(String schema, Class<? extends Enum<?>> type) {
		assertThat(ReadWhole.valuesOf(type)).isEqualTo(ReadWhole.valuesOf(this.document.definition(schema)));
	}

	static Stream<Arguments> enums() {
		return Stream.of(Arguments.of("OrderStatus", OrderStatus.class),
				Arguments.of("OrderBillingReason", OrderBillingReason.class),
				Arguments.of("SubscriptionStatus", SubscriptionStatus.class),
				Arguments.of("CustomerCancellationReason", Subscription.CancellationReason.class),
				Arguments.of("RefundStatus", Refund.Status.class), Arguments.of("RefundReason", Refund.Reason.class),
				Arguments.of("CustomerType", Customer.Type.class));
	}

}
