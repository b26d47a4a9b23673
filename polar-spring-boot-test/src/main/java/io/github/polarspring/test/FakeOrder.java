package io.github.polarspring.test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The order that a paid session becomes.
 */
record FakeOrder(UUID id, Instant createdAt, FakeSession session, FakeCustomer customer) {

	FakeOrder(FakeSession session, FakeCustomer customer) {
		this(UUID.randomUUID(), Instant.now().truncatedTo(ChronoUnit.MICROS), session, customer);
	}

	Map<String, Object> toJson(UUID organizationId) {
		FakeProduct product = this.session.product();
		long amount = this.session.amount();
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.id);
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("status", "paid");
		json.put("paid", true);
		json.put("subtotal_amount", amount);
		json.put("discount_amount", 0);
		json.put("net_amount", amount);
		json.put("tax_amount", 0);
		json.put("total_amount", amount);
		json.put("applied_balance_amount", 0);
		json.put("due_amount", amount);
		json.put("refunded_amount", 0);
		json.put("refunded_tax_amount", 0);
		json.put("currency", this.session.currency);
		json.put("billing_reason", "purchase");
		json.put("billing_name", this.customer.name());
		json.put("billing_address", null);
		json.put("invoice_number", "FAKE-" + this.id.toString().substring(0, 8));
		json.put("is_invoice_generated", false);
		json.put("receipt_number", null);
		json.put("seats", this.session.seats);
		json.put("customer_id", this.customer.id());
		json.put("product_id", product.id());
		json.put("discount_id", null);
		json.put("subscription_id", null);
		json.put("checkout_id", this.session.id);
		json.put("next_payment_attempt_at", null);
		json.put("metadata", this.session.metadata);
		json.put("custom_field_data", Map.of());
		json.put("platform_fee_amount", 0);
		json.put("platform_fee_currency", this.session.currency);
		json.put("customer", customer(organizationId));
		json.put("product", product(product, organizationId));
		json.put("discount", null);
		json.put("subscription", null);
		json.put("items", List.of(item(product, amount)));
		json.put("description", product.name());
		json.put("refundable_amount", amount);
		json.put("refundable_tax_amount", 0);
		return json;
	}

	private Map<String, Object> customer(UUID organizationId) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("id", this.customer.id());
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("metadata", Map.of());
		json.put("external_id", this.customer.externalId());
		json.put("email", this.customer.email());
		json.put("email_verified", false);
		json.put("type", "individual");
		json.put("name", this.customer.name());
		for (String name : List.of("billing_name", "billing_address", "tax_id", "locale")) {
			json.put(name, null);
		}
		json.put("organization_id", organizationId);
		for (String name : List.of("default_payment_method_id", "deleted_at", "first_user_event_at", "avatar_url")) {
			json.put(name, null);
		}
		return json;
	}

	private static Map<String, Object> product(FakeProduct product, UUID organizationId) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("metadata", Map.of());
		json.putAll(product.toJson(organizationId));
		List.of("prices", "benefits", "medias").forEach(json::remove);
		return json;
	}

	private Map<String, Object> item(FakeProduct product, long amount) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("id", UUID.randomUUID());
		json.put("label", product.name());
		json.put("amount", amount);
		json.put("tax_amount", 0);
		json.put("proration", false);
		json.put("product_price_id", this.session.prices().prices().get(0).get("id"));
		return json;
	}

}
