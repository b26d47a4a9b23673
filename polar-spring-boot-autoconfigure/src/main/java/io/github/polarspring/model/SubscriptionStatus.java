package io.github.polarspring.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Status of a subscription.
 *
 * @since 0.1.0
 */
public enum SubscriptionStatus {

	/**
	 * Not paid yet.
	 */
	INCOMPLETE,

	/**
	 * Never paid.
	 */
	INCOMPLETE_EXPIRED,

	/**
	 * In its trial.
	 */
	TRIALING,

	/**
	 * Paid.
	 */
	ACTIVE,

	/**
	 * A renewal failed; it is tried again.
	 */
	PAST_DUE,

	/**
	 * Ended.
	 */
	CANCELED,

	/**
	 * Given up after failed payments.
	 */
	UNPAID,

	/**
	 * Paused.
	 */
	PAUSED,

	/**
	 * A value that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
