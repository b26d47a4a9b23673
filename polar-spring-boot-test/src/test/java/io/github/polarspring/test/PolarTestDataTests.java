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

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.model.BenefitGrant;
import io.github.polarspring.model.CheckoutDiscount;
import io.github.polarspring.model.CustomerState;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.PolarResource;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link PolarTestData}.
 */
class PolarTestDataTests {

	static Stream<Arguments> builders() {
		return Stream.of(arguments("Order", builder(PolarTestData::order)),
				arguments("Subscription", builder(PolarTestData::subscription)),
				arguments("Checkout", builder(PolarTestData::checkoutSession)),
				arguments("CustomerIndividual", builder(PolarTestData::customer)),
				arguments("CustomerStateIndividual", builder(PolarTestData::customerState)),
				arguments("Refund", builder(PolarTestData::refund)),
				arguments("BenefitGrantWebhook", builder(PolarTestData::benefitGrant)),
				arguments("Product", builder(PolarTestData::product)));
	}

	private static Supplier<PolarTestData.Builder<?>> builder(Supplier<PolarTestData.Builder<?>> builder) {
		return builder;
	}

	@ParameterizedTest
	@MethodSource("builders")
	void everyAccessorOfACompletePayloadReturns(String schema, Supplier<PolarTestData.Builder<?>> builder) {
		PolarResource resource = builder.get().build();
		List<Method> accessors = Arrays.stream(resource.getClass().getMethods())
			.filter((method) -> method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
					&& method.getDeclaringClass() == resource.getClass())
			.toList();
		assertThat(accessors).hasSizeGreaterThan(10)
			.allSatisfy((accessor) -> assertThatCode(() -> accessor.invoke(resource)).doesNotThrowAnyException());
		assertThat(builder.get().build()).isEqualTo(resource);
	}

	@ParameterizedTest
	@MethodSource("builders")
	@EnabledIfSystemProperty(named = "polar.openapi", matches = ".+",
			disabledReason = "Polar's OpenAPI documents are not part of this project: -Dpolar.openapi=<directory> names theirs")
	void payloadConformsToTheDocuments(String schema, Supplier<PolarTestData.Builder<?>> builder) {
		String json = builder.get().build().json().toString();
		assertThat(OpenApiDocument.all().values())
			.allSatisfy((document) -> assertThat(document.violations(schema, json)).isEmpty());
	}

	@Test
	void propertiesAreSetByTheirPaths() {
		Order order = PolarTestData.order()
			.with("status", OrderStatus.REFUNDED)
			.with("customer.external_id", "42")
			.with("metadata.plan", "pro")
			.with("items.0.amount", 1900)
			.with("next_payment_attempt_at", Instant.EPOCH)
			.with("billing_name", null)
			.with("discount", Map.of("type", "percentage", "basis_points", 1000))
			.with("discount.basis_points", 2500)
			.without("subscription")
			.build();
		assertThat(order.status()).isEqualTo(OrderStatus.REFUNDED);
		assertThat(order.customer().externalId()).isEqualTo("42");
		assertThat(order.metadata()).containsEntry("plan", "pro").containsEntry("external_customer_id", "user_1042");
		assertThat(order.items().get(0).amount()).isEqualTo(1900);
		assertThat(order.nextPaymentAttemptAt()).isEqualTo(Instant.EPOCH);
		assertThat(order.billingName()).isNull();
		assertThat(((CheckoutDiscount.Percentage) order.discount()).basisPoints()).isEqualTo(2500);
		assertThat(order.json().has("subscription")).isFalse();
	}

	@Test
	void payloadsBelongTogether() {
		Order order = PolarTestData.order().build();
		Subscription subscription = PolarTestData.subscription().build();
		CustomerState state = PolarTestData.customerState().build();
		assertThat(order.paid()).isTrue();
		assertThat(order.subscriptionId()).isEqualTo(subscription.id());
		assertThat(state.id()).isEqualTo(order.customerId()).isEqualTo(PolarTestData.customer().build().id());
		assertThat(state.activeSubscriptions()).singleElement()
			.satisfies((active) -> assertThat(active.id()).isEqualTo(subscription.id()));
		assertThat(PolarTestData.refund().build().orderId()).isEqualTo(order.id());
		BenefitGrant grant = PolarTestData.benefitGrant().build();
		assertThat(grant.subscriptionId()).isEqualTo(subscription.id());
		assertThat(grant.member()).isNotNull();
		assertThat(grant.member().id()).isEqualTo(grant.memberId());
		assertThat(grant.member().externalId()).isEqualTo(order.customer().externalId());
		assertThat(PolarTestData.checkoutSession().build().id()).isEqualTo(order.checkoutId());
		assertThat(PolarTestData.product().build().id()).isEqualTo(order.productId());
	}

	@Test
	void anotherResourceCanBeSet() {
		Order order = PolarTestData.order()
			.with("customer", PolarTestData.customer().with("external_id", "7").build())
			.build();
		assertThat(order.customer().externalId()).isEqualTo("7");
	}

	@Test
	void removedPropertyCanBeSetAgain() {
		assertThat(PolarTestData.order().without("status").with("status", "void").build().status())
			.isEqualTo(OrderStatus.VOID);
	}

	@ParameterizedTest
	@ValueSource(strings = { "totalAmount", "total", "customer.externalId", "items.7", "items.first", "discount.code",
			"status.x", "customer.", ".status" })
	void unknownPropertyIsRejected(String path) {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarTestData.order().with(path, 1))
			.withMessageContaining("Payload of Order has no property")
			.withMessageContaining(path);
		assertThatIllegalArgumentException().isThrownBy(() -> PolarTestData.order().without(path));
	}

	@Test
	void rejectionNamesWhatThereIs() {
		assertThatIllegalArgumentException().isThrownBy(() -> PolarTestData.customer().with("externalId", "42"))
			.withMessageStartingWith("Payload of Customer has no property 'externalId'")
			.withMessageContaining("external_id");
		assertThatIllegalArgumentException().isThrownBy(() -> PolarTestData.order().with("discount.code", "X"))
			.withMessageContaining("Set 'discount' to an object first");
	}

}
