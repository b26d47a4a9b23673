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
 * Status of an order. To know whether it was paid, use {@link Order#paid()}.
 *
 * @since 0.1.0
 */
public enum OrderStatus {

	/**
	 * The order is not complete yet.
	 */
	DRAFT,

	/**
	 * The order has not been paid yet.
	 */
	PENDING,

	/**
	 * The order is paid.
	 */
	PAID,

	/**
	 * The order was refunded.
	 */
	REFUNDED,

	/**
	 * The order was partially refunded.
	 */
	PARTIALLY_REFUNDED,

	/**
	 * The order no longer has to be paid.
	 */
	VOID,

	/**
	 * A value that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
