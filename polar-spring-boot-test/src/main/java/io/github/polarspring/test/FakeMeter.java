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
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Evaluates usage events by the filter and the aggregation of a meter.
 *
 * @param json the meter
 */
record FakeMeter(Map<String, @Nullable Object> json) {

	/**
	 * Return the consumed units. Except for a count, an event without a number in the
	 * property is ignored.
	 */
	BigDecimal consumed(List<JsonNode> events) {
		Map<?, ?> aggregation = (Map<?, ?>) Objects.requireNonNull(this.json.get("aggregation"));
		List<JsonNode> matching = events.stream().filter((event) -> matches(event, this.json.get("filter"))).toList();
		String function = String.valueOf(aggregation.get("func"));
		if (function.equals("count")) {
			return BigDecimal.valueOf(matching.size());
		}
		Stream<JsonNode> values = matching.stream()
			.map((event) -> property(event, String.valueOf(aggregation.get("property"))));
		if (function.equals("unique")) {
			return BigDecimal.valueOf(values.filter((value) -> !value.isMissingNode()).distinct().count());
		}
		List<BigDecimal> numbers = values.filter(JsonNode::isNumber).map(JsonNode::decimalValue).toList();
		BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
		return numbers.isEmpty() ? BigDecimal.ZERO : switch (function) {
			case "max" -> numbers.stream().reduce(BigDecimal::max).orElseThrow();
			case "min" -> numbers.stream().reduce(BigDecimal::min).orElseThrow();
			case "avg" -> sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL64);
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
