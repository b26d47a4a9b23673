package io.github.polarspring.checkout;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Status of a checkout session.
 *
 * @since 0.1.0
 */
public enum CheckoutStatus {

	/**
	 * Can be paid. A declined payment brings a session back here.
	 */
	OPEN,

	/**
	 * The buyer pressed pay; the outcome is not known yet.
	 */
	CONFIRMED,

	/**
	 * Paid, and the order exists. Final.
	 */
	SUCCEEDED,

	/**
	 * Technical dead end. Final.
	 */
	FAILED,

	/**
	 * Not paid in time. Final.
	 */
	EXPIRED,

	/**
	 * A status that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
