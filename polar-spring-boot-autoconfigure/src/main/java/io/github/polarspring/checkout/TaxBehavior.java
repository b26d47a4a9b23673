package io.github.polarspring.checkout;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Whether a price includes tax.
 *
 * @since 0.1.0
 */
public enum TaxBehavior {

	/**
	 * As is usual where the buyer lives.
	 */
	LOCATION,

	/**
	 * Tax is in the price.
	 */
	INCLUSIVE,

	/**
	 * Tax is added to the price.
	 */
	EXCLUSIVE,

	/**
	 * A behaviour that this version of the library does not know. Only read, never sent.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
