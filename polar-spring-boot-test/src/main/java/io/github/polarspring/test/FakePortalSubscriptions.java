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
import java.util.Map;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Changes subscriptions as their customers do in the portal, as far as the settings of
 * the organization permit it. Guarded by the lock of {@link FakeState}.
 */
final class FakePortalSubscriptions {

	private static final FakeFields CANCEL = new FakeFields()
		.optional("cancel_at_period_end", FakeSchema.nullable(FakeSchema.bool()))
		.optional("cancellation_reason",
				FakeSchema.nullable(FakeSchema
					.oneOf(FakeSubscriptionSchema.REASONS.stream().sorted().toArray((size) -> new String[size]))))
		.optional("cancellation_comment", FakeSchema.textOrBlank(Integer.MAX_VALUE))
		.forbidOthers();

	private static final FakeType PREVIEW = FakeSchema.anyOf(previews());

	private final FakeState state;

	private final FakePreviews previews;

	private final FakeType update;

	FakePortalSubscriptions(FakeState state) {
		this.state = state;
		this.previews = new FakePreviews(state);
		this.update = FakeSchema.anyOf(updates(state));
	}

	private static Map<String, FakeType> previews() {
		Map<String, FakeType> previews = new LinkedHashMap<>();
		previews.put("CustomerSubscriptionChangePreviewProduct", only("product_id", FakeSchema.uuid()));
		previews.put("CustomerSubscriptionChangePreviewSeats", only("seats", FakeSchema.integer(1, Integer.MAX_VALUE)));
		return previews;
	}

	private static Map<String, FakeType> updates(FakeState state) {
		Map<String, FakeType> updates = new LinkedHashMap<>();
		updates.put("CustomerSubscriptionUpdateProduct", only("product_id", FakeSchema.uuid()));
		updates.put("CustomerSubscriptionUpdateSeats", only("seats", FakeSchema.integer(1, Integer.MAX_VALUE)));
		updates.put("CustomerSubscriptionCancel", CANCEL);
		updates.put("CustomerSubscriptionPause",
				new FakeFields().required("pause_at_period_end", FakeSchema.bool())
					.optional("resumes_at", FakeSchema.nullable(new FakeSubscriptionSchema(state).future()))
					.forbidOthers());
		updates.put("CustomerSubscriptionResume", only("resume", FakeSchema.literal(true)));
		updates.put("CustomerSubscriptionUpdateClear", only("pending_update", FakeSubscriptionSchema.none()));
		return updates;
	}

	private static FakeType only(String name, FakeType type) {
		return new FakeFields().required(name, type).forbidOthers();
	}

	ResponseDefinitionBuilder json(FakeSubscription subscription) {
		return FakeTransformer.json(200, FakePortalJson.subscription(subscription, this.state.organizationId()));
	}

	/**
	 * Change a subscription.
	 */
	ResponseDefinitionBuilder update(FakeSubscription subscription, JsonNode body) {
		FakeErrors errors = new FakeErrors("body");
		Object read = this.update.read(body, errors);
		if (!errors.isEmpty() || !(read instanceof Map<?, ?> values)) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		return change(subscription, () -> update(subscription, FakeOrders.stringKeys(values)));
	}

	private ResponseDefinitionBuilder change(FakeSubscription subscription, Runnable change) {
		try {
			change.run();
			return json(subscription);
		}
		catch (FakeRejection ex) {
			return ex.response();
		}
	}

	private void update(FakeSubscription subscription, Map<String, @Nullable Object> values) {
		FakeSubscriptionChanges changes = this.state.sales().changes;
		FakeSettings.Portal allowed = this.state.settings().portal();
		if (values.get("product_id") instanceof String productId) {
			requirePlan(allowed);
			changes.changePlan(subscription, productId, true);
		}
		else if (values.get("seats") instanceof Long number) {
			requireSeats(allowed);
			changes.seats(subscription, number, null);
		}
		else if (values.containsKey("pending_update")) {
			changes.clearPendingUpdate(subscription);
		}
		else if (values.get("pause_at_period_end") instanceof Boolean pause) {
			requirePause(allowed);
			if (pause) {
				changes.pause(subscription, (String) values.get("resumes_at"));
			}
			else {
				changes.unschedulePause(subscription);
			}
		}
		else if (values.containsKey("resume")) {
			requirePause(allowed);
			requireCard(subscription, subscription.isPaused(), "resuming");
			this.state.sales().renewals.resume(subscription);
		}
		else if (Boolean.TRUE.equals(values.get("cancel_at_period_end"))) {
			changes.cancel(subscription, (String) values.get("cancellation_reason"),
					(String) values.get("cancellation_comment"));
		}
		else if (Boolean.FALSE.equals(values.get("cancel_at_period_end"))) {
			requireCard(subscription, subscription.cancelAtPeriodEnd && !subscription.hasEnded(), "uncancelling");
			changes.uncancel(subscription);
		}
	}

	/**
	 * Cancel a subscription at the end of its period.
	 */
	ResponseDefinitionBuilder cancel(FakeSubscription subscription) {
		return change(subscription, () -> this.state.cancel(subscription, true));
	}

	ResponseDefinitionBuilder previewCharge(FakeSubscription subscription) {
		Map<String, @Nullable Object> json = this.previews.charge(subscription);
		return (json != null) ? FakeTransformer.json(200, json) : FakeOrders.notFound();
	}

	ResponseDefinitionBuilder previewCancellation(FakeSubscription subscription) {
		return FakeTransformer.json(200, this.previews.cancellation(subscription));
	}

	/**
	 * Preview what a change of the product or of the number of seats costs now.
	 */
	ResponseDefinitionBuilder previewChange(FakeSubscription subscription, JsonNode body) {
		FakeErrors errors = new FakeErrors("body");
		Object read = PREVIEW.read(body, errors);
		if (!errors.isEmpty() || !(read instanceof Map<?, ?> values)) {
			return FakeTransformer.validation("RequestValidationError", errors.items());
		}
		try {
			return FakeTransformer.json(200, previewChange(subscription, FakeOrders.stringKeys(values)));
		}
		catch (FakeRejection ex) {
			return ex.response();
		}
	}

	private Object previewChange(FakeSubscription subscription, Map<String, @Nullable Object> values) {
		FakeSubscriptionChanges changes = this.state.sales().changes;
		FakeSettings.Portal allowed = this.state.settings().portal();
		String proration = changes.proration(null);
		if (values.get("seats") instanceof Long number) {
			requireSeats(allowed);
			return this.previews.change(subscription, FakeQuantity.seats(this.state, subscription, number), proration);
		}
		requirePlan(allowed);
		FakeProduct product = changes.requireProduct(subscription, String.valueOf(values.get("product_id")), true);
		return this.previews.change(subscription,
				new FakePlanChange(this.state, subscription, product, proration, FakeDiscountChange.NONE));
	}

	private static void requirePlan(FakeSettings.Portal allowed) {
		require(allowed.plan(), "UpdateSubscriptionPlanNotAllowed", "Updating subscription plan is not allowed.");
	}

	private static void requireSeats(FakeSettings.Portal allowed) {
		require(allowed.seats(), "UpdateSubscriptionSeatsNotAllowed", "Updating subscription seats is not allowed.");
	}

	private static void requirePause(FakeSettings.Portal allowed) {
		require(allowed.pause(), "PauseResumeNotAllowed", "Pausing or resuming a subscription is not allowed.");
	}

	private static void require(boolean allowed, String error, String detail) {
		if (!allowed) {
			throw new FakeRejection(403, error, detail);
		}
	}

	/**
	 * Require a card for what leads to a charge, as the merchant's API does not.
	 */
	private void requireCard(FakeSubscription subscription, boolean charges, String action) {
		if (charges && !subscription.isFree() && this.state.card(subscription.customer) == null) {
			throw new FakeRejection(409, "PaymentMethodRequired",
					"Add a payment method before %s this subscription.".formatted(action));
		}
	}

	/**
	 * End a subscription that is past due and would end with the next failed attempt
	 * anyway.
	 */
	ResponseDefinitionBuilder revoke(FakeSubscription subscription) {
		return change(subscription, () -> {
			if (!this.previews.stopsCollection(subscription)) {
				throw new FakeRejection(409, "RevokeNotAllowed",
						"This subscription can only be revoked while it is past-due with no benefit grace period.");
			}
			this.state.end(subscription);
		});
	}

}
