package io.github.polarspring.model;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Why there is an order.
 *
 * @since 0.1.0
 */
public enum OrderBillingReason {

	/**
	 * A one-time purchase.
	 */
	PURCHASE,

	/**
	 * The first payment of a subscription.
	 */
	SUBSCRIPTION_CREATE,

	/**
	 * A renewal.
	 */
	SUBSCRIPTION_CYCLE,

	/**
	 * A change of a subscription.
	 */
	SUBSCRIPTION_UPDATE,

	/**
	 * Usage.
	 */
	SUBSCRIPTION_METER_CYCLE,

	/**
	 * A value that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
