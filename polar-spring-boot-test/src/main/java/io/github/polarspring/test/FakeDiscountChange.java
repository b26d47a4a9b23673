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

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A change of the discount of a subscription.
 *
 * @param changes whether the discount changes
 * @param discount the new discount, or {@code null} for none
 */
record FakeDiscountChange(boolean changes, @Nullable FakeDiscount discount) {

	static final FakeDiscountChange NONE = new FakeDiscountChange(false, null);

	/**
	 * Read the change from a request.
	 * @param product the product of the subscription, after the change
	 * @throws FakeRejection if the discount cannot be applied
	 */
	static FakeDiscountChange of(FakeState state, FakeSubscription subscription, FakeProduct product,
			Map<String, @Nullable Object> values) {
		if (!values.containsKey("discount_id")) {
			return NONE;
		}
		Object id = values.get("discount_id");
		if (id == null) {
			return new FakeDiscountChange(true, null);
		}
		FakeDiscount discount = state.discount(UUID.fromString(id.toString()));
		if (discount == null || !discount.applies(product, subscription.session.currency, state.now())) {
			throw FakeRejection.of("discount_id",
					"Discount does not exist, is not applicable to this product or is not redeemable.", id);
		}
		if (discount.equals(subscription.session.discount)) {
			throw FakeRejection.of("discount_id", "This discount is already applied to the subscription.", id);
		}
		return new FakeDiscountChange(true, discount);
	}

	/**
	 * Return the discount after the change.
	 */
	@Nullable FakeDiscount after(FakeSubscription subscription) {
		return this.changes ? this.discount : subscription.session.discount;
	}

	/**
	 * Count the use of the discount.
	 */
	void redeem(FakeSubscription subscription) {
		if (this.discount != null) {
			this.discount.redeem(subscription.customer.id());
		}
	}

}
