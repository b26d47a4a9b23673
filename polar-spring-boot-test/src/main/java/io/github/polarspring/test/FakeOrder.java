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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * An order. Guarded by the lock of {@link FakeState}.
 */
final class FakeOrder {

	final UUID id = UUID.randomUUID();

	final Instant createdAt;

	final FakeSession session;

	final FakeCustomer customer;

	final @Nullable FakeSubscription subscription;

	private final @Nullable FakeDiscount discount;

	private final List<FakeOrderItem> items;

	private final @Nullable UUID checkoutId;

	private final Map<String, Object> metadata;

	final String invoiceNumber;

	@Nullable String billingName;

	@Nullable Map<String, @Nullable Object> billingAddress;

	private final String billingReason;

	private final FakeProduct product;

	private final FakeAmounts amounts;

	/**
	 * What the balance of the customer reduces the amount by, if negative, or adds to it.
	 */
	private final long appliedBalance;

	@Nullable Instant modifiedAt;

	boolean paid;

	@Nullable String receiptNumber;

	boolean invoiceGenerated;

	/**
	 * Whether the billing details have changed since the invoice was generated.
	 */
	boolean invoiceOutdated;

	boolean receiptRequested;

	boolean feeKnown;

	boolean voided;

	/**
	 * Number of failed attempts to charge the card.
	 */
	int failures;

	@Nullable Instant nextPaymentAttemptAt;

	long refunded;

	long refundedTax;

	/**
	 * Create the order of a checkout. The price of its only item is that of the catalog
	 * when the order is created, even if it has changed since the session was confirmed.
	 * @param amounts the amounts
	 * @param discount the discount that the amounts contain
	 * @param label the label of the only item
	 */
	FakeOrder(FakeSession session, FakeCustomer customer, @Nullable FakeSubscription subscription, String billingReason,
			FakeAmounts amounts, @Nullable FakeDiscount discount, String label, Instant createdAt) {
		this(session, customer, subscription, billingReason, amounts, 0, discount,
				items(session, subscription, amounts, label), session.id, session.metadata, createdAt);
	}

	/**
	 * Create an order of a subscription without a checkout.
	 * @param amounts the amounts
	 * @param appliedBalance the applied balance of the customer
	 * @param items the items, at least one
	 */
	FakeOrder(FakeSubscription subscription, String billingReason, FakeAmounts amounts, long appliedBalance,
			List<FakeOrderItem> items, Instant createdAt) {
		this(subscription.session, subscription.customer, subscription, billingReason, amounts, appliedBalance,
				subscription.session.discount, items, null, subscription.metadata, createdAt);
	}

	private FakeOrder(FakeSession session, FakeCustomer customer, @Nullable FakeSubscription subscription,
			String billingReason, FakeAmounts amounts, long appliedBalance, @Nullable FakeDiscount discount,
			List<FakeOrderItem> items, @Nullable UUID checkoutId, Map<String, Object> metadata, Instant createdAt) {
		this.session = session;
		this.customer = customer;
		this.subscription = subscription;
		this.billingReason = billingReason;
		this.createdAt = createdAt;
		this.product = session.product();
		this.amounts = amounts;
		this.appliedBalance = appliedBalance;
		this.discount = discount;
		this.items = items;
		this.checkoutId = checkoutId;
		this.metadata = metadata;
		this.billingName = customer.billingName();
		this.billingAddress = session.billingAddress();
		customer.orders++;
		this.invoiceNumber = "FAKE-%s-%04d".formatted(customer.number, customer.orders);
	}

	/**
	 * Return the only item, or none if all prices are metered.
	 */
	private static List<FakeOrderItem> items(FakeSession session, @Nullable FakeSubscription subscription,
			FakeAmounts amounts, String label) {
		FakePrices current = session.current();
		boolean trial = subscription != null && subscription.isTrial();
		if (!trial && FakePrices.isMetered(current.first())) {
			return List.of();
		}
		return List.of(new FakeOrderItem(label,
				current.equals(session.prices()) ? amounts.amount() : session.amountAt(current), false,
				trial ? null : current.first()));
	}

	boolean hasItems() {
		return !this.items.isEmpty();
	}

	/**
	 * Record the payment. Orders for which no money is due have no receipt.
	 */
	void pay() {
		this.paid = true;
		if (due() > 0) {
			this.customer.receipts++;
			this.receiptNumber = "RCPT-%s-%04d".formatted(this.customer.number, this.customer.receipts);
		}
	}

	/**
	 * Return whether Polar generates an invoice without being asked.
	 */
	boolean hasInvoice() {
		return hasBillingDetails();
	}

	boolean hasBillingDetails() {
		return this.billingName != null && this.billingAddress != null;
	}

	/**
	 * Return the URL of the invoice, which leads nowhere.
	 */
	String invoiceUrl(String baseUrl) {
		return documentUrl(baseUrl, "Invoice-" + this.invoiceNumber);
	}

	String receiptUrl(String baseUrl) {
		return documentUrl(baseUrl, "Receipt-" + this.receiptNumber);
	}

	private static String documentUrl(String baseUrl, String name) {
		String file = UriUtils.encode("attachment; filename=\"%s.pdf\"".formatted(name), StandardCharsets.UTF_8);
		return baseUrl + "/storage/" + name + ".pdf?response-content-disposition=" + file
				+ "&response-content-type=application%2Fpdf";
	}

	/**
	 * Return whether the card was declined, and is charged again later.
	 */
	boolean isOutstanding() {
		return this.nextPaymentAttemptAt != null;
	}

	FakeAmounts amounts() {
		return this.amounts;
	}

	/**
	 * Return the amount to pay, after the balance of the customer was applied.
	 */
	long due() {
		return Math.max(0, this.amounts.total() + this.appliedBalance);
	}

	/**
	 * Return the net amount that can still be refunded.
	 */
	long refundable() {
		return this.amounts.net() - this.refunded;
	}

	boolean isRefundable() {
		return this.paid && refundable() > 0;
	}

	/**
	 * Return the tax that is returned with a refund of a net amount. The last refund
	 * takes the rest.
	 */
	long taxOf(long amount) {
		return (amount == refundable()) ? this.amounts.taxOrZero() - this.refundedTax : this.amounts.taxOf(amount);
	}

	String status() {
		if (!this.paid) {
			return this.voided ? "void" : "pending";
		}
		return (this.refunded == 0) ? "paid" : (refundable() > 0) ? "partially_refunded" : "refunded";
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeDiscount discount = this.discount;
		boolean checkout = this.checkoutId != null;
		Map<String, @Nullable Object> price = this.items.isEmpty() ? null : this.items.get(0).price();
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("status", status());
		json.put("paid", this.paid);
		json.put("subtotal_amount", this.amounts.amount());
		this.amounts.putInto(json);
		json.put("tax_amount", this.amounts.taxOrZero());
		json.put("applied_balance_amount", this.appliedBalance);
		json.put("due_amount", due());
		json.put("refunded_amount", this.refunded);
		json.put("refunded_tax_amount", this.refundedTax);
		json.put("currency", this.session.currency);
		json.put("billing_reason", this.billingReason);
		json.put("billing_name", this.billingName);
		json.put("billing_address", this.billingAddress);
		json.put("invoice_number", this.invoiceNumber);
		json.put("is_invoice_generated", this.invoiceGenerated);
		json.put("receipt_number", this.receiptNumber);
		json.put("seats", checkout ? this.session.seats() : null);
		json.put("units", checkout ? this.session.get("units") : null);
		json.put("product_id", this.product.id());
		json.put("product_price_id", (price != null) ? price.get("id") : null);
		json.put("discount_id", (discount != null) ? discount.id() : null);
		json.put("subscription_id", (this.subscription != null) ? this.subscription.id : null);
		json.put("checkout_id", this.checkoutId);
		json.put("next_payment_attempt_at", this.nextPaymentAttemptAt);
		json.put("metadata", this.metadata);
		json.put("custom_field_data", this.session.customFieldData());
		json.put("platform_fee_amount", this.feeKnown ? fee() : 0);
		json.put("platform_fee_currency", this.feeKnown ? "usd" : null);
		this.customer.putInto(json, organizationId);
		json.put("product", this.product.toOrderJson(organizationId));
		json.put("product_price", price);
		json.put("discount", (discount != null) ? discount.toFullJson(organizationId) : null);
		json.put("subscription", (this.subscription != null) ? this.subscription.toOrderJson(organizationId) : null);
		json.put("items", this.items.stream().map((item) -> item.toJson(this.createdAt)).toList());
		json.put("description", this.product.name());
		json.put("amount", this.amounts.net());
		json.put("from_balance_amount", 0);
		json.put("refundable_amount", refundable());
		json.put("refundable_tax_amount", this.amounts.taxOrZero() - this.refundedTax);
		return json;
	}

	/**
	 * Return a fee of 5 percent and 50 cents.
	 */
	private long fee() {
		return due() / 20 + 50;
	}

}
