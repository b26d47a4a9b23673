package io.github.polarspring.checkout;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Unit of a trial's length.
 *
 * @since 0.1.0
 */
public enum TrialInterval {

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
	 * A unit that this version of the library does not know. Only read, never sent.
	 */
	@JsonEnumDefaultValue
	UNKNOWN

}
