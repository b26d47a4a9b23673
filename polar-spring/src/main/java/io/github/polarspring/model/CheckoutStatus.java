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
 * Status of a checkout session.
 *
 * @since 0.1.0
 */
public enum CheckoutStatus {

	/**
	 * The session can be paid. A session returns to this status if a payment is declined.
	 */
	OPEN,

	/**
	 * The buyer has confirmed the payment. Its outcome is not known yet.
	 */
	CONFIRMED,

	/**
	 * The session was paid, and the order exists. This status is final.
	 */
	SUCCEEDED,

	/**
	 * The session failed for a technical reason. This status is final.
	 */
	FAILED,

	/**
	 * The session was not paid in time. This status is final.
	 */
	EXPIRED,

	/**
	 * A status that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
