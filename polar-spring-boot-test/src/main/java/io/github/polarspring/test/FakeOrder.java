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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An order. Guarded by the lock of {@link FakeState}.
 */
final class FakeOrder {

	final UUID id = UUID.randomUUID();

	final Instant createdAt;

	final FakeSession session;

	final FakeCustomer customer;

	final @Nullable FakeSubscription subscription;

	private final String billingReason;

	private final FakeProduct product;

	private final UUID itemId = UUID.randomUUID();

	private final FakeAmounts amounts;

	@Nullable Instant modifiedAt;

	boolean paid;

	long refunded;

	long refundedTax;

	FakeOrder(FakeSession session, FakeCustomer customer, @Nullable FakeSubscription subscription, String billingReason,
			Instant createdAt) {
		this.session = session;
		this.customer = customer;
		this.subscription = subscription;
		this.billingReason = billingReason;
		this.createdAt = createdAt;
		this.product = session.product();
		this.amounts = session.amounts();
	}

	FakeAmounts amounts() {
		return this.amounts;
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
			return "pending";
		}
		return (this.refunded == 0) ? "paid" : (refundable() > 0) ? "partially_refunded" : "refunded";
	}

	Map<String, Object> toJson(UUID organizationId) {
		FakeDiscount discount = this.session.discount;
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("status", status());
		json.put("paid", this.paid);
		json.put("subtotal_amount", this.amounts.amount());
		this.amounts.putInto(json);
		json.put("applied_balance_amount", 0);
		json.put("due_amount", this.amounts.total());
		json.put("refunded_amount", this.refunded);
		json.put("refunded_tax_amount", this.refundedTax);
		json.put("currency", this.session.currency);
		json.put("billing_reason", this.billingReason);
		json.put("billing_name", this.customer.name());
		json.put("billing_address", this.session.billingAddress());
		json.put("invoice_number", "FAKE-" + this.id.toString().substring(0, 8));
		json.put("is_invoice_generated", false);
		json.put("receipt_number", null);
		json.put("seats", this.session.seats());
		json.put("customer_id", this.customer.id());
		json.put("product_id", this.product.id());
		json.put("discount_id", (discount != null) ? discount.id() : null);
		json.put("subscription_id", (this.subscription != null) ? this.subscription.id : null);
		json.put("checkout_id", this.billingReason.equals("subscription_cycle") ? null : this.session.id);
		json.put("next_payment_attempt_at", null);
		json.put("metadata", this.session.metadata);
		json.put("custom_field_data", this.session.customFieldData());
		json.put("platform_fee_amount", 0);
		json.put("platform_fee_currency", this.session.currency);
		json.put("customer", this.customer.toJson(organizationId));
		json.put("product", product(organizationId));
		json.put("discount", (discount != null) ? discount.toFullJson(organizationId) : null);
		json.put("subscription", (this.subscription != null) ? this.subscription.toOrderJson(organizationId) : null);
		json.put("items", List.of(item()));
		json.put("description", this.product.name());
		json.put("refundable_amount", refundable());
		json.put("refundable_tax_amount", this.amounts.taxOrZero() - this.refundedTax);
		return json;
	}

	private Map<String, Object> product(UUID organizationId) {
		Map<String, Object> json = this.product.toFullJson(organizationId);
		List.of("prices", "benefits", "medias", "attached_custom_fields").forEach(json::remove);
		return json;
	}

	private Map<String, Object> item() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("id", this.itemId);
		json.put("label", this.product.name());
		json.put("amount", this.amounts.amount());
		json.put("tax_amount", 0);
		json.put("proration", false);
		json.put("product_price_id", this.session.prices(this.product).prices().get(0).get("id"));
		return json;
	}

	/**
	 * Return the JSON of a refund, before it is recorded.
	 */
	Map<String, Object> refundJson(UUID organizationId, long amount, String reason, Instant now) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("created_at", now);
		json.put("modified_at", null);
		json.put("id", UUID.randomUUID());
		json.put("metadata", Map.of());
		json.put("status", "succeeded");
		json.put("reason", reason);
		json.put("amount", amount);
		json.put("tax_amount", taxOf(amount));
		json.put("currency", this.session.currency);
		json.put("organization_id", organizationId);
		json.put("order_id", this.id);
		json.put("subscription_id", (this.subscription != null) ? this.subscription.id : null);
		json.put("customer_id", this.customer.id());
		json.put("revoke_benefits", false);
		json.put("dispute", null);
		return json;
	}

}
