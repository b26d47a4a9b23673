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

package io.github.polarspring.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Parser for times. The form that Polar writes, {@code 2026-11-23T09:32:00.950178Z}, is
 * read without the formatter, which takes many times as long. Without a zone, Polar means
 * UTC: it repeats a time as the application sent it.
 */
final class UtcTime {

	private static final String FORM = "0000-00-00T00:00:00";

	private UtcTime() {
	}

	static @Nullable Instant parse(String text) {
		Instant instant = parseWithZone(text);
		return (instant != null) ? instant : parseWithZone(text + "Z");
	}

	private static @Nullable Instant parseWithZone(String text) {
		try {
			Instant instant = parseUtc(text);
			return (instant != null) ? instant : Instant.parse(text);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static @Nullable Instant parseUtc(String text) {
		int end = text.length() - 1;
		boolean hasFraction = end > FORM.length() + 1 && end <= FORM.length() + 10 && text.charAt(FORM.length()) == '.';
		if (!(end == FORM.length() || hasFraction) || text.charAt(end) != 'Z' || !startsWithForm(text)) {
			return null;
		}
		int hour = number(text, 11, 13);
		int minute = number(text, 14, 16);
		int second = number(text, 17, 19);
		int fraction = hasFraction ? number(text, FORM.length() + 1, end) : 0;
		if (hour > 23 || minute > 59 || second > 59 || fraction < 0) {
			return null;
		}
		LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
		for (int digits = end - FORM.length() - 1; hasFraction && digits < 9; digits++) {
			fraction *= 10;
		}
		return Instant.ofEpochSecond(TimeUnit.DAYS.toSeconds(date.toEpochDay()) + hour * 3600L + minute * 60L + second,
				fraction);
	}

	private static boolean startsWithForm(String text) {
		for (int i = 0; i < FORM.length(); i++) {
			char expected = FORM.charAt(i);
			char actual = text.charAt(i);
			if ((expected == '0') ? (actual < '0' || actual > '9') : actual != expected) {
				return false;
			}
		}
		return true;
	}

	private static int number(String text, int start, int end) {
		int number = 0;
		for (int i = start; i < end; i++) {
			int digit = text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return number;
	}

}
