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
import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes the fields of a request, and reads them like Polar, which validates requests
 * with pydantic: it converts texts to numbers, and reports each problem with a type, a
 * location, and a message.
 */
final class FakeSchema {

	private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d+(?:_\\d+)*(\\.0+)?\\s*");

	private static final int MAX_DIGITS = 4300;

	private static final Set<String> TRUE = Set.of("1", "true", "t", "yes", "y", "on");

	private static final Set<String> FALSE = Set.of("0", "false", "f", "no", "n", "off");

	private FakeSchema() {
	}

	static FakeType nullable(FakeType type) {
		return (value, errors) -> value.isNull() ? null : type.read(value, errors);
	}

	static FakeType text() {
		return text(0, Integer.MAX_VALUE);
	}

	static FakeType text(int minimum, int maximum) {
		return (value, errors) -> {
			if (!value.isString()) {
				return errors.add("string_type", "Input should be a valid string", value);
			}
			int length = value.stringValue().codePointCount(0, value.stringValue().length());
			if (length < minimum) {
				return errors.add("string_too_short", "String should have at least " + count(minimum, "character"),
						value, "min_length", minimum);
			}
			if (length > maximum) {
				return errors.add("string_too_long", "String should have at most " + count(maximum, "character"), value,
						"max_length", maximum);
			}
			return value.stringValue();
		};
	}

	/**
	 * A text of which Polar keeps nothing if it is blank.
	 */
	static FakeType textOrBlank(int maximum) {
		return nullable(
				(value, errors) -> (text(0, maximum).read(value, errors) instanceof String text && !text.isBlank())
						? text.strip() : null);
	}

	private static String count(int number, String noun) {
		return number + " " + noun + ((number != 1) ? "s" : "");
	}

	static FakeType bool() {
		return (value, errors) -> {
			if (value.isBoolean()) {
				return value.booleanValue();
			}
			String text = value.isString() ? value.stringValue().toLowerCase(Locale.ROOT) : null;
			if (value.isNumber() && isLong(value)) {
				text = String.valueOf(value.decimalValue().longValue());
			}
			if (text == null) {
				return errors.add("bool_type", "Input should be a valid boolean", value);
			}
			return TRUE.contains(text) ? Boolean.TRUE : FALSE.contains(text) ? Boolean.FALSE
					: errors.add("bool_parsing", "Input should be a valid boolean, unable to interpret input", value);
		};
	}

	private static boolean isLong(JsonNode value) {
		return isFinite(value) && value.doubleValue() == Math.rint(value.doubleValue())
				&& Math.abs(value.doubleValue()) < Long.MAX_VALUE;
	}

	private static boolean isFinite(JsonNode value) {
		return value.isIntegralNumber() || Double.isFinite(value.doubleValue());
	}

	static FakeType integer(long minimum, long maximum) {
		return (value, errors) -> {
			Long number = integer(value, errors);
			if (number != null && number < minimum) {
				return errors.add("greater_than_equal", "Input should be greater than or equal to " + minimum, value,
						"ge", minimum);
			}
			if (number != null && number > maximum) {
				return errors.add("less_than_equal", "Input should be less than or equal to " + maximum, value, "le",
						maximum);
			}
			return number;
		};
	}

	static FakeType positive() {
		return (value, errors) -> {
			Long number = integer(value, errors);
			return (number != null && number <= 0)
					? errors.add("greater_than", "Input should be greater than 0", value, "gt", 0) : number;
		};
	}

	/**
	 * Return an integer. One that is too large for a {@code long} is the largest or
	 * smallest one.
	 */
	private static @Nullable Long integer(JsonNode value, FakeErrors errors) {
		if (value.isBoolean()) {
			return value.booleanValue() ? 1L : 0L;
		}
		if (value.isIntegralNumber()) {
			return clamp(value.bigIntegerValue());
		}
		if (value.isNumber()) {
			return fromFraction(value, errors);
		}
		if (value.isString()) {
			String text = value.stringValue();
			if (!INTEGER.matcher(text).matches()) {
				errors.add("int_parsing", "Input should be a valid integer, unable to parse string as an integer",
						value);
			}
			else if (text.length() > MAX_DIGITS) {
				addTooLarge(value, errors);
			}
			else {
				return clamp(new BigDecimal(text.strip().replace("_", "")).toBigInteger());
			}
		}
		else {
			errors.add("int_type", "Input should be a valid integer", value);
		}
		return null;
	}

	private static @Nullable Long fromFraction(JsonNode value, FakeErrors errors) {
		if (!isFinite(value)) {
			errors.add("finite_number", "Input should be a finite number", value);
		}
		else if (isLong(value)) {
			return (long) value.doubleValue();
		}
		else if (value.doubleValue() != Math.rint(value.doubleValue())) {
			errors.add("int_from_float", "Input should be a valid integer, got a number with a fractional part", value);
		}
		else {
			addTooLarge(value, errors);
		}
		return null;
	}

	private static void addTooLarge(JsonNode value, FakeErrors errors) {
		errors.add("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size", value);
	}

	private static long clamp(BigInteger number) {
		return (number.bitLength() < Long.SIZE) ? number.longValue()
				: (number.signum() > 0) ? Long.MAX_VALUE : Long.MIN_VALUE;
	}

	/**
	 * A decimal number, which Polar stores and returns as text.
	 */
	static FakeType decimal(int digits, int places) {
		return (value, errors) -> {
			BigDecimal number = decimal(value, errors);
			if (number == null) {
				return null;
			}
			if (Math.max(number.precision(), number.precision() - number.scale()) > digits) {
				return errors.add("decimal_max_digits",
						"Decimal input should have no more than %d digits in total".formatted(digits), value,
						"max_digits", digits);
			}
			if (number.scale() > places) {
				return errors.add("decimal_max_places",
						"Decimal input should have no more than %d decimal places".formatted(places), value,
						"decimal_places", places);
			}
			if (number.precision() - number.scale() > digits - places) {
				return errors.add("decimal_whole_digits",
						"Decimal input should have no more than %d digits before the decimal point"
							.formatted(digits - places),
						value, "whole_digits", digits - places);
			}
			return number.toPlainString();
		};
	}

	static FakeType positiveDecimal(int digits, int places) {
		FakeType decimal = decimal(digits, places);
		return (value, errors) -> {
			Object number = decimal.read(value, errors);
			return (number == null || new BigDecimal(number.toString()).signum() > 0) ? number
					: errors.add("greater_than", "Input should be greater than 0", value, "gt", 0);
		};
	}

	/**
	 * A decimal number that is not negative.
	 */
	static FakeType amount() {
		return (value, errors) -> {
			BigDecimal number = decimal(value, errors);
			if (number == null) {
				return null;
			}
			return (number.signum() >= 0) ? number.toPlainString()
					: errors.add("greater_than_equal", "Input should be greater than or equal to 0", value, "ge", 0);
		};
	}

	private static @Nullable BigDecimal decimal(JsonNode value, FakeErrors errors) {
		if (!value.isString() && !value.isNumber()) {
			errors.add("decimal_type", "Decimal input should be an integer, float, string or Decimal object", value);
			return null;
		}
		String text = value.asString().strip().replaceAll("(?<=\\d)_(?=\\d)", "");
		if (text.matches("(?i)[+-]?(nan|inf(inity)?)")) {
			errors.add("finite_number", "Input should be a finite number", value);
			return null;
		}
		try {
			return new BigDecimal(text);
		}
		catch (NumberFormatException ex) {
			errors.add("decimal_parsing", "Input should be a valid decimal", value);
			return null;
		}
	}

	static FakeType uuid() {
		return (value, errors) -> {
			if (!value.isString()) {
				return errors.add("uuid_type", "UUID input should be a string, bytes or UUID object", value);
			}
			String problem = FakeUuid.problem(value.stringValue());
			if (problem != null) {
				return errors.add("uuid_parsing", "Input should be a valid UUID, " + problem, value, "error", problem);
			}
			String uuid = FakeUuid.normalize(value.stringValue());
			return (uuid != null) ? uuid
					: errors.add("uuid_version", "UUID version 4 expected", value, "expected_version", 4);
		};
	}

	static FakeType oneOf(String... values) {
		return oneOf(Arrays.asList(values), (value) -> value);
	}

	/**
	 * One of some values.
	 * @param values the values
	 * @param normalized converts an input before it is compared
	 */
	static FakeType oneOf(List<String> values, UnaryOperator<String> normalized) {
		String expected = alternatives(values.stream().map((value) -> "'" + value + "'").toList());
		return (value, errors) -> {
			String text = value.isString() ? normalized.apply(value.stringValue()) : "";
			return values.contains(text) ? text
					: errors.add("enum", "Input should be " + expected, value, "expected", expected);
		};
	}

	/**
	 * One of some values.
	 * @param values the values
	 * @param format the format of a value in messages
	 */
	static FakeType literal(List<String> values, String format) {
		String expected = alternatives(values.stream().map((value) -> format.replace("%s", value)).toList());
		return (value, errors) -> (value.isString() && values.contains(value.stringValue())) ? value.stringValue()
				: errors.add("literal_error", "Input should be " + expected, value, "expected", expected);
	}

	/**
	 * A literal that only {@code true}, or only {@code false} and 0 of the right type,
	 * can be.
	 */
	static FakeType literal(boolean literal) {
		String expected = literal ? "True" : "False";
		return (value, errors) -> Boolean.valueOf(literal).equals(asBoolean(value)) ? literal
				: errors.add("literal_error", "Input should be " + expected, value, "expected", expected);
	}

	/**
	 * Return the truth of a value that equals {@code true} or {@code false} in Python.
	 */
	private static @Nullable Boolean asBoolean(JsonNode value) {
		if (value.isNumber()) {
			return (value.doubleValue() == 0) ? Boolean.FALSE : (value.doubleValue() == 1) ? Boolean.TRUE : null;
		}
		return value.isBoolean() ? value.booleanValue() : null;
	}

	static String alternatives(List<String> values) {
		int last = values.size() - 1;
		return (last == 0) ? values.get(0) : String.join(", ", values.subList(0, last)) + " or " + values.get(last);
	}

	/**
	 * An email address. The domain is not looked up, unless it is known not to exist.
	 */
	static FakeType email() {
		return (value, errors) -> {
			if (!value.isString()) {
				return errors.add("string_type", "Input should be a valid string", value);
			}
			try {
				String address = FakeEmail.normalize(value.stringValue());
				String unknown = FakeEmail.unknownDomain(address);
				if (unknown == null) {
					return address;
				}
				String reason = "The domain name %s does not exist.".formatted(unknown);
				return errors.add("value_error", "%s is not a valid email address: %s".formatted(address, reason),
						value, "email", address, "reason", reason);
			}
			catch (IllegalArgumentException ex) {
				String reason = String.valueOf(ex.getMessage());
				return errors.add("value_error", "value is not a valid email address: " + reason, value, "reason",
						reason);
			}
		};
	}

	static boolean isEmail(String text) {
		FakeErrors errors = new FakeErrors();
		email().read(JsonMapper.shared().getNodeFactory().stringNode(text), errors);
		return errors.isEmpty();
	}

	static FakeType ipAddress() {
		return (value, errors) -> {
			String address = FakeIpAddress.normalize(value);
			return (address != null) ? address
					: errors.add("ip_any_address", "value is not a valid IPv4 or IPv6 address", value);
		};
	}

	static FakeType url() {
		return (value, errors) -> {
			if (!value.isString()) {
				return errors.add("url_type", "URL input should be a string or URL", value);
			}
			if (value.stringValue().length() > 2083) {
				return errors.add("url_too_long", "URL should have at most 2083 characters", value, "max_length", 2083);
			}
			try {
				return FakeUrl.normalize(value.stringValue());
			}
			catch (IllegalArgumentException ex) {
				String problem = String.valueOf(ex.getMessage());
				return problem.equals("url_scheme")
						? errors.add("url_scheme", "URL scheme should be 'http' or 'https'", value, "expected_schemes",
								"'http' or 'https'")
						: errors.add("url_parsing", "Input should be a valid URL, " + problem, value, "error", problem);
			}
		};
	}

	static FakeType language() {
		return (value, errors) -> {
			Object text = text().read(value, errors);
			if (text == null) {
				return null;
			}
			return FakeLanguage.isValid(text.toString()) ? text
					: errors.addValueError("Invalid IETF BCP 47 language tag", value);
		};
	}

	static FakeType time() {
		return (value, errors) -> {
			if (!value.isString() && !value.isNumber()) {
				return errors.add("datetime_type", "Input should be a valid datetime", value);
			}
			try {
				return value.isNumber() ? FakeTime.parse(value.decimalValue()) : FakeTime.parse(value.stringValue());
			}
			catch (DateTimeException ex) {
				String reason = String.valueOf(ex.getMessage());
				return (reason.startsWith("dates ") || reason.startsWith("year "))
						? errors.add("datetime_parsing", "Input should be a valid datetime, " + reason, value, "error",
								reason)
						: errors.add("datetime_from_date_parsing",
								"Input should be a valid datetime or date, " + reason, value, "error", reason);
			}
		};
	}

	static FakeType list(FakeType items, int minimum) {
		return (value, errors) -> {
			if (!value.isArray()) {
				return errors.add("list_type", "Input should be a valid list", value);
			}
			if (value.size() < minimum) {
				return errors.add("too_short",
						"List should have at least %s after validation, not %d".formatted(count(minimum, "item"),
								value.size()),
						value, "field_type", "List", "min_length", minimum, "actual_length", value.size());
			}
			List<@Nullable Object> list = new ArrayList<>();
			for (int i = 0; i < value.size(); i++) {
				list.add(items.read(value.get(i), errors.at(i)));
			}
			return list;
		};
	}

	/**
	 * A list without duplicates.
	 */
	static FakeType unique(FakeType items, String message) {
		FakeType list = list(items, 1);
		return (value, errors) -> {
			int before = errors.size();
			Object read = list.read(value, errors);
			if (errors.size() == before && read instanceof List<?> values
					&& new HashSet<>(values).size() < values.size()) {
				return errors.addValueError(message, value);
			}
			return read;
		};
	}

	static FakeType map(FakeType keys, FakeType values, int maximum) {
		return (value, errors) -> {
			if (!value.isObject()) {
				return errors.add("dict_type", "Input should be a valid dictionary", value);
			}
			int before = errors.size();
			Map<String, @Nullable Object> map = new LinkedHashMap<>();
			value.properties().forEach((entry) -> {
				String name = entry.getKey();
				Object key = keys.read(JsonMapper.shared().getNodeFactory().stringNode(name),
						errors.at(name).at("[key]"));
				map.put((key != null) ? key.toString() : name, values.read(entry.getValue(), errors.at(name)));
			});
			if (value.size() > maximum && errors.size() == before) {
				errors.add("too_long",
						"Dictionary should have at most %d items after validation, not %d".formatted(maximum,
								value.size()),
						value, "field_type", "Dictionary", "max_length", maximum, "actual_length", value.size());
			}
			return map;
		};
	}

	static FakeType metadata() {
		return map(text(1, 40), FakeSchema::metadataValue, 50);
	}

	static @Nullable Object metadataValue(JsonNode value, FakeErrors errors) {
		if (value.isNumber() || value.isBoolean()) {
			return JsonMapper.shared().treeToValue(value, Object.class);
		}
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("constrained-str", text(1, 500));
		types.put("int", integer(Long.MIN_VALUE, Long.MAX_VALUE));
		types.put("float", FakeSchema::fraction);
		types.put("bool", bool());
		return anyOf(types).read(value, errors);
	}

	private static @Nullable Object fraction(JsonNode value, FakeErrors errors) {
		return value.isString() ? errors.add("float_parsing",
				"Input should be a valid number, unable to parse string as a number", value)
				: errors.add("float_type", "Input should be a valid number", value);
	}

	static FakeType customFieldData() {
		Map<String, FakeType> types = new LinkedHashMap<>();
		types.put("str", text());
		types.put("int", integer(Long.MIN_VALUE, Long.MAX_VALUE));
		types.put("bool", bool());
		types.put("datetime", time());
		return map(text(),
				nullable((value, errors) -> value.isBoolean() ? value.booleanValue()
						: value.isIntegralNumber() ? value.bigIntegerValue() : anyOf(types).read(value, errors)),
				Integer.MAX_VALUE);
	}

	/**
	 * The first of the types that fits, otherwise the problems of all.
	 */
	static FakeType anyOf(Map<String, FakeType> types) {
		return (value, errors) -> {
			List<FakeErrors> all = new ArrayList<>();
			for (Map.Entry<String, FakeType> type : types.entrySet()) {
				FakeErrors own = errors.separate(type.getKey());
				Object read = type.getValue().read(value, own);
				if (own.size() == 0) {
					return read;
				}
				all.add(own);
			}
			all.forEach(errors::addAll);
			return null;
		};
	}

	/**
	 * One of several objects, which are distinguished by a field.
	 * @param discriminator the field
	 * @param types the objects by value of the field
	 * @param enumeration the name of the enumeration that messages contain
	 */
	static FakeType tagged(String discriminator, Map<String, FakeType> types, String enumeration) {
		return tagged(discriminator, types, enumeration, Map.of());
	}

	/**
	 * A union of objects that a field tells apart.
	 * @param names the names of tags in the enumeration that are not like the tags
	 */
	static FakeType tagged(String discriminator, Map<String, FakeType> types, String enumeration,
			Map<String, String> names) {
		String tags = types.keySet()
			.stream()
			.map((tag) -> "<%s.%s: '%s'>".formatted(enumeration, names.getOrDefault(tag, tag), tag))
			.collect(Collectors.joining(", "));
		return (value, errors) -> {
			if (!value.isObject()) {
				return errors.addNoObject(value);
			}
			JsonNode tag = value.path(discriminator);
			if (tag.isMissingNode()) {
				return errors.add("union_tag_not_found",
						"Unable to extract tag using discriminator '" + discriminator + "'", value, "discriminator",
						"'" + discriminator + "'");
			}
			FakeType type = tag.isString() ? types.get(tag.stringValue()) : null;
			String found = tag.isNull() ? "None" : tag.isBoolean() ? (tag.booleanValue() ? "True" : "False")
					: tag.isValueNode() ? tag.asString() : tag.toString().replace('"', '\'').replace("null", "None");
			return (type != null) ? type.read(value, errors.at(found))
					: errors.add("union_tag_invalid",
							"Input tag '%s' found using '%s' does not match any of the expected tags: %s"
								.formatted(found, discriminator, tags),
							value, "discriminator", "'" + discriminator + "'", "tag", found, "expected_tags", tags);
		};
	}

}
