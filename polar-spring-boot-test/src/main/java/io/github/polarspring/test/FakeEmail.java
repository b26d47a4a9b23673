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

import java.net.IDN;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Checks and normalizes email addresses like Polar. Domains are not looked up, apart from
 * some that do not exist.
 */
final class FakeEmail {

	private static final String NAME = "[\\w!#$%&'*+/=?^`{|}~-]+";

	/**
	 * A name, followed by an address in angle brackets.
	 */
	private static final Pattern NAMED = Pattern.compile(
			"\\s*(?:(?:NAME\\s+)*NAME|\"[^\"]+\")?\\s*<(.+)>\\s*".replace("NAME", NAME),
			Pattern.UNICODE_CHARACTER_CLASS);

	private static final String ALLOWED_IN_NAMES = "_!#$%&'*+-/=?^`{|}~.";

	private static final Set<String> RESERVED = Set.of("arpa", "invalid", "local", "localhost", "onion", "test");

	private static final Set<String> UNKNOWN_DOMAINS = Set.of("nodomain.example", "no-such-domain.com");

	/**
	 * Mailboxes whose names do not depend on the case.
	 */
	private static final Set<String> ROLES = Set.of("info", "marketing", "sales", "support", "abuse", "noc", "security",
			"postmaster", "hostmaster", "usenet", "news", "webmaster", "www", "uucp", "ftp");

	private FakeEmail() {
	}

	/**
	 * Return the normalized address.
	 * @throws IllegalArgumentException if the text is no address, with the reason
	 */
	static String normalize(String text) {
		require(text.length() <= 2048, "Length must not exceed 2048 characters");
		Matcher named = NAMED.matcher(text);
		String address = (named.matches() ? named.group(1) : text).strip();
		int at = address.indexOf('@', address.startsWith("\"") ? Math.max(0, address.indexOf('"', 1)) : 0);
		int bracket = address.indexOf('<');
		if (bracket != -1 && (at == -1 || bracket < at)) {
			require(address.indexOf('>') > bracket,
					"An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.");
			require(address.endsWith(">"), "There can't be anything after the email address.");
			require(false, (at == -1) ? "An email address must have an @-sign."
					: "A display name and angle brackets around the email address are not permitted here.");
		}
		require(at != -1, "An email address must have an @-sign.");
		String mailbox = mailbox(address.substring(0, at));
		String domain = domain(address.substring(at + 1));
		String normalized = mailbox + "@" + domain;
		require(normalized.length() <= 254, "The email address is too long " + tooMany(normalized, 254) + ".");
		return normalized;
	}

	/**
	 * Return whether the domain of a normalized address is known not to exist.
	 */
	static @Nullable String unknownDomain(String address) {
		String domain = address.substring(address.lastIndexOf('@') + 1);
		return UNKNOWN_DOMAINS.contains(domain) ? domain : null;
	}

	private static String mailbox(String name) {
		require(!name.isEmpty(), "There must be something before the @-sign.");
		require(!name.startsWith("\""), "Quoting the part before the @-sign is not allowed here.");
		Set<String> invalid = invalid(name,
				(c) -> c >= 0x80 || isLetterOrDigit(c) || ALLOWED_IN_NAMES.indexOf(c) != -1);
		require(invalid.isEmpty(),
				"The email address contains invalid characters before the @-sign: " + String.join(", ", invalid) + ".");
		checkPeriods(name, "An email address cannot start with a period.",
				"An email address cannot have a period immediately before the @-sign.");
		checkUnsafe(name);
		String lower = name.toLowerCase(Locale.ROOT);
		return ROLES.contains(lower) ? lower : Normalizer.normalize(name, Normalizer.Form.NFC);
	}

	private static String domain(String domain) {
		require(!domain.isEmpty(), "There must be something after the @-sign.");
		require(!(domain.startsWith("[") && domain.endsWith("]")),
				"A bracketed IP address after the @-sign is not allowed here.");
		Set<String> invalid = invalid(domain, (c) -> c >= 0x80 || isLetterOrDigit(c) || c == '-' || c == '.');
		require(invalid.isEmpty(),
				"The part after the @-sign contains invalid characters: " + String.join(", ", invalid) + ".");
		checkUnsafe(domain);
		String name = Normalizer.normalize(domain, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
		checkPeriods(name, "An email address cannot have a period immediately after the @-sign.",
				"An email address cannot end with a period.");
		require(!name.endsWith("-"), "An email address cannot end with a hyphen.");
		require(!name.startsWith("-"), "An email address cannot have a hyphen immediately after the @-sign.");
		require(!name.contains(".-") && !name.contains("-."),
				"An email address cannot have a period and a hyphen next to each other.");
		List<String> labels = List.of(name.split("\\."));
		require(labels.stream().noneMatch((label) -> label.matches("(?!xn)..--.*")),
				"An email address cannot have two letters followed by two dashes immediately after the @-sign or after a period, except Punycode.");
		String ascii = labels.stream().map(FakeEmail::toAscii).collect(Collectors.joining("."));
		require(ascii.length() <= 253, "The email address is too long after the @-sign " + tooMany(ascii, 253) + ".");
		for (String label : ascii.split("\\.")) {
			require(label.length() <= 63,
					"After the @-sign, periods cannot be separated by so many characters " + tooMany(label, 63) + ".");
		}
		require(ascii.contains("."), "The part after the @-sign is not valid. It should have a period.");
		require(ascii.matches(".*[a-z]"),
				"The part after the @-sign is not valid. It is not within a valid top-level domain.");
		require(!RESERVED.contains(labels.get(labels.size() - 1)),
				"The part after the @-sign is a special-use or reserved name that cannot be used with email.");
		return IDN.toUnicode(ascii);
	}

	private static String toAscii(String label) {
		try {
			// longer labels have no ASCII form in the JDK
			return label.matches("[a-z0-9-]*") ? label : IDN.toASCII(label);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("The part after the @-sign is invalid (%s).".formatted(label), ex);
		}
	}

	private static void checkPeriods(String text, String atStart, String atEnd) {
		require(!text.endsWith("."), atEnd);
		require(!text.startsWith("."), atStart);
		require(!text.contains(".."), "An email address cannot have two periods in a row.");
	}

	private static void checkUnsafe(String text) {
		Set<String> unsafe = invalid(text, (c) -> !Character.isISOControl(c) && !Character.isWhitespace(c)
				&& !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT);
		require(unsafe.isEmpty(), "The email address contains unsafe characters: " + String.join(", ", unsafe) + ".");
	}

	/**
	 * Return the mailbox of an address: in lower case, without a tag such as
	 * {@code +news}.
	 */
	static String withoutTag(String address) {
		return address.toLowerCase(Locale.ROOT).replaceFirst("\\+[^@]*@", "@");
	}

	private static boolean isLetterOrDigit(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	}

	private static Set<String> invalid(String text, IntPredicate valid) {
		return text.codePoints()
			.filter((c) -> !valid.test(c))
			.mapToObj(FakeEmail::display)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String display(int c) {
		if (c == '\\') {
			return "\"\\\"";
		}
		if (Character.isISOControl(c)) {
			return "U+%04X".formatted(c);
		}
		return Character.isSpaceChar(c) ? String.valueOf(Character.getName(c))
				: (c == '\'') ? "\"'\"" : "'" + Character.toString(c) + "'";
	}

	private static String tooMany(String text, int limit) {
		int number = text.length() - limit;
		return "(%d character%s too many)".formatted(number, (number > 1) ? "s" : "");
	}

	private static void require(boolean condition, String reason) {
		if (!condition) {
			throw new IllegalArgumentException(reason);
		}
	}

}
