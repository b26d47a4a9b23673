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

package io.github.polarspring.web;

/**
 * What to do if a user who already has a subscription wants to subscribe.
 *
 * @since 0.1.0
 * @see PolarCheckout#onActiveSubscription()
 */
public enum OnActiveSubscription {

	/**
	 * Start the checkout. Unless the organization allows several subscriptions for each
	 * customer, Polar rejects the purchase after the buyer has filled in the form.
	 */
	CHECKOUT,

	/**
	 * Open the customer portal, where the user changes the plan, like
	 * {@link PolarPortal}.
	 */
	PORTAL,

	/**
	 * Throw a {@link PolarActiveSubscriptionException}, which results in the status 409.
	 */
	FAIL

}
