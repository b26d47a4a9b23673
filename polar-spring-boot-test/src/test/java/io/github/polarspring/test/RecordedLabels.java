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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Labels of a recording, such as {@code <id:3>}, and the values that they stand for in a
 * replay. A label with a number is the same value in the whole recording. Any other label
 * only describes the format of a value.
 */
final class RecordedLabels {

	private static final Pattern LABEL = Pattern.compile("<(now[+-]\\d+s|[a-z][a-z_-]*(?::\\d+)?)(:upper)?>");

	private static final String UUID_FORMAT = "\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";

	private static final Map<String, String> FORMATS = Map.of("id", UUID_FORMAT, "time",
			"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)?", "date", "[\\w ,.:-]+?",
			"hash", "\\p{XDigit}{64}");

	/**
	 * Path of the portal of the organization that was recorded.
	 */
	private static final String PORTAL = "/lab/portal";

	/**
	 * Name of the organization that was recorded, in messages for Slack and Discord.
	 */
	private static final String ORGANIZATION = "^lab$|(?<=\\*Organization\\*\n)lab$|(?<= has been made to )lab(?=\\.$)";

	private final Map<String, String> values = new LinkedHashMap<>();

	RecordedLabels() {
	}

	private RecordedLabels(Map<String, String> values) {
		this.values.putAll(values);
	}

	RecordedLabels copy() {
		return new RecordedLabels(this.values);
	}

	void bind(String label, String value) {
		this.values.put(label, value);
	}

	@Nullable String value(String label) {
		return this.values.get(label);
	}

	/**
	 * Replace the labels of a request. A label without a value becomes a new value of its
	 * format.
	 */
	String resolve(String text) {
		// a recording does not tell the times that were sent: they are long ago
		return LABEL.matcher(text.replace("<time>", "2020-01-01T00:00:00Z")).replaceAll((label) -> {
			String value = label.group(1).startsWith("now")
					? Instant.now().plusSeconds(Long.parseLong(label.group(1).replaceAll("now|s", ""))).toString()
					: this.values.computeIfAbsent(label.group(1), RecordedLabels::newValue);
			return Matcher.quoteReplacement((label.group(2) != null) ? value.toUpperCase(Locale.ROOT) : value);
		});
	}

	private static String newValue(String label) {
		return switch (label.replaceAll(":\\d+", "")) {
			case "id", "other-organization" -> UUID.randomUUID().toString();
			case "client-secret" -> FakeState.secret("polar_c_");
			default -> FakeState.secret("unknown_");
		};
	}

	/**
	 * Return whether a text is as recorded, and remember the values of its labels.
	 */
	boolean matches(String text, String actual) {
		String recorded = text.replace("<web>" + PORTAL, "<web>" + FakePortal.PATH)
			.replaceFirst(ORGANIZATION, FakeState.ORGANIZATION);
		Matcher label = LABEL.matcher(recorded);
		StringBuilder pattern = new StringBuilder();
		List<String> unknown = new ArrayList<>();
		int end = 0;
		while (label.find()) {
			pattern.append(Pattern.quote(recorded.substring(end, label.start())));
			end = label.end();
			String name = label.group(1);
			String value = this.values.get(name);
			if (value != null) {
				pattern.append(Pattern.quote((label.group(2) != null) ? value.toUpperCase(Locale.ROOT) : value));
			}
			else {
				String format = FORMATS.getOrDefault(name.replaceAll(":\\d+", ""), ".+?");
				pattern.append('(').append(format).append(')');
				unknown.add(name);
			}
		}
		pattern.append(Pattern.quote(recorded.substring(end)));
		Matcher matcher = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual);
		if (!matcher.matches()) {
			return false;
		}
		for (int i = 0; i < unknown.size(); i++) {
			if (unknown.get(i).contains(":")) {
				this.values.put(unknown.get(i), matcher.group(i + 1));
			}
		}
		return true;
	}

}
