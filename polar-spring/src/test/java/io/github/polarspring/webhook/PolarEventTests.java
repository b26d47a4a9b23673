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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarWebhookException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarEvent}.
 */
class PolarEventTests {

	private static PolarEvent<?> read(String json) {
		return PolarEvent.read("evt-1", json.getBytes(StandardCharsets.UTF_8));
	}

	private static PolarEvent<?> event(String type, String data) {
		return read(
				"{\"type\":\"%s\",\"timestamp\":\"2026-08-22T09:31:40.301877Z\",\"data\":%s}".formatted(type, data));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					order.paid           | {"metadata":{"external_customer_id":"a"},"customer":{"external_id":"a"}} | Known[externalId=a]
					order.paid           | {"metadata":{"external_customer_id":"a"},"customer":{"external_id":null}} | Known[externalId=a]
					order.paid           | {"metadata":{"external_customer_id":"a"},"customer":{"external_id":"b"}} | Mismatch[externalId=a, customerExternalId=b]
					order.paid           | {"metadata":{"checkout_buyer":"guest"},"customer":{"external_id":"b"}} | Guest[]
					order.paid           | {"metadata":{"external_customer_id":"a","checkout_buyer":"guest"}} | Known[externalId=a]
					order.paid           | {"metadata":{},"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					order.paid           | {"metadata":{},"customer":{"external_id":null}} | Unproven[customerExternalId=null]
					order.paid           | {"metadata":{"checkout_buyer":7},"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					order.paid           | {"metadata":{"external_customer_id":""},"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					order.paid           | {"metadata":{},"custom_field_data":{"external_customer_id":"a"},"customer":{}} | Unproven[customerExternalId=null]
					order.paid           | {"metadata":{"checkout_buyer":"customer:7"},"customer_id":"7","customer":{"external_id":"b"}} | Known[externalId=b]
					order.paid           | {"metadata":{"checkout_buyer":"customer:7"},"customer_id":"8","customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					order.paid           | {"metadata":{"checkout_buyer":"customer:7"},"customer_id":"7","customer":{"external_id":null}} | Unproven[customerExternalId=null]
					order.paid           | {"metadata":{},"subscription":{"metadata":{"external_customer_id":"a"}},"customer":{"external_id":"a"}} | Known[externalId=a]
					order.paid           | {"metadata":{},"subscription":{"metadata":{"external_customer_id":"a"}},"customer":{"external_id":"b"}} | Mismatch[externalId=a, customerExternalId=b]
					order.paid           | {"metadata":{},"subscription":{"metadata":{"checkout_buyer":"guest"}},"customer":{"external_id":"b"}} | Guest[]
					order.paid           | {"metadata":{"external_customer_id":"a"},"subscription":{"metadata":{"external_customer_id":"c"}},"customer":{}} | Known[externalId=a]
					order.paid           | {"metadata":{},"subscription":{"metadata":null},"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					subscription.updated | {"metadata":{},"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					subscription.cycled  | {"metadata":{"checkout_buyer":"customer:7"},"customer_id":"7","customer":{"external_id":"b"}} | Known[externalId=b]
					order.refunded       | {"metadata":{"external_customer_id":"a"}} | Known[externalId=a]
					subscription.revoked | {"metadata":{"external_customer_id":"a"},"customer":{"external_id":"a"}} | Known[externalId=a]
					subscription.active  | {"metadata":{"external_customer_id":"a"},"customer":{"external_id":"A"}} | Mismatch[externalId=a, customerExternalId=A]
					checkout.updated     | {"metadata":{"external_customer_id":"a"},"external_customer_id":"a"} | Known[externalId=a]
					checkout.updated     | {"metadata":{"external_customer_id":"a"},"external_customer_id":"b"} | Mismatch[externalId=a, customerExternalId=b]
					checkout.updated     | {"metadata":{"checkout_buyer":"guest"}} | Guest[]
					checkout.updated     | {"metadata":{},"external_customer_id":"b"} | Unproven[customerExternalId=b]
					checkout.updated     | {"metadata":{"checkout_buyer":"customer:7"},"customer_id":"7","external_customer_id":"b"} | Unproven[customerExternalId=b]
					customer.updated     | {"external_id":"b"} | Unproven[customerExternalId=b]
					customer.updated     | {"external_id":null} | Unproven[customerExternalId=null]
					customer.state_changed | {"external_id":"b","active_subscriptions":[]} | Unproven[customerExternalId=b]
					customer.state_changed | {"external_id":"b","active_subscriptions":[{"metadata":{"external_customer_id":"b"}}],"granted_benefits":[{}]} | Unproven[customerExternalId=b]
					customer.state_changed | {"external_id":"b","active_subscriptions":[{"metadata":{"external_customer_id":"b"}},{"metadata":{}}]} | Unproven[customerExternalId=b]
					customer.state_changed | {"external_id":"b","active_subscriptions":[{"metadata":{}},{"metadata":{"external_customer_id":"a"}}]} | Mismatch[externalId=a, customerExternalId=b]
					benefit_grant.created | {"customer":{"external_id":"b"}} | Unproven[customerExternalId=b]
					refund.created       | {"metadata":{"external_customer_id":"a"}} | Unproven[customerExternalId=null]
					member.created       | {"external_id":"a"} | Unproven[customerExternalId=null]
					customer_seat.claimed | {"seat_metadata":{"external_customer_id":"a"}} | Unproven[customerExternalId=null]
					product.created      | {} | Unproven[customerExternalId=null]
					something.new        | {"metadata":{"external_customer_id":"a"}} | Unproven[customerExternalId=null]
					dotless              | {} | Unproven[customerExternalId=null]
					""")
	void buyerIsWhoOurCopySays(String type, String data, String buyer) {
		Buyer actual = event(type, data).buyer();
		assertThat(describe(actual)).isEqualTo(buyer);
		assertThat(actual.toString()).isEqualTo(buyer.replaceFirst("\\[.+]", ""));
	}

	private static String describe(Buyer buyer) {
		if (buyer instanceof Buyer.Known known) {
			return "Known[externalId=%s]".formatted(known.externalId());
		}
		if (buyer instanceof Buyer.Mismatch mismatch) {
			return "Mismatch[externalId=%s, customerExternalId=%s]".formatted(mismatch.externalId(),
					mismatch.customerExternalId());
		}
		return (buyer instanceof Buyer.Unproven unproven)
				? "Unproven[customerExternalId=%s]".formatted(unproven.customerExternalId()) : buyer.toString();
	}

	@Test
	void whatIsUnknownDoesNotFail() {
		PolarEvent<?> order = event("order.paid",
				"""
						{"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4","status":"teleported","novel":{"a":[1]},"items":[{"label":"x"}],
						"discount":{"type":"novel"},"customer":{"type":"robot"},"product":{"prices":[{"amount_type":"novel"}]}}""");
		assertThat(order.data()).isInstanceOfSatisfying(Order.class, (data) -> {
			assertThat(data.status()).isEqualTo(OrderStatus.UNKNOWN);
			assertThat(data.property("status")).isEqualTo("teleported");
			assertThatExceptionOfType(PolarDataException.class).isThrownBy(data::paid);
			assertThat(data.property("novel")).isEqualTo(Map.of("a", List.of(1L)));
			assertThat(data.metadata()).isEmpty();
			assertThat(data.items()).hasSize(1);
		});
		PolarEvent<?> novel = read(
				"""
						{"type":"novel.thing","data":{"id":"x"},"provider":"other","provider_subscription_id":7,"timestamp":"yesterday",
						"api_version":"2027-10"}""");
		assertThat(novel.data()).isInstanceOf(JsonNode.class);
		assertThat(novel.payloadType()).isEqualTo(JsonNode.class);
		assertThat(novel.timestamp()).isNull();
		assertThat(novel.apiVersion()).isEqualTo("2027-10");
		assertThat(novel.json().path("provider").stringValue()).isEqualTo("other");
		assertThat(novel.json().path("provider_subscription_id").intValue()).isEqualTo(7);
		assertThat(novel.businessKey()).isEqualTo("novel.thing:x");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			order.paid           | metadata | {"customer":{"external_id":"b"}}
			order.paid           | metadata | {"metadata":null}
			order.paid           | metadata | {"metadata":"a"}
			order.paid           | metadata | {"metadata":[]}
			order.paid           | metadata.external_customer_id | {"metadata":{"external_customer_id":7}}
			order.paid           | metadata.external_customer_id | {"metadata":{"external_customer_id":null}}
			order.paid           | customer.external_id | {"metadata":{},"customer":{"external_id":7}}
			order.paid           | customer | {"metadata":{},"customer":"a"}
			subscription.active  | metadata | {}
			checkout.updated     | metadata | {"external_customer_id":"b"}
			checkout.updated     | external_customer_id | {"metadata":{},"external_customer_id":["a"]}
			customer.updated     | external_id | {"external_id":7}
			benefit_grant.created | customer.external_id | {"customer":{"external_id":false}}
			customer.state_changed | active_subscriptions | {"external_id":"b","active_subscriptions":{}}
			customer.state_changed | active_subscriptions[].metadata | {"external_id":"b","active_subscriptions":[{}]}
			""")
	void buyerThatCannotBeDeterminedThrows(String type, String path, String data) {
		PolarEvent<?> event = event(type, data);
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(event::buyer)
			.withMessageContaining("'" + path + "'")
			.withMessageContaining("PolarEvent[type=%s, id=evt-1]".formatted(type));
		assertThat(event.observedBuyer()).isEqualTo("unreadable");
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(PolarEventMetadata.of(event)::buyer);
	}

	@Test
	void payloadWithAnUnexpectedIdThrowsOnlyWhenTheIdIsAskedFor() {
		PolarEvent<?> event = event("order.paid",
				"{\"id\":\"alice@example.com\",\"paid\":true,\"metadata\":{\"external_customer_id\":\"a\"}}");
		assertThat(event.buyer()).isEqualTo(new Buyer.Known("a"));
		Order order = (Order) event.data();
		assertThat(order.paid()).isTrue();
		assertThat(order.property("id")).isEqualTo("alice@example.com");
		assertThat(order).hasToString("Order[id=null, status=null]");
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(order::id)
			.withMessage("'id' of Order has an unexpected form. The JSON that Polar sent is available from json()")
			.withNoCause();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "null", "[]", "7", "{", "\"x\"", "{\"type\":7,\"data\":{}}", "{\"type\":\"order.paid\"}",
					"{\"type\":\"order.paid\",\"data\":[]}", "{\"type\":\"order.paid\",\"data\":null}", "{\"data\":{}}",
					"{\"type\":\"order.paid\",\"data\":{}} trailing", "<html>" })
	void whatIsNoEventIsRejected(String body) {
		assertThatExceptionOfType(PolarWebhookException.class).isThrownBy(() -> read(body))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(Reason.BODY));
	}

	@Test
	void eventDoesNotChange() {
		PolarEvent<?> event = event("discount.created", "{\"id\":\"x\"}");
		((ObjectNode) event.data()).put("id", "y");
		((ObjectNode) event.payload()).put("id", "y");
		assertThat(event.payload().get("id").asString()).isEqualTo("x");
		assertThat(((JsonNode) event.data()).get("id").asString()).isEqualTo("x");
		assertThat(event).hasToString("PolarEvent[type=discount.created, id=evt-1]");
	}

	@Test
	void jsonIsReadAgainWhateverTheSettings() {
		PolarEvent<?> event = event("order.paid", "{\"description\":\"café ✓\", \"total_amount\":1.50}");
		for (JsonMapper mapper : List.of(JsonMapper.shared(),
				JsonMapper.builder()
					.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
					.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(Include.NON_DEFAULT))
					.changeDefaultVisibility((checker) -> checker.with(Visibility.ANY))
					.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
					.build())) {
			assertSame(event, mapper.readValue(mapper.writeValueAsString(event), PolarEvent.class));
			PolarEvent<?> late = event.outOfOrder();
			assertSame(late, mapper.readValue(mapper.writeValueAsString(late), PolarEvent.class));
			PolarIdentityMismatch mismatch = new PolarIdentityMismatch(event, new Buyer.Mismatch("a", "b"));
			PolarIdentityMismatch read = mapper.readValue(mapper.writeValueAsString(mismatch),
					PolarIdentityMismatch.class);
			assertThat(read.buyer()).isEqualTo(mismatch.buyer());
			assertSame(event, read.event());
		}
		assertThat(JsonMapper.shared().valueToTree(event).propertyNames()).containsExactly("id", "body", "outOfOrder");
	}

	private static void assertSame(PolarEvent<?> event, PolarEvent<?> read) {
		assertThat(read).hasToString(event.toString());
		assertThat(read.body()).isEqualTo(event.body());
		assertThat(read.isOutOfOrder()).isEqualTo(event.isOutOfOrder());
		assertThat(read.payloadType()).isEqualTo(event.payloadType());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					refund.created       | {"organization_id":"6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34"} | 6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34
					order.paid           | {"customer":{"organization_id":"6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34"}} | 6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34
					organization.updated | {"id":"6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34"} | 6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34
					member.created       | {"id":"6f0c1f52-3f0a-4c6e-9d5b-0a7c2f1e8b34"} | -
					order.paid           | {"organization_id":"nonsense"} | -
					""")
	void organizationIsFoundWhereItIs(String type, String data, UUID organization) {
		assertThat(event(type, data).organizationId()).isEqualTo(organization);
	}

}
