package io.github.polarspring.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Status of an order. To know whether it was paid, use {@link Order#paid()}.
 *
 * @since 0.1.0
 */
public enum OrderStatus {

	/**
	 * Not complete yet.
	 */
	DRAFT,

	/**
	 * Waits for the payment.
	 */
	PENDING,

	/**
	 * Paid.
	 */
	PAID,

	/**
	 * Paid back.
	 */
	REFUNDED,

	/**
	 * Paid back in part.
	 */
	PARTIALLY_REFUNDED,

	/**
	 * Not to be paid any more.
	 */
	VOID,

	/**
	 * A value that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
