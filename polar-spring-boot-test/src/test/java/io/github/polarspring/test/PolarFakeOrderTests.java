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

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what can be read and changed after a sale: invoices, receipts, billing
 * details, lists of orders, benefit grants, and cards on file.
 */
class PolarFakeOrderTests extends PolarFakeSeller {

	private UUID free() throws Exception {
		return buy(product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":0}]"), "");
	}

	@Test
	void invoiceIsMadeWithoutBeingAskedIfTheBillingDetailsAreKnown() throws Exception {
		UUID order = buy(course());
		assertThat(get("/v1/orders/" + order + "/invoice").at("/url").asString()).contains(".pdf?",
				get("/v1/orders/" + order).at("/invoice_number").asString());
		assertThat(typesOf(() -> send(202, "POST", "/v1/orders/" + order + "/invoice", ""))).isEmpty();
	}

	@Test
	void invoiceIsMadeAgainAfterTheBillingDetailsHaveChanged() throws Exception {
		UUID order = buy(course());
		assertThat(typesOf(() -> assertThat(
				send(200, "PATCH", "/v1/orders/" + order, "{\"billing_name\":\"Ada Ltd\"}").at("/billing_name")
					.asString())
			.isEqualTo("Ada Ltd"))).containsExactly("order.updated");
		assertThat(typesOf(() -> send(202, "POST", "/v1/orders/" + order + "/invoice", "")))
			.containsExactly("order.updated");
		assertThat(typesOf(() -> send(202, "POST", "/v1/orders/" + order + "/invoice", ""))).isEmpty();
	}

	@Test
	void invoiceNeedsBillingDetails() throws Exception {
		UUID order = free();
		String path = "/v1/orders/" + order;
		assertThat(send(404, "GET", path + "/invoice", "").at("/error").asString()).isEqualTo("InvoiceDoesNotExist");
		assertThat(send(422, "POST", path + "/invoice", "").at("/error").asString())
			.isEqualTo("MissingInvoiceBillingDetails");
		send(200, "PATCH", path,
				"{\"billing_name\":\"Ada\",\"billing_address\":{\"country\":\"FR\",\"city\":\"Paris\"}}");
		send(202, "POST", path + "/invoice", "");
		assertThat(get(path).at("/is_invoice_generated").asBoolean()).isTrue();
		assertThat(get(path + "/invoice").at("/url").isString()).isTrue();
	}

	@Test
	void countryCannotBeChanged() throws Exception {
		UUID order = buy(course());
		JsonNode error = send(422, "PATCH", "/v1/orders/" + order, "{\"billing_address\":{\"country\":\"FR\"}}");
		assertThat(error.at("/error").asString()).isEqualTo("PolarRequestValidationError");
		assertThat(error.at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"billing_address\",\"country\"]");
		assertThat(error.at("/detail/0/msg").asString()).isEqualTo("Country cannot be changed");
		assertThat(get("/v1/orders/" + order).at("/billing_address/country").asString()).isEqualTo("US");
	}

	@Test
	void neitherCountryNorStateCanBeChanged() throws Exception {
		String path = "/v1/orders/" + buy(course());
		for (String address : List.of("{\"country\":\"US\",\"state\":\"NY\"}", "{\"country\":\"US\"}")) {
			JsonNode error = send(422, "PATCH", path, "{\"billing_address\":%s}".formatted(address));
			assertThat(error.at("/detail").size()).isOne();
			assertThat(error.at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"billing_address\",\"state\"]");
			assertThat(error.at("/detail/0/msg").asString()).isEqualTo("State cannot be changed");
		}
		JsonNode both = send(422, "PATCH", path, "{\"billing_address\":{\"country\":\"CA\",\"state\":\"QC\"}}");
		assertThat(both.at("/detail").size()).isEqualTo(2);
		assertThat(both.at("/detail/1/input").asString()).isEqualTo("CA-QC");
		assertThat(typesOf(() -> send(200, "PATCH", path, """
				{"billing_address":{"country":"us","state":"IL","city":"Chicago"}}""")))
			.containsExactly("order.updated");
		assertThat(get(path).at("/billing_address/city").asString()).isEqualTo("Chicago");
	}

	@ParameterizedTest
	@ValueSource(strings = { "billing_name", "billing_address" })
	void billingDetailsCanBeRemoved(String name) throws Exception {
		String path = "/v1/orders/" + buy(course());
		assertThat(send(200, "PATCH", path, "{\"%s\":null}".formatted(name)).get(name).isNull()).isTrue();
		assertThat(send(422, "POST", path + "/invoice", "").at("/error").asString())
			.isEqualTo("MissingInvoiceBillingDetails");
	}

	@Test
	void otherMembersOfAnOrderAreIgnored() throws Exception {
		UUID order = buy(course(), ",\"metadata\":{\"k\":\"one\"},\"customer_billing_address\":{\"country\":\"DE\"}");
		assertThat(
				send(200, "PATCH", "/v1/orders/" + order, "{\"metadata\":{\"k\":\"x\"}}").at("/metadata/k").asString())
			.isEqualTo("one");
	}

	@Test
	void unpaidOrderHasAnInvoiceOnlyIfItIsAskedFor() throws Exception {
		buy(monthly());
		this.fake.declineRenewals(true).renewSubscription(this.fake.subscriptionIds().get(0));
		String path = "/v1/orders/" + this.fake.orderIds().get(0) + "/invoice";
		assertThat(send(404, "GET", path, "").at("/error").asString()).isEqualTo("InvoiceDoesNotExist");
		assertThat(typesOf(() -> send(202, "POST", path, ""))).containsExactly("order.updated");
		get(path);
	}

	@Test
	void voidOrderHasNoInvoice() throws Exception {
		buy(monthly());
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true).renewSubscription(subscription);
		this.fake.revokeSubscription(subscription);
		JsonNode error = send(409, "POST", "/v1/orders/" + this.fake.orderIds().get(0) + "/invoice", "");
		assertThat(error.at("/error").asString()).isEqualTo("OrderNotEligibleForInvoice");
		assertThat(error.at("/detail").asString()).contains("void");
	}

	@Test
	void receiptIsMadeWhenItIsAskedFor() throws Exception {
		String path = "/v1/orders/" + buy(course()) + "/receipt";
		send(202, "GET", path, "");
		assertThat(get(path).at("/url").asString()).contains("Receipt-RCPT-");
		assertThat(send(404, "GET", "/v1/orders/" + free() + "/receipt", "").at("/error").asString())
			.isEqualTo("ReceiptNotAllocated");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /invoice", "POST, /invoice", "GET, /receipt", "PATCH, ''" })
	void orderMustExist(String method, String path) throws Exception {
		assertThat(send(404, method, "/v1/orders/" + UUID.randomUUID() + path, "{}").at("/error").asString())
			.isEqualTo("ResourceNotFound");
		send(422, method, "/v1/orders/nope" + path, "{}");
	}

	@Test
	void scopesAreRequired() throws Exception {
		UUID order = buy(course());
		this.fake.restrictScopes("checkouts:write");
		send(403, "GET", "/v1/orders/" + order + "/invoice", "");
		send(403, "POST", "/v1/orders/" + order + "/invoice", "");
		send(403, "PATCH", "/v1/orders/" + order, "{}");
		send(403, "GET", "/v1/disputes/", "");
		send(403, "GET", "/v1/benefit-grants/", "");
		this.fake.restrictScopes("orders:read");
		send(202, "POST", "/v1/orders/" + order + "/invoice", "");
		send(403, "PATCH", "/v1/orders/" + order, "{}");
	}

	@Test
	void merchantCannotChargeACard() throws Exception {
		String product = course();
		buy(product);
		String body = "{\"product_id\":\"%s\",\"customer_id\":\"%s\"}".formatted(product,
				this.fake.state().customers().get(0).id());
		assertThat(send(403, "POST", "/v1/orders/", body).at("/error").asString())
			.isEqualTo("OffSessionChargesNotEnabled");
		assertThat(this.fake.orderIds()).hasSize(1);
		send(422, "POST", "/v1/orders/", "{}");
	}

	@Test
	void ordersAreFilteredByTime() throws Exception {
		UUID first = buy(course());
		this.fake.advance(Duration.ofDays(10));
		UUID second = buy(monthly());
		String between = this.fake.state().now().minus(Duration.ofDays(1)).toString();
		assertThat(get("/v1/orders/?created_before=" + between).at("/items").size()).isOne();
		assertThat(get("/v1/orders/?created_before=" + between).at("/items/0/id").asString())
			.isEqualTo(first.toString());
		assertThat(get("/v1/orders/?created_after=" + between).at("/items/0/id").asString())
			.isEqualTo(second.toString());
		assertThat(get("/v1/orders/?created_after=2020-01-01&created_before=2020-01-02").at("/items").size()).isZero();
		JsonNode error = send(422, "GET", "/v1/orders/?created_after=yesterday", "");
		assertThat(error.at("/detail/0/loc").toString()).isEqualTo("[\"query\",\"created_after\"]");
		assertThat(error.at("/detail/0/type").asString()).isEqualTo("datetime_from_date_parsing");
	}

	@ParameterizedTest
	@CsvSource({ "amount, 0 900 2000", "-amount, 2000 900 0", "-net_amount, 2000 900 0", "created_at, 2000 900 0",
			"-created_at, 0 900 2000" })
	void ordersAreSorted(String sorting, String expected) throws Exception {
		buy(course());
		buy(product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":900}]"));
		free();
		assertThat(get("/v1/orders/?sorting=" + sorting).at("/items")
			.valueStream()
			.map((order) -> order.at("/net_amount").asString())
			.toList()).containsExactly(expected.split(" "));
	}

	@Test
	void grantsAreListed() throws Exception {
		buy(monthly());
		JsonNode grant = get("/v1/benefit-grants/?external_customer_id=user_1&is_granted=true").at("/items/0");
		assertThat(grant.at("/is_granted").asBoolean()).isTrue();
		assertThat(grant.has("previous_properties")).isFalse();
		this.fake.revokeSubscription(this.fake.subscriptionIds().get(0));
		assertThat(get("/v1/benefit-grants/?is_granted=true").at("/items").size()).isZero();
		assertThat(get("/v1/benefit-grants/?is_granted=false").at("/items/0/id")).isEqualTo(grant.at("/id"));
		send(422, "GET", "/v1/benefit-grants/?sorting=name", "");
	}

	@Test
	void onlyTheCardOfASubscriptionIsKept() throws Exception {
		buy(course());
		assertThat(get("/v1/customers/external/user_1/payment-methods").at("/items").size()).isZero();
		buy(monthly());
		JsonNode card = get("/v1/customers/external/user_1/payment-methods").at("/items/0");
		assertThat(card.at("/method_metadata/last4").asString()).isEqualTo("4242");
		assertThat(get("/v1/customers/" + card.at("/customer_id").asString() + "/payment-methods").at("/items/0"))
			.isEqualTo(card);
		send(404, "GET", "/v1/customers/external/nobody/payment-methods", "");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/refunds", "/v1/disputes", "/v1/benefit-grants" })
	void slashIsRequired(String path) throws Exception {
		send(307, "GET", path, "");
	}

	@Test
	void orderThatWasNotPaidIsVoidWhenTheSubscriptionIsRevoked() throws Exception {
		buy(monthly());
		UUID subscription = this.fake.subscriptionIds().get(0);
		this.fake.declineRenewals(true).renewSubscription(subscription);
		UUID order = this.fake.orderIds().get(0);
		assertThat(typesOf(() -> send(200, "DELETE", "/v1/subscriptions/" + subscription, ""))).containsExactly(
				"subscription.updated", "subscription.canceled", "subscription.revoked", "order.updated",
				"customer.state_changed");
		assertThat(get("/v1/orders/" + order).at("/status").asString()).isEqualTo("void");
	}

	@Test
	void taxCanDependOnTheState() throws Exception {
		assertThat(get("/v1/orders/" + buy(course())).at("/tax_amount").asLong()).isZero();
		UUID taxed = buy(course(), """
				,"customer_billing_address":{"country":"US","state":"NY","line1":"5 Broadway","city":"New York",
				"postal_code":"10004"}""");
		assertThat(get("/v1/orders/" + taxed).at("/tax_amount").asLong()).isEqualTo(178);
	}

}
