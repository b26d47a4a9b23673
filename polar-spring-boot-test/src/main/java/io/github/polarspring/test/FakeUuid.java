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

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Parses UUIDs like Polar, and explains what is wrong with others.
 */
final class FakeUuid {

	private static final String GROUPS = "(\\p{XDigit}{8})-(\\p{XDigit}{4})-(\\p{XDigit}{4})-(\\p{XDigit}{4})-(\\p{XDigit}{12})";

	private static final Pattern FORMATS = Pattern
		.compile("\\p{XDigit}{32}|GROUPS|\\{GROUPS}|urn:uuid:GROUPS".replace("GROUPS", GROUPS));

	private static final Pattern VERSION_4 = Pattern.compile(".{12}4.{3}[89ab].{15}");

	private static final String URN = "urn:uuid:";

	/**
	 * Positions of the groups of a UUID with hyphens.
	 */
	private static final int[] STARTS = { 0, 9, 14, 19, 24, 37 };

	private FakeUuid() {
	}

	/**
	 * Return the reason why a text is no UUID, or {@code null} if it is one.
	 */
	static @Nullable String problem(String text) {
		if (FORMATS.matcher(text).matches()) {
			return null;
		}
		boolean braces = text.startsWith("{") && text.endsWith("}") && text.length() > 1;
		boolean urn = text.startsWith(URN);
		int offset = braces ? 1 : urn ? URN.length() : 0;
		String uuid = text.substring(offset, text.length() - (braces ? 1 : 0));
		Matcher invalid = Pattern.compile("[^\\p{XDigit}-]").matcher(uuid);
		if (invalid.find()) {
			return "invalid character: found `%s` at %d".formatted(invalid.group(), offset + invalid.start() + 1);
		}
		String[] groups = uuid.split("-", -1);
		if (groups.length == 1 && offset == 0) {
			return "invalid length: expected length 32 for simple format, found " + text.length();
		}
		if (groups.length != 5) {
			return "invalid group count: expected 5, found " + groups.length;
		}
		int group = 0;
		while (group < 4 && groups[group].length() == STARTS[group + 1] - STARTS[group] - 1) {
			group++;
		}
		return "invalid group length in group %d: expected %d, found %d".formatted(group,
				STARTS[group + 1] - STARTS[group] - 1,
				(group == 4) ? text.length() - STARTS[4] : groups[group].length());
	}

	/**
	 * Return a UUID in the usual form, or {@code null} if its version is not 4.
	 */
	static @Nullable String normalize(String uuid) {
		String digits = uuid.replace(URN, "").replaceAll("[{}-]", "").toLowerCase(Locale.ROOT);
		return VERSION_4.matcher(digits).matches()
				? digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5") : null;
	}

}
