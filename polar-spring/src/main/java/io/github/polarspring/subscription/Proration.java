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

/**
 * What a change of the product or the seats costs, and when it takes effect. During a
 * trial, the difference is not charged; but a product without a trial ends the trial and
 * charges the full price.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/subscriptions/proration">Polar on
 * proration</a>
 */
public enum Proration {

	/**
	 * Change immediately, and charge the difference now. If the charge fails, nothing
	 * changes. If the new price is lower, the difference is credited to later invoices.
	 */
	INVOICE,

	/**
	 * Change immediately, and charge or credit the difference with the next invoice. If
	 * the billing interval changes, such as from monthly to yearly, the difference is
	 * charged now.
	 * <p>
	 * A customer without a card gets a paid product at once. Polar only finds out with
	 * the next invoice that nothing can be charged.
	 */
	PRORATE,

	/**
	 * Change when the next period starts. Until then, the change is the
	 * {@linkplain io.github.polarspring.model.Subscription#pendingUpdate() pending
	 * update} and can be {@linkplain SubscriptionChanges#clearPendingUpdate canceled}.
	 */
	NEXT_PERIOD,

	/**
	 * Change immediately, start a new period, and charge its full price now, without a
	 * credit for the rest of the current one. Polar rejects it unless it has enabled it
	 * for the organization.
	 * <p>
	 * As an exception, a second call for the same product charges again. The library
	 * prevents this for calls in the same process, and for calls after the first has
	 * taken effect.
	 */
	RESET

}
