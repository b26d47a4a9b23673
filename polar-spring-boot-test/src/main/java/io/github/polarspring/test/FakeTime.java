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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Parses times like Polar: ISO 8601 with several separators, dates, and seconds or
 * milliseconds since 1970.
 */
final class FakeTime {

	private static final Pattern TIME = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)(?:[Tt _]"
			+ "(([01]\\d|2[0-3]):[0-5]\\d)(:[0-5]\\d(?:[.,]\\d+)?)?([Zz]|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)?)?");

	private static final Pattern ZONE = Pattern.compile("(?:Z|([+-])(\\d\\d:\\d\\d))$");

	private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d*)?");

	/**
	 * Larger numbers are milliseconds.
	 */
	private static final BigDecimal MAX_SECONDS = new BigDecimal("20000000000");

	private static final BigDecimal LAST_SECOND = new BigDecimal("253402300799.999999");

	private FakeTime() {
	}

	/**
	 * Return the time in ISO 8601, with a zone if the text has one.
	 * @throws DateTimeException if the text is no time, with the reason
	 */
	static String parse(String text) {
		if (NUMBER.matcher(text).matches()) {
			return parse(new BigDecimal(text));
		}
		Matcher time = TIME.matcher(text);
		checkDate(text, !time.matches());
		LocalDate date = LocalDate.parse(time.group(1));
		if (time.group(2) == null) {
			return date + "T00:00:00";
		}
		String seconds = (time.group(4) != null) ? time.group(4).replace(',', '.') : ":00";
		String fraction = seconds.substring(3);
		String local = date + "T" + time.group(2) + seconds.substring(0, 3)
				+ fraction.substring(0, Math.min(7, fraction.length()));
		return local + zone(time.group(5));
	}

	private static String zone(@Nullable String zone) {
		if (zone == null || zone.equalsIgnoreCase("z")) {
			return (zone != null) ? "Z" : "";
		}
		return zone.contains(":") ? zone : zone.substring(0, 3) + ":" + zone.substring(3);
	}

	/**
	 * Return the time of a number of seconds, or of milliseconds if it is large.
	 * @throws DateTimeException if the time is too late
	 */
	static String parse(BigDecimal number) {
		BigDecimal seconds = (number.abs().compareTo(MAX_SECONDS) > 0) ? number.movePointLeft(3) : number;
		if (seconds.abs().compareTo(LAST_SECOND) > 0) {
			throw new DateTimeException((seconds.signum() > 0) ? "dates after 9999 are not supported as unix timestamps"
					: "dates before 0000 are not supported as unix timestamps");
		}
		long micros = seconds.movePointRight(6).longValue();
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
	}

	/**
	 * Explain what is wrong with a date.
	 */
	private static void checkDate(String text, boolean invalid) {
		if (text.length() < 10) {
			throw new DateTimeException("input is too short");
		}
		for (Part part : List.of(new Part("year", 0, 4), new Part("month", 5, 7), new Part("day", 8, 10))) {
			if (part.start() > 0 && text.charAt(part.start() - 1) != '-') {
				throw new DateTimeException("invalid date separator, expected `-`");
			}
			if (!text.substring(part.start(), part.end()).matches("[0-9]+")) {
				throw new DateTimeException("invalid character in " + part.name());
			}
		}
		int month = Integer.parseInt(text.substring(5, 7));
		if (month < 1 || month > 12) {
			throw new DateTimeException("month value is outside expected range of 1-12");
		}
		if (text.startsWith("0000")) {
			throw new DateTimeException("year 0 is out of range");
		}
		try {
			LocalDate.parse(text.substring(0, 10));
		}
		catch (DateTimeException ex) {
			throw new DateTimeException("day value is outside expected range", ex);
		}
		if (invalid) {
			throw new DateTimeException("unexpected extra characters at the end of the input");
		}
	}

	/**
	 * Return the instant of a time in ISO 8601. Without a zone, it is in UTC.
	 */
	static Instant toInstant(String time) {
		if (!time.contains("T")) {
			return LocalDate.parse(time).atStartOfDay().toInstant(ZoneOffset.UTC);
		}
		Matcher zone = ZONE.matcher(time);
		Instant local = LocalDateTime.parse(zone.replaceFirst("")).toInstant(ZoneOffset.UTC);
		if (!zone.reset().find() || zone.group(1) == null) {
			return local;
		}
		// Java has no offsets of more than 18 hours
		Duration offset = Duration.between(LocalTime.MIN, LocalTime.parse(zone.group(2)));
		return zone.group(1).equals("+") ? local.minus(offset) : local.plus(offset);
	}

	/**
	 * A part of a date.
	 */
	private record Part(String name, int start, int end) {

	}

}
