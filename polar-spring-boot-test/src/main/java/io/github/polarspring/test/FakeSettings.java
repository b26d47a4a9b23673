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

import java.time.Duration;

/**
 * Settings of the organization.
 *
 * @param apiAccess whether Polar lets the organization use the API
 * @param checkoutPayments whether Polar lets the organization take payments
 * @param preventTrialAbuse whether a customer can use the trial of a product only once
 * @param multipleSubscriptions whether a customer can have several subscriptions
 * @param gracePeriod how long a customer keeps the benefits of a subscription that is
 * past due
 * @param prorationBehavior how changes of subscriptions are billed by default
 * @param prorationReset whether changes can start a new period
 * @param portal what customers can change in the portal
 */
record FakeSettings(boolean apiAccess, boolean checkoutPayments, boolean preventTrialAbuse,
		boolean multipleSubscriptions, Duration gracePeriod, String prorationBehavior, boolean prorationReset,
		Portal portal) {

	static final FakeSettings DEFAULT = new FakeSettings(true, true, false, false, Duration.ZERO, "prorate", false,
			new Portal(true, true, false));

	FakeSettings withApiAccess(boolean access) {
		return new FakeSettings(access, this.checkoutPayments, this.preventTrialAbuse, this.multipleSubscriptions,
				this.gracePeriod, this.prorationBehavior, this.prorationReset, this.portal);
	}

	FakeSettings withCheckoutPayments(boolean payments) {
		return new FakeSettings(this.apiAccess, payments, this.preventTrialAbuse, this.multipleSubscriptions,
				this.gracePeriod, this.prorationBehavior, this.prorationReset, this.portal);
	}

	FakeSettings withPreventTrialAbuse(boolean prevent) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, prevent, this.multipleSubscriptions,
				this.gracePeriod, this.prorationBehavior, this.prorationReset, this.portal);
	}

	FakeSettings withMultipleSubscriptions(boolean allow) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, this.preventTrialAbuse, allow, this.gracePeriod,
				this.prorationBehavior, this.prorationReset, this.portal);
	}

	FakeSettings withGracePeriod(Duration period) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, this.preventTrialAbuse,
				this.multipleSubscriptions, period, this.prorationBehavior, this.prorationReset, this.portal);
	}

	FakeSettings withProrationBehavior(String behavior) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, this.preventTrialAbuse,
				this.multipleSubscriptions, this.gracePeriod, behavior, this.prorationReset, this.portal);
	}

	FakeSettings withProrationReset(boolean allow) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, this.preventTrialAbuse,
				this.multipleSubscriptions, this.gracePeriod, this.prorationBehavior, allow, this.portal);
	}

	FakeSettings withPortal(Portal permissions) {
		return new FakeSettings(this.apiAccess, this.checkoutPayments, this.preventTrialAbuse,
				this.multipleSubscriptions, this.gracePeriod, this.prorationBehavior, this.prorationReset, permissions);
	}

	/**
	 * What customers can change in the portal.
	 *
	 * @param plan whether they can change the product
	 * @param seats whether they can change the number of seats
	 * @param pause whether they can pause and resume
	 */
	record Portal(boolean plan, boolean seats, boolean pause) {

	}

}
