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

package io.github.polarspring.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.ClientCheckoutUpdate;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Customer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the buyer's browser does with the client secret, and what follows from it. Only
 * sessions that cost nothing are confirmed, and few, because Polar allows 20
 * confirmations an hour.
 */
@ContractTest
class BuyerContractTests {

	private final Contract polar;

	BuyerContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void clientSecretShowsWhatTheBuyerMaySee() {
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.metadata("secret", "1")
			.externalCustomerId(this.polar.names().next()));
		JsonNode seen = this.polar.get("/v1/checkouts/client/{secret}", session.clientSecret())
			.anonymous()
			.expect(200)
			.shape("checkout-public")
			.json();
		assertThat(Contract.id(seen)).isEqualTo(session.id());
		assertThat(seen.path("organization").path("slug").asString()).isNotEmpty();
		assertThat(seen.propertyNames()).doesNotContain("metadata", "customer_metadata", "external_customer_id",
				"subscription_id");
		this.polar.get("/v1/checkouts/client/{secret}", session.clientSecret() + "x")
			.anonymous()
			.expectError(404, "ResourceNotFound");
	}

	@Test
	void buyerChangesTheSession() {
		String code = this.polar.names().next().replace("-", "").toUpperCase(Locale.ROOT);
		UUID discount = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 2500, "duration", "once", "code", code));
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct()));
		CheckoutSession changed = this.polar.typed(200, "checkout-public",
				() -> this.polar.checkouts()
					.updateByClientSecret(session.clientSecret(),
							ClientCheckoutUpdate.builder()
								.customerName("Ada")
								.customerEmail(this.polar.names().email("ada." + this.polar.names().run()))
								.discountCode(code.toLowerCase(Locale.ROOT))
								.build()));
		assertThat(changed.customerName()).isEqualTo("Ada");
		assertThat(changed.discountId()).isEqualTo(discount);
		assertThat(changed.discountAmount()).isEqualTo(250);
		buyer("PATCH", session, "").body(Map.of("discount_code", "NO" + code))
			.expectError(422, "PolarRequestValidationError", "value_error body.discount_code");
		buyer("PATCH", session, "").body(Map.of("customer_email", "nobody"))
			.expectError(422, "RequestValidationError", "value_error body.customer_email");
		// not for buyers
		JsonNode unchanged = buyer("PATCH", session, "").body(Map.of("metadata", Map.of("a", "b"))).expect(200).json();
		assertThat(unchanged.path("customer_name").asString()).isEqualTo("Ada");
		assertThat(read(session).metadata()).doesNotContainKey("a");
	}

	@Test
	void freeSaleMakesAnOrderAndACustomer() {
		UUID benefit = this.polar.create("benefits", "benefit",
				Map.of("type", "custom", "description", "Contract test", "properties", Map.of("note", "Thank you")));
		UUID product = this.polar
			.createProduct(Map.of("name", this.polar.names().next(), "prices", List.of(Contract.price(0))));
		this.polar.post("/v1/products/{id}/benefits", product).body(Map.of("benefits", List.of(benefit))).expect(200);
		String user = this.polar.externalId();
		String email = this.polar.names().email(user);
		CheckoutSession session = create(CheckoutRequest.forProducts(product)
			.externalCustomerId(user)
			.customerEmail(email)
			.metadata("plan", "gift")
			.metadata("seats", 3)
			.customerMetadata("source", "shop"));
		JsonNode confirmed = buyer("POST", session, "/confirm").body(Map.of("customer_name", "Ada"))
			.expect(200)
			.shape("checkout-public")
			.json();
		assertThat(confirmed.path("status").asString()).isEqualTo("confirmed");
		assertThat(confirmed.path("customer_session_token").asString()).startsWith("polar_");
		buyer("POST", session, "/confirm").body(Map.of()).expectError(403, "NotOpenCheckout");
		JsonNode order = orderOf(session);
		assertThat(order.path("status").asString()).isEqualTo("paid");
		assertThat(order.path("paid").asBoolean()).isTrue();
		assertThat(order.path("total_amount").asLong()).isZero();
		assertThat(order.path("billing_reason").asString()).isEqualTo("purchase");
		assertThat(order.path("metadata").path("plan").asString()).isEqualTo("gift");
		assertThat(order.path("metadata").path("seats").asInt()).isEqualTo(3);
		assertThat(order.path("customer").path("external_id").asString()).isEqualTo(user);
		Customer customer = this.polar.typed(200, "customer",
				() -> this.polar.customers().findByExternalId(user).orElseThrow());
		assertThat(customer.id()).hasToString(order.path("customer_id").asString());
		assertThat(customer.email()).isEqualTo(email);
		assertThat(customer.name()).isEqualTo("Ada");
		assertThat(customer.metadata()).containsEntry("source", "shop");
		JsonNode state = this.polar.eventually(() -> this.polar.get("/v1/customers/external/{id}/state", user),
				(json) -> !json.path("granted_benefits").isEmpty());
		assertThat(state.path("granted_benefits").path(0).path("benefit_id").asString()).isEqualTo(benefit.toString());
		assertThat(read(session).isSucceeded()).isTrue();
		this.polar.patch("/v1/checkouts/{id}", session.id())
			.body(Map.of("customer_name", "Bob"))
			.expectError(403, "NotOpenCheckout");
		this.polar.get("/v1/orders/{id}", order.path("id").asString()).expect(200).shape("order");
	}

	@Test
	void discountOf100PercentNeedsNoCard() {
		UUID discount = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 10_000, "duration", "once"));
		String user = this.polar.externalId();
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.paidProduct())
			.discountId(discount)
			.externalCustomerId(user)
			.customerEmail(this.polar.names().email(user)));
		buyer("POST", session, "/confirm").body(Map.of("customer_name", "Ada")).expect(200).shape("checkout-public");
		JsonNode order = orderOf(session);
		assertThat(order.path("status").asString()).isEqualTo("paid");
		assertThat(order.path("subtotal_amount").asLong()).isEqualTo(1000);
		assertThat(order.path("discount_amount").asLong()).isEqualTo(1000);
		assertThat(order.path("net_amount").asLong()).isZero();
		assertThat(order.path("discount_id").asString()).isEqualTo(discount.toString());
	}

	@Test
	void freeSubscriptionStartsAndEndsWithItsCustomer() {
		String user = this.polar.externalId();
		UUID product = this.polar.freeSubscription();
		CheckoutSession session = create(CheckoutRequest.forProducts(product)
			.externalCustomerId(user)
			.customerEmail(this.polar.names().email(user))
			.metadata("workspace", "w1"));
		buyer("POST", session, "/confirm").body(Map.of("customer_name", "Ada")).expect(200).shape("checkout-public");
		JsonNode subscriptions = this.polar.eventually(
				() -> this.polar.get("/v1/subscriptions/?external_customer_id={id}", user),
				(json) -> !json.path("items").isEmpty());
		String id = subscriptions.path("items").path(0).path("id").asString();
		JsonNode subscription = this.polar.get("/v1/subscriptions/{id}", id).expect(200).shape("subscription").json();
		assertThat(subscription.path("status").asString()).isEqualTo("active");
		assertThat(subscription.path("product_id").asString()).isEqualTo(product.toString());
		assertThat(subscription.path("checkout_id").asString()).isEqualTo(session.id().toString());
		assertThat(subscription.path("metadata").path("workspace").asString()).isEqualTo("w1");
		assertThat(orderOf(session).path("subscription_id").asString()).isEqualTo(id);
		this.polar.eventually(() -> this.polar.get("/v1/customers/external/{id}/state", user),
				(json) -> !json.path("active_subscriptions").isEmpty());
		JsonNode state = this.polar.get("/v1/customers/external/{id}/state", user)
			.expect(200)
			.shape("customer-state")
			.json();
		assertThat(state.path("active_subscriptions").path(0).path("id").asString()).isEqualTo(id);
		CheckoutSession second = create(CheckoutRequest.forProducts(product).externalCustomerId(user));
		buyer("PATCH", second, "").body(Map.of("customer_name", "Ada"))
			.expectError(403, "AlreadyActiveSubscriptionError");
		JsonNode canceled = this.polar.patch("/v1/subscriptions/{id}", id)
			.body(Map.of("cancel_at_period_end", true))
			.expect(200)
			.shape("subscription")
			.json();
		assertThat(canceled.path("cancel_at_period_end").asBoolean()).isTrue();
		assertThat(canceled.path("status").asString()).isEqualTo("active");
		JsonNode revoked = this.polar.call("DELETE", "/v1/subscriptions/{id}", id)
			.expect(200)
			.shape("subscription")
			.json();
		assertThat(revoked.path("status").asString()).isEqualTo("canceled");
		this.polar.call("DELETE", "/v1/subscriptions/{id}", id).expectError(403, "AlreadyCanceledSubscription");
	}

	@Test
	void confirmationNeedsAnEmailAddress() {
		CheckoutSession session = create(CheckoutRequest.forProducts(this.polar.freeProduct()));
		buyer("POST", session, "/confirm").body(Map.of())
			.expectError(422, "PolarRequestValidationError", "missing body.customer_email");
		assertThat(read(session).isSucceeded()).isFalse();
	}

	@Test
	void confirmationOfAPaidSessionNeedsACard() {
		String user = this.polar.names().next();
		CheckoutSession session = create(
				CheckoutRequest.forProducts(this.polar.paidProduct()).customerEmail(this.polar.names().email(user)));
		buyer("POST", session, "/confirm").body(Map.of("customer_billing_address", Map.of("country", "FR")))
			.expectError(422, "PolarRequestValidationError", "missing body.confirmation_token_id");
	}

	private CheckoutSession create(CheckoutRequest.Builder request) {
		return this.polar.typed(201, "checkout", () -> this.polar.checkouts().create(request.build()));
	}

	private CheckoutSession read(CheckoutSession session) {
		return this.polar.typed(200, "checkout", () -> this.polar.checkouts().get(session.id()));
	}

	private ContractRequest buyer(String method, CheckoutSession session, String action) {
		return this.polar.call(method, "/v1/checkouts/client/{secret}" + action, session.clientSecret()).anonymous();
	}

	private JsonNode orderOf(CheckoutSession session) {
		this.polar.eventually(() -> this.polar.get("/v1/orders/?checkout_id={id}", session.id()),
				(json) -> !json.path("items").isEmpty());
		return this.polar.get("/v1/orders/?checkout_id={id}", session.id())
			.expect(200)
			.page("order")
			.json()
			.path("items")
			.path(0);
	}

}
