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
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.util.UriUtils;

/**
 * Parses and normalizes URLs like Polar: by the rules of browsers, which encode invalid
 * characters.
 */
final class FakeUrl {

	private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");

	private static final Pattern PARTS = Pattern.compile("[/\\\\]*([^/\\\\?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");

	private static final Pattern AUTHORITY = Pattern.compile("(?:(.*)@)?(\\[[^]]*]?|[^:]*)(?::(.*))?");

	private static final Pattern FORBIDDEN_IN_HOST = Pattern.compile("[\\x00-\\x20\"#%/:<>?@\\[\\\\\\]^`{|}\\x7f]");

	private static final Pattern IPV4_NUMBER = Pattern.compile("0[xX]\\p{XDigit}*|\\d+");

	private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

	private static final String IN_QUERY = "\"#<>'";

	private static final String IN_FRAGMENT = "\"<>`";

	private static final String IN_PATH = IN_FRAGMENT + "#?{}";

	private static final String IN_USER = IN_PATH + "/:;=@[\\]^|";

	private FakeUrl() {
	}

	/**
	 * Return the normalized URL.
	 * @throws IllegalArgumentException if Polar does not accept the URL, with the reason,
	 * which is {@code url_scheme} for a scheme other than {@code http} and {@code https}
	 */
	static String normalize(String url) {
		require(!url.isEmpty(), "input is empty");
		String stripped = url.replaceAll("^[\\x00-\\x20]+|[\\x00-\\x20]+$", "").replaceAll("[\t\n\r]", "");
		Matcher absolute = ABSOLUTE.matcher(stripped);
		require(absolute.matches(), "relative URL without a base");
		String scheme = absolute.group(1).toLowerCase(Locale.ROOT);
		require(DEFAULT_PORTS.containsKey(scheme), "url_scheme");
		Matcher parts = PARTS.matcher(absolute.group(2));
		require(parts.matches(), "relative URL without a base");
		Matcher authority = AUTHORITY.matcher(parts.group(1));
		require(authority.matches(), "empty host");
		String host = host(authority.group(2));
		String port = port(authority.group(3), DEFAULT_PORTS.get(scheme));
		return scheme + "://" + user(authority.group(1)) + host + port + path(parts.group(2))
				+ encode(parts.group(3), IN_QUERY) + encode(parts.group(4), IN_FRAGMENT);
	}

	private static void require(boolean condition, String problem) {
		if (!condition) {
			throw new IllegalArgumentException(problem);
		}
	}

	private static String user(@Nullable String user) {
		if (user == null || user.isEmpty()) {
			return "";
		}
		String[] parts = user.split(":", 2);
		String password = (parts.length == 2 && !parts[1].isEmpty()) ? ":" + encode(parts[1], IN_USER) : "";
		return encode(parts[0], IN_USER) + password + "@";
	}

	private static String port(@Nullable String port, @Nullable Integer standard) {
		if (port == null || port.isEmpty()) {
			return "";
		}
		require(port.matches("0*\\d{1,5}"), "invalid port number");
		int number = Integer.parseInt(port);
		require(number <= 65_535, "invalid port number");
		return (standard != null && number == standard) ? "" : ":" + number;
	}

	private static String host(String host) {
		require(!host.isEmpty(), "empty host");
		if (host.startsWith("[")) {
			String address = FakeIpAddress
				.normalize(JsonMapper.shared().getNodeFactory().stringNode(host.replaceAll("[\\[\\]]", "")));
			require(host.endsWith("]") && address != null && address.contains(":") && !address.contains("%"),
					"invalid IPv6 address");
			return "[" + withoutDots(String.valueOf(address)) + "]";
		}
		String name = Normalizer
			.normalize(UriUtils.decode(host.replaceAll("%(?!\\p{XDigit}{2})", "%25"), StandardCharsets.UTF_8),
					Normalizer.Form.NFKC)
			.replaceAll("[\u3002\uff61]", ".")
			.replace("\u00ad", "")
			.toLowerCase(Locale.ROOT);
		require(!FORBIDDEN_IN_HOST.matcher(name).find(), "invalid international domain name");
		List<String> labels = Arrays.asList(name.split("\\.", -1));
		String last = labels.get(labels.size() - 1);
		if (IPV4_NUMBER.matcher(last).matches()) {
			return ipv4(labels);
		}
		return labels.stream().map(FakeUrl::toAscii).collect(Collectors.joining("."));
	}

	private static String toAscii(String label) {
		try {
			String ascii = label.matches("[\\x21-\\x7e]*") ? label : IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);
			require(!ascii.startsWith("xn--") || !IDN.toUnicode(ascii).equals(ascii),
					"invalid international domain name");
			return ascii;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("invalid international domain name", ex);
		}
	}

	/**
	 * Return an IPv4 address of up to four decimal, octal or hexadecimal numbers, of
	 * which the last one can stand for several bytes.
	 */
	private static String ipv4(List<String> numbers) {
		long address = 0;
		for (int i = 0; i < numbers.size(); i++) {
			String number = numbers.get(i);
			require(IPV4_NUMBER.matcher(number).matches() && numbers.size() <= 4 && number.length() < 13,
					"invalid IPv4 address");
			int bytes = (i == numbers.size() - 1) ? 5 - numbers.size() : 1;
			long value = (number.length() <= 2 && number.matches("0[xX]")) ? 0 : decode(number);
			require(value < 1L << (8 * bytes), "invalid IPv4 address");
			address = (address << (8 * bytes)) | value;
		}
		return "%d.%d.%d.%d".formatted(address >> 24, address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
	}

	private static long decode(String number) {
		try {
			return Long.decode(number);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("invalid IPv4 address", ex);
		}
	}

	/**
	 * Return an IPv6 address without decimal numbers at its end.
	 */
	private static String withoutDots(String address) {
		if (!address.contains(".")) {
			return address;
		}
		int colon = address.lastIndexOf(':') + 1;
		String[] bytes = address.substring(colon).split("\\.");
		return address.substring(0, colon)
				+ Integer.toHexString(Integer.parseInt(bytes[0]) << 8 | Integer.parseInt(bytes[1])) + ":"
				+ Integer.toHexString(Integer.parseInt(bytes[2]) << 8 | Integer.parseInt(bytes[3]));
	}

	private static String path(String path) {
		List<String> segments = new ArrayList<>();
		String[] all = path.replaceFirst("^[/\\\\]", "").split("[/\\\\]", -1);
		for (int i = 0; i < all.length; i++) {
			String plain = all[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
			if (plain.equals("..") && !segments.isEmpty()) {
				segments.remove(segments.size() - 1);
			}
			if (!plain.equals(".") && !plain.equals("..")) {
				segments.add(encode(all[i], IN_PATH));
			}
			else if (i == all.length - 1) {
				segments.add("");
			}
		}
		return "/" + String.join("/", segments);
	}

	/**
	 * Encode characters that are not ASCII, and some others.
	 */
	private static String encode(@Nullable String text, String others) {
		StringBuilder encoded = new StringBuilder();
		for (byte b : ((text != null) ? text : "").getBytes(StandardCharsets.UTF_8)) {
			if (b > 0x20 && b < 0x7f && others.indexOf(b) == -1) {
				encoded.append((char) b);
			}
			else {
				encoded.append("%%%02X".formatted(b));
			}
		}
		return encoded.toString();
	}

	static String withCheckoutId(String url, UUID id) {
		return url.replace("{CHECKOUT_ID}", id.toString()).replace("%7BCHECKOUT_ID%7D", id.toString());
	}

	static String withParameter(String url, String parameter) {
		int fragment = url.indexOf('#');
		String target = (fragment != -1) ? url.substring(0, fragment) : url;
		return target + (target.contains("?") ? "&" : "?") + parameter
				+ ((fragment != -1) ? url.substring(fragment) : "");
	}

}
