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

package io.github.polarspring.webhook.jdbc;

import java.nio.charset.StandardCharsets;

import io.github.polarspring.webhook.PolarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is handled one after the other.
 */
class LanesTests {

	private static PolarEvent<?> event(String type, String data) {
		return PolarEvent.read("the-event",
				"{\"type\":\"%s\",\"data\":%s}".formatted(type, data).getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			order.paid              | {"id":"o","customer_id":"c","customer":{"id":"x"}} | c
			order.paid              | {"id":"o","customer":{"id":"c"}}                   | c
			subscription.revoked    | {"id":"s","customer_id":"c"}                       | c
			customer.state_changed  | {"id":"c"}                                         | c
			customer.deleted        | {"id":"c","external_id":"e"}                       | c
			customer_seat.assigned  | {"id":"s","customer_id":"c"}                       | c
			customer_seat.revoked   | {"id":"s","customer_id":null,"member":{"customer_id":"c"}} | c
			benefit_grant.created   | {"id":"g","customer_id":"c"}                       | c
			checkout.updated        | {"id":"k","customer_id":"c"}                       | c
			checkout.updated        | {"id":"k","customer_id":null}                      | checkout:k
			checkout.created        | {"id":"k"}                                         | checkout:k
			product.updated         | {"id":"p"}                                         | the-event
			novel.thing             | {}                                                 | the-event
			order.paid              | {"id":"o","customer_id":7,"customer":"c"}          | 7
			order.paid              | {"id":"o","customer":"c"}                          | the-event
			order.paid              | {"id":{},"customer_id":{},"customer":{"id":[]}}    | the-event
			customer.updated        | {"id":[]}                                          | the-event
			checkout.updated        | {"id":{"x":1}}                                     | the-event
			""")
	void laneIsTheCustomer(String type, String data, String lane) {
		assertThat(Lanes.of(event(type, data))).isEqualTo(lane);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			checkout.updated | {"id":"k","customer_id":"c"} | checkout:k
			order.paid       | {"id":"o","checkout_id":"k"} | checkout:k
			order.paid       | {"id":"o","customer_id":"c"} | c
			""")
	void laneOfTheCheckoutIsThatWithoutACustomer(String type, String data, String lane) {
		assertThat(Lanes.ofCheckout(event(type, data))).isEqualTo(lane);
	}

	@Test
	void longLaneIsCut() {
		String lane = Lanes.of(event("order.paid", "{\"customer_id\":\"%s\"}".formatted("c".repeat(300))));
		assertThat(lane).isEqualTo("c".repeat(255));
	}

}
