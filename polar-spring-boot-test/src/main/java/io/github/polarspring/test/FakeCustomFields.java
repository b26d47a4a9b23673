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

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The values that Polar accepts for custom fields.
 */
final class FakeCustomFields {

	private FakeCustomFields() {
	}

	/**
	 * Return the type of the values of a custom field. Values of fields that are not
	 * required can be {@code null}, except for those of checkboxes.
	 */
	static FakeType type(Map<?, ?> field, boolean required) {
		Map<?, ?> properties = (Map<?, ?>) Objects.requireNonNull(field.get("properties"));
		FakeType type = switch (String.valueOf(field.get("type"))) {
			case "number" -> FakeSchema.integer(number(properties.get("ge"), Integer.MIN_VALUE),
					number(properties.get("le"), Integer.MAX_VALUE));
			case "date" -> (value, errors) -> date(properties, value, errors);
			case "checkbox" -> required ? FakeSchema.literal(true) : FakeSchema.bool();
			case "select" -> FakeSchema.literal(((List<?>) Objects.requireNonNull(properties.get("options"))).stream()
				.map((option) -> String.valueOf(((Map<?, ?>) option).get("value")))
				.toList(), "'%s'");
			default -> FakeSchema.text((int) number(properties.get("min_length"), 0),
					(int) number(properties.get("max_length"), Integer.MAX_VALUE));
		};
		return (required || "checkbox".equals(field.get("type"))) ? type : FakeSchema.nullable(type);
	}

	/**
	 * A time. The limits are days.
	 */
	private static @Nullable Object date(Map<?, ?> properties, JsonNode value, FakeErrors errors) {
		Object time = FakeSchema.time().read(value, errors);
		if (time == null) {
			return null;
		}
		Instant instant = FakeTime.toInstant(time.toString());
		if (properties.get("ge") instanceof Number first && instant.isBefore(startOfDay(first))) {
			return errors.add("greater_than_equal",
					"Input should be greater than or equal to " + text(startOfDay(first)), value);
		}
		if (properties.get("le") instanceof Number last && instant.isAfter(startOfDay(last))) {
			return errors.add("less_than_equal", "Input should be less than or equal to " + text(startOfDay(last)),
					value);
		}
		return time;
	}

	private static Instant startOfDay(Number epochSecond) {
		return Instant.ofEpochSecond(epochSecond.longValue())
			.atZone(ZoneOffset.UTC)
			.toLocalDate()
			.atStartOfDay(ZoneOffset.UTC)
			.toInstant();
	}

	private static String text(Instant instant) {
		return instant.toString().replace("Z", "");
	}

	private static long number(@Nullable Object value, long fallback) {
		return (value instanceof Number number) ? number.longValue() : fallback;
	}

}
