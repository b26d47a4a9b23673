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
 * Parser for the {@code Forwarded} header (RFC 7239). It is lenient where the meaning is
 * unambiguous: whitespace around {@code ;} and {@code =}, and IPv6 addresses without
 * quotes or brackets.
 */
final class ForwardedHeader {

	/**
	 * Limit that no real header reaches, and low enough to read all elements.
	 */
	private static final int MAX_ELEMENTS = 1000;

	/**
	 * Length that no element of a real proxy reaches.
	 */
	private static final int MAX_LENGTH = 4096;

	private ForwardedHeader() {
	}

	/**
	 * Split a line into the elements that proxies appended. It is read from left to
	 * right, because quotes can contain commas.
	 * @param line the line
	 * @param max maximum number of elements to return
	 * @return the last elements that are not blank, in order, or {@code null} if a quote
	 * is not closed: an open quote of a client can hide what a proxy appended
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
	 * @return the address, or {@code null} if absent or unreadable
	 */
	static @Nullable IpAddress address(String element) {
		List<String> values = valuesOfFor(element);
		return (values != null && values.size() == 1) ? IpAddress.parseForwarded(values.get(0)) : null;
	}

	/**
	 * Return whether an element is too long to be from a proxy, and is not read.
	 */
	static boolean isTooLong(String element) {
		return element.length() > MAX_LENGTH;
	}

	/**
	 * Return whether a line may contain the address of the client, which includes lines
	 * that cannot be read.
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
	 * Return the values of {@code for}, or {@code null} if the syntax is invalid or the
	 * element is too long.
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
				// an empty pair is allowed, a name without a value is not
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
	 * @return the position after it, or -1 if the syntax is invalid
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
	 * Return whether a text is a token (RFC 9110).
	 */
	static boolean isToken(String text) {
		return !text.isEmpty() && text.chars()
			.allMatch((c) -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "!#$%&'*+-.^_`|~".indexOf(c) != -1);
	}

}
