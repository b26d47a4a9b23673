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

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the default {@link PolarBuyerResolver}.
 */
class PolarBuyerResolverTests {

	private static final String ORDER = "71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4";

	private static final String SUBSCRIPTION = "5b1d7c2e-9a34-4f60-8e7b-1c2d3e4f5a6b";

	private static final String CHECKOUT = "8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	private static final String CUSTOMER = "16d10d37-0408-4ff4-a9f1-7b1791d59b80";

	private final Map<String, String> resources = new HashMap<>();

	private final List<String> calls = new ArrayList<>();

	private HttpStatus failure = HttpStatus.NOT_FOUND;

	private final PolarBuyerResolver resolver = PolarBuyerResolver.using(PolarClient.builder()
		.accessToken("polar_oat_test")
		.baseUrl(URI.create("https://sandbox-api.polar.sh"))
		.requestFactory((uri, method) -> new MockClientHttpRequest(method, uri) {

			@Override
			protected ClientHttpResponse executeInternal() {
				return respond(uri.getPath());
			}

		})
		.build());

	private ClientHttpResponse respond(String path) {
		this.calls.add(path);
		String resource = this.resources.get(path);
		MockClientHttpResponse response = new MockClientHttpResponse(
				((resource != null) ? resource : "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}")
					.getBytes(StandardCharsets.UTF_8),
				(resource != null) ? HttpStatus.OK : this.failure);
		response.getHeaders().set("Polar-Version", "2026-10");
		response.getHeaders().set(HttpHeaders.CONTENT_TYPE, "application/json");
		return response;
	}

	private Buyer resolve(String type, String data) {
		return this.resolver.resolve(PolarEvent.read("evt-1",
				"{\"type\":\"%s\",\"data\":%s}".formatted(type, data).getBytes(StandardCharsets.UTF_8)));
	}

	private void order(String metadata, String more) {
		this.resources.put("/v1/orders/" + ORDER,
				"{\"metadata\":%s,\"customer\":{\"external_id\":\"b\"}%s}".formatted(metadata, more));
	}

	private void subscription(String metadata, String more) {
		this.resources.put("/v1/subscriptions/" + SUBSCRIPTION,
				"{\"metadata\":%s,\"customer\":{\"external_id\":\"b\"}%s}".formatted(metadata, more));
	}

	private void checkout(String metadata) {
		this.resources.put("/v1/checkouts/" + CHECKOUT,
				"{\"metadata\":%s,\"customer_id\":\"%s\"}".formatted(metadata, CUSTOMER));
	}

	private void customer(String externalId) {
		this.resources.put("/v1/customers/" + CUSTOMER, "{\"external_id\":%s}".formatted(externalId));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					order.paid       | {"metadata":{"external_customer_id":"a"},"checkout_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"}
					order.paid       | {"metadata":{"checkout_buyer":"guest"},"checkout_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"}
					checkout.updated | {"metadata":{"external_customer_id":"a"},"external_customer_id":"b"}
					product.created  | {"id":"71c3a5e9-4d8f-4b02-96e7-a8f0d1c2b3e4"}
					customer.updated | {"external_id":"b","id":"16d10d37-0408-4ff4-a9f1-7b1791d59b80"}
					""")
	void nothingIsReadIfTheEventTellsOrThereIsNoPurchase(String type, String data) {
		Buyer told = PolarEvent
			.read("evt-1", "{\"type\":\"%s\",\"data\":%s}".formatted(type, data).getBytes(StandardCharsets.UTF_8))
			.buyer();
		assertThat(resolve(type, data)).isEqualTo(told);
		assertThat(this.calls).isEmpty();
	}

	@Test
	void buyerOfARefundIsThatOfItsOrder() {
		order("{\"external_customer_id\":\"b\"}", "");
		String refund = "{\"metadata\":{},\"order_id\":\"%s\",\"subscription_id\":\"%s\"}".formatted(ORDER,
				SUBSCRIPTION);
		assertThat(resolve("refund.created", refund)).isEqualTo(new Buyer.Known("b"));
		order("{\"external_customer_id\":\"a\"}", "");
		assertThat(resolve("refund.updated", refund)).isEqualTo(new Buyer.Mismatch("a", "b"));
		order("{\"checkout_buyer\":\"guest\"}", "");
		assertThat(resolve("refund.updated", refund)).isEqualTo(new Buyer.Guest());
		assertThat(this.calls).containsOnly("/v1/orders/" + ORDER).hasSize(3);
	}

	@Test
	void buyerOfASeatIsThatOfItsSubscription() {
		subscription("{\"external_customer_id\":\"b\"}", "");
		assertThat(resolve("customer_seat.claimed",
				"{\"order_id\":null,\"subscription_id\":\"%s\",\"member\":{\"external_id\":\"m\"}}"
					.formatted(SUBSCRIPTION)))
			.isEqualTo(new Buyer.Known("b"));
	}

	@Test
	void buyerOfABenefitIsThatOfItsOrder() {
		order("{\"external_customer_id\":\"b\"}", "");
		assertThat(resolve("benefit_grant.created",
				"{\"order_id\":\"%s\",\"subscription_id\":null,\"customer\":{\"external_id\":\"b\"}}".formatted(ORDER)))
			.isEqualTo(new Buyer.Known("b"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					subscription.updated | {"metadata":{},"customer":{"external_id":"b"},"checkout_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"}
					order.paid           | {"metadata":{},"customer":{"external_id":"b"},"checkout_id":null,"subscription":{"metadata":{},"checkout_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018"}}
					order.paid           | {"metadata":{},"customer":{"external_id":"b"},"checkout_id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","subscription":null}
					""")
	void buyerWhoseIdWasReplacedInTheMetadataIsThatOfTheCheckout(String type, String data) {
		checkout("{\"external_customer_id\":\"b\"}");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Known("b"));
		checkout("{\"external_customer_id\":\"a\"}");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Mismatch("a", "b"));
		checkout("{\"checkout_buyer\":\"guest\"}");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Guest());
		checkout("{\"utm_source\":\"x\"}");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Unproven("b"));
		checkout("{\"checkout_buyer\":\"customer:%s\"}".formatted(CUSTOMER));
		customer("\"b\"");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Known("b"));
		customer("null");
		assertThat(resolve(type, data)).isEqualTo(new Buyer.Unproven("b"));
	}

	@Test
	void refundOfARenewalIsLookedUpOverThreeSteps() {
		order("{}", ",\"subscription\":{\"metadata\":{},\"checkout_id\":\"%s\"}".formatted(CHECKOUT));
		checkout("{\"external_customer_id\":\"b\"}");
		assertThat(resolve("refund.created", "{\"order_id\":\"%s\"}".formatted(ORDER))).isEqualTo(new Buyer.Known("b"));
		assertThat(this.calls).containsExactly("/v1/orders/" + ORDER, "/v1/checkouts/" + CHECKOUT);
	}

	@Test
	void checkoutOfAChosenCustomerBelongsToThem() {
		customer("\"b\"");
		assertThat(resolve("checkout.updated",
				"{\"metadata\":{\"checkout_buyer\":\"customer:%1$s\"},\"customer_id\":\"%1$s\",\"external_customer_id\":null}"
					.formatted(CUSTOMER)))
			.isEqualTo(new Buyer.Known("b"));
	}

	@Test
	void memberHasBoughtNothing() {
		assertThat(resolve("member.created", "{\"customer_id\":\"%s\",\"external_id\":\"m\"}".formatted(CUSTOMER)))
			.isEqualTo(new Buyer.Unproven(null));
		assertThat(this.calls).isEmpty();
	}

	@Test
	void customerWhoIsNotThatOfTheCheckoutIsNotTheBuyer() {
		customer("\"x\"");
		String order = "{\"metadata\":{},\"customer\":{\"external_id\":\"y\"},\"checkout_id\":\"%s\"}"
			.formatted(CHECKOUT);
		this.resources.put("/v1/checkouts/" + CHECKOUT,
				"{\"metadata\":{\"checkout_buyer\":\"customer:%s\"},\"customer_id\":\"%s\"}".formatted(CUSTOMER,
						ORDER));
		assertThat(resolve("order.paid", order)).isEqualTo(new Buyer.Unproven("y"));
		this.resources.put("/v1/checkouts/" + CHECKOUT,
				"{\"metadata\":{\"checkout_buyer\":\"customer:%1$s\"},\"customer_id\":\"%1$s\"}".formatted(CUSTOMER));
		assertThat(resolve("order.paid", order)).isEqualTo(new Buyer.Mismatch("x", "y"));
	}

	@Test
	void whatNoLongerExistsProvesNothing() {
		assertThat(resolve("refund.created", "{\"order_id\":\"%s\"}".formatted(ORDER)))
			.isEqualTo(new Buyer.Unproven(null));
		assertThat(resolve("order.paid",
				"{\"metadata\":{},\"customer\":{\"external_id\":\"b\"},\"checkout_id\":\"%s\"}".formatted(CHECKOUT)))
			.isEqualTo(new Buyer.Unproven("b"));
		assertThat(this.calls).hasSize(2);
	}

	@Test
	void failureOfPolarIsPassedOn() {
		this.failure = HttpStatus.FORBIDDEN;
		assertThatExceptionOfType(PolarApiException.class)
			.isThrownBy(() -> resolve("refund.created", "{\"order_id\":\"%s\"}".formatted(ORDER)))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(403));
	}

	@Test
	void purchaseThatCannotBeReadIsNoGuest() {
		order("null", "");
		assertThatExceptionOfType(PolarDataException.class)
			.isThrownBy(() -> resolve("refund.created", "{\"order_id\":\"%s\"}".formatted(ORDER)))
			.withMessageContaining("'metadata'");
		assertThatExceptionOfType(PolarDataException.class)
			.isThrownBy(() -> resolve("refund.created", "{\"order_id\":\"nonsense/../x\"}"))
			.withMessageContaining("'order_id'")
			.withMessageNotContaining("nonsense");
	}

}
