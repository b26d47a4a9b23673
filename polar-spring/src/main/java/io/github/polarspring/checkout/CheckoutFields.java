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
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.polarspring.clientip.IpAddress;
import io.github.polarspring.model.TrialInterval;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Validation of fields that can be set when a session is created or changed. As at Polar,
 * lengths are counted in code points.
 */
final class CheckoutFields {

	private static final int MAX_NAME_LENGTH = 256;

	private static final int MAX_SEATS = 10_000;

	private static final int MAX_TRIAL = 1000;

	static final String CUSTOMER_EMAIL = "customer_email";

	static final String CUSTOMER_NAME = "customer_name";

	static final String CUSTOMER_IP_ADDRESS = "customer_ip_address";

	static final String LOCALE = "locale";

	private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

	/**
	 * Languages of which Java knows that they exist. It has no list of the three-letter
	 * codes.
	 */
	private static final Set<String> KNOWN_LANGUAGES = Stream
		.concat(LANGUAGES.stream(), Arrays.stream(Locale.getAvailableLocales()).map(Locale::getLanguage))
		.filter((language) -> !language.isEmpty())
		.collect(Collectors.toUnmodifiableSet());

	private static final Pattern REGION = Pattern.compile("[A-Z]{2}|[0-9]{3}");

	private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

	private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");

	private CheckoutFields() {
	}

	static boolean isEmail(@Nullable String email) {
		return email != null && EMAIL.matcher(email).matches() && isWellFormed(email);
	}

	static String email(String email) {
		requireWellFormed(CUSTOMER_EMAIL, email);
		Assert.isTrue(isEmail(email), "customer_email must be an e-mail address");
		return email;
	}

	static boolean isName(@Nullable String name) {
		return StringUtils.hasText(name) && length(name) <= MAX_NAME_LENGTH && isWellFormed(name);
	}

	static String name(String name) {
		Assert.isTrue(isName(name), () -> "customer_name must have 1 to " + MAX_NAME_LENGTH
				+ " characters, and neither unpaired surrogates nor the NUL character");
		return name;
	}

	/**
	 * Check an id. Polar's ids are random UUIDs, and it rejects any other.
	 */
	static UUID id(String field, UUID id) {
		Assert.notNull(id, () -> field + " must not be null");
		Assert.isTrue(id.version() == 4, () -> field + " must be a version 4 UUID, as are all of Polar's ids");
		return id;
	}

	static String text(String field, String text) {
		Assert.hasText(text, () -> field + " must not be blank");
		requireWellFormed(field, text);
		return text;
	}

	static String ipAddress(String address) {
		Assert.isTrue(IpAddress.isLiteral(address), "customer_ip_address must be an IP address without a port");
		return address;
	}

	static long amount(long amount) {
		Assert.isTrue(amount >= 0, "amount must not be negative");
		return amount;
	}

	static int seats(String field, int seats) {
		Assert.isTrue(seats >= 1 && seats <= MAX_SEATS, () -> field + " must be 1 to " + MAX_SEATS);
		return seats;
	}

	static int units(String field, int units) {
		Assert.isTrue(units >= 1, () -> field + " must be at least 1");
		return units;
	}

	static int trialIntervalCount(int count) {
		Assert.isTrue(count >= 1 && count <= MAX_TRIAL, () -> "trial_interval_count must be 1 to " + MAX_TRIAL);
		return count;
	}

	static TrialInterval trialInterval(TrialInterval interval) {
		Assert.isTrue(interval != null && interval != TrialInterval.UNKNOWN,
				"trial_interval must be day, week, month or year");
		return interval;
	}

	static String locale(Locale locale) {
		Assert.isTrue(locale != null && isLanguage(locale.getLanguage()), "locale must have a language that exists");
		return tag(locale);
	}

	/**
	 * Return language and region, which is all that Polar uses. Web servers and Java
	 * write scripts and old variants in ways that are not valid as tags.
	 */
	private static String tag(Locale locale) {
		Locale.Builder tag = new Locale.Builder().setLanguage(locale.getLanguage());
		return (REGION.matcher(locale.getCountry()).matches() ? tag.setRegion(locale.getCountry()) : tag).build()
			.toLanguageTag();
	}

	private static boolean isLanguage(String language) {
		return (language.length() == 2) ? LANGUAGES.contains(language)
				: language.matches("[a-z]{3}") && !language.equals("und");
	}

	/**
	 * Return whether the language of a locale certainly exists.
	 */
	static boolean isKnownLanguage(Locale locale) {
		return KNOWN_LANGUAGES.contains(locale.getLanguage());
	}

	static void putCustomField(Map<String, ? super Object> values, String slug, Object value) {
		Assert.hasText(slug, "custom_field_data must contain a slug for each value");
		Assert.notNull(value, () -> "custom_field_data value of '" + slug + "' must not be null");
		requireWellFormed("custom_field_data", slug);
		requireWellFormed("custom_field_data", value);
		Assert.isTrue(!(value instanceof Instant time) || (!time.isBefore(FIRST_TIME) && time.isBefore(END_OF_TIME)),
				() -> "custom_field_data value of '" + slug + "' must be between the years 1 and 9999");
		values.put(slug, value);
	}

	/**
	 * Return a value of customer metadata. Polar fails on fractions there, so a whole
	 * number is sent as an integer.
	 */
	static Object integral(String field, String key, Object value) {
		if (!(value instanceof Double || value instanceof Float || value instanceof BigDecimal)
				|| !Double.isFinite(((Number) value).doubleValue())) {
			return value;
		}
		BigDecimal number = new BigDecimal(value.toString()).stripTrailingZeros();
		Assert.isTrue(number.scale() <= 0,
				() -> field + " value of '" + key + "' must be a whole number. Polar fails on fractions: use a string");
		BigInteger integer = number.toBigInteger();
		return (integer.bitLength() < Long.SIZE) ? (Object) integer.longValue() : integer;
	}

	/**
	 * Reject values that Polar accepts or rejects depending on the field, but never
	 * stores: unpaired surrogates, which cannot be encoded in UTF-8, the NUL character,
	 * and numbers that are not finite or too large for a double.
	 */
	static void requireWellFormed(String field, @Nullable Object value) {
		if (value instanceof String text) {
			Assert.isTrue(text.indexOf('\0') == -1, () -> field + " must not contain the NUL character");
			Assert.isTrue(isWellFormed(text), () -> field + " must be well-formed text without unpaired surrogates");
		}
		Assert.isTrue(!(value instanceof Number number) || Double.isFinite(number.doubleValue()),
				() -> field + " must contain only finite numbers of at most 1.7E308");
	}

	private static boolean isWellFormed(String text) {
		return text.codePoints()
			.noneMatch((codePoint) -> codePoint == 0
					|| (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE));
	}

	static int length(String text) {
		return text.codePointCount(0, text.length());
	}

}
