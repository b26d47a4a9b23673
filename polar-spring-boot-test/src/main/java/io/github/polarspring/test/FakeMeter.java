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
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Evaluates usage events by the filter and the aggregation of a meter.
 *
 * @param json the meter
 */
record FakeMeter(Map<String, @Nullable Object> json) {

	private Map<?, ?> aggregation() {
		return (Map<?, ?>) Objects.requireNonNull(this.json.get("aggregation"));
	}

	String function() {
		return String.valueOf(aggregation().get("func"));
	}

	/**
	 * Return whether an event counts. Unless events are only counted, or their different
	 * values, it needs a number in the property.
	 */
	boolean matches(FakeUsageEvent event) {
		return !event.system() && matches(event.json(), this.json.get("filter"))
				&& (List.of("count", "unique").contains(function()) || value(event).isNumber());
	}

	/**
	 * Return whether a filter that was sent matches an event.
	 */
	static boolean matches(FakeUsageEvent event, Map<?, ?> filter) {
		return matches(event.json(), filter);
	}

	private JsonNode value(FakeUsageEvent event) {
		return property(event.json(), String.valueOf(aggregation().get("property")));
	}

	/**
	 * Return the consumed units.
	 */
	BigDecimal consumed(List<FakeUsageEvent> events) {
		List<FakeUsageEvent> matching = events.stream().filter(this::matches).toList();
		return switch (function()) {
			case "count" -> BigDecimal.valueOf(matching.size());
			case "unique" -> BigDecimal.valueOf(
					matching.stream().map(this::value).filter((value) -> !value.isMissingNode()).distinct().count());
			default -> aggregate(function(), matching.stream().map((event) -> value(event).decimalValue()).toList());
		};
	}

	/**
	 * Aggregate numbers, of which there can be none.
	 */
	static BigDecimal aggregate(String function, List<BigDecimal> numbers) {
		BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
		return numbers.isEmpty() ? BigDecimal.ZERO : switch (function) {
			case "max" -> numbers.stream().reduce(BigDecimal::max).orElseThrow();
			case "min" -> numbers.stream().reduce(BigDecimal::min).orElseThrow();
			case "avg" -> sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL64);
			case "count" -> BigDecimal.valueOf(numbers.size());
			case "unique" ->
				BigDecimal.valueOf(numbers.stream().map(BigDecimal::stripTrailingZeros).distinct().count());
			default -> sum;
		};
	}

	private static JsonNode property(JsonNode event, String name) {
		return (name.equals("name") || name.equals("timestamp")) ? event.path(name)
				: event.path("metadata").at("/" + name.replace('.', '/'));
	}

	private static boolean matches(JsonNode event, @Nullable Object filter) {
		Map<?, ?> part = (Map<?, ?>) Objects.requireNonNull(filter);
		if (part.get("clauses") instanceof List<?> clauses) {
			return "and".equals(part.get("conjunction")) ? clauses.stream().allMatch((clause) -> matches(event, clause))
					: clauses.stream().anyMatch((clause) -> matches(event, clause));
		}
		JsonNode value = property(event, String.valueOf(part.get("property")));
		return !value.isMissingNode() && matches(value, String.valueOf(part.get("operator")), part.get("value"));
	}

	private static boolean matches(JsonNode value, String operator, @Nullable Object expected) {
		String text = value.asString("");
		String other = String.valueOf(expected);
		boolean numbers = value.isNumber() && expected instanceof Number;
		int order = numbers ? value.decimalValue().compareTo(new BigDecimal(other)) : text.compareTo(other);
		return switch (operator) {
			case "eq" -> order == 0;
			case "ne" -> order != 0;
			case "gt" -> order > 0;
			case "gte" -> order >= 0;
			case "lt" -> order < 0;
			case "lte" -> order <= 0;
			case "like" -> text.contains(other);
			default -> !text.contains(other);
		};
	}

}
