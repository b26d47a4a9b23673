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
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Parser for the {@code Forwarded} header. It accepts exactly the grammar of RFC 7239,
 * section 4: whitespace is allowed around commas only, a value with a colon or a bracket
 * must be quoted, and a parameter must not occur twice in an element. The values of
 * {@code by}, {@code proto} and {@code host} must be valid, too. Anything else makes the
 * whole header unreadable, because two readers that repair it differently also disagree
 * about which part a client wrote and which a proxy appended.
 */
final class ForwardedHeader {

	/**
	 * Length that no element of a real proxy reaches.
	 */
	private static final int MAX_LENGTH = 4096;

	private static final Pattern NODE = Pattern
		.compile("(?<address>[0-9.]+|\\[(?<ipv6>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)]|(?<name>(?i:unknown)|_[A-Za-z0-9._-]+))"
				+ "(:((?<port>[0-9]{1,5})|_[A-Za-z0-9._-]+))?");

	private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");

	/**
	 * Value of a {@code Host} header (RFC 9110, section 7.2). The host can be empty.
	 */
	private static final Pattern HOST = Pattern
		.compile("(\\[(?<ipv6>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+)"
				+ "(:(?<port>[0-9]{0,5}))?");

	private static final int MAX_PORT = 65535;

	/**
	 * Text that no value can contain.
	 */
	private static final String ABSENT = "\0";

	private final Deque<String> clients = new ArrayDeque<>();

	private boolean clientMentioned;

	private ForwardedHeader() {
	}

	/**
	 * Parse the lines of a header, which form one list.
	 * @param lines the lines
	 * @param max maximum number of elements to keep
	 * @return the header, or {@code null} if a line is not valid
	 */
	static @Nullable ForwardedHeader parse(List<String> lines, int max) {
		ForwardedHeader header = new ForwardedHeader();
		for (String line : lines) {
			if (!header.read(new Cursor(line), max)) {
				return null;
			}
		}
		return header;
	}

	/**
	 * Return the {@code for} values of the last elements, in order; no address for an
	 * element without one.
	 */
	Deque<String> clients() {
		return this.clients;
	}

	/**
	 * Return whether any element has a {@code for}.
	 */
	boolean mentionsClient() {
		return this.clientMentioned;
	}

	private boolean read(Cursor cursor, int max) {
		while (true) {
			cursor.skipBlanks();
			if (!cursor.isAt(',') && !cursor.isAtEnd()) {
				String client = element(cursor);
				if (client == null) {
					return false;
				}
				this.clientMentioned |= !client.equals(ABSENT);
				this.clients.addLast(client);
				if (this.clients.size() > max) {
					this.clients.removeFirst();
				}
				cursor.skipBlanks();
			}
			if (cursor.isAtEnd()) {
				return true;
			}
			if (!cursor.skip(',')) {
				return false;
			}
		}
	}

	/**
	 * Read an element.
	 * @return its {@code for}, or {@code null} if the element is not valid
	 */
	private static @Nullable String element(Cursor cursor) {
		int end = cursor.position + MAX_LENGTH;
		Map<String, String> values = new HashMap<>(4);
		do {
			if (!cursor.isAtTokenCharacter()) {
				continue;
			}
			String name = cursor.token().toLowerCase(Locale.ROOT);
			String value = cursor.skip('=') ? cursor.value() : null;
			if (value == null || !isValid(name, value) || values.put(name, value) != null) {
				return null;
			}
		}
		while (cursor.skip(';'));
		return (cursor.position <= end) ? values.getOrDefault("for", ABSENT) : null;
	}

	/**
	 * Return whether a value is valid (RFC 7239, sections 5 and 6). A {@code for} is
	 * checked if it is used: the first ones can be anything that a caller sent.
	 */
	private static boolean isValid(String name, String value) {
		if (value.length() > MAX_LENGTH) {
			return false;
		}
		return switch (name) {
			case "by" -> isNode(value);
			case "proto" -> SCHEME.matcher(value).matches();
			case "host" -> {
				Matcher host = HOST.matcher(value);
				yield host.matches() && isValid(host);
			}
			default -> true;
		};
	}

	private static boolean isNode(String value) {
		Matcher node = NODE.matcher(value);
		return node.matches() && (node.group("name") != null || node.group("ipv6") != null
				|| IpAddress.isLiteral(node.group("address"))) && isValid(node);
	}

	private static boolean isValid(Matcher authority) {
		String ipv6 = authority.group("ipv6");
		String port = authority.group("port");
		return (ipv6 == null || IpAddress.isLiteral(ipv6))
				&& (port == null || port.isEmpty() || Integer.parseInt(port) <= MAX_PORT);
	}

	/**
	 * Return the address of a {@code for} value (RFC 7239, section 6).
	 * @param value the value, without quotes
	 * @return the address, or {@code null} if it is another kind of node, or not valid
	 */
	static @Nullable IpAddress address(String value) {
		return NODE.matcher(value).matches() ? IpAddress.parseForwarded(value) : null;
	}

	/**
	 * Return whether a text is a token (RFC 9110).
	 */
	static boolean isToken(String text) {
		return !text.isEmpty() && text.chars().allMatch(ForwardedHeader::isTokenCharacter);
	}

	private static boolean isTokenCharacter(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
				|| "!#$%&'*+-.^_`|~".indexOf(c) != -1;
	}

	/**
	 * Position in a line.
	 */
	private static final class Cursor {

		private final String line;

		private int position;

		Cursor(String line) {
			this.line = line;
		}

		boolean isAtEnd() {
			return this.position == this.line.length();
		}

		boolean isAt(char c) {
			return !isAtEnd() && this.line.charAt(this.position) == c;
		}

		boolean isAtTokenCharacter() {
			return !isAtEnd() && isTokenCharacter(this.line.charAt(this.position));
		}

		boolean skip(char c) {
			boolean found = isAt(c);
			this.position += found ? 1 : 0;
			return found;
		}

		void skipBlanks() {
			skipAll((c) -> IpAddress.isBlank((char) c));
		}

		private void skipAll(IntPredicate characters) {
			while (!isAtEnd() && characters.test(this.line.charAt(this.position))) {
				this.position++;
			}
		}

		String token() {
			int start = this.position;
			skipAll(ForwardedHeader::isTokenCharacter);
			return this.line.substring(start, this.position);
		}

		/**
		 * Read a token or a quoted string.
		 * @return the value without quotes, or {@code null} if there is neither
		 */
		@Nullable String value() {
			if (!skip('"')) {
				return isAtTokenCharacter() ? token() : null;
			}
			StringBuilder value = new StringBuilder();
			while (!isAtEnd() && !isAt('"')) {
				skip('\\');
				if (isAtEnd() || !isQuotable(this.line.charAt(this.position))) {
					return null;
				}
				value.append(this.line.charAt(this.position));
				this.position++;
			}
			return skip('"') ? value.toString() : null;
		}

		private static boolean isQuotable(char c) {
			return c == '\t' || (c >= 0x20 && c <= 0xff && c != 0x7f);
		}

	}

}
