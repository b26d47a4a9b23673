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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

	/**
	 * What other records tell, or what follows from other fields.
	 */
	private static final List<String> OF_OTHERS = List.of("modified_at", "customer", "product", "discount", "user",
			"price", "price_id", "prices", "meters", "pending_update");

	final UUID id = UUID.randomUUID();

	final Instant createdAt;

	final FakeCustomer customer;

	/**
	 * The product, the prices, the seats, and the discount: those of the session that
	 * created the subscription, until they are changed.
	 */
	FakeSession session;

	FakeProduct product;

	private long amount;

	Map<String, Object> metadata;

	private @Nullable UUID checkoutId;

	private @Nullable Instant trialStart;

	private @Nullable Instant trialEnd;

	/**
	 * Day of the month on which periods start, if the month has it.
	 */
	private int anchorDay;

	/**
	 * What the next order contains because of changes during the period.
	 */
	final List<FakeOrderItem> prorations = new ArrayList<>();

	/**
	 * The meters of the metered prices.
	 */
	final List<FakeSubscriptionMeter> meters = new ArrayList<>();

	/**
	 * How many usage events there were when the meters were updated.
	 */
	int usageSeen;

	@Nullable FakePendingUpdate pendingUpdate;

	@Nullable Instant pastDueAt;

	private @Nullable Instant pausedAt;

	boolean pauseAtPeriodEnd;

	@Nullable Instant resumesAt;

	@Nullable Instant modifiedAt;

	String status = "active";

	Instant periodStart;

	Instant periodEnd;

	/**
	 * The end of the period as it was sent, in the response to the request that sent it.
	 */
	@Nullable String sentPeriodEnd;

	boolean cancelAtPeriodEnd;

	@Nullable Instant canceledAt;

	private @Nullable Instant endsAt;

	@Nullable Instant endedAt;

	@Nullable String cancellationReason;

	@Nullable String cancellationComment;

	/**
	 * Start of the first period to which the discount applied.
	 */
	private @Nullable Instant discountedSince;

	FakeSubscription(FakeSession session, FakeCustomer customer, Instant now) {
		this.session = session;
		this.product = session.product();
		this.customer = customer;
		this.metadata = session.metadata;
		this.checkoutId = session.id;
		this.createdAt = now;
		this.periodStart = now;
		this.periodEnd = now;
		start(session, now);
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

	private void start(FakeSession session, Instant now) {
		terms(session);
		this.trialEnd = session.trialEnd(now);
		this.trialStart = (this.trialEnd != null) ? now : null;
		this.status = (this.trialEnd != null) ? "trialing" : "active";
		startPeriod(now);
		if (this.trialEnd != null) {
			this.periodEnd = this.trialEnd;
		}
		this.discountedSince = (session.discount != null && this.trialEnd == null) ? now : null;
	}

	/**
	 * Buy a product with a free subscription.
	 */
	void upgrade(FakeSession session, Instant now) {
		start(session, now);
		Map<String, Object> metadata = new LinkedHashMap<>(this.metadata);
		metadata.putAll(session.metadata);
		this.metadata = metadata;
		this.checkoutId = session.id;
		this.modifiedAt = now;
	}

	/**
	 * Change the product, the prices, the seats, or the discount.
	 */
	void terms(FakeSession session) {
		if (session.discount == null || !session.discount.equals(this.session.discount)) {
			this.discountedSince = null;
		}
		this.session = session;
		this.product = session.product();
		long regular = session.amount();
		this.amount = regular - ((session.discount != null) ? session.discount.of(regular, session.currency) : 0);
	}

	/**
	 * Return whether another product has the same interval.
	 */
	boolean hasIntervalOf(FakeProduct product) {
		return String.valueOf(this.product.recurringInterval()).equals(String.valueOf(product.recurringInterval()))
				&& this.product.recurringIntervalCount() == product.recurringIntervalCount();
	}

	/**
	 * Start a period.
	 */
	void startPeriod(Instant start) {
		this.periodStart = start;
		this.anchorDay = day(start);
		this.periodEnd = next(this.product, start, this.anchorDay);
	}

	/**
	 * Return the end of a period of a product that starts at a time.
	 */
	static Instant next(FakeProduct product, Instant start) {
		return next(product, start, day(start));
	}

	/**
	 * Return the end of a period, which is on the 31st again after a February.
	 */
	private static Instant next(FakeProduct product, Instant start, int day) {
		Instant next = FakeSession.plus(start, product.recurringInterval(), product.recurringIntervalCount());
		boolean byMonth = List.of("month", "year").contains(String.valueOf(product.recurringInterval()));
		LocalDate date = LocalDate.ofInstant(next, ZoneOffset.UTC);
		return byMonth ? next.atZone(ZoneOffset.UTC).withDayOfMonth(Math.min(day, date.lengthOfMonth())).toInstant()
				: next;
	}

	private static int day(Instant time) {
		return time.atZone(ZoneOffset.UTC).getDayOfMonth();
	}

	/**
	 * Move the end of the period.
	 */
	void endPeriodAt(Instant end) {
		this.periodEnd = end;
		this.anchorDay = day(end);
	}

	/**
	 * Start the next period, in which the subscription is no longer in its trial.
	 */
	void cycle(Instant now) {
		if (isTrial()) {
			this.anchorDay = day(this.periodEnd);
		}
		this.periodStart = this.periodEnd;
		this.periodEnd = next(this.product, this.periodStart, this.anchorDay);
		this.modifiedAt = now;
	}

	/**
	 * End the trial of the period that has started.
	 */
	void endTrial() {
		this.status = isTrial() ? "active" : this.status;
	}

	/**
	 * Set the end of the trial, which is that of the period.
	 */
	void trialUntil(Instant end) {
		this.status = "trialing";
		this.trialEnd = end;
		this.periodEnd = end;
	}

	@Nullable Instant trialStart() {
		return this.trialStart;
	}

	/**
	 * Remove a discount that does not apply to the current period.
	 */
	void expireDiscount() {
		FakeDiscount discount = this.session.discount;
		if (discount == null) {
			return;
		}
		this.discountedSince = (this.discountedSince != null) ? this.discountedSince : this.periodStart;
		if (discount.isExpired(this.discountedSince, this.periodStart)) {
			terms(this.session.withDiscount(null));
		}
	}

	/**
	 * Return the discount that applies to a future period, or {@code null}.
	 */
	@Nullable FakeDiscount discountAt(Instant start) {
		FakeDiscount discount = this.session.discount;
		return (discount != null && this.discountedSince != null && discount.isExpired(this.discountedSince, start))
				? null : discount;
	}

	long amount() {
		return this.amount;
	}

	boolean isFree() {
		return this.session.prices().isFree();
	}

	boolean hadTrial() {
		return this.trialEnd != null;
	}

	/**
	 * Return the label of the trial in an order.
	 */
	String trialLabel() {
		return "Trial period for %s (%s - %s)".formatted(this.product.name(), DATE.format(this.periodStart),
				DATE.format(this.periodEnd));
	}

	static String period(Instant start, Instant end) {
		return " — From %s to %s".formatted(DATE.format(start), DATE.format(end));
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

	/**
	 * Return whether the subscription will be charged.
	 */
	boolean isBillable() {
		return isActive() || isPastDue();
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

	/**
	 * Return whether a pause can be scheduled.
	 */
	boolean canPause() {
		return this.status.equals("active") && !this.cancelAtPeriodEnd && !this.pauseAtPeriodEnd && this.endsAt == null;
	}

	void pause(Instant now) {
		this.status = "paused";
		this.pausedAt = now;
		this.pauseAtPeriodEnd = false;
		this.modifiedAt = now;
	}

	/**
	 * Start a new period.
	 */
	void resume(Instant now) {
		this.status = "active";
		this.pausedAt = null;
		this.resumesAt = null;
		startPeriod(now);
	}

	void recover(Instant now) {
		this.status = "active";
		this.pastDueAt = null;
		this.modifiedAt = now;
	}

	/**
	 * End the subscription at the end of the period, for which it was canceled.
	 */
	void endAsCanceled(Instant now) {
		this.status = "canceled";
		this.endedAt = now;
	}

	/**
	 * Cancel the subscription.
	 * @param immediately whether it ends now
	 */
	void cancel(boolean immediately, @Nullable String reason, @Nullable String comment, Instant now) {
		this.canceledAt = now;
		this.pauseAtPeriodEnd = false;
		this.resumesAt = null;
		this.cancellationReason = (reason != null) ? reason : this.cancellationReason;
		this.cancellationComment = (comment != null) ? comment : this.cancellationComment;
		if (immediately) {
			this.endsAt = now;
			endAsCanceled(now);
		}
		else {
			this.cancelAtPeriodEnd = true;
			this.endsAt = this.periodEnd;
		}
	}

	void uncancel() {
		this.cancelAtPeriodEnd = false;
		this.canceledAt = null;
		this.endsAt = null;
		this.cancellationReason = null;
		this.cancellationComment = null;
	}

	/**
	 * Return the fields of the record, to find out whether it was changed.
	 */
	Map<String, @Nullable Object> record() {
		Map<String, @Nullable Object> json = toJson(this.id);
		OF_OTHERS.forEach(json::remove);
		return json;
	}

	Map<String, @Nullable Object> toJson(UUID organizationId) {
		FakeDiscount discount = this.session.discount;
		FakePendingUpdate pending = this.pendingUpdate;
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
		json.put("current_period_end", (this.sentPeriodEnd != null) ? this.sentPeriodEnd : this.periodEnd);
		json.put("current_meter_period_start", null);
		json.put("current_meter_period_end", null);
		json.put("trial_start", this.trialStart);
		json.put("trial_end", this.trialEnd);
		json.put("cancel_at_period_end", this.cancelAtPeriodEnd);
		json.put("canceled_at", this.canceledAt);
		json.put("started_at", this.createdAt);
		json.put("ends_at", this.endsAt);
		json.put("ended_at", this.endedAt);
		json.put("past_due_at", this.pastDueAt);
		json.put("pause_at_period_end", this.pauseAtPeriodEnd);
		json.put("paused_at", this.pausedAt);
		json.put("resumes_at", this.resumesAt);
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
		json.put("meters", this.meters.stream().map(FakeSubscriptionMeter::toJson).toList());
		json.put("pending_update", (pending != null) ? pending.toJson() : null);
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
				"discount_id", "price_id")) {
			json.put(name, all.get(name));
		}
		json.put("meters", this.meters.stream().map(FakeSubscriptionMeter::toStateJson).toList());
		return json;
	}

}
