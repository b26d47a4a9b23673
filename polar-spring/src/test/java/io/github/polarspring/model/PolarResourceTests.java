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

package io.github.polarspring.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.client.PolarJson;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarResource} and the rules that its subclasses read by.
 */
class PolarResourceTests {

	private static final String ID = "71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4";

	private static Order order(String members) {
		return PolarJson.MAPPER.readValue("{\"id\":\"" + ID + "\"," + members + "}", Order.class);
	}

	private static Subscription subscription(String members) {
		return PolarJson.MAPPER.readValue("{\"id\":\"" + ID + "\"," + members + "}", Subscription.class);
	}

	private static void assertThrows(ThrowingCallable accessor, String message) {
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(accessor)
			.withMessageContaining(message)
			.withNoCause();
	}

	@Test
	void timeWithoutZoneIsInUtc() {
		Subscription subscription = subscription("""
				"status":"active","current_period_start":"2026-08-22T09:31:40.118250Z",
				"current_period_end":"2026-09-22T09:31:40.118250\"""");
		assertThat(subscription.currentPeriodEnd()).isEqualTo("2026-09-22T09:31:40.118250Z");
		assertThat(subscription.property("current_period_end")).isEqualTo("2026-09-22T09:31:40.118250");
		assertThat(subscription.currentPeriodStart()).isEqualTo("2026-08-22T09:31:40.118250Z");
		assertThat(subscription.status()).isEqualTo(SubscriptionStatus.ACTIVE);
	}

	@Test
	void timeWithAnOffsetIsRead() {
		assertThat(order("\"created_at\":\"2026-08-22T11:31:40+02:00\"").createdAt())
			.isEqualTo(Instant.parse("2026-08-22T09:31:40Z"));
	}

	@Test
	void missingAmountThrowsInsteadOfZero() {
		assertThrows(order("\"paid\":true")::totalAmount, "'total_amount' of Order " + ID + " is missing");
		assertThrows(order("\"total_amount\":null")::totalAmount, "'total_amount' of Order " + ID + " is missing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.0", "2900.5", "\"2900\"", "true", "{}", "[]", "1e3", "9223372036854775808" })
	void amountInAnUnexpectedFormThrows(String amount) {
		assertThrows(order("\"total_amount\":" + amount)::totalAmount,
				"'total_amount' of Order " + ID + " has an unexpected form");
	}

	@Test
	void amountIsReadWhole() {
		assertThat(order("\"total_amount\":9007199254740993").totalAmount()).isEqualTo(9007199254740993L);
	}

	@Test
	void valueThatCanBeAbsentThrowsOnlyInAnUnexpectedForm() {
		Customer customer = PolarJson.MAPPER.readValue("{\"external_id\":null}", Customer.class);
		assertThat(customer.externalId()).isNull();
		assertThat(customer.organizationId()).isNull();
		assertThat(customer.metadata()).isEmpty();
		Customer strange = PolarJson.MAPPER
			.readValue("{\"external_id\":42,\"organization_id\":\"x\",\"metadata\":[],\"email\":42}", Customer.class);
		assertThrows(strange::externalId, "'external_id' of Customer has an unexpected form");
		assertThrows(strange::organizationId, "'organization_id'");
		assertThrows(strange::metadata, "'metadata'");
		assertThrows(strange::emailVerified, "'email_verified' of Customer is missing");
		assertThat(strange.email()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			"refunded"   | REFUNDED
			"REFUNDED"   | REFUNDED
			"teleported" | UNKNOWN
			""           | UNKNOWN
			7            | -
			null         | -
			""")
	void statusIsKnownOrUnknownOrThrows(String status, OrderStatus expected) {
		Order order = order("\"status\":" + status);
		if (expected != null) {
			assertThat(order.status()).isEqualTo(expected);
			assertThat(order.property("status")).isEqualTo(PolarJson.MAPPER.readValue(status, Object.class));
		}
		else {
			assertThrows(order::status, "'status' of Order " + ID);
		}
		assertThat(order).hasToString("Order[id=" + ID + ", status=" + expected + "]");
	}

	@Test
	void pathOfANestedValueIsNamed() {
		Order order = order("\"items\":[{\"amount\":1},{\"amount\":\"1\"}],\"subscription\":{\"currency\":7}");
		assertThat(order.items().get(0).amount()).isOne();
		assertThrows(order.items().get(1)::amount, "'items[].amount' of Order " + ID);
		assertThrows(order.subscription()::currency, "'subscription.currency' of Order " + ID);
	}

	@Test
	void elementThatCannotBeReadIsLeftOut() {
		assertThat(order("\"customer\":{\"tax_id\":[\"a\",7,null,{},\"b\"]}").customer().taxId()).containsExactly("a",
				"b");
	}

	@Test
	void listThatDecidesAboutMoneyIsReadAsAWholeOrNotAtAll() {
		assertThat(order("\"items\":[{\"label\":\"a\"},{\"label\":\"b\"}]").items()).extracting(Order.Item::label)
			.containsExactly("a", "b");
		assertThat(order("\"items\":null").items()).isEmpty();
		assertThatExceptionOfType(PolarDataException.class)
			.isThrownBy(() -> order("\"items\":[{\"label\":\"a\"},7]").items())
			.withMessageContaining("'items'");
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(() -> order("\"items\":{}").items());
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(() -> order("\"customer\":7").customer());
	}

	@Test
	void propertyIsWhatPolarSent() {
		Order order = order("""
				"text":"a","yes":true,"none":null,"whole":7,"half":0.5,"huge":123456789012345678901234567890,
				"beyond":1e400,"list":[1,"b"],"map":{"c":[2]}""");
		assertThat(order.property("text")).isEqualTo("a");
		assertThat(order.property("yes")).isEqualTo(true);
		assertThat(order.property("none")).isNull();
		assertThat(order.property("absent")).isNull();
		assertThat(order.property("whole")).isEqualTo(7L);
		assertThat(order.property("half")).isEqualTo(0.5);
		assertThat(order.property("huge")).isEqualTo(new BigInteger("123456789012345678901234567890"));
		assertThat(order.property("beyond")).isEqualTo(new BigDecimal("1e400"));
		assertThat(order.property("list")).isEqualTo(List.of(1L, "b"));
		assertThat(order.property("map")).isEqualTo(Map.of("c", List.of(2L)));
	}

	@Test
	void jsonIsACopy() {
		Order order = order("\"paid\":true");
		((ObjectNode) order.json()).put("paid", false);
		assertThat(order.paid()).isTrue();
	}

	@Test
	void everyMapperReadsAndWritesIt() {
		String json = "{\"id\":\"%s\",\"total_amount\":1900,\"novel\":{\"a\":null},\"prices\":[]}".formatted(ID);
		JsonMapper hostile = JsonMapper.builder()
			.propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
			.build();
		for (JsonMapper mapper : List.of(hostile, JsonMapper.shared(), PolarJson.MAPPER)) {
			Order order = mapper.readValue(json, Order.class);
			assertThat(order.totalAmount()).isEqualTo(1900);
			assertThat(mapper.writeValueAsString(order)).isEqualTo(json);
			assertThat(mapper.readValue(mapper.writeValueAsString(order), Order.class)).isEqualTo(order)
				.hasSameHashCodeAs(order);
		}
	}

	@Test
	void nestedTypesAreReadByThemselves() {
		assertThat(JsonMapper.shared().readValue("{\"amount\":5}", Order.Item.class).amount()).isEqualTo(5);
		assertThat(JsonMapper.shared().readValue("{\"amount_type\":\"fixed\",\"price_amount\":5}", ProductPrice.class))
			.isInstanceOfSatisfying(ProductPrice.Fixed.class, (price) -> assertThat(price.priceAmount()).isEqualTo(5));
		assertThat(JsonMapper.shared().readValue("{\"type\":\"novel\"}", CheckoutDiscount.class))
			.isInstanceOf(CheckoutDiscount.Other.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "\"x\"", "[]", "[{}]", "true" })
	void otherThanAnObjectIsNoResource(String json) {
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> JsonMapper.shared().readValue(json, Order.class));
	}

	@Test
	void equalByClassAndContent() {
		assertThat(order("\"paid\":true")).isEqualTo(order("\"paid\":true")).isNotEqualTo(order("\"paid\":false"));
		assertThat((Object) order("\"paid\":true")).isNotEqualTo(subscription("\"paid\":true")).isNotEqualTo(null);
	}

	@Test
	void textNamesNoPersonalData() {
		assertThat(PolarJson.MAPPER.readValue("{\"id\":\"ada@example.com\",\"email\":\"ada@example.com\"}",
				Customer.class))
			.hasToString("Customer[]");
		assertThat(PolarJson.MAPPER.readValue("{\"id\":\"" + ID + "\",\"name\":\"Ada\"}", Customer.class))
			.hasToString("Customer[id=" + ID + "]");
	}

	@Test
	void amountsOfADiscountAreReadableAllTogether() {
		CheckoutDiscount.Fixed fixed = PolarJson.MAPPER.readValue("{\"amounts\":{\"usd\":100,\"eur\":\"90\"}}",
				CheckoutDiscount.Fixed.class);
		assertThrows(fixed::amounts, "'amounts' of Fixed has an unexpected form");
	}

	@Test
	void unexpectedFormIsLoggedOnceForEachTypeAndPath() {
		Logger logger = (Logger) LoggerFactory.getLogger(PolarResource.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		logger.setLevel(Level.DEBUG);
		try {
			// as the outermost type in no other test
			AttachedCustomField field = PolarJson.MAPPER.readValue("""
					{"custom_field":{"name":["secret"],"properties":{"options":[{"label":7}]}}}""",
					AttachedCustomField.class);
			for (int i = 0; i < 3; i++) {
				assertThat(field.customField().name()).isNull();
				assertThat(field.customField().properties().options().get(0).label()).isNull();
			}
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(log);
		}
		assertThat(log.list).hasSize(6).allSatisfy((event) -> assertThat(event.getMessage()).doesNotContain("secret"));
		assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.extracting(ILoggingEvent::getMessage)
			.satisfiesExactly(
					(message) -> assertThat(message)
						.startsWith("AttachedCustomField: 'custom_field.name' has an unexpected form")
						.endsWith("(Further occurrences are logged at DEBUG.)"),
					(message) -> assertThat(message)
						.startsWith("AttachedCustomField: 'custom_field.properties.options[].label' has"));
	}

	@Test
	void mapIsReadWithoutTheEntriesThatCannotBeRead() {
		UUID product = UUID.randomUUID();
		CheckoutSession session = PolarJson.MAPPER.readValue(
				"""
						{"prices":{"%s":[{"amount_type":"fixed"},7],"no-id":[],"%s":7},"payment_processor_metadata":{"a":"b","c":1}}"""
					.formatted(product, UUID.randomUUID()),
				CheckoutSession.class);
		assertThat(session.prices()).containsOnlyKeys(product);
		assertThat(session.prices().get(product)).hasSize(1);
		assertThat(session.paymentProcessorMetadata()).isEqualTo(Map.of("a", "b"));
	}

}
