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

package io.github.polarspring.clientip;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The {@code Forwarded} header of RFC 7239. Lenient where nothing else can be meant:
 * blanks around {@code ;} and {@code =}, and IPv6 without quotes or brackets.
 */
final class ForwardedHeader {

	/**
	 * More than anybody needs, and few enough to read them all.
	 */
	private static final int MAX_ELEMENTS = 1000;

	/**
	 * Longer than any proxy's element.
	 */
	private static final int MAX_LENGTH = 4096;

	private ForwardedHeader() {
	}

	/**
	 * Split a line into the elements that proxies appended. Which commas are within
	 * quotes shows only from the left.
	 * @param line the line
	 * @param max how many of the last elements are of interest
	 * @return the last elements that are not blank, in order, or {@code null} if a quote
	 * is left open: then a client may have swallowed what a proxy appended
	 */
	static @Nullable Deque<String> lastElements(String line, int max) {
		int[] starts = new int[max];
		int[] ends = new int[max];
		int count = 0;
		int start = 0;
		boolean quoted = false;
		int length = line.length();
		for (int i = 0; i <= length; i++) {
			char c = (i < length) ? line.charAt(i) : ',';
			if (c == '"') {
				quoted = !quoted;
			}
			else if (quoted && c == '\\') {
				i++;
			}
			else if (c == ',' && (!quoted || i == length)) {
				if (!isBlank(line, start, i)) {
					starts[count % max] = start;
					ends[count % max] = i;
					count++;
				}
				start = i + 1;
			}
		}
		if (quoted) {
			return null;
		}
		Deque<String> elements = new ArrayDeque<>();
		for (int i = Math.max(0, count - max); i < count; i++) {
			elements.addLast(line.substring(starts[i % max], ends[i % max]));
		}
		return elements;
	}

	private static boolean isBlank(String text, int start, int end) {
		for (int i = start; i < end; i++) {
			if (!IpAddress.isBlank(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the address of an element's {@code for}.
	 * @param element the element
	 * @return the address, or {@code null} if there is none to be read
	 */
	static @Nullable IpAddress address(String element) {
		List<String> values = valuesOfFor(element);
		return (values != null && values.size() == 1) ? IpAddress.parseForwarded(values.get(0)) : null;
	}

	/**
	 * Return whether an element is longer than any proxy's, and so not to be read.
	 */
	static boolean isTooLong(String element) {
		return element.length() > MAX_LENGTH;
	}

	/**
	 * Return whether a line says anything of the client. One that cannot be read may.
	 */
	static boolean mentionsClient(String line) {
		Deque<String> elements = lastElements(line, MAX_ELEMENTS);
		if (elements == null || elements.size() == MAX_ELEMENTS) {
			return true;
		}
		for (String element : elements) {
			List<String> values = valuesOfFor(element);
			if (values == null || !values.isEmpty()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the values of {@code for}, or {@code null} if the syntax is broken or the
	 * element too long.
	 */
	private static @Nullable List<String> valuesOfFor(String element) {
		if (isTooLong(element)) {
			return null;
		}
		List<String> values = new ArrayList<>(1);
		int position = 0;
		int length = element.length();
		while (position < length) {
			int equals = position;
			while (equals < length && element.charAt(equals) != '=' && element.charAt(equals) != ';') {
				equals++;
			}
			if (equals == length || element.charAt(equals) == ';') {
				// nothing between semicolons is allowed, a name alone is not
				if (!isBlank(element, position, equals)) {
					return null;
				}
				position = equals + 1;
				continue;
			}
			String name = trim(element.substring(position, equals));
			if (!isToken(name)) {
				return null;
			}
			StringBuilder value = new StringBuilder();
			position = readValue(element, equals + 1, value);
			if (position == -1) {
				return null;
			}
			if (name.equalsIgnoreCase("for")) {
				values.add(value.toString());
			}
		}
		return values;
	}

	/**
	 * Read a value up to the next semicolon.
	 * @return the position after it, or -1 if the syntax is broken
	 */
	private static int readValue(String element, int start, StringBuilder value) {
		int length = element.length();
		int position = start;
		while (position < length && IpAddress.isBlank(element.charAt(position))) {
			position++;
		}
		if (position < length && element.charAt(position) == '"') {
			position++;
			while (position < length && element.charAt(position) != '"') {
				if (element.charAt(position) == '\\') {
					position++;
				}
				if (position < length) {
					value.append(element.charAt(position++));
				}
			}
			int end = element.indexOf(';', Math.min(position + 1, length));
			end = (end != -1) ? end : length;
			return (position < length && isBlank(element, position + 1, end)) ? end + 1 : -1;
		}
		int end = element.indexOf(';', position);
		end = (end != -1) ? end : length;
		String text = trim(element.substring(position, end));
		boolean readable = !text.isEmpty()
				&& text.chars().allMatch((c) -> c > 0x20 && c < 0x7f && c != '"' && c != '=');
		value.append(text);
		return readable ? end + 1 : -1;
	}

	private static String trim(String text) {
		int start = 0;
		int end = text.length();
		while (start < end && IpAddress.isBlank(text.charAt(start))) {
			start++;
		}
		while (end > start && IpAddress.isBlank(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(start, end);
	}

	/**
	 * Return whether a text is a token of RFC 9110.
	 */
	static boolean isToken(String text) {
		return !text.isEmpty() && text.chars()
			.allMatch((c) -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "!#$%&'*+-.^_`|~".indexOf(c) != -1);
	}

}
