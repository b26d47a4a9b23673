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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Normalizes IP addresses like Polar.
 */
final class FakeIpAddress {

	private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

	private static final Pattern IPV6 = Pattern.compile("(?=(.*:){2})[\\p{XDigit}:.]{2,45}");

	private static final Pattern MAPPED = Pattern.compile("(?i)::ffff:" + IPV4.pattern());

	private FakeIpAddress() {
	}

	/**
	 * Return the address, or {@code null} if the value is none. A number is an IPv4
	 * address. An IPv6 address can have a zone.
	 */
	static @Nullable String normalize(JsonNode value) {
		if (value.isIntegralNumber() && value.longValue() >= 0 && value.longValue() < (1L << 32)) {
			return IntStream.of(24, 16, 8, 0)
				.mapToObj((shift) -> String.valueOf(value.longValue() >> shift & 0xff))
				.collect(Collectors.joining("."));
		}
		String text = value.isString() ? value.stringValue() : "";
		if (IPV4.matcher(text).matches()) {
			return text;
		}
		if (MAPPED.matcher(text).matches()) {
			return text.toLowerCase(Locale.ROOT);
		}
		int zone = text.indexOf('%');
		String address = (zone > 0) ? text.substring(0, zone) : text;
		if (!IPV6.matcher(address).matches()) {
			return null;
		}
		try {
			// text with a colon is parsed as a literal or rejected, never resolved
			return shorten(InetAddress.getByName(address)) + ((zone > 0) ? text.substring(zone) : "");
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	/**
	 * Return the address with the longest run of zeros left out.
	 */
	private static String shorten(InetAddress address) {
		byte[] bytes = address.getAddress();
		if (bytes.length == 4) {
			return "::ffff:" + address.getHostAddress();
		}
		String[] groups = new String[8];
		Arrays.setAll(groups, (i) -> Integer.toHexString((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff));
		int start = 0;
		int length = 1;
		for (int i = 0; i < 8; i++) {
			int end = i;
			while (end < 8 && groups[end].equals("0")) {
				end++;
			}
			if (end - i > length) {
				start = i;
				length = end - i;
			}
		}
		if (length == 1) {
			return String.join(":", groups);
		}
		return String.join(":", Arrays.copyOfRange(groups, 0, start)) + "::"
				+ String.join(":", Arrays.copyOfRange(groups, start + length, 8));
	}

}
