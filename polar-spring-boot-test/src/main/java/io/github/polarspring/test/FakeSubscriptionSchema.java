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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes the requests for subscriptions: unions of objects with different fields, of
 * which only one fits.
 */
final class FakeSubscriptionSchema {

	static final List<String> REASONS = List.of("customer_service", "low_quality", "missing_features",
			"switched_service", "too_complex", "too_expensive", "unused", "other");

	private static final FakeType NUMBER = FakeSchema.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);

	private static final FakeType PRORATION = FakeSchema
		.nullable(FakeSchema.oneOf("invoice", "prorate", FakePlanChange.NEXT_PERIOD, FakePlanChange.RESET));

	private final FakeState state;

	FakeSubscriptionSchema(FakeState state) {
		this.state = state;
	}

	/**
	 * Return the type of a new subscription.
	 */
	static FakeType create() {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("SubscriptionCreateCustomer", newSubscription().required("customer_id", FakeSchema.uuid()));
		types.put("SubscriptionCreateExternalCustomer",
				newSubscription().required("external_customer_id", FakeSchema.text()));
		return FakeSchema.anyOf(types);
	}

	private static FakeFields newSubscription() {
		return new FakeFields().required("product_id", FakeSchema.uuid()).optional("metadata", FakeSchema.metadata());
	}

	/**
	 * Return the type of a change.
	 */
	FakeType update() {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("SubscriptionUpdateBase", base());
		types.put("SubscriptionUpdateSeats", quantity("seats"));
		types.put("SubscriptionUpdateUnits", quantity("units"));
		types.put("SubscriptionUpdateBillingPeriod",
				new FakeFields().required("current_billing_period_end", future()).forbidOthers());
		types.put("SubscriptionCancel", cancellation("cancel_at_period_end", FakeSchema.bool()));
		types.put("SubscriptionRevoke", cancellation("revoke", FakeSchema.literal(true)));
		types.put("SubscriptionPause",
				new FakeFields().required("pause_at_period_end", FakeSchema.bool())
					.optional("resumes_at", FakeSchema.nullable(future()))
					.forbidOthers());
		types.put("SubscriptionResume", new FakeFields().required("resume", FakeSchema.literal(true)).forbidOthers());
		types.put("SubscriptionUpdateClear", new FakeFields().required("pending_update", none()).forbidOthers());
		return FakeSchema.anyOf(types);
	}

	private FakeFields base() {
		Map<String, FakeType> trialEnd = new LinkedHashMap<>();
		trialEnd.put("datetime", future());
		trialEnd.put("literal['now']", FakeSchema.literal(List.of("now"), "'%s'"));
		return new FakeFields().optional("product_id", FakeSchema.nullable(FakeSchema.uuid()))
			.optional("proration_behavior", PRORATION)
			.optional("discount_id", FakeSchema.nullable(FakeSchema.uuid()))
			.optional("trial_end", FakeSchema.nullable(FakeSchema.anyOf(trialEnd)))
			.optional("metadata", FakeSchema.metadata())
			.forbidOthers();
	}

	private static FakeFields quantity(String name) {
		return new FakeFields().required(name, NUMBER).optional("proration_behavior", PRORATION).forbidOthers();
	}

	private static FakeFields cancellation(String name, FakeType type) {
		return new FakeFields().required(name, type)
			.optional("customer_cancellation_reason",
					FakeSchema.nullable(FakeSchema.oneOf(REASONS.toArray(String[]::new))))
			.optional("customer_cancellation_comment", FakeSchema.textOrBlank(Integer.MAX_VALUE))
			.forbidOthers();
	}

	/**
	 * Return the type of a change whose costs are previewed.
	 */
	static FakeType changePreview() {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("SubscriptionChangePreviewProduct",
				new FakeFields().required("product_id", FakeSchema.uuid())
					.optional("proration_behavior", PRORATION)
					.forbidOthers());
		types.put("SubscriptionChangePreviewSeats", quantity("seats"));
		types.put("SubscriptionChangePreviewUnits", quantity("units"));
		return FakeSchema.anyOf(types);
	}

	/**
	 * Return the type of {@code null}.
	 */
	static FakeType none() {
		return (value, errors) -> value.isNull() ? null : errors.add("none_required", "Input should be None", value);
	}

	/**
	 * Return the type of a time after that of the fake.
	 */
	FakeType future() {
		FakeType time = FakeSchema.time();
		return (value, errors) -> {
			Object read = time.read(value, errors);
			return (read != null && !FakeTime.toInstant(read.toString()).isAfter(this.state.now()))
					? errors.add("datetime_future", "Input should be in the future", value) : read;
		};
	}

}
