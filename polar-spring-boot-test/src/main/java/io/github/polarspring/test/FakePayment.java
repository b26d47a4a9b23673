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
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An attempt to charge a card.
 */
final class FakePayment {

	private static final String NO_DETAILS = "The bank did not return any further details with this decline.";

	static final Reason DECLINED = new Reason("generic_decline",
			"Your card was declined. Please try again with a different payment method.", NO_DETAILS);

	static final Reason INSUFFICIENT_FUNDS = new Reason("insufficient_funds",
			"Your card has insufficient funds. Please try again with a different payment method.", NO_DETAILS);

	/**
	 * Reasons after which the card is not charged again until the last attempt.
	 */
	private static final Set<String> FINAL = Set.of("card_not_supported", "do_not_honor", "expired_card", "fraudulent",
			"incorrect_cvc", "incorrect_number", "invalid_account", "invalid_cvc", "invalid_expiry_year", "invalid_pin",
			"live_mode_test_card", "lost_card", "merchant_blacklist", "not_permitted", "pickup_card",
			"previously_declined_do_not_retry", "restricted_card", "revocation_of_all_authorizations",
			"revocation_of_authorization", "security_violation", "stolen_card", "stop_payment_order", "blocklist");

	/**
	 * Last digits of a card that is accepted.
	 */
	static final String ACCEPTED_CARD = "4242";

	/**
	 * Last digits of a card that can be stored, but is declined when it is charged.
	 */
	static final String DECLINED_CARD = "0341";

	private final UUID id = UUID.randomUUID();

	private final FakeSession session;

	private final @Nullable FakeOrder order;

	private final @Nullable FakeCustomer customer;

	private final @Nullable Reason reason;

	private final long amount;

	private final String trigger;

	private final Instant createdAt;

	/**
	 * Create a failed payment of a session.
	 */
	FakePayment(FakeSession session, Reason reason, Instant createdAt) {
		this.session = session;
		this.order = null;
		this.customer = null;
		this.reason = reason;
		this.amount = session.amounts().total();
		this.trigger = "purchase";
		this.createdAt = createdAt;
	}

	/**
	 * Create a failed payment of a change of a subscription, which has no order.
	 */
	FakePayment(FakeSession session, FakeCustomer customer, long amount, Reason reason, Instant createdAt) {
		this.session = session;
		this.order = null;
		this.customer = customer;
		this.reason = reason;
		this.amount = amount;
		this.trigger = FakeCharges.CYCLE;
		this.createdAt = createdAt;
	}

	/**
	 * Create the payment of an order.
	 */
	FakePayment(FakeOrder order, String trigger, Instant createdAt) {
		this(order, null, trigger, createdAt);
	}

	/**
	 * Create a payment of an order.
	 * @param reason the reason of the decline, or {@code null} for a successful payment
	 */
	FakePayment(FakeOrder order, @Nullable Reason reason, String trigger, Instant createdAt) {
		this.session = order.session;
		this.order = order;
		this.customer = order.customer;
		this.reason = reason;
		this.amount = order.due();
		this.trigger = trigger;
		this.createdAt = createdAt;
	}

	/**
	 * Return the JSON of a card on file.
	 * @param last4 the last digits, {@link #ACCEPTED_CARD} or {@link #DECLINED_CARD}
	 */
	static Map<String, @Nullable Object> card(FakeCustomer customer, String last4, Instant now) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("id", UUID.randomUUID());
		json.put("created_at", now);
		json.put("modified_at", null);
		json.put("processor", "stripe");
		json.put("customer_id", customer.id());
		json.put("type", "card");
		Map<String, @Nullable Object> card = new LinkedHashMap<>(
				Map.of("brand", "visa", "last4", last4, "exp_month", 12, "exp_year", 2034));
		card.put("wallet", null);
		json.put("method_metadata", card);
		json.put("is_default", false);
		return json;
	}

	static boolean isDeclined(Map<String, @Nullable Object> card) {
		return card.get("method_metadata") instanceof Map<?, ?> details && DECLINED_CARD.equals(details.get("last4"));
	}

	UUID id() {
		return this.id;
	}

	/**
	 * Return the reason why an order was not paid, or {@code null}.
	 */
	@Nullable Reason declineOf(FakeOrder order) {
		return order.equals(this.order) ? this.reason : null;
	}

	/**
	 * Return whether this is the successful payment of an order.
	 */
	boolean isOf(FakeOrder order) {
		return order.equals(this.order) && this.reason == null;
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeOrder order = this.order;
		Reason reason = this.reason;
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", (reason != null) ? null : this.createdAt);
		json.put("id", this.id);
		json.put("processor", "stripe");
		json.put("status", (reason != null) ? "failed" : "succeeded");
		json.put("amount", this.amount);
		json.put("currency", this.session.currency);
		json.put("method", "card");
		json.put("trigger", this.trigger);
		json.put("decline_reason", (reason != null) ? reason.code() : null);
		json.put("decline_message", (reason != null) ? reason.message() : null);
		json.put("organization_id", organizationId);
		json.put("checkout_id", this.trigger.equals("purchase") ? this.session.id : null);
		json.put("order_id", (order != null) ? order.id : null);
		json.put("processor_metadata", Map.of());
		json.put("method_metadata", Map.of("brand", "visa", "last4", "4242"));
		json.put("#customer_id", (this.customer != null) ? this.customer.id() : null);
		return json;
	}

	/**
	 * Return a payment without the fields that only lists are filtered by.
	 */
	static Map<String, @Nullable Object> visible(Map<String, @Nullable Object> json) {
		json.keySet().removeIf((name) -> name.startsWith("#"));
		return json;
	}

	/**
	 * A reason of a decline.
	 *
	 * @param code the code of the card processor
	 * @param text the text for the buyer
	 * @param message the message for the merchant
	 */
	record Reason(String code, String text, String message) {

		/**
		 * Return whether another attempt is pointless.
		 */
		boolean isFinal() {
			return FINAL.contains(this.code);
		}

		/**
		 * Return the reason of a decline without the buyer, who sees no text.
		 */
		static Reason of(String code) {
			return new Reason(code, "", NO_DETAILS);
		}

	}

}
