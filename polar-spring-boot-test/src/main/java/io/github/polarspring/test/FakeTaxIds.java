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

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Tax IDs by country: which Polar accepts, and how it writes them. The check digits are
 * checked for the countries that are named most often in tests.
 */
final class FakeTaxIds {

	private static final String EUROPEAN_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

	/**
	 * VAT IDs of the European Union, each of which is valid in all of its countries.
	 */
	private static final Pattern VAT_ID = Pattern.compile("ATU\\d{8}|BE[01]\\d{9}|BG\\d{9,10}|CY\\d{8}[A-Z]|CZ\\d{8,10}"
			+ "|DE[1-9]\\d{8}|DK[1-9]\\d{7}|EE\\d{9}|(?:EL|GR)\\d{9}|ES[A-Z\\d]\\d{7}[A-Z\\d]|FI\\d{8}|FR[A-HJ-NP-Z\\d]{2}\\d{9}"
			+ "|HR\\d{11}|HU\\d{8}|IE\\d[A-Z\\d+*]\\d{5}[A-Z]{1,2}|IT\\d{11}|LT(?:\\d{9}|\\d{12})|LU\\d{8}|LV\\d{11}"
			+ "|MT[1-9]\\d{7}|NL\\d{9}B\\d{2}|PL\\d{10}|PT[1-9]\\d{8}|RO[1-9]\\d{1,9}|SE\\d{10}01|SI[1-9]\\d{7}|SK[1-9]\\d{9}");

	/**
	 * Other countries whose tax IDs Polar knows. A prefix in parentheses is left out.
	 */
	private static final Map<String, Pattern> OTHERS = Stream
		.of("AD [A-Z]\\d{6}[A-Z]", "AE \\d{15}", "AR \\d{11}", "AU \\d{11}", "BR \\d{11}|\\d{14}",
				"CA \\d{9}(?:R[CMPT]\\d{4})?", "CH CHE\\d{9}(?:MWST|TVA|IVA|TPV)?", "CL \\d{7,8}[\\dK]", "CO \\d{8,16}",
				"CR \\d{10}", "EC \\d{13}", "GB (GB)?(?:\\d{9}|\\d{12}|GD\\d{3}|HA\\d{3})",
				"GE (GE)?(?:\\d{9}|\\d{11})", "HK \\d{8}", "ID \\d{15,16}", "IL \\d{5,9}",
				"IN \\d{2}[A-Z]{5}\\d{4}[A-Z][A-Z\\d]Z[A-Z\\d]", "IS (IS)?\\d{5,6}", "JP \\d{13}", "KE [AP]\\d{9}[A-Z]",
				"KR \\d{10}", "MK (MK)?\\d{13}", "MU [23]\\d{7}", "MX [A-Z&\u00d1]{3,4}\\d{6}(?:[A-Z\\d]{3})?",
				"NO (NO)?\\d{9}MVA", "PE \\d{11}", "RS \\d{9}", "SG \\d{8,9}[A-Z]|[RST]\\d{2}[A-Z]{2}\\d{4}[A-Z]",
				"SV (SV)?\\d{14}", "TH \\d{13}", "TR (TR)?\\d{10}", "TW \\d{8}", "US \\d{9}", "UY (UY)?\\d{12}",
				"VE (VE)?[VEJPG]\\d{9}", "VN \\d{10}|\\d{13}")
		.map((line) -> line.split(" ", 2))
		.collect(Collectors.toUnmodifiableMap((line) -> line[0], (line) -> Pattern.compile(line[1])));

	/**
	 * Checks of check digits by country. They get the digits, and for France the letters.
	 */
	private static final Map<String, Predicate<String>> CHECKS = Map.of("CA",
			(number) -> isLuhn(number.substring(0, 9)), "DE", FakeTaxIds::isModulo11And10, "FR", FakeTaxIds::isFrench,
			"IT", FakeTaxIds::isLuhn, "BE",
			(digits) -> (97 - mod(digits.substring(0, 8), 97)) == mod(digits.substring(8), 100), "LU",
			(digits) -> mod(digits.substring(0, 6), 89) == mod(digits.substring(6), 100), "GB", FakeTaxIds::isBritish,
			"US", (digits) -> !digits.matches("(0[0789]|1[789]|2[89]|49|69|70|7[89]|89|9[67]).*"));

	private static final Map<String, String> FORMATS = Stream
		.of("ad_nrt ae_trn ar_cuit au_abn br_cnpj ca_bn ch_uid cl_tin co_nit cr_tin ec_ruc hk_br id_npwp in_gst jp_cn "
			.concat("ke_pin kr_brn mu_tan mx_rfc pe_ruc rs_pib sg_uen sv_nit tr_tin us_ein uy_ruc ve_rif vn_tin")
			.split(" "))
		.collect(Collectors.toUnmodifiableMap((format) -> format.substring(0, 2).toUpperCase(Locale.ROOT),
				(format) -> format));

	private FakeTaxIds() {
	}

	/**
	 * Return a tax ID as Polar writes it, or {@code null} if it is none of the country.
	 */
	static @Nullable String normalize(String taxId, String country) {
		String id = taxId.replaceAll("[\\s.-]", "").toUpperCase(Locale.ROOT);
		if (EUROPEAN_UNION.contains(country)) {
			return (VAT_ID.matcher(id).matches() && isChecked(id.substring(0, 2), id.substring(2))) ? id : null;
		}
		if (country.equals("CH") && id.matches("\\d{9}")) {
			id = "CHE" + id;
		}
		Pattern pattern = OTHERS.get(country);
		if (pattern == null || !pattern.matcher(id).matches()) {
			return null;
		}
		boolean prefixed = pattern.pattern().startsWith("(" + country + ")?") && id.startsWith(country);
		String own = prefixed ? id.substring(2) : id;
		own = country.equals("IL") ? "%9s".formatted(own).replace(' ', '0') : own;
		return isChecked(country, own) ? own : null;
	}

	/**
	 * Return the name of the format of a country.
	 */
	static String format(String country) {
		return EUROPEAN_UNION.contains(country) ? "eu_vat"
				: FORMATS.getOrDefault(country, country.toLowerCase(Locale.ROOT) + "_vat");
	}

	private static boolean isChecked(String country, String number) {
		Predicate<String> check = CHECKS.get(country);
		return check == null || check.test(number);
	}

	private static int mod(String digits, int divisor) {
		return new BigInteger(digits).mod(BigInteger.valueOf(divisor)).intValue();
	}

	private static boolean isModulo11And10(String digits) {
		int product = 10;
		for (char digit : digits.substring(0, digits.length() - 1).toCharArray()) {
			int sum = (digit - '0' + product) % 10;
			product = (2 * ((sum == 0) ? 10 : sum)) % 11;
		}
		return (11 - product) % 10 == digits.charAt(digits.length() - 1) - '0';
	}

	private static boolean isLuhn(String digits) {
		int sum = 0;
		for (int i = 0; i < digits.length(); i++) {
			int digit = digits.charAt(digits.length() - 1 - i) - '0';
			int weighted = (i % 2 == 1) ? 2 * digit : digit;
			sum += weighted / 10 + weighted % 10;
		}
		return sum % 10 == 0;
	}

	private static boolean isFrench(String number) {
		String company = number.substring(2);
		boolean monaco = company.startsWith("000");
		return (monaco || isLuhn(company))
				&& (!number.matches("\\d+") || mod(number.substring(0, 2), 100) == mod(company + "12", 97));
	}

	private static boolean isBritish(String number) {
		if (!number.matches("\\d+")) {
			return true;
		}
		int sum = 0;
		for (int i = 0; i < 7; i++) {
			sum += (8 - i) * (number.charAt(i) - '0');
		}
		int rest = (sum + mod(number.substring(7, 9), 100)) % 97;
		return rest == 0 || rest == 42;
	}

}
