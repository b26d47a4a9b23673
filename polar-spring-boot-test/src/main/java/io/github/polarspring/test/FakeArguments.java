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

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;

/**
 * Members of the JSON object that controls the fake.
 */
final class FakeArguments {

	/**
	 * Advancing the clock further would take too long.
	 */
	private static final Duration LONGEST = Duration.ofDays(3660);

	private final JsonNode json;

	/**
	 * Create the arguments of a route.
	 * @param names the names of all members; those of optional ones end with a question
	 * mark
	 */
	FakeArguments(JsonNode json, List<String> names) {
		Assert.isTrue(json.isObject(), "The body must be a JSON object");
		List<String> known = names.stream().map((name) -> name.replace("?", "")).toList();
		for (String name : json.propertyNames()) {
			Assert.isTrue(known.contains(name), () -> "'%s' is unknown. %s".formatted(name,
					known.isEmpty() ? "This call has no members" : "Possible members are " + quoted(known)));
		}
		this.json = json;
	}

	private static String quoted(List<String> names) {
		return names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
	}

	JsonNode json() {
		return this.json;
	}

	boolean has(String name) {
		return this.json.hasNonNull(name);
	}

	private JsonNode get(String name, boolean valid, String type) {
		Assert.isTrue(has(name), () -> "'%s' is missing. It must be %s".formatted(name, type));
		Assert.isTrue(valid, () -> "'%s' must be %s".formatted(name, type));
		return this.json.path(name);
	}

	UUID id() {
		String text = get("id", FakeTransformer.isUuid(this.json.path("id").asString("")), "a UUID in a string")
			.asString();
		return UUID.fromString(text);
	}

	String text(String name) {
		return get(name, this.json.path(name).isString(), "a string").asString();
	}

	@Nullable String textOrNull(String name) {
		return has(name) ? text(name) : null;
	}

	String[] texts(String name) {
		JsonNode array = get(name, this.json.path(name).isArray(), "an array of strings");
		List<String> texts = new ArrayList<>();
		array.forEach((each) -> {
			Assert.isTrue(each.isString(), () -> "'%s' must be an array of strings".formatted(name));
			texts.add(each.asString());
		});
		return texts.toArray(String[]::new);
	}

	boolean flag(String name) {
		return get(name, this.json.path(name).isBoolean(), "true or false").asBoolean();
	}

	long integer(String name) {
		JsonNode value = this.json.path(name);
		return get(name, value.isIntegralNumber() && value.canConvertToLong(), "an integer").asLong();
	}

	int count(String name) {
		JsonNode value = this.json.path(name);
		return has(name)
				? get(name, value.isIntegralNumber() && value.canConvertToInt(), "an integer such as 3").asInt() : 1;
	}

	double number(String name) {
		return get(name, this.json.path(name).isNumber(), "a number").asDouble();
	}

	Duration duration(String name) {
		String text = text(name);
		String expected = "a duration of at most ten years, such as \"P30D\", \"PT1H\", or \"30d\"";
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(text);
			Assert.isTrue(duration.compareTo(LONGEST) <= 0, "too long");
			return duration;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new IllegalArgumentException("'%s' must be %s".formatted(name, expected), ex);
		}
	}

	URI url(String name) {
		String text = text(name);
		try {
			return URI.create(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'%s' must be a URL such as \"http://localhost:3000/webhooks\"".formatted(name), ex);
		}
	}

	String object(String name) {
		return get(name, this.json.path(name).isObject(), "a JSON object").toString();
	}

}
