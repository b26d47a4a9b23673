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

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Normalizes IP addresses like Polar.
 */
final class FakeIpAddress {

	private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

	private static final Pattern IPV6 = Pattern.compile("(?=(.*:){2})(?!.*\\p{XDigit}{5})[\\p{XDigit}:.]{2,45}");

	private static final Pattern ZONE = Pattern.compile("%[^%]+");

	private static final Pattern MAPPED = Pattern.compile("(?i)::ffff:" + IPV4.pattern());

	private FakeIpAddress() {
	}

	/**
	 * Return the address, or {@code null} if the value is none. A number is an IPv4
	 * address, or an IPv6 address if it is large. An IPv6 address can have a zone.
	 */
	static @Nullable String normalize(JsonNode value) {
		if (value.isBoolean()) {
			return value.booleanValue() ? "0.0.0.1" : "0.0.0.0";
		}
		if (value.isIntegralNumber()) {
			return normalize(value.bigIntegerValue());
		}
		String text = value.isString() ? value.stringValue() : "";
		if (IPV4.matcher(text).matches()) {
			return text;
		}
		if (MAPPED.matcher(text).matches()) {
			return text.toLowerCase(Locale.ROOT);
		}
		int percent = text.indexOf('%');
		String address = (percent != -1) ? text.substring(0, percent) : text;
		String zone = text.substring(address.length());
		if (!zone.isEmpty() && !ZONE.matcher(zone).matches()) {
			return null;
		}
		if (!IPV6.matcher(address).matches()) {
			return null;
		}
		try {
			// text with a colon is parsed as a literal or rejected, never resolved
			return shorten(InetAddress.getByName(address)) + zone;
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	private static @Nullable String normalize(BigInteger number) {
		if (number.signum() < 0 || number.bitLength() > 128) {
			return null;
		}
		byte[] bytes = new byte[(number.bitLength() > 32) ? 16 : 4];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = number.shiftRight(8 * (bytes.length - 1 - i)).byteValue();
		}
		try {
			InetAddress address = InetAddress.getByAddress(bytes);
			return (bytes.length == 4) ? address.getHostAddress() : shorten(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
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
