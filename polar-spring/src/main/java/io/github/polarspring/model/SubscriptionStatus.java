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

package io.github.polarspring.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Status of a subscription.
 *
 * @since 0.1.0
 */
public enum SubscriptionStatus {

	/**
	 * The first payment is pending.
	 */
	INCOMPLETE,

	/**
	 * The first payment was not made in time.
	 */
	INCOMPLETE_EXPIRED,

	/**
	 * The subscription is in its trial.
	 */
	TRIALING,

	/**
	 * The subscription is active.
	 */
	ACTIVE,

	/**
	 * The payment of a renewal failed, and is retried.
	 */
	PAST_DUE,

	/**
	 * The subscription has ended.
	 */
	CANCELED,

	/**
	 * The payment failed, and is no longer retried.
	 */
	UNPAID,

	/**
	 * The subscription is paused.
	 */
	PAUSED,

	/**
	 * A value that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
