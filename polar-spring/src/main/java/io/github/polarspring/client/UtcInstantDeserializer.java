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

package io.github.polarspring.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;

/**
 * Reads times in the form in which Polar writes them,
 * {@code 2026-11-23T09:32:00.950178Z}, without the formatter, which costs as much as the
 * rest of a session. Leaves every other form to Jackson.
 */
final class UtcInstantDeserializer extends StdScalarDeserializer<Instant> {

	private static final String FORM = "0000-00-00T00:00:00";

	UtcInstantDeserializer() {
		super(Instant.class);
	}

	@Override
	public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context) {
		Instant instant = parser.hasToken(JsonToken.VALUE_STRING) ? parse(parser.getString()) : null;
		return (instant != null) ? instant : InstantDeserializer.INSTANT.deserialize(parser, context);
	}

	/**
	 * A class of the application can say that its times have another form.
	 */
	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		JsonFormat.Value format = findFormatOverrides(context, property, handledType());
		return (format == null || format.equals(JsonFormat.Value.empty())) ? this
				: InstantDeserializer.INSTANT.createContextual(context, property);
	}

	private static @Nullable Instant parse(String text) {
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
		try {
			LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
			for (int digits = end - FORM.length() - 1; hasFraction && digits < 9; digits++) {
				fraction *= 10;
			}
			return Instant.ofEpochSecond(
					TimeUnit.DAYS.toSeconds(date.toEpochDay()) + hour * 3600L + minute * 60L + second, fraction);
		}
		catch (DateTimeException ex) {
			return null;
		}
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
