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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Previews what a subscription will cost, without a change. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakePreviews {

	private final FakeState state;

	private final FakeSales sales;

	FakePreviews(FakeState state) {
		this.state = state;
		this.sales = state.sales();
	}

	/**
	 * Preview the next charge, or return {@code null} if there will be none.
	 */
	@Nullable Map<String, @Nullable Object> charge(FakeSubscription subscription) {
		boolean resumes = subscription.isPaused() && subscription.resumesAt != null;
		if (!subscription.isActive() && !resumes) {
			return null;
		}
		FakePendingUpdate pending = subscription.pendingUpdate;
		FakeSession session = (pending != null) ? this.sales.renewals.terms(subscription, pending)
				: subscription.session;
		long base = subscription.cancelAtPeriodEnd ? 0 : session.amount();
		List<FakeOrderItem> items = new ArrayList<>(subscription.prorations);
		items.add(new FakeOrderItem("Subscription", base, false, null));
		boolean newDiscount = pending != null && (pending.discount != null || pending.withoutDiscount);
		FakeDiscount discount = newDiscount ? session.discount : subscription.discountAt(subscription.periodEnd);
		return preview(subscription, FakeCharges.amounts(session, discount, items), base, subscription.prorations);
	}

	/**
	 * Preview what a change of the product costs now.
	 */
	Map<String, @Nullable Object> change(FakeSubscription subscription, FakePlanChange change) {
		if (change.appliesNow() && subscription.isTrial()) {
			boolean ends = change.trialEnd() == null;
			List<FakeOrderItem> items = ends
					? List.of(new FakeOrderItem("Subscription", change.session().amount(), false, null)) : List.of();
			return preview(subscription, FakeCharges.amounts(change.session(), change.session().discount, items), 0,
					List.of());
		}
		return change(subscription, change.appliesNow() ? change.prorations() : List.of());
	}

	/**
	 * Preview what a change of the number of seats or units costs now.
	 */
	Map<String, @Nullable Object> change(FakeSubscription subscription, FakeQuantity quantity, String proration) {
		boolean nothing = subscription.isTrial() || proration.equals(FakePlanChange.NEXT_PERIOD);
		return change(subscription, nothing ? List.of() : quantity.prorations(proration, this.state.now()));
	}

	private Map<String, @Nullable Object> change(FakeSubscription subscription, List<FakeOrderItem> prorations) {
		List<FakeOrderItem> all = new ArrayList<>(subscription.prorations);
		all.addAll(prorations);
		return preview(subscription, FakeCharges.amounts(subscription.session, null, all), 0, all);
	}

	private Map<String, @Nullable Object> preview(FakeSubscription subscription, FakeAmounts amounts, long base,
			List<FakeOrderItem> prorations) {
		long applied = this.sales.charges.applicable(subscription, amounts);
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("base_amount", base);
		json.put("metered_amount", 0);
		json.put("proration_amount", FakeOrderItem.sum(prorations));
		json.put("prorations",
				prorations.stream().map((item) -> Map.of("label", item.label(), "amount", item.amount())).toList());
		json.put("subtotal_amount", amounts.amount());
		json.put("discount_amount", amounts.discount());
		json.put("net_amount", amounts.net());
		json.put("tax_amount", amounts.taxOrZero());
		json.put("total_amount", amounts.total());
		json.put("applied_balance_amount", applied);
		json.put("due_amount", Math.max(0, amounts.total() + applied));
		return json;
	}

	/**
	 * Preview what the immediate end of a subscription means for its unpaid orders.
	 */
	Map<String, @Nullable Object> cancellation(FakeSubscription subscription) {
		boolean stops = stopsCollection(subscription);
		List<Long> pending = this.sales.orders.values()
			.stream()
			.filter((order) -> stops && subscription.equals(order.subscription) && order.status().equals("pending"))
			.map(FakeOrder::due)
			.toList();
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("stops_collection", stops);
		json.put("outstanding_amount", pending.isEmpty() ? null : pending.stream().mapToLong(Long::longValue).sum());
		return json;
	}

	/**
	 * Return whether the customer has not had access since the renewal was not paid.
	 */
	boolean stopsCollection(FakeSubscription subscription) {
		return subscription.isPastDue() && this.state.settings().gracePeriod().isZero();
	}

}
