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

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * IPv4 or IPv6 address that is parsed strictly and without DNS queries.
 * {@link java.net.InetAddress#getByName} is not an alternative: it queries DNS for
 * malformed literals, and accepts {@code 127.1} and {@code 0177.0.0.1} as addresses.
 * Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class IpAddress {

	private static final int MAX_LENGTH = 128;

	private static final int GROUPS = 8;

	private static final Pattern FORWARDED_PORT_NAME = Pattern.compile("[A-Za-z0-9._-]+");

	private final boolean ipv4;

	private final long high;

	private final long low;

	private IpAddress(boolean ipv4, long high, long low) {
		this.ipv4 = ipv4;
		this.high = high;
		this.low = low;
	}

	/**
	 * Parse an address in the format that proxies use: optionally with a port; IPv6
	 * optionally in brackets and with a zone, which is ignored. A mapped address becomes
	 * IPv4.
	 * @param text the text
	 * @return the address, or {@code null} if the text is anything else or unspecified
	 */
	public static @Nullable IpAddress parse(@Nullable String text) {
		return (text != null) ? parse(text, 0, text.length()) : null;
	}

	/**
	 * Parse an address within a text, as {@link #parse(String)} does.
	 * @param text the text
	 * @param start start of the address
	 * @param end end of the address
	 * @return the address, or {@code null} if the part is anything else or unspecified
	 */
	public static @Nullable IpAddress parse(String text, int start, int end) {
		int from = start;
		int to = end;
		while (from < to && isBlank(text.charAt(from))) {
			from++;
		}
		while (to > from && isBlank(text.charAt(to - 1))) {
			to--;
		}
		if (to - from > MAX_LENGTH || !isPrintable(text, from, to)) {
			return null;
		}
		IpAddress address = withPort(text, from, to);
		return (address != null && (address.high | address.low) != 0) ? address : null;
	}

	/**
	 * Parse an address in the format of the {@code Forwarded} header (RFC 7239, section
	 * 6), in which the port can also be an obfuscated name.
	 * @param text the text, without quotes
	 * @return the address, or {@code null} if the text is anything else or unspecified
	 */
	public static @Nullable IpAddress parseForwarded(String text) {
		int colon = text.lastIndexOf(":_");
		if (colon > 0 && text.length() <= MAX_LENGTH
				&& FORWARDED_PORT_NAME.matcher(text.substring(colon + 2)).matches()) {
			String address = text.substring(0, colon);
			boolean whole = !isBlank(address.charAt(colon - 1));
			if (whole && (address.endsWith("]") || address.indexOf(':') == -1)) {
				return parse(address);
			}
		}
		return parse(text);
	}

	/**
	 * Parse a literal address without port, brackets or zone. A mapped address stays IPv6
	 * here.
	 * @param text the text
	 * @return the address, or {@code null} if the text is anything else
	 */
	public static @Nullable IpAddress literal(@Nullable String text) {
		if (text == null) {
			return null;
		}
		return (text.indexOf(':') != -1) ? ipv6(text, 0, text.length()) : ipv4(text, 0, text.length());
	}

	/**
	 * Return whether a text is a literal address without port, brackets or zone.
	 * @param text the text
	 * @return {@code true} for an IPv4 or IPv6 literal
	 */
	public static boolean isLiteral(@Nullable String text) {
		return literal(text) != null;
	}

	/**
	 * Return whether a character is whitespace that can surround an address.
	 * @param c the character
	 * @return {@code true} for a space or a tab
	 */
	public static boolean isBlank(char c) {
		return c == ' ' || c == '\t';
	}

	private static boolean isPrintable(String text, int start, int end) {
		for (int i = start; i < end; i++) {
			if (text.charAt(i) <= 0x20 || text.charAt(i) >= 0x7f) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable IpAddress withPort(String text, int start, int end) {
		if (start < end && text.charAt(start) == '[') {
			int close = indexOf(text, ']', start, end);
			return (close != end && isPort(text, close + 1, end)) ? withZone(text, start + 1, close) : null;
		}
		int colon = indexOf(text, ':', start, end);
		if (colon == end) {
			return ipv4(text, start, end);
		}
		if (indexOf(text, '.', start, colon) != colon) {
			return isPort(text, colon, end) ? ipv4(text, start, colon) : null;
		}
		return withZone(text, start, end);
	}

	/**
	 * Return whether the rest is empty, or a colon and a port.
	 */
	private static boolean isPort(String text, int start, int end) {
		if (start == end) {
			return true;
		}
		int port = (text.charAt(start) == ':') ? decimal(text, start + 1, end, 5) : -1;
		return port >= 0 && port <= 65535;
	}

	private static @Nullable IpAddress withZone(String text, int start, int end) {
		int percent = indexOf(text, '%', start, end);
		if (percent == end - 1) {
			return null;
		}
		IpAddress address = ipv6(text, start, percent);
		return (address != null && address.isMapped()) ? address.unmapped() : address;
	}

	/**
	 * Parse four decimal octets without leading zeros.
	 */
	private static @Nullable IpAddress ipv4(String text, int start, int end) {
		long address = 0;
		int position = start;
		for (int i = 0; i < 4; i++) {
			int octetEnd = (i < 3) ? indexOf(text, '.', position, end) : end;
			if (i < 3 && octetEnd == end) {
				return null;
			}
			int octet = decimal(text, position, octetEnd, 3);
			if (octet < 0 || octet > 255 || (octetEnd - position > 1 && text.charAt(position) == '0')) {
				return null;
			}
			address = (address << 8) | octet;
			position = octetEnd + 1;
		}
		return new IpAddress(true, 0, address);
	}

	/**
	 * Parse an IPv6 address (RFC 4291, section 2.2). The groups are shifted in from the
	 * right; those before a gap are then moved to the left end.
	 */
	private static @Nullable IpAddress ipv6(String text, int start, int end) {
		long high = 0;
		long low = 0;
		int groups = 0;
		long leftHigh = 0;
		long leftLow = 0;
		int leftGroups = -1;
		int position = start;
		if (text.startsWith("::", start) && end - start >= 2) {
			leftGroups = 0;
			position += 2;
		}
		while (position < end) {
			int groupEnd = indexOf(text, ':', position, end);
			int width = 1;
			long value;
			if (groupEnd == end && indexOf(text, '.', position, end) != end) {
				IpAddress last = ipv4(text, position, end);
				value = (last != null) ? last.low : -1;
				width = 2;
			}
			else {
				value = hex(text, position, groupEnd);
			}
			groups += width;
			if (value == -1) {
				return null;
			}
			high = (high << 16 * width) | (low >>> (64 - 16 * width));
			low = (low << 16 * width) | value;
			if (groupEnd == end) {
				break;
			}
			position = groupEnd + 1;
			if (position == end) {
				return null;
			}
			if (text.charAt(position) == ':') {
				if (leftGroups != -1) {
					return null;
				}
				leftGroups = groups;
				int shift = 16 * (GROUPS - groups);
				leftHigh = (shift >= 64) ? low << (shift - 64) : (high << shift) | (low >>> (64 - shift));
				leftLow = (shift >= 64) ? 0 : low << shift;
				high = 0;
				low = 0;
				groups = 0;
				position++;
			}
		}
		if (leftGroups == -1) {
			return (groups == GROUPS) ? new IpAddress(false, high, low) : null;
		}
		return (leftGroups + groups < GROUPS) ? new IpAddress(false, leftHigh | high, leftLow | low) : null;
	}

	private static int indexOf(String text, char c, int start, int end) {
		for (int i = start; i < end; i++) {
			if (text.charAt(i) == c) {
				return i;
			}
		}
		return end;
	}

	private static int decimal(String text, int start, int end, int maxLength) {
		if (end <= start || end - start > maxLength) {
			return -1;
		}
		int value = 0;
		for (int i = start; i < end; i++) {
			char c = text.charAt(i);
			if (c < '0' || c > '9') {
				return -1;
			}
			value = value * 10 + (c - '0');
		}
		return value;
	}

	private static int hex(String text, int start, int end) {
		if (end <= start || end - start > 4) {
			return -1;
		}
		int value = 0;
		for (int i = start; i < end; i++) {
			char c = text.charAt(i);
			int digit = (c < 0x7f) ? Character.digit(c, 16) : -1;
			if (digit == -1) {
				return -1;
			}
			value = (value << 4) | digit;
		}
		return value;
	}

	/**
	 * Return whether this is an IPv4 address.
	 * @return {@code false} for IPv6
	 */
	public boolean isIpv4() {
		return this.ipv4;
	}

	/**
	 * Return whether this is an IPv6 address that represents an IPv4 address.
	 * @return {@code true} for {@code ::ffff:0:0/96}
	 */
	public boolean isMapped() {
		return !this.ipv4 && this.high == 0 && this.low >>> 32 == 0xffff;
	}

	/**
	 * Return the IPv4 address that this mapped address represents.
	 * @return an IPv4 address
	 */
	public IpAddress unmapped() {
		return new IpAddress(true, 0, this.low & 0xffff_ffffL);
	}

	/**
	 * Return whether this address and another one have the same version and prefix.
	 * @param other the other address
	 * @param bits length of the prefix, 1 to 32 or 128
	 * @return {@code true} if they do
	 */
	public boolean sharesPrefix(IpAddress other, int bits) {
		if (this.ipv4 != other.ipv4) {
			return false;
		}
		if (this.ipv4) {
			return (this.low ^ other.low) >>> (32 - bits) == 0;
		}
		if (bits <= 64) {
			return (this.high ^ other.high) >>> (64 - bits) == 0;
		}
		return this.high == other.high && (this.low ^ other.low) >>> (128 - bits) == 0;
	}

	/**
	 * Return the network of this address. A user with IPv6 typically has a network with a
	 * 64-bit prefix and can use every address in it.
	 * @return the first half of an IPv6 address; IPv4 addresses, including mapped ones,
	 * unchanged
	 */
	public String network() {
		if (isMapped()) {
			return unmapped().toString();
		}
		return this.ipv4 ? toString() : new IpAddress(false, this.high, 0).toString();
	}

	/**
	 * Return the text form: dotted IPv4, or IPv6 according to RFC 5952 in pure
	 * hexadecimal.
	 */
	@Override
	public String toString() {
		if (this.ipv4) {
			return (this.low >>> 24) + "." + (this.low >>> 16 & 0xff) + "." + (this.low >>> 8 & 0xff) + "."
					+ (this.low & 0xff);
		}
		int gapStart = -1;
		int gapLength = 1;
		for (int i = 0; i < GROUPS; i++) {
			int run = 0;
			while (i + run < GROUPS && group(i + run) == 0) {
				run++;
			}
			if (run > gapLength) {
				gapStart = i;
				gapLength = run;
			}
			i += run;
		}
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < GROUPS; i++) {
			if (i == gapStart) {
				text.append("::");
				i += gapLength - 1;
			}
			else {
				if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
					text.append(':');
				}
				text.append(Integer.toHexString(group(i)));
			}
		}
		return text.toString();
	}

	private int group(int index) {
		long half = (index < 4) ? this.high : this.low;
		return (int) (half >>> (48 - 16 * (index % 4))) & 0xffff;
	}

}
