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

package io.github.polarspring.checkout;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * Conversion of amounts to and from minor units, which Polar uses: whole numbers of the
 * smallest unit of the currency, such as cents. Polar treats all currencies except a few
 * as having two decimals.
 *
 * @since 0.1.0
 */
public final class MinorUnits {

	private static final Pattern CURRENCY = Pattern.compile("[A-Za-z]{3}");

	private static final Set<String> ZERO_DECIMAL = Set.of("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga",
			"pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf");

	private MinorUnits() {
	}

	/**
	 * Convert an amount: 19.99 usd is 1999, 1000 jpy is 1000.
	 * @param amount the amount in major units, such as dollars
	 * @param currency the currency, three letters in any case
	 * @return the amount in minor units
	 * @throws IllegalArgumentException if the amount has more decimals than the currency
	 * or is too large, or if the currency does not have three letters
	 */
	public static long of(BigDecimal amount, String currency) {
		int decimals = decimals(currency);
		try {
			return amount.movePointRight(decimals).longValueExact();
		}
		catch (ArithmeticException ex) {
			throw new IllegalArgumentException(
					"amount must be a number with at most %d decimals in %s".formatted(decimals, code(currency)));
		}
	}

	/**
	 * Convert an amount back: 1999 usd is 19.99, 1000 jpy is 1000.
	 * @param amount the amount in minor units
	 * @param currency the currency, three letters in any case
	 * @return the amount in major units, with as many decimals as the currency has
	 * @throws IllegalArgumentException if the currency does not have three letters
	 */
	public static BigDecimal toMajorUnits(long amount, String currency) {
		return BigDecimal.valueOf(amount, decimals(currency));
	}

	private static int decimals(String currency) {
		return ZERO_DECIMAL.contains(code(currency)) ? 0 : 2;
	}

	/**
	 * Return the code of a currency as Polar writes it.
	 */
	static String code(String currency) {
		Assert.isTrue(currency != null && CURRENCY.matcher(currency).matches(), "currency must have three letters");
		return currency.toLowerCase(Locale.ROOT);
	}

}
