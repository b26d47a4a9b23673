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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutUpdate;
import io.github.polarspring.checkout.ClientCheckoutUpdate;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.model.Order;
import io.github.polarspring.model.OrderStatus;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.Refund;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.TaxBehavior;
import io.github.polarspring.testsupport.conformance.OpenApiDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the taxes, discounts and refunds of a {@link PolarFake}. The amounts are
 * those of Polar for the same rates.
 */
class PolarFakeTaxTests {

	private static final UUID BOOK = UUID.randomUUID();

	private static final UUID PLAN = UUID.randomUUID();

	private static final UUID DISCOUNT = UUID.randomUUID();

	private static final BillingAddress NEW_YORK = new BillingAddress("US", "5 Broadway", null, "10004", "New York",
			"NY");

	private final PolarFake fake = PolarFake.start()
		.addProduct(BOOK, "Book", 1000, "usd")
		.addSubscription(PLAN, "Plan", 900, "eur", RecurringInterval.MONTH);

	private PolarClient client;

	private PolarCheckoutTemplate checkouts;

	@BeforeEach
	void connect() {
		this.client = PolarClient.builder().baseUrl(this.fake.baseUrl()).accessToken(this.fake.accessToken()).build();
		this.checkouts = PolarCheckoutTemplate.builder(this.client).build();
	}

	@AfterEach
	void responsesConform() {
		Map<String, String> schemas = Map.of("/v1/checkouts/client/.*", "CheckoutPublic", "/v1/checkouts/(?!client/).*",
				"Checkout", "/v1/orders/.+", "Order", "/v1/subscriptions/.+", "Subscription");
		OpenApiDocument.all().forEach((name, document) -> {
			for (ServeEvent event : this.fake.wireMock().getAllServeEvents()) {
				schemas.forEach((path, schema) -> {
					if (event.getRequest().getUrl().matches(path) && event.getResponse().getStatus() < 300) {
						assertThat(document.violations(schema, event.getResponse().getBodyAsString()))
							.as(name + ": " + event.getRequest().getUrl())
							.isEmpty();
					}
				});
			}
		});
		this.fake.close();
	}

	private CheckoutSession create(CheckoutRequest.Builder request) {
		return this.checkouts.create(request.build());
	}

	private Order pay(CheckoutSession session) {
		this.fake.pay(session.id());
		return order();
	}

	private Order order() {
		return this.client.get(Order.class, "/v1/orders/{id}", this.fake.orderIds().get(0));
	}

	private static void assertAmounts(CheckoutSession session, long amount, long net, Long tax, long total,
			TaxBehavior behavior) {
		assertThat(session.amount()).isEqualTo(amount);
		assertThat(session.netAmount()).isEqualTo(net);
		assertThat(session.taxAmount()).isEqualTo(tax);
		assertThat(session.totalAmount()).isEqualTo(total);
		assertThat(session.taxBehavior()).isEqualTo(behavior);
	}

	@Test
	void taxIsUnknownWithoutAUsableAddress() {
		assertAmounts(create(CheckoutRequest.forProducts(BOOK)), 1000, 1000, null, 1000, null);
		assertAmounts(create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(BillingAddress.inCountry("US"))),
				1000, 1000, null, 1000, null);
	}

	@Test
	void taxIsZeroWhereNothingIsToBePaid() {
		assertAmounts(create(CheckoutRequest.forProducts(BOOK).price(BOOK, AdHocPrice.free("usd"))), 0, 0, 0L, 0, null);
		this.fake.addDiscount(DISCOUNT, "ALL", 100);
		assertAmounts(create(CheckoutRequest.forProducts(BOOK).discountId(DISCOUNT)), 1000, 0, 0L, 0, null);
	}

	@ParameterizedTest
	@CsvSource({ "FR, 833, 167, 1000, INCLUSIVE", "DE, 840, 160, 1000, INCLUSIVE", "JP, 909, 91, 1000, INCLUSIVE",
			"GB, 1000, 0, 1000, INCLUSIVE", "CA, 1000, 0, 1000, EXCLUSIVE" })
	void taxDependsOnTheCountry(String country, long net, long tax, long total, TaxBehavior behavior) {
		BillingAddress address = BillingAddress.inCountry(country);
		assertAmounts(create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(address)), 1000, net, tax, total,
				behavior);
	}

	@Test
	void taxOfTheUnitedStatesIsOnTop() {
		CheckoutSession session = create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(NEW_YORK));
		assertAmounts(session, 1000, 1000, 89L, 1089, TaxBehavior.EXCLUSIVE);
		assertThat(session.customerBillingAddress().state()).isEqualTo("US-NY");
	}

	@Test
	void priceDecidesWhetherItIncludesTax() {
		CheckoutRequest.Builder request = CheckoutRequest.forProducts(BOOK);
		request.price(BOOK, AdHocPrice.fixed(1000, "usd").taxBehavior(TaxBehavior.EXCLUSIVE));
		request.customerBillingAddress(BillingAddress.inCountry("FR"));
		assertAmounts(create(request), 1000, 1000, 200L, 1200, TaxBehavior.EXCLUSIVE);
		request.price(BOOK, AdHocPrice.fixed(1000, "usd").taxBehavior(TaxBehavior.INCLUSIVE));
		request.customerBillingAddress(NEW_YORK);
		assertAmounts(create(request), 1000, 918, 82L, 1000, TaxBehavior.INCLUSIVE);
		request.price(BOOK, AdHocPrice.fixed(1000, "usd").taxBehavior(TaxBehavior.LOCATION));
		assertAmounts(create(request), 1000, 1000, 89L, 1089, TaxBehavior.EXCLUSIVE);
	}

	@Test
	void taxIsComputedAnewForAnotherAddressAndForATaxId() {
		CheckoutSession session = create(
				CheckoutRequest.forProducts(BOOK).customerBillingAddress(BillingAddress.inCountry("FR")));
		assertAmounts(
				this.checkouts.updateByClientSecret(session.clientSecret(),
						ClientCheckoutUpdate.builder().customerBillingAddress(BillingAddress.inCountry("JP")).build()),
				1000, 909, 91L, 1000, TaxBehavior.INCLUSIVE);
		assertAmounts(this.checkouts.update(session.id(),
				CheckoutUpdate.builder()
					.customerBillingAddress(BillingAddress.inCountry("FR"))
					.customerTaxId("FR61954506077")
					.build()),
				1000, 1000, 0L, 1000, TaxBehavior.INCLUSIVE);
	}

	@Test
	void rateCanBeSetUntilTheReset() {
		CheckoutRequest.Builder british = CheckoutRequest.forProducts(BOOK)
			.customerBillingAddress(BillingAddress.inCountry("GB"));
		this.fake.taxRate("GB", 20).taxRate("US", 8.25);
		assertAmounts(create(british), 1000, 833, 167L, 1000, TaxBehavior.INCLUSIVE);
		CheckoutRequest.Builder american = CheckoutRequest.forProducts(BOOK)
			.price(BOOK, AdHocPrice.fixed(2320, "usd"))
			.customerBillingAddress(NEW_YORK);
		assertAmounts(create(american), 2320, 2320, 191L, 2511, TaxBehavior.EXCLUSIVE);
		this.fake.reset();
		assertAmounts(create(british), 1000, 1000, 0L, 1000, TaxBehavior.INCLUSIVE);
	}

	@Test
	void buyerWithoutAnAddressPaysTax() {
		CheckoutSession session = create(CheckoutRequest.forProducts(BOOK));
		Order order = pay(session);
		assertThat(order.subtotalAmount()).isEqualTo(1000);
		assertThat(order.netAmount()).isEqualTo(1000);
		assertThat(order.taxAmount()).isEqualTo(89);
		assertThat(order.totalAmount()).isEqualTo(1089);
		assertThat(order.dueAmount()).isEqualTo(1089);
		assertThat(order.billingAddress().country()).isEqualTo("US");
		assertAmounts(this.checkouts.get(session.id()), 1000, 1000, 89L, 1089, TaxBehavior.EXCLUSIVE);
	}

	@Test
	void addressOfAKnownCustomerDeterminesTheTax() {
		CheckoutRequest request = CheckoutRequest.forProducts(BOOK).externalCustomerId("alice").build();
		pay(create(request.mutate().customerBillingAddress(BillingAddress.inCountry("FR"))));
		assertAmounts(create(request.mutate()), 1000, 833, 167L, 1000, TaxBehavior.INCLUSIVE);
		Order order = order();
		assertThat(order.customer().billingAddress().country()).isEqualTo("FR");
		assertThat(order.billingAddress()).isEqualTo(order.customer().billingAddress());
	}

	@Test
	void fixedDiscountOnAPriceWithTaxIsGross() {
		this.fake.addDiscount(DISCOUNT, "TWOOFF", 190, "eur");
		CheckoutSession session = create(CheckoutRequest.forProducts(PLAN)
			.discountId(DISCOUNT)
			.customerBillingAddress(BillingAddress.inCountry("FR")));
		assertAmounts(session, 900, 592, 118L, 710, TaxBehavior.INCLUSIVE);
		assertThat(session.discountAmount()).isEqualTo(190);
		assertThat(session.discount().id()).isEqualTo(DISCOUNT);
		assertDiscountedOrder(pay(session));
		UUID id = this.fake.subscriptionIds().get(0);
		Subscription subscription = this.client.get(Subscription.class, "/v1/subscriptions/{id}", id);
		assertThat(subscription.amount()).isEqualTo(710);
		this.fake.renewSubscription(id);
		assertThat(this.fake.orderIds()).hasSize(2);
		assertDiscountedOrder(order());
	}

	private static void assertDiscountedOrder(Order order) {
		assertThat(order.subtotalAmount()).isEqualTo(900);
		assertThat(order.discountAmount()).isEqualTo(190);
		assertThat(order.netAmount()).isEqualTo(592);
		assertThat(order.taxAmount()).isEqualTo(118);
		assertThat(order.totalAmount()).isEqualTo(710);
		assertThat(order.discountId()).isEqualTo(DISCOUNT);
	}

	@Test
	void buyerEntersAndRemovesACode() {
		this.fake.addDiscount(DISCOUNT, "QUARTER", 25);
		CheckoutSession session = create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(NEW_YORK));
		assertAmounts(buyer(session, "quarter "), 1000, 750, 67L, 817, TaxBehavior.EXCLUSIVE);
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> buyer(session, "NOPE"));
		assertThat(this.checkouts.get(session.id()).discountAmount()).isEqualTo(250);
		assertAmounts(buyer(session, null), 1000, 1000, 89L, 1089, TaxBehavior.EXCLUSIVE);
		CheckoutSession preset = create(
				CheckoutRequest.forProducts(BOOK).discountId(DISCOUNT).allowDiscountCodes(false));
		assertThat(buyer(preset, null).discountId()).isEqualTo(DISCOUNT);
		assertThat(
				this.checkouts.update(preset.id(), CheckoutUpdate.builder().discountId(null).build()).discountAmount())
			.isZero();
	}

	private CheckoutSession buyer(CheckoutSession session, String code) {
		return this.checkouts.updateByClientSecret(session.clientSecret(),
				ClientCheckoutUpdate.builder().discountCode(code).build());
	}

	@Test
	void discountIsAtMostThePrice() {
		this.fake.addDiscount(DISCOUNT, "HUGE", 5000, "usd");
		assertAmounts(create(CheckoutRequest.forProducts(BOOK).discountId(DISCOUNT)), 1000, 0, 0L, 0, null);
		assertThatExceptionOfType(PolarValidationException.class).as("no amount in this currency")
			.isThrownBy(() -> create(CheckoutRequest.forProducts(PLAN).discountId(DISCOUNT)));
	}

	@Test
	void refundsAreNetAndTheLastOneTakesTheRestOfTheTax() {
		Order order = pay(create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(NEW_YORK)));
		assertThat(order.refundableAmount()).isEqualTo(1000);
		assertThat(order.refundableTaxAmount()).isEqualTo(89);
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> refund(order, 1089))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly("amount"))
			.withMessageContaining("Refund amount exceeds refundable amount");
		Refund part = refund(order, 300);
		assertThat(part.amount()).isEqualTo(300);
		assertThat(part.taxAmount()).isEqualTo(27);
		Order partly = order();
		assertThat(partly.status()).isEqualTo(OrderStatus.PARTIALLY_REFUNDED);
		assertThat(partly.isFullyRefunded()).isFalse();
		assertThat(partly.refundedAmount()).isEqualTo(300);
		assertThat(partly.refundedTaxAmount()).isEqualTo(27);
		assertThat(partly.refundableAmount()).isEqualTo(700);
		assertThat(partly.refundableTaxAmount()).isEqualTo(62);
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> refund(order, 800));
		assertThat(refund(order, 700).taxAmount()).isEqualTo(62);
		Order fully = order();
		assertThat(fully.status()).isEqualTo(OrderStatus.REFUNDED);
		assertThat(fully.isFullyRefunded()).isTrue();
		assertThat(fully.refundedAmount()).isEqualTo(1000).isLessThan(fully.totalAmount());
		assertThat(fully.refundedTaxAmount()).isEqualTo(89);
		assertThat(fully.refundableTaxAmount()).isZero();
		assertThatExceptionOfType(PolarApiException.class).isThrownBy(() -> refund(order, 1))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("RefundedAlready"));
		assertThat(refunds(order.id())).containsExactly(700L, 300L);
		assertThat(refunds(UUID.randomUUID())).isEmpty();
	}

	private List<Long> refunds(UUID order) {
		return this.client
			.list(Refund.class, "/v1/refunds/", MultiValueMap.fromSingleValue(Map.of("order_id", order.toString())))
			.items()
			.stream()
			.map(Refund::amount)
			.toList();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -5 })
	void refundOfNothingIsRejected(long amount) {
		Order order = pay(create(CheckoutRequest.forProducts(BOOK)));
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> refund(order, amount))
			.satisfies((ex) -> assertThat(ex.getFieldErrors()).extracting("field").containsExactly("amount"));
	}

	@Test
	void refundOfAPriceWithTaxIsNetToo() {
		Order order = pay(
				create(CheckoutRequest.forProducts(BOOK).customerBillingAddress(BillingAddress.inCountry("FR"))));
		assertThatIllegalStateException().isThrownBy(() -> this.fake.refund(order.id(), 1000))
			.withMessageContaining("833 is refundable, without tax");
		this.fake.refund(order.id(), 833);
		assertThat(order().isFullyRefunded()).isTrue();
		assertThat(order().refundedTaxAmount()).isEqualTo(167);
		assertThatIllegalStateException().isThrownBy(() -> this.fake.refund(order.id(), 1));
	}

	@Test
	void freeOrderCannotBeRefunded() {
		Order order = pay(create(CheckoutRequest.forProducts(BOOK).price(BOOK, AdHocPrice.free("usd"))));
		assertThat(order.status()).isEqualTo(OrderStatus.PAID);
		assertThat(order.taxAmount()).isZero();
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> refund(order, 1));
	}

	private Refund refund(Order order, long amount) {
		return this.client.post(Refund.class, "/v1/refunds/",
				Map.of("order_id", order.id(), "reason", "customer_request", "amount", amount));
	}

	@Test
	void pagesShowSubtotalTaxAndTotal() throws Exception {
		this.fake.addDiscount(DISCOUNT, "TWOOFF", 190, "eur");
		assertThat(page(create(CheckoutRequest.forProducts(BOOK)).url())).contains("<span>Subtotal</span><span>$10.00<",
				"<span>Tax</span><span>$0.89<", "<span>Total</span><span>$10.89<", "Pay $10.89");
		CheckoutSession french = create(CheckoutRequest.forProducts(PLAN)
			.discountId(DISCOUNT)
			.customerBillingAddress(BillingAddress.inCountry("FR")));
		assertThat(page(french.url())).contains("<span>Discount</span><span>-€1.90<",
				"<span>Subtotal</span><span>€5.92<", "<span>Tax, included in the price</span><span>€1.18<",
				"<span>Total</span><span>€7.10<");
	}

	@Test
	void dashboardRefundsTheNetAmount() throws Exception {
		Order order = pay(create(CheckoutRequest.forProducts(BOOK)));
		HttpRequest refund = HttpRequest.newBuilder(URI.create(this.fake.dashboardUrl() + "/refund?id=" + order.id()))
			.POST(BodyPublishers.noBody())
			.build();
		HttpClient.newHttpClient().send(refund, BodyHandlers.discarding());
		assertThat(order().isFullyRefunded()).isTrue();
		assertThat(order().refundedAmount()).isEqualTo(1000);
	}

	private static String page(String url) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
	}

	@Test
	void assertionsNameAllAmounts() {
		pay(create(CheckoutRequest.forProducts(BOOK)));
		PolarFakeAssertions.assertThat(this.fake).order().withAmount(1000);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> PolarFakeAssertions.assertThat(this.fake).order().withAmount(1089))
			.withMessageContaining("1000 usd, net 1000, tax 89, total 1089, net refunded 0");
	}

	@Test
	void testDataIsConsistent() {
		Order order = PolarTestData.order().build();
		assertThat(order.netAmount()).isEqualTo(2900);
		assertThat(order.taxAmount()).isEqualTo(257);
		assertThat(order.totalAmount()).isEqualTo(3157);
		Refund refund = PolarTestData.refund().build();
		assertThat(refund.amount()).isEqualTo(2900);
		assertThat(refund.taxAmount()).isEqualTo(257);
		assertThat(PolarTestData.checkoutSession().build().totalAmount()).isEqualTo(3157);
	}

}
