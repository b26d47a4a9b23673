package io.github.polarspring.checkout;

import java.util.Locale;

/**
 * Colors of Polar's checkout page. Without one the buyer's own setting decides.
 *
 * @since 0.1.0
 */
public enum CheckoutTheme {

	/**
	 * Dark on light.
	 */
	LIGHT,

	/**
	 * Light on dark.
	 */
	DARK;

	String value() {
		return name().toLowerCase(Locale.ROOT);
	}

}
