package io.github.polarspring.checkout;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * How tiers of a price add up.
 *
 * @since 0.1.0
 */
public enum TierType {

	/**
	 * Everything costs what the tier of the whole quantity says.
	 */
	VOLUME,

	/**
	 * Each tier's part of the quantity costs what that tier says.
	 */
	GRADUATED,

	/**
	 * A type that this version of the library does not know. Only read, never sent.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
