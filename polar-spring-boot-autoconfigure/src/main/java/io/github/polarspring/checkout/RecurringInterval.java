package io.github.polarspring.checkout;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Unit of a billing period.
 *
 * @since 0.1.0
 */
public enum RecurringInterval {

	/**
	 * Days.
	 */
	DAY,

	/**
	 * Weeks.
	 */
	WEEK,

	/**
	 * Months.
	 */
	MONTH,

	/**
	 * Years.
	 */
	YEAR,

	/**
	 * A unit that this version of the library does not know.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
