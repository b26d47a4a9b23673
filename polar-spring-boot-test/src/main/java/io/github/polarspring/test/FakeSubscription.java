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

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A subscription. Guarded by the lock of {@link FakeState}.
 */
final class FakeSubscription {

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MMM d, yyyy", Locale.US)
		.withZone(ZoneOffset.UTC);

	private static final List<String> NOT_IN_AN_ORDER = List.of("custom_field_data", "customer", "product", "discount",
			"user", "price", "prices", "meters", "pending_update");

	final UUID id = UUID.randomUUID();

	final Instant createdAt;

	final FakeCustomer customer;

	/**
	 * The session that created the subscription, or changed it.
	 */
	FakeSession session;

	FakeProduct product;

	private long amount;

	Map<String, Object> metadata;

	private @Nullable UUID checkoutId;

	private @Nullable Instant trialStart;

	private @Nullable Instant trialEnd;

	private Instant anchor;

	private final List<FakeOrder.Proration> prorations = new ArrayList<>();

	private @Nullable Instant pastDueAt;

	private @Nullable Instant pausedAt;

	@Nullable Instant modifiedAt;

	String status = "active";

	private int periods = 1;

	Instant periodStart;

	Instant periodEnd;

	boolean cancelAtPeriodEnd;

	@Nullable Instant canceledAt;

	@Nullable Instant endedAt;

	@Nullable String cancellationReason;

	@Nullable String cancellationComment;

	FakeSubscription(FakeSession session, FakeCustomer customer, Instant now) {
		this.session = session;
		this.customer = customer;
		this.product = session.product();
		this.amount = session.amount() - session.amounts().discount();
		this.metadata = session.metadata;
		this.checkoutId = session.id;
		this.createdAt = now;
		this.periodStart = now;
		this.anchor = now;
		this.trialEnd = session.trialEnd(now);
		if (this.trialEnd != null) {
			this.status = "trialing";
			this.trialStart = now;
			this.anchor = this.trialEnd;
			this.periods = 0;
		}
		this.periodEnd = (this.trialEnd != null) ? this.trialEnd : end();
	}

	/**
	 * Create a subscription without a session.
	 * @param session the session with the product, which is not part of the subscription
	 * @param metadata the metadata
	 */
	static FakeSubscription withoutCheckout(FakeSession session, FakeCustomer customer, Map<String, Object> metadata,
			Instant now) {
		FakeSubscription subscription = new FakeSubscription(session, customer, now);
		subscription.metadata = metadata;
		subscription.checkoutId = null;
		return subscription;
	}

	/**
	 * Change the product of a free subscription.
	 */
	void upgrade(FakeSession session, Instant now) {
		this.session = session;
		this.product = session.product();
		this.amount = session.amount() - session.amounts().discount();
		Map<String, Object> metadata = new LinkedHashMap<>(this.metadata);
		metadata.putAll(session.metadata);
		this.metadata = metadata;
		this.checkoutId = session.id;
		this.modifiedAt = now;
	}

	/**
	 * Return whether a change to a product starts a new period, because its interval is
	 * another one. A trial continues.
	 */
	boolean startsPeriodWith(FakeProduct product) {
		return !isTrial() && !(Objects.equals(this.product.recurringInterval(), product.recurringInterval())
				&& this.product.recurringIntervalCount() == product.recurringIntervalCount());
	}

	/**
	 * Return the credit for the rest of the period.
	 */
	List<FakeOrder.Proration> credit(Instant now) {
		return proration("Remaining time on ", -1, now);
	}

	private List<FakeOrder.Proration> proration(String prefix, int sign, Instant now) {
		BigDecimal left = BigDecimal.valueOf(Duration.between(now, this.periodEnd).toSeconds());
		BigDecimal whole = BigDecimal.valueOf(Duration.between(this.periodStart, this.periodEnd).toSeconds());
		long amount = BigDecimal.valueOf(sign * this.amount)
			.multiply(left)
			.divide(whole, 0, RoundingMode.HALF_UP)
			.longValueExact();
		return (amount == 0 || isTrial()) ? List.of()
				: List.of(new FakeOrder.Proration(
						"%s%s — From %s to %s".formatted(prefix, this.product.name(), DATE.format(now),
								DATE.format(this.periodEnd)),
						amount, Objects.requireNonNull(this.session.prices().first().get("id"))));
	}

	/**
	 * Return what the next order contains because of changes of the product.
	 */
	List<FakeOrder.Proration> takeProrations() {
		List<FakeOrder.Proration> all = List.copyOf(this.prorations);
		this.prorations.clear();
		return all;
	}

	/**
	 * Change the product.
	 * @param session the session with the prices of the new product
	 */
	void changePlan(FakeSession session, Instant now) {
		boolean newPeriod = startsPeriodWith(session.product());
		if (!newPeriod) {
			this.prorations.addAll(credit(now));
		}
		this.session = session;
		this.product = session.product();
		this.amount = session.amount() - session.amounts().discount();
		this.modifiedAt = now;
		if (newPeriod) {
			this.periodStart = now;
			this.anchor = now;
			this.periods = 1;
			this.periodEnd = end();
		}
		else {
			this.prorations.addAll(proration("", 1, now));
		}
	}

	boolean isFree() {
		return this.session.prices().isFree();
	}

	long amount() {
		return this.amount;
	}

	boolean hadTrial() {
		return this.trialEnd != null;
	}

	/**
	 * Return the discount of the current period, if there still is one.
	 */
	@Nullable FakeDiscount discount() {
		FakeDiscount discount = this.session.discount;
		long months = ChronoUnit.MONTHS.between(this.anchor.atZone(ZoneOffset.UTC),
				this.periodStart.atZone(ZoneOffset.UTC));
		return (discount != null && discount.appliesAfter(months)) ? discount : null;
	}

	/**
	 * Return the label of the current period in an order.
	 */
	String label() {
		if (isTrial()) {
			return "Trial period for %s (%s - %s)".formatted(this.product.name(), DATE.format(this.periodStart),
					DATE.format(this.periodEnd));
		}
		return "%s — From %s to %s".formatted(this.product.name(), DATE.format(this.periodStart),
				DATE.format(this.periodEnd));
	}

	boolean isTrial() {
		return this.status.equals("trialing");
	}

	boolean isActive() {
		return this.status.equals("active") || isTrial();
	}

	boolean isPastDue() {
		return this.status.equals("past_due");
	}

	void pastDue(Instant now) {
		this.status = "past_due";
		this.pastDueAt = (this.pastDueAt != null) ? this.pastDueAt : now;
		this.modifiedAt = now;
	}

	boolean hasEnded() {
		return this.endedAt != null;
	}

	boolean isPaused() {
		return this.status.equals("paused");
	}

	void pause(Instant now) {
		this.status = "paused";
		this.pausedAt = now;
		this.modifiedAt = now;
	}

	/**
	 * Start a new period.
	 */
	void resume(Instant now) {
		this.status = "active";
		this.pausedAt = null;
		this.modifiedAt = now;
		this.periodStart = now;
		this.anchor = now;
		this.periods = 1;
		this.periodEnd = end();
	}

	void recover(Instant now) {
		this.status = "active";
		this.pastDueAt = null;
		this.modifiedAt = now;
	}

	private Instant end() {
		return FakeSession.plus(this.anchor, this.product.recurringInterval(),
				this.periods * this.product.recurringIntervalCount());
	}

	void cycle(Instant now) {
		this.periodStart = this.periodEnd;
		// relative to the first start, to return to the 31st after February
		this.periods++;
		this.periodEnd = end();
		this.status = isPastDue() ? this.status : "active";
		this.modifiedAt = now;
	}

	void end(Instant now) {
		this.status = "canceled";
		this.canceledAt = (this.canceledAt != null) ? this.canceledAt : now;
		this.endedAt = now;
		this.modifiedAt = now;
	}

	void cancel(boolean cancel, Instant now) {
		this.cancelAtPeriodEnd = cancel;
		this.canceledAt = cancel ? now : null;
		if (!cancel) {
			this.cancellationReason = null;
			this.cancellationComment = null;
		}
		this.modifiedAt = now;
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeDiscount discount = this.session.discount;
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("amount", this.amount);
		json.put("currency", this.session.currency);
		json.put("recurring_interval", this.product.recurringInterval());
		json.put("recurring_interval_count", this.product.recurringIntervalCount());
		json.put("status", this.status);
		json.put("current_period_start", this.periodStart);
		json.put("current_period_end", this.periodEnd);
		json.put("current_meter_period_start", null);
		json.put("current_meter_period_end", null);
		json.put("trial_start", this.trialStart);
		json.put("trial_end", this.trialEnd);
		json.put("cancel_at_period_end", this.cancelAtPeriodEnd);
		json.put("canceled_at", this.canceledAt);
		json.put("started_at", this.createdAt);
		json.put("ends_at", (this.endedAt != null) ? this.endedAt : this.cancelAtPeriodEnd ? this.periodEnd : null);
		json.put("ended_at", this.endedAt);
		json.put("past_due_at", this.pastDueAt);
		json.put("pause_at_period_end", false);
		json.put("paused_at", this.pausedAt);
		json.put("resumes_at", null);
		json.put("product_id", this.product.id());
		json.put("discount_id", (discount != null) ? discount.id() : null);
		json.put("checkout_id", this.checkoutId);
		json.put("seats", this.session.seats());
		json.put("customer_cancellation_reason", this.cancellationReason);
		json.put("customer_cancellation_comment", this.cancellationComment);
		json.put("price_id", this.session.prices().first().get("id"));
		json.put("units", this.session.get("units"));
		json.put("metadata", this.metadata);
		json.put("custom_field_data", this.session.customFieldData());
		this.customer.putInto(json, organizationId);
		json.put("product", this.product.toFullJson(organizationId));
		json.put("discount", (discount != null) ? discount.toFullJson(organizationId) : null);
		json.put("price", this.session.prices().first());
		json.put("prices", this.session.prices().prices());
		json.put("meters", List.of());
		json.put("pending_update", null);
		return json;
	}

	Map<String, @Nullable Object> toOrderJson(UUID organizationId) {
		Map<String, @Nullable Object> json = toJson(organizationId);
		NOT_IN_AN_ORDER.forEach(json::remove);
		return json;
	}

	/**
	 * Return the JSON for the state of a customer.
	 */
	Map<String, @Nullable Object> toStateJson(UUID organizationId) {
		Map<String, @Nullable Object> all = toJson(organizationId);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		for (String name : List.of("id", "created_at", "modified_at", "custom_field_data", "metadata", "status",
				"amount", "currency", "recurring_interval", "current_period_start", "current_period_end", "trial_start",
				"trial_end", "cancel_at_period_end", "canceled_at", "started_at", "ends_at", "product_id",
				"discount_id", "price_id", "meters")) {
			json.put(name, all.get(name));
		}
		return json;
	}

}
