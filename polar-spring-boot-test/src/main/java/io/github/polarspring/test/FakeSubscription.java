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
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A subscription. Guarded by the lock of {@link FakeState}.
 */
final class FakeSubscription {

	private static final List<String> NOT_IN_AN_ORDER = List.of("custom_field_data", "customer", "product", "discount",
			"prices", "meters", "pending_update");

	final UUID id = UUID.randomUUID();

	final Instant createdAt;

	final FakeSession session;

	final FakeCustomer customer;

	final FakeProduct product;

	private final long amount;

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
		this.createdAt = now;
		this.periodStart = now;
		this.periodEnd = end(now, 1);
	}

	boolean isActive() {
		return this.status.equals("active");
	}

	private Instant end(Instant start, int periods) {
		return switch (String.valueOf(this.product.recurringInterval())) {
			case "day" -> start.atOffset(ZoneOffset.UTC).plusDays(periods).toInstant();
			case "week" -> start.atOffset(ZoneOffset.UTC).plusWeeks(periods).toInstant();
			case "year" -> start.atOffset(ZoneOffset.UTC).plusYears(periods).toInstant();
			default -> start.atOffset(ZoneOffset.UTC).plusMonths(periods).toInstant();
		};
	}

	void cycle(Instant now) {
		this.periodStart = this.periodEnd;
		// relative to the first start, to return to the 31st after February
		this.periods++;
		this.periodEnd = end(this.createdAt, this.periods);
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
		this.modifiedAt = now;
	}

	Map<String, Object> toJson(UUID organizationId) {
		FakeDiscount discount = this.session.discount;
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("amount", this.amount);
		json.put("currency", this.session.currency);
		json.put("recurring_interval", this.product.recurringInterval());
		json.put("recurring_interval_count", 1);
		json.put("status", this.status);
		json.put("current_period_start", this.periodStart);
		json.put("current_period_end", this.periodEnd);
		for (String name : List.of("current_meter_period_start", "current_meter_period_end", "trial_start",
				"trial_end")) {
			json.put(name, null);
		}
		json.put("cancel_at_period_end", this.cancelAtPeriodEnd);
		json.put("canceled_at", this.canceledAt);
		json.put("started_at", this.createdAt);
		json.put("ends_at", this.cancelAtPeriodEnd ? this.periodEnd : null);
		json.put("ended_at", this.endedAt);
		json.put("past_due_at", null);
		json.put("pause_at_period_end", false);
		json.put("paused_at", null);
		json.put("resumes_at", null);
		json.put("customer_id", this.customer.id());
		json.put("product_id", this.product.id());
		json.put("discount_id", (discount != null) ? discount.id() : null);
		json.put("checkout_id", this.session.id);
		json.put("seats", this.session.seats());
		json.put("customer_cancellation_reason", this.cancellationReason);
		json.put("customer_cancellation_comment", this.cancellationComment);
		json.put("metadata", this.session.metadata);
		json.put("custom_field_data", this.session.customFieldData());
		json.put("customer", this.customer.toJson(organizationId));
		json.put("product", this.product.toFullJson(organizationId));
		json.put("discount", (discount != null) ? discount.toFullJson(organizationId) : null);
		json.put("prices", this.session.prices(this.product).prices());
		json.put("meters", List.of());
		json.put("pending_update", null);
		return json;
	}

	Map<String, Object> toOrderJson(UUID organizationId) {
		Map<String, Object> json = toJson(organizationId);
		NOT_IN_AN_ORDER.forEach(json::remove);
		return json;
	}

	/**
	 * Return the JSON for the state of a customer.
	 */
	Map<String, Object> toStateJson(UUID organizationId) {
		Map<String, Object> all = toJson(organizationId);
		Map<String, Object> json = new LinkedHashMap<>();
		for (String name : List.of("id", "created_at", "modified_at", "custom_field_data", "metadata", "status",
				"amount", "currency", "recurring_interval", "current_period_start", "current_period_end", "trial_start",
				"trial_end", "cancel_at_period_end", "canceled_at", "started_at", "ends_at", "product_id",
				"discount_id", "meters")) {
			json.put(name, all.get(name));
		}
		return json;
	}

}
