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

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import org.jspecify.annotations.Nullable;

/**
 * An order. Amounts are minor units.
 *
 * @param id id of the order
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param status status
 * @param paid whether it is paid: the test before giving anything. Also true for a total
 * of 0
 * @param subtotalAmount amount before discount and tax
 * @param discountAmount what the discount takes off
 * @param netAmount amount after the discount, before tax
 * @param taxAmount tax
 * @param totalAmount amount with tax
 * @param appliedBalanceAmount what the customer's balance pays
 * @param dueAmount what is left to pay
 * @param refundedAmount what was paid back, without tax
 * @param refundedTaxAmount tax that was paid back
 * @param currency currency, three letters in lower case
 * @param billingReason why there is an order
 * @param billingName name on the invoice
 * @param billingAddress address on the invoice
 * @param invoiceNumber number of the invoice
 * @param isInvoiceGenerated whether there is an invoice
 * @param receiptNumber number of the receipt
 * @param seats number of seats, {@code null} without seat-based price
 * @param customerId id of the customer at Polar
 * @param productId id of the product
 * @param discountId id of the discount, {@code null} without one
 * @param subscriptionId id of the subscription, {@code null} without one
 * @param checkoutId id of the checkout session, {@code null} without one
 * @param nextPaymentAttemptAt when a failed payment is tried again
 * @param metadata metadata, values are text, numbers and booleans
 * @param customFieldData what the buyer typed into custom fields, by slug
 * @param platformFeeAmount fee of Polar
 * @param platformFeeCurrency its currency
 * @param customer the customer
 * @param product the product, {@code null} for orders without one
 * @param discount the discount
 * @param subscription the subscription, without customer and product
 * @param items lines
 * @param description what it is about
 * @param refundableAmount what can be paid back, without tax
 * @param refundableTaxAmount tax that can be paid back
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record Order(UUID id, Instant createdAt, @Nullable Instant modifiedAt, OrderStatus status, boolean paid,
		long subtotalAmount, long discountAmount, long netAmount, long taxAmount, long totalAmount,
		long appliedBalanceAmount, long dueAmount, long refundedAmount, long refundedTaxAmount, String currency,
		OrderBillingReason billingReason, @Nullable String billingName, @Nullable Address billingAddress,
		@Nullable String invoiceNumber, boolean isInvoiceGenerated, @Nullable String receiptNumber,
		@Nullable Integer seats, UUID customerId, @Nullable UUID productId, @Nullable UUID discountId,
		@Nullable UUID subscriptionId, @Nullable UUID checkoutId, @Nullable Instant nextPaymentAttemptAt,
		Map<String, Object> metadata, Map<String, @Nullable Object> customFieldData, long platformFeeAmount,
		@Nullable String platformFeeCurrency, @Nullable Customer customer, @Nullable Product product,
		@Nullable CheckoutDiscount discount, @Nullable Subscription subscription, List<Item> items, String description,
		long refundableAmount, long refundableTaxAmount,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public Order {
		metadata = ResponseValues.map(metadata);
		customFieldData = ResponseValues.map(customFieldData);
		items = ResponseValues.list(items);
		additionalProperties = ResponseValues.map(additionalProperties);
		status = ResponseValues.known(status, OrderStatus.UNKNOWN);
		billingReason = ResponseValues.known(billingReason, OrderBillingReason.UNKNOWN);
	}

	/**
	 * Names no personal data.
	 */
	@Override
	public String toString() {
		return "Order[id=" + this.id + ", status=" + this.status + "]";
	}

	/**
	 * A line of an order.
	 *
	 * @param id id of the line
	 * @param createdAt when it was created
	 * @param modifiedAt when it was last changed, {@code null} if never
	 * @param label text
	 * @param amount amount in minor units, without tax
	 * @param taxAmount tax in minor units
	 * @param proration whether it is for part of a period
	 * @param productPriceId id of the price
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record Item(UUID id, Instant createdAt, @Nullable Instant modifiedAt, String label, long amount,
			long taxAmount, boolean proration, @Nullable UUID productPriceId,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public Item {
			additionalProperties = ResponseValues.map(additionalProperties);
		}

		@Override
		public String toString() {
			return "Item[id=" + this.id + "]";
		}

	}

}
