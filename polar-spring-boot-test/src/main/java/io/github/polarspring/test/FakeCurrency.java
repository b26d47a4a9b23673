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

package io.github.polarspring.test;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.polarspring.checkout.MinorUnits;

/**
 * The currencies in which Polar sells, and the amounts that it charges in each.
 */
final class FakeCurrency {

	/**
	 * Currencies, each with the smallest amount.
	 */
	private static final String ALL = "aed 200 all 5000 amd 20000 aoa 50000 ars 75000 aud 70 awg 100 azn 100 bam 100 bbd 200 bdt 7000 bif "
			+ "2000 bmd 100 bnd 100 bob 500 brl 250 bsd 100 bwp 1000 bzd 200 cad 70 cdf 200000 chf 50 clp 500 cny "
			+ "500 cop 200000 crc 30000 cve 5000 czk 1500 djf 100 dkk 320 dop 4000 dzd 7000 egp 3000 etb 8000 eur "
			+ "50 fjd 200 fkp 100 gbp 40 gel 200 gip 100 gmd 4000 gnf 5000 gtq 500 gyd 20000 hkd 400 hnl 2000 htg "
			+ "7000 huf 17500 idr 900000 ils 150 inr 6000 isk 7000 jmd 8000 jpy 80 kes 7000 kgs 5000 khr 300000 "
			+ "kmf 500 krw 800 kyd 100 kzt 30000 lak 2000000 lkr 20000 lrd 10000 lsl 1000 mad 500 mdl 1000 mga "
			+ "3000 mkd 5000 mnt 200000 mop 500 mur 5000 mvr 800 mwk 100000 mxn 900 myr 200 mzn 5000 nad 1000 ngn "
			+ "70000 nio 2000 nok 500 npr 8000 nzd 90 pab 100 pen 200 pgk 300 php 3500 pkr 20000 pln 200 pyg 4000 "
			+ "qar 200 ron 250 rsd 6000 rwf 1000 sar 200 sbd 400 scr 800 sek 500 sgd 70 shp 100 sos 50000 srd "
			+ "2000 szl 1000 thb 2000 tjs 500 top 200 try 3000 ttd 400 twd 2000 tzs 200000 uah 3000 ugx 200000 "
			+ "usd 50 uyu 2000 uzs 700000 vnd 20000 vuv 100 wst 200 xaf 500 xcd 200 xcg 100 xof 500 xpf 100 yer "
			+ "20000 zar 900 zmw 1000";

	private static final Map<String, Long> MINIMUMS = new LinkedHashMap<>();

	static {
		String[] parts = ALL.split(" ");
		for (int i = 0; i < parts.length; i += 2) {
			MINIMUMS.put(parts[i], Long.valueOf(parts[i + 1]));
		}
	}

	private static final long MAXIMUM = 99_999_999;

	/**
	 * The largest amounts of weak currencies.
	 */
	private static final Map<String, Long> MAXIMUMS = Map.ofEntries(Map.entry("ars", 140_000_000L),
			Map.entry("cdf", 280_000_000L), Map.entry("cop", 400_000_000L), Map.entry("idr", 1_600_000_000L),
			Map.entry("khr", 400_000_000L), Map.entry("lak", 2_100_000_000L), Map.entry("mnt", 350_000_000L),
			Map.entry("mwk", 175_000_000L), Map.entry("ngn", 155_000_000L), Map.entry("tzs", 250_000_000L),
			Map.entry("ugx", 370_000_000L), Map.entry("uzs", 1_250_000_000L));

	/**
	 * Currencies that have minor units in the API, but not in messages.
	 */
	private static final Set<String> WITHOUT_MINOR_UNITS = Set.of("isk", "lak", "rsd", "sos", "ugx", "yer");

	static final FakeType SCHEMA = FakeSchema.oneOf(List.copyOf(MINIMUMS.keySet()), (currency) -> currency);

	private FakeCurrency() {
	}

	/**
	 * Return the smallest amount that Polar charges.
	 */
	static long minimum(String currency) {
		return MINIMUMS.getOrDefault(currency, 50L);
	}

	/**
	 * Return the largest amount that Polar charges.
	 */
	static long maximum(String currency) {
		return MAXIMUMS.getOrDefault(currency, MAXIMUM);
	}

	static String format(long amount, String currency) {
		BigDecimal major = MinorUnits.toMajorUnits(amount, currency);
		NumberFormat format = NumberFormat.getCurrencyInstance(Locale.US);
		try {
			format.setCurrency(Currency.getInstance(currency.toUpperCase(Locale.ROOT)));
		}
		catch (IllegalArgumentException ex) {
			// the JDK is older than the currency
			return major + " " + currency;
		}
		int digits = WITHOUT_MINOR_UNITS.contains(currency) ? 0 : major.scale();
		format.setMinimumFractionDigits(digits);
		format.setMaximumFractionDigits(digits);
		return format.format(major);
	}

}
