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

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Order. Amounts are in minor units of the currency. {@link #totalAmount()} is always the
 * sum of {@link #netAmount()} and {@link #taxAmount()}. Refunds are net: to find out
 * whether the order is refunded, use {@link #status()} or {@link #isFullyRefunded()}
 * instead of comparing amounts.
 *
 * @since 0.1.0
 */
public final class Order extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Order(Value value) {
		super(value);
	}

	/**
	 * Return the status.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public OrderStatus status() {
		return required("status", Form.oneOf(OrderStatus.class));
	}

	/**
	 * Return whether the order is paid. Check this before you grant anything. It is also
	 * {@code true} for a total of 0.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean paid() {
		return required("paid", Form.FLAG);
	}

	/**
	 * Return whether the whole order is refunded. The {@linkplain #refundedAmount()
	 * refunded amount} does not include tax, so it does not reach the
	 * {@linkplain #totalAmount() total} of a taxed order.
	 * @return {@code true} if the status is {@link OrderStatus#REFUNDED}, {@code false}
	 * also after a partial refund
	 * @throws PolarDataException if the status is missing or cannot be read
	 */
	public boolean isFullyRefunded() {
		return status() == OrderStatus.REFUNDED;
	}

	/**
	 * Return the amount before discount. If the prices include tax, it is gross,
	 * otherwise net.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long subtotalAmount() {
		return required("subtotal_amount", Form.LONG);
	}

	/**
	 * Return the discount. If the prices include tax, it is gross, otherwise net.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long discountAmount() {
		return required("discount_amount", Form.LONG);
	}

	/**
	 * Return the amount after discount, without tax. It is the subtotal minus the
	 * discount only if the prices do not include tax.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long netAmount() {
		return required("net_amount", Form.LONG);
	}

	/**
	 * Return the tax on the net amount.
	 * @return the amount in minor units, 0 if no tax applies
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long taxAmount() {
		return required("tax_amount", Form.LONG);
	}

	/**
	 * Return the gross amount: net amount plus tax. It does not change with refunds.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long totalAmount() {
		return required("total_amount", Form.LONG);
	}

	/**
	 * Return the part of the total that is paid from the balance of the customer.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long appliedBalanceAmount() {
		return required("applied_balance_amount", Form.LONG);
	}

	/**
	 * Return the gross amount to charge: the total without the part that is paid from the
	 * balance. It does not become 0 when the order is paid.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long dueAmount() {
		return required("due_amount", Form.LONG);
	}

	/**
	 * Return the net amount that is refunded so far. Never compare it with the
	 * {@linkplain #totalAmount() total}, which includes tax.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long refundedAmount() {
		return required("refunded_amount", Form.LONG);
	}

	/**
	 * Return the tax that is refunded so far, in addition to the net amount.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long refundedTaxAmount() {
		return required("refunded_tax_amount", Form.LONG);
	}

	/**
	 * Return the currency.
	 * @return three letters in lower case
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String currency() {
		return required("currency", Form.TEXT);
	}

	/**
	 * Return why the order was created.
	 * @return the reason, or {@code null} if absent or unreadable
	 */
	public @Nullable OrderBillingReason billingReason() {
		return read("billing_reason", Form.oneOf(OrderBillingReason.class));
	}

	/**
	 * Return the name on the invoice.
	 * @return the name, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable String billingName() {
		return read("billing_name", Form.TEXT);
	}

	/**
	 * Return the address on the invoice.
	 * @return the address, or {@code null} if not known, or if it cannot be read
	 */
	public @Nullable Address billingAddress() {
		return resource("billing_address", Address::new);
	}

	/**
	 * Return the number of the invoice.
	 * @return the number, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String invoiceNumber() {
		return read("invoice_number", Form.TEXT);
	}

	/**
	 * Return whether the invoice was generated.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isInvoiceGenerated() {
		return flag("is_invoice_generated");
	}

	/**
	 * Return the number of the receipt.
	 * @return the number, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String receiptNumber() {
		return read("receipt_number", Form.TEXT);
	}

	/**
	 * Return the number of seats.
	 * @return the number, or {@code null} if there is no seat-based price, or if it
	 * cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Integer seats() {
		return checked("seats", Form.INTEGER);
	}

	/**
	 * Return Polar's id of the customer.
	 * @return the id
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public UUID customerId() {
		return required("customer_id", Form.ID);
	}

	/**
	 * Return the product.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID productId() {
		return read("product_id", Form.ID);
	}

	/**
	 * Return the discount.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID discountId() {
		return read("discount_id", Form.ID);
	}

	/**
	 * Return the subscription.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable UUID subscriptionId() {
		return checked("subscription_id", Form.ID);
	}

	/**
	 * Return the checkout session.
	 * @return the id, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable UUID checkoutId() {
		return read("checkout_id", Form.ID);
	}

	/**
	 * Return when a failed payment is retried.
	 * @return the time, or {@code null} if no retry is planned, or if it cannot be read
	 */
	public @Nullable Instant nextPaymentAttemptAt() {
		return read("next_payment_attempt_at", Form.TIME);
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Return what the buyer entered into custom fields, by slug.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> customFieldData() {
		return map("custom_field_data");
	}

	/**
	 * Return the fee of Polar. It is 0 until Polar has computed it, and often still 0 in
	 * events.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long platformFeeAmount() {
		return required("platform_fee_amount", Form.LONG);
	}

	/**
	 * Return the currency of the fee of Polar.
	 * @return three letters in lower case, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable String platformFeeCurrency() {
		return checked("platform_fee_currency", Form.TEXT);
	}

	/**
	 * Return the customer.
	 * @return the customer, or {@code null} if absent or unreadable
	 * @throws PolarDataException if it has an unexpected form
	 */
	public @Nullable Customer customer() {
		return checked("customer", Form.object(Customer::new));
	}

	/**
	 * Return the product.
	 * @return the product, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable Product product() {
		return resource("product", Product::new);
	}

	/**
	 * Return the discount.
	 * @return the discount, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable CheckoutDiscount discount() {
		return resource("discount", CheckoutDiscount::of);
	}

	/**
	 * Return the subscription, without customer and product.
	 * @return the subscription, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable Subscription subscription() {
		return resource("subscription", Subscription::new);
	}

	/**
	 * Return the lines of the order.
	 * @return an unmodifiable list, empty if absent or unreadable
	 * @throws PolarDataException if it has an unexpected form
	 */
	public List<Item> items() {
		List<Item> items = checked("items", Form.completeListOf(Form.object(Item::new)));
		return (items != null) ? items : List.of();
	}

	/**
	 * Return the description.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String description() {
		return read("description", Form.TEXT);
	}

	/**
	 * Return the net amount that can still be refunded: the maximum amount of a refund.
	 * Pending refunds do not reduce it.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long refundableAmount() {
		return required("refundable_amount", Form.LONG);
	}

	/**
	 * Return the tax that can still be refunded, in addition to the net amount.
	 * @return the amount in minor units
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public long refundableTaxAmount() {
		return required("refundable_tax_amount", Form.LONG);
	}

	/**
	 * Return whether a user of the application is proven to be the buyer, see
	 * {@link Subscription#isBoughtBy}. Of an order that does not tell, its subscription
	 * does.
	 * @param externalId the application's own id of the user
	 * @return {@code true} if so, {@code false} also if nothing tells who the buyer is
	 * @throws PolarDataException if the metadata cannot be read
	 */
	public boolean isBoughtBy(String externalId) {
		Map<String, @Nullable Object> metadata = metadata();
		Subscription subscription = BuyerProof.isConclusive(metadata) ? null : subscription();
		return BuyerProof.isBuyer(externalId, (subscription != null) ? subscription.metadata() : metadata, customerId(),
				customer());
	}

	/**
	 * Return the type, the id and the status only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return describe(OrderStatus.class);
	}

	/**
	 * Line of an order.
	 */
	public static final class Item extends IdentifiedResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Item(Value value) {
			super(value);
		}

		/**
		 * Return the label.
		 * @return the text, or {@code null} if absent or unreadable
		 */
		public @Nullable String label() {
			return read("label", Form.TEXT);
		}

		/**
		 * Return the amount before discount. If the prices include tax, it is gross,
		 * otherwise net.
		 * @return the amount in minor units
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public long amount() {
			return required("amount", Form.LONG);
		}

		/**
		 * Return the tax of the line. Polar can report 0 here although the order is
		 * taxed, so use {@link Order#taxAmount()}.
		 * @return the amount in minor units
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public long taxAmount() {
			return required("tax_amount", Form.LONG);
		}

		/**
		 * Return whether the line is for a part of a period.
		 * @return {@code true} if so, {@code false} also if absent or unreadable
		 */
		public boolean proration() {
			return flag("proration");
		}

		/**
		 * Return the price.
		 * @return the id, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable UUID productPriceId() {
			return read("product_price_id", Form.ID);
		}

	}

}
