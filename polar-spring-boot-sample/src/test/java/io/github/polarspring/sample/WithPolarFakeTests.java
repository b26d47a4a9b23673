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

package io.github.polarspring.sample;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import io.github.polarspring.test.PolarFault;
import io.github.polarspring.test.context.WithPolarFake;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.UsageEvent;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestPropertySource;

import static io.github.polarspring.test.PolarFakeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WithPolarFake}, on a machine that has a token for production set.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "polar.access-token=polar_oat_production", "polar.base-url=https://polar.example",
				"polar.checkout.application-url=https://shop.example", "polar.fake.port=1" })
@WithPolarFake
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class WithPolarFakeTests {

	private static URI outerUrl;

	private final PolarFake polar;

	private final PolarCheckoutOperations checkouts;

	private final Orders orders;

	private final PolarEntitlements entitlements;

	private final PolarUsage usage;

	@Autowired
	private ApplicationContext context;

	WithPolarFakeTests(PolarFake polar, PolarCheckoutOperations checkouts, Orders orders,
			PolarEntitlements entitlements, PolarUsage usage) {
		this.polar = polar;
		this.checkouts = checkouts;
		this.orders = orders;
		this.entitlements = entitlements;
		this.usage = usage;
	}

	private UUID buy(String customer) {
		return this.checkouts.create(CheckoutRequest.forProducts("pro").externalCustomerId(customer).build()).id();
	}

	@Test
	@Order(1)
	void paidOrderIsDeliveredToTheApplicationUnderTest() {
		buy("order-1");
		this.polar.pay(assertThat(this.polar).checkout().forCustomer("order-1").withProduct("pro").isOpen().id());
		assertThat(this.polar).order().forCustomer("order-1").withAmount(2900);
		assertThat(this.polar).hasDelivered("order.paid").hasDelivered("checkout.updated");
		assertThat(this.orders.of("order-1")).extracting(Orders.Purchase::product).containsExactly("Lumen Pro");
		assertThat(this.entitlements.of("order-1").has("export")).isTrue();
		UsageEvent rendering = UsageEvent.builder("rendering")
			.externalCustomerId("order-1")
			.metadata("images", 4)
			.build();
		assertThat(this.usage.tryRecord(rendering)).isTrue();
		assertThat(this.usage.balance("renderings", "order-1").remaining()).isEqualTo("6");
	}

	@Test
	@Order(2)
	void fakeForgetsBeforeEachTest(PolarFake parameter) {
		assertThat(parameter).isSameAs(this.polar);
		outerUrl = parameter.baseUrl();
		assertThat(this.polar).hasNoCheckout().hasNoOrder();
		assertThat(this.polar.webhooks().deliveries()).isEmpty();
		assertThat(this.entitlements.of("order-1").has("export")).as("also what the application remembers").isFalse();
		assertThat(this.usage.balance("renderings", "order-1").credited()).isEqualTo("0");
		UUID again = buy("order-1");
		this.polar.pay(again);
		assertThat(this.usage.balance("renderings", "order-1").remaining()).isEqualTo("10");
	}

	@Test
	void annotatedParameterIsSprings(@Autowired PolarFake parameter, @Qualifier("polarFake") PolarFake qualified) {
		assertThat(parameter).isSameAs(this.polar).isSameAs(qualified);
	}

	@Test
	void outageIsOver() {
		this.polar.injectFault(PolarFault.hanging(), 2);
		assertThatExceptionOfType(PolarTimeoutException.class).isThrownBy(() -> this.checkouts.get(UUID.randomUUID()));
		assertThat(buy("patient")).isNotNull();
	}

	@Test
	void assertionsSayWhatThereIs() {
		buy("alice");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.polar).checkout().forCustomer("bob").withProduct("pro"))
			.withMessageContaining("Expected a checkout for the customer 'bob' but there are:")
			.withMessageContaining("open for 'alice', [Lumen Pro], 2900 usd");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.polar).checkout().forCustomer("alice").withProduct("team"));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.polar).checkout().forCustomer("alice").isPaid());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.polar).hasNoCheckout());
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.polar).order())
			.withMessage("Expected an order but there are none");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.polar).hasDelivered("order.paid"))
			.withMessageContaining("checkout.created (202)");
		assertThat(this.polar).checkout()
			.withProduct("Lumen Pro")
			.withProduct("7d1c2b7e-3a58-4a0b-8a6f-3c6d5c1f2b90")
			.withAmount(2900)
			.withMetadata("external_customer_id", "alice");
	}

	@Test
	void eventThatComesTwiceIsHeardOnce() {
		UUID session = buy("twice");
		this.polar.webhooks().hold();
		this.polar.pay(session);
		assertThat(this.orders.of("twice")).isEmpty();
		this.polar.webhooks().releaseReversed();
		List<Delivery> deliveries = this.polar.webhooks().deliveries();
		deliveries.forEach((delivery) -> this.polar.webhooks().redeliver(delivery.id()));
		assertThat(this.polar.webhooks().deliveries()).hasSize(2 * deliveries.size())
			.extracting(Delivery::status)
			.containsOnly(202);
		assertThat(this.orders.of("twice")).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void shopIsRightWhateverTheOrderOfTheEvents(long seed) {
		this.polar.webhooks().disorder(seed);
		String customer = "disorder-" + seed;
		this.polar.pay(buy(customer));
		await(customer, "paid");
		this.polar.refund(this.polar.orderIds().get(0), 2900);
		await(customer, "refunded");
		this.polar.webhooks().order();
		this.polar.webhooks().send("checkout.unknown", "{}");
		await(customer, "refunded");
		assertThat(this.polar.webhooks().deliveries()).extracting(Delivery::status).containsOnly(202);
	}

	private void await(String customer, String status) {
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (!this.orders.of(customer).stream().map(Orders.Purchase::status).toList().equals(List.of(status))) {
			assertThat(System.nanoTime() - end).as("orders: " + this.orders.of(customer)).isNegative();
			Thread.onSpinWait();
		}
	}

	@Test
	void changedEventIsRejectedAndItsRepeatIsTaken() {
		UUID session = buy("changed");
		this.polar.webhooks().corruptNext();
		this.polar.pay(session);
		assertThat(this.polar.webhooks().deliveries()).extracting(Delivery::status).contains(403);
		long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (this.polar.webhooks().deliveries().stream().noneMatch((delivery) -> delivery.attempt() == 2)
				&& System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThat(this.polar.webhooks().deliveries())
			.anySatisfy((delivery) -> assertThat(delivery.attempt() + ":" + delivery.status()).isEqualTo("2:202"));
	}

	@Nested
	class Inner {

		@Test
		void sharesContextAndFake(@Autowired ApplicationContext context, PolarFake parameter) {
			assertThat(context).isSameAs(WithPolarFakeTests.this.context);
			assertThat(parameter).isSameAs(WithPolarFakeTests.this.polar);
			assertThat(parameter).hasNoCheckout();
		}

	}

	@Nested
	class WithAnOwnVault {

		@Test
		void talksToTheFakeAllTheSame(PolarFake parameter, @Autowired PolarConnectionDetails connectionDetails) {
			assertThat(connectionDetails.getBaseUrl()).isEqualTo(parameter.baseUrl());
			buy("vault");
			assertThat(parameter).checkout().forCustomer("vault");
		}

		@TestConfiguration(proxyBeanMethods = false)
		static class Vault {

			@Bean
			@Primary
			PolarConnectionDetails vault() {
				return new PolarConnectionDetails() {

					@Override
					public URI getBaseUrl() {
						return URI.create("https://polar.example");
					}

					@Override
					public String getAccessToken() {
						return "polar_oat_from_vault";
					}

				};
			}

		}

	}

	@Nested
	@TestPropertySource(properties = "other=context")
	class OtherContext {

		@Test
		void hasAFakeOfItsOwn(PolarFake parameter, @Autowired PolarConnectionDetails connectionDetails) {
			assertThat(parameter.baseUrl()).isNotEqualTo(outerUrl).isEqualTo(connectionDetails.getBaseUrl());
		}

	}

}
