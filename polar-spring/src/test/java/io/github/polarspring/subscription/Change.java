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

package io.github.polarspring.subscription;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import io.github.polarspring.model.Subscription;
import io.github.polarspring.model.Subscription.CancellationReason;
import org.jspecify.annotations.Nullable;

/**
 * All changes of a subscription, with what they send.
 */
enum Change {

	PRODUCT("{'product_id':'3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018'}", (changes, id) -> changes.changeProduct(id, "pro")),

	PRODUCT_NOW("{'product_id':'3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018','proration_behavior':'invoice'}",
			(changes, id) -> changes.changeProduct(id, "pro", Proration.INVOICE)),

	PRODUCT_PRORATED("{'product_id':'3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018','proration_behavior':'prorate'}",
			(changes, id) -> changes.changeProduct(id, "pro", Proration.PRORATE)),

	PRODUCT_WITH_NEW_PERIOD("{'product_id':'3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018','proration_behavior':'reset'}",
			(changes, id) -> changes.changeProduct(id, "pro", Proration.RESET)),

	PRODUCT_LATER("{'product_id':'3e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018','proration_behavior':'next_period'}",
			(changes, id) -> changes.changeProduct(id, "pro", Proration.NEXT_PERIOD)),

	PRODUCT_WITH_DISCOUNT(
			"{'product_id':'4e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018','proration_behavior':'invoice','discount_id':'5e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018'}",
			(changes, id) -> changes.changeProduct(id,
					PlanChange.to(SubscriptionAtPolar.TEAM)
						.proration(Proration.INVOICE)
						.discountId(SubscriptionAtPolar.DISCOUNT))),

	SEATS("{'seats':5}", (changes, id) -> changes.changeSeats(id, 5)),

	SEATS_NOW("{'seats':5,'proration_behavior':'invoice'}",
			(changes, id) -> changes.changeSeats(id, 5, Proration.INVOICE)),

	SEATS_LATER("{'seats':5,'proration_behavior':'next_period'}",
			(changes, id) -> changes.changeSeats(id, 5, Proration.NEXT_PERIOD)),

	APPLY_DISCOUNT("{'discount_id':'5e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018'}",
			(changes, id) -> changes.applyDiscount(id, SubscriptionAtPolar.DISCOUNT)),

	REMOVE_DISCOUNT("{'discount_id':null}", SubscriptionChanges::removeDiscount),

	TRIAL_END("{'trial_end':'2027-01-31T09:00:00Z'}",
			(changes, id) -> changes.changeTrialEnd(id, Instant.parse("2027-01-31T09:00:00Z"))),

	END_TRIAL("{'trial_end':'now'}", SubscriptionChanges::endTrial),

	PERIOD_END("{'current_billing_period_end':'2027-01-31T09:00:00Z'}",
			(changes, id) -> changes.changePeriodEnd(id, Instant.parse("2027-01-31T09:00:00Z"))),

	CANCEL("{'cancel_at_period_end':true}", SubscriptionChanges::cancelAtPeriodEnd),

	CANCEL_WITH_REASON(
			"{'cancel_at_period_end':true,'customer_cancellation_reason':'too_expensive','customer_cancellation_comment':'Bye'}",
			(changes, id) -> changes.cancelAtPeriodEnd(id, CancellationReason.TOO_EXPENSIVE, "Bye")),

	UNCANCEL("{'cancel_at_period_end':false}", SubscriptionChanges::uncancel),

	PAUSE("{'pause_at_period_end':true}", SubscriptionChanges::pauseAtPeriodEnd),

	PAUSE_UNTIL("{'pause_at_period_end':true,'resumes_at':'2027-03-01T09:00:00Z'}",
			(changes, id) -> changes.pauseAtPeriodEnd(id, Instant.parse("2027-03-01T09:00:00Z"))),

	UNPAUSE("{'pause_at_period_end':false}", SubscriptionChanges::unpause),

	RESUME("{'resume':true}", SubscriptionChanges::resume),

	CLEAR_PENDING("{'pending_update':null}", SubscriptionChanges::clearPendingUpdate),

	METADATA("{'metadata':{'external_customer_id':'alice','browser_hash':'h','plan':'gold','n':2}}",
			(changes, id) -> changes.changeMetadata(id, metadata())),

	REVOKE("{'revoke':true}", SubscriptionChanges::revoke),

	REVOKE_WITH_REASON(
			"{'revoke':true,'customer_cancellation_reason':'low_quality','customer_cancellation_comment':'No'}",
			(changes, id) -> changes.revoke(id, CancellationReason.LOW_QUALITY, "No"));

	private final String body;

	private final BiFunction<SubscriptionChanges, UUID, Subscription> change;

	Change(String body, BiFunction<SubscriptionChanges, UUID, Subscription> change) {
		this.body = body.replace('\'', '"');
		this.change = change;
	}

	private static Map<String, @Nullable Object> metadata() {
		Map<String, @Nullable Object> changes = new HashMap<>();
		changes.put("note", null);
		changes.put("plan", "gold");
		changes.put("n", 2);
		return changes;
	}

	String body() {
		return this.body;
	}

	Subscription make(SubscriptionChanges changes, UUID id) {
		return this.change.apply(changes, id);
	}

	/**
	 * Bring the subscription into a state in which the change is possible.
	 */
	void prepare(SubscriptionAtPolar polar) {
		switch (this) {
			case END_TRIAL, TRIAL_END -> polar.with("status", "trialing");
			case UNCANCEL -> polar.with((state) -> state.put("cancel_at_period_end", true));
			case UNPAUSE -> polar.with((state) -> state.put("pause_at_period_end", true));
			case RESUME -> polar.with("status", "paused");
			case REMOVE_DISCOUNT -> polar.with("discount_id", SubscriptionAtPolar.DISCOUNT.toString());
			case CLEAR_PENDING -> polar.with((state) -> state.putObject("pending_update")
				.put("id", SubscriptionAtPolar.UNKNOWN_ID.toString())
				.put("product_id", SubscriptionAtPolar.PRO.toString()));
			default -> {
			}
		}
	}

	/**
	 * Return the changes that can charge the customer.
	 */
	static Stream<Change> charging() {
		return Stream.of(PRODUCT, PRODUCT_NOW, PRODUCT_PRORATED, PRODUCT_WITH_NEW_PERIOD, PRODUCT_WITH_DISCOUNT, SEATS,
				SEATS_NOW, END_TRIAL, RESUME);
	}

	/**
	 * Return the changes that do no harm if they are made twice.
	 */
	static Stream<Change> harmless() {
		return Arrays.stream(values()).filter((change) -> charging().noneMatch(change::equals));
	}

}
