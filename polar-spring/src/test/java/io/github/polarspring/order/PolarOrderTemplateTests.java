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

package io.github.polarspring.order;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.Payment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarOrderTemplate}.
 */
class PolarOrderTemplateTests {

	private static final String NOT_GENERATED = "{\"error\":\"InvoiceDoesNotExist\",\"detail\":\"No invoice\"}";

	private static final String URL = "{\"url\":\"https://storage.example/invoice.pdf?signature=s3cret\"}";

	private final OrdersAtPolar polar = new OrdersAtPolar();

	private final PolarOrderTemplate orders = PolarOrderTemplate.builder(this.polar.client(Duration.ofSeconds(20)))
		.currentPayer(() -> () -> PolarIdentity.of("alice"))
		.documentTimeout(Duration.ofSeconds(20))
		.build();

	@AfterEach
	void close() {
		this.polar.close();
	}

	private static String invoice(String method, UUID order) {
		return "%s /v1/orders/%s/invoice".formatted(method, order);
	}

	private static String receipt(UUID order) {
		return "GET /v1/orders/%s/receipt".formatted(order);
	}

	@Test
	void orderIsFoundById() {
		UUID id = this.polar.order("alice", "alice", 1000);
		assertThat(this.orders.find(id)).map(Order::id).hasValue(id);
		assertThat(this.orders.find(UUID.randomUUID())).isEmpty();
	}

	@Test
	void queryContainsAllFilters() {
		UUID id = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");
		this.orders.list(OrderQuery.builder()
			.productId(id)
			.billingType(OrderQuery.BillingType.ONE_TIME)
			.discountId(id)
			.customerId(id, id)
			.externalCustomerId("alice")
			.checkoutId(id)
			.subscriptionId(id)
			.status(OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED)
			.createdAfter(Instant.parse("2026-11-01T00:00:00Z"))
			.createdBefore(Instant.parse("2026-12-01T00:00:00Z"))
			.metadata("campaign", "autumn")
			.ascending(OrderQuery.SortProperty.INVOICE_NUMBER)
			.descending(OrderQuery.SortProperty.NET_AMOUNT)
			.page(2)
			.limit(50)
			.build());
		assertThat(this.polar.requests())
			.containsExactly(("GET /v1/orders/?product_id=%1$s&product_billing_type=one_time"
					+ "&discount_id=%1$s&customer_id=%1$s&customer_id=%1$s&external_customer_id=alice&checkout_id=%1$s"
					+ "&subscription_id=%1$s&status=paid&status=partially_refunded&created_after=2026-11-01T00:00:00Z"
					+ "&created_before=2026-12-01T00:00:00Z&metadata[campaign]=autumn&sorting=invoice_number"
					+ "&sorting=-net_amount&page=2&limit=50")
				.formatted(id));
		assertThatIllegalArgumentException().isThrownBy(() -> OrderQuery.builder().status(OrderStatus.UNKNOWN));
		assertThatIllegalArgumentException().isThrownBy(() -> OrderQuery.builder().productId());
	}

	@Test
	void ordersOfAUserAreThoseThatTheUserIsProvenToHaveBought() {
		UUID first = this.polar.order("alice", "alice", 1000);
		UUID withAddressOfBob = this.polar.order("alice", "bob", 1000);
		UUID boughtByBob = this.polar.order("bob", "alice", 1000);
		assertThat(this.orders.ofCurrentUser().list()).extracting(Order::id).containsExactly(withAddressOfBob, first);
		assertThat(this.orders.of("bob").list()).extracting(Order::id).containsExactly(boughtByBob);
		assertThat(this.orders.ofCurrentUser().find(first)).isPresent();
		assertThat(this.orders.ofCurrentUser().find(boughtByBob)).isEmpty();
	}

	@Test
	void assignedOrdersBelongToTheUserAndToTheirBuyer() {
		UUID own = this.polar.order("alice", "alice", 1000);
		UUID assigned = this.polar.order("bob", "alice", 1000);
		UUID gone = UUID.randomUUID();
		PolarOrderTemplate withAssignments = PolarOrderTemplate.builder(this.polar.client(Duration.ofSeconds(1)))
			.assignedOrders((user) -> user.equals("alice") ? Set.of(own, assigned, gone) : Set.of())
			.build();
		assertThat(withAssignments.of("alice").list()).extracting(Order::id).containsExactly(assigned, own);
		assertThat(withAssignments.of("alice").find(assigned)).isPresent();
		assertThat(withAssignments.of("alice").find(gone)).isEmpty();
		assertThat(withAssignments.of("bob").list()).extracting(Order::id).containsExactly(assigned);
		assertThat(withAssignments.of("carol").find(assigned)).isEmpty();
	}

	@Test
	void memberOfATeamSeesOnlyOwnOrders() {
		this.polar.order("alice", "alice", 1000);
		UUID own = this.polar.order("bob", "bob", 1000);
		PolarOrderTemplate ofBob = PolarOrderTemplate.builder(this.polar.client(Duration.ofSeconds(1)))
			.currentPayer(() -> () -> PolarIdentity.of("alice").withMemberId("bob"))
			.build();
		assertThat(ofBob.ofCurrentUser().list()).extracting(Order::id).containsExactly(own);
	}

	@Test
	void customerWhomTheApplicationChoseIsTheBuyer() {
		UUID id = this.polar.order("nobody", "alice", 1000);
		this.polar.order(id)
			.putObject("metadata")
			.put("checkout_buyer", "customer:" + this.polar.order(id).path("customer_id").asString());
		assertThat(this.orders.of("alice").find(id)).isPresent();
		this.polar.order(id).putObject("metadata").put("checkout_buyer", "customer:" + UUID.randomUUID());
		assertThat(this.orders.of("alice").find(id)).isEmpty();
		this.polar.order(id).putObject("metadata").put("checkout_buyer", "guest");
		assertThat(this.orders.of("alice").find(id)).isEmpty();
	}

	@Test
	void subscriptionTellsTheBuyerOfAnOrderThatDoesNot() {
		UUID id = this.polar.order("x", "bob", 1000);
		this.polar.order(id).putObject("metadata");
		assertThat(this.orders.of("alice").find(id)).isEmpty();
		this.polar.order(id)
			.putObject("subscription")
			.put("id", UUID.randomUUID().toString())
			.putObject("metadata")
			.put("external_customer_id", "alice");
		assertThat(this.orders.of("alice").find(id)).isPresent();
		assertThat(this.orders.of("bob").find(id)).isEmpty();
	}

	@Test
	void orderOfAnotherUserDoesNotExist() {
		UUID id = this.polar.order("bob", "alice", 1000);
		UserOrders own = this.orders.ofCurrentUser();
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> own.invoice(id));
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> own.receipt(id));
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(
				() -> own.changeBillingDetails(id, new BillingDetails("Alice", "DE", null, null, null, null, null)));
		assertThat(this.polar.requests()).hasSize(3).containsOnly("GET /v1/orders/" + id);
	}

	@Test
	void callerMustBeKnown() {
		PolarOrderTemplate.Builder builder = PolarOrderTemplate.builder(this.polar.client(Duration.ofSeconds(1)));
		assertThatIllegalStateException().isThrownBy(() -> builder.build().ofCurrentUser())
			.withMessageContaining("CurrentPayer");
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> builder.currentPayer(() -> () -> null).build().ofCurrentUser());
		assertThatIllegalArgumentException().isThrownBy(() -> this.orders.of(" "));
	}

	@Test
	void invoiceThatExistsIsReturned() {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(invoice("GET", id), 200, URL);
		assertThat(this.orders.ofCurrentUser().invoice(id))
			.isEqualTo(URI.create("https://storage.example/invoice.pdf?signature=s3cret"));
		assertThat(this.polar.requests()).noneMatch((request) -> request.startsWith("POST"));
	}

	@Test
	void invoiceIsGeneratedIfItDoesNotExist() {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		this.polar.script(invoice("POST", id), 202, "null");
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		this.polar.script(invoice("GET", id), 200, URL);
		assertThat(this.orders.invoice(id)).hasHost("storage.example");
		assertThat(this.polar.requests()).containsExactly(invoice("GET", id), invoice("POST", id), invoice("GET", id),
				invoice("GET", id));
	}

	@Test
	void invoiceWithoutBillingDetailsIsRejectedWithTheReason() {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		this.polar.script(invoice("POST", id), 422,
				"{\"error\":\"MissingInvoiceBillingDetails\",\"detail\":\"Billing name and address are required\"}");
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> this.orders.invoice(id))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("MissingInvoiceBillingDetails"));
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		this.polar.script(invoice("POST", id), 409, "{\"error\":\"OrderNotEligibleForInvoice\",\"detail\":\"draft\"}");
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> this.orders.invoice(id))
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(409));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.orders.invoice(UUID.randomUUID()));
	}

	@Test
	void documentThatIsNotReadyInTimeIsSaidToBe() {
		PolarOrderTemplate impatient = PolarOrderTemplate.builder(this.polar.client(Duration.ofSeconds(1)))
			.documentTimeout(Duration.ZERO)
			.build();
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		this.polar.script(invoice("POST", id), 202, "null");
		this.polar.script(invoice("GET", id), 404, NOT_GENERATED);
		assertThatExceptionOfType(PolarDocumentNotReadyException.class).isThrownBy(() -> impatient.invoice(id))
			.withMessage("Polar has not generated the invoice of the order %s yet", id)
			.satisfies((ex) -> assertThat(ex.getRetryAfter()).isEqualTo(Duration.ofSeconds(5)));
		this.polar.script(receipt(id), 202, "");
		assertThatExceptionOfType(PolarDocumentNotReadyException.class).isThrownBy(() -> impatient.receipt(id));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null" })
	void receiptIsAwaited(String notReady) {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(receipt(id), 202, notReady);
		this.polar.script(receipt(id), 200, URL);
		assertThat(this.orders.ofCurrentUser().receipt(id)).hasHost("storage.example");
		assertThatExceptionOfType(PolarNotFoundException.class).isThrownBy(() -> this.orders.receipt(id));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"url\":null}", "{\"url\":\"javascript:alert('s3cret')\"}", "{\"url\":\"s3cret\"}",
			"{\"url\":\"https://s3 cret\"}" })
	void addressOfADocumentMustBeAUrl(String response) {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script(receipt(id), 200, response);
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(() -> this.orders.receipt(id))
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("s3"));
	}

	@Test
	void billingDetailsAreChanged() {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script("PATCH /v1/orders/" + id, 200, this.polar.order(id).toString());
		BillingDetails details = new BillingDetails("Alice", "DE", "Main Street 1", null, "10115", "Berlin", null);
		assertThat(this.orders.ofCurrentUser().changeBillingDetails(id, details).id()).isEqualTo(id);
		assertThat(this.polar.requests()).last()
			.asString()
			.startsWith("PATCH /v1/orders/" + id)
			.contains("\"billing_name\":\"Alice\"",
					"\"billing_address\":{\"country\":\"DE\",\"line1\":\"Main Street 1\",\"postal_code\":\"10115\",\"city\":\"Berlin\"}");
		assertThat(details).hasToString("BillingDetails[country=DE]");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new BillingDetails(" ", "DE", null, null, null, null, null));
	}

	@ParameterizedTest
	@ValueSource(ints = { 202, 403 })
	void existingInvoiceIsGeneratedAgain(int status) {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script("PATCH /v1/orders/" + id, 200,
				this.polar.order(id).deepCopy().put("is_invoice_generated", true).toString());
		this.polar.script(invoice("POST", id), status, "{\"error\":\"insufficient_scope\"}");
		assertThat(
				this.orders.changeBillingDetails(id, new BillingDetails("Alice", "DE", null, null, null, null, null)))
			.isNotNull();
		assertThat(this.polar.requests()).last().isEqualTo(invoice("POST", id));
	}

	@Test
	void paymentsHaveTheReasonOfADecline() {
		UUID id = this.polar.order("alice", "alice", 1000);
		this.polar.script("GET /v1/payments/?order_id=%s&page=1&limit=100".formatted(id), 200,
				"{\"items\":[{\"id\":\"%s\",\"order_id\":\"%s\",\"status\":\"failed\",\"amount\":1190,\"currency\":\"eur\",\"method\":\"card\",\"trigger\":\"subscription_cycle\",\"decline_reason\":\"insufficient_funds\",\"decline_message\":\"No money\",\"checkout_id\":null}],\"pagination\":{\"total_count\":1,\"max_page\":1}}"
					.formatted(UUID.randomUUID(), id));
		List<Payment> payments = this.orders.payments(id);
		assertThat(payments).singleElement().satisfies((payment) -> {
			assertThat(payment.status()).isEqualTo(Payment.Status.FAILED);
			assertThat(payment.amount()).isEqualTo(1190);
			assertThat(payment.currency()).isEqualTo("eur");
			assertThat(payment.method()).isEqualTo("card");
			assertThat(payment.trigger()).isEqualTo("subscription_cycle");
			assertThat(payment.declineReason()).isEqualTo("insufficient_funds");
			assertThat(payment.declineMessage()).isEqualTo("No money");
			assertThat(payment.checkoutId()).isNull();
			assertThat(payment.orderId()).isEqualTo(id);
		});
	}

}
