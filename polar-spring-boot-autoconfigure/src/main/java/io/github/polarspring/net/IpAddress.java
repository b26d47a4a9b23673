package io.github.polarspring.net;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, read strictly and without ever asking DNS.
 * {@link java.net.InetAddress#getByName} is no alternative: it sends to DNS whatever is
 * not quite a literal, and reads {@code 127.1} and {@code 0177.0.0.1} as addresses.
 * Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class IpAddress {

	private static final int MAX_LENGTH = 128;

	private final byte[] bytes;

	private IpAddress(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Read an address as proxies write it: optionally with a port, IPv6 optionally in
	 * brackets and with a zone, which is dropped. A mapped address becomes IPv4.
	 * @param text the text
	 * @return the address, or {@code null} if the text is anything else or unspecified
	 */
	public static @Nullable IpAddress parse(@Nullable String text) {
		if (text == null) {
			return null;
		}
		int start = 0;
		int end = text.length();
		while (start < end && isBlank(text.charAt(start))) {
			start++;
		}
		while (end > start && isBlank(text.charAt(end - 1))) {
			end--;
		}
		if (end - start > MAX_LENGTH) {
			return null;
		}
		String trimmed = text.substring(start, end);
		if (!trimmed.chars().allMatch((c) -> c > 0x20 && c < 0x7f)) {
			return null;
		}
		byte[] bytes = withPort(trimmed);
		return (bytes != null && !isZero(bytes)) ? new IpAddress(bytes) : null;
	}

	/**
	 * Read an address as the {@code Forwarded} header writes it (RFC 7239, section 6),
	 * where the port can also be a made-up name.
	 * @param text the text, without quotes
	 * @return the address, or {@code null} if the text is anything else or unspecified
	 */
	public static @Nullable IpAddress parseForwarded(String text) {
		int colon = text.lastIndexOf(":_");
		if (colon > 0 && text.length() <= MAX_LENGTH && text.substring(colon + 2).matches("[A-Za-z0-9._-]+")) {
			String address = text.substring(0, colon);
			boolean whole = !isBlank(address.charAt(colon - 1));
			if (whole && (address.endsWith("]") || address.indexOf(':') == -1)) {
				return parse(address);
			}
		}
		return parse(text);
	}

	/**
	 * Return whether a text is an address and nothing else: no port, brackets or zone.
	 * @param text the text
	 * @return {@code true} for an IPv4 or IPv6 literal
	 */
	public static boolean isLiteral(@Nullable String text) {
		return text != null && ((text.indexOf(':') != -1) ? ipv6(text) : ipv4(text)) != null;
	}

	/**
	 * Return whether a character is one of the blanks that may surround an address.
	 * @param c the character
	 * @return {@code true} for space and tab
	 */
	public static boolean isBlank(char c) {
		return c == ' ' || c == '\t';
	}

	private static byte @Nullable [] withPort(String text) {
		if (text.startsWith("[")) {
			int close = text.indexOf(']');
			return (close != -1 && isPort(text.substring(close + 1))) ? withZone(text.substring(1, close)) : null;
		}
		int colon = text.indexOf(':');
		if (colon == -1) {
			return ipv4(text);
		}
		if (text.indexOf('.') != -1 && text.indexOf('.') < colon) {
			return isPort(text.substring(colon)) ? ipv4(text.substring(0, colon)) : null;
		}
		return withZone(text);
	}

	private static boolean isPort(String text) {
		if (text.isEmpty()) {
			return true;
		}
		return text.charAt(0) == ':' && isDigits(text, 1, 5) && Integer.parseInt(text.substring(1)) <= 65535;
	}

	private static boolean isDigits(String text, int start, int maxLength) {
		int length = text.length() - start;
		return length >= 1 && length <= maxLength && text.chars().skip(start).allMatch((c) -> c >= '0' && c <= '9');
	}

	private static byte @Nullable [] withZone(String text) {
		int percent = text.indexOf('%');
		if (percent == text.length() - 1) {
			return null;
		}
		return unmapped(ipv6((percent != -1) ? text.substring(0, percent) : text));
	}

	private static byte @Nullable [] unmapped(byte @Nullable [] ipv6) {
		return (ipv6 != null && isMapped(ipv6)) ? Arrays.copyOfRange(ipv6, 12, 16) : ipv6;
	}

	/**
	 * Read four decimal octets, without leading zeros.
	 * @param text the text
	 * @return 4 bytes, or {@code null} if the text is anything else
	 */
	public static byte @Nullable [] ipv4(String text) {
		byte[] bytes = new byte[4];
		int position = 0;
		for (int i = 0; i < 4; i++) {
			int end = (i < 3) ? text.indexOf('.', position) : text.length();
			if (end == -1) {
				return null;
			}
			String octet = text.substring(position, end);
			if (!isDigits(octet, 0, 3) || (octet.length() > 1 && octet.charAt(0) == '0')
					|| Integer.parseInt(octet) > 255) {
				return null;
			}
			bytes[i] = (byte) Integer.parseInt(octet);
			position = end + 1;
		}
		return bytes;
	}

	/**
	 * Read an IPv6 address as in RFC 4291, section 2.2. A mapped address stays IPv6 here.
	 * @param text the text
	 * @return 16 bytes, or {@code null} if the text is anything else
	 */
	public static byte @Nullable [] ipv6(String text) {
		byte[] bytes = new byte[16];
		int size = 0;
		int gap = -1;
		int position = 0;
		int length = text.length();
		if (text.startsWith("::")) {
			gap = 0;
			position = 2;
		}
		while (position < length) {
			int end = text.indexOf(':', position);
			end = (end != -1) ? end : length;
			String group = text.substring(position, end);
			if (group.indexOf('.') != -1) {
				byte[] ipv4 = (end == length && size <= 12) ? ipv4(group) : null;
				if (ipv4 == null) {
					return null;
				}
				System.arraycopy(ipv4, 0, bytes, size, 4);
				size += 4;
				break;
			}
			int value = hex(group);
			if (value == -1 || size == 16) {
				return null;
			}
			bytes[size++] = (byte) (value >> 8);
			bytes[size++] = (byte) value;
			if (end == length) {
				break;
			}
			position = end + 1;
			if (position == length) {
				return null;
			}
			if (text.charAt(position) == ':') {
				if (gap != -1) {
					return null;
				}
				gap = size;
				position++;
			}
		}
		if (gap == -1) {
			return (size == 16) ? bytes : null;
		}
		if (size > 14) {
			return null;
		}
		System.arraycopy(bytes, gap, bytes, 16 - (size - gap), size - gap);
		Arrays.fill(bytes, gap, 16 - (size - gap), (byte) 0);
		return bytes;
	}

	private static int hex(String group) {
		if (group.isEmpty() || group.length() > 4) {
			return -1;
		}
		int value = 0;
		for (int i = 0; i < group.length(); i++) {
			char c = group.charAt(i);
			int digit = (c < 0x7f) ? Character.digit(c, 16) : -1;
			if (digit == -1) {
				return -1;
			}
			value = (value << 4) | digit;
		}
		return value;
	}

	/**
	 * Return whether an IPv6 address stands for an IPv4 address.
	 * @param ipv6 16 bytes
	 * @return {@code true} for {@code ::ffff:0:0/96}
	 */
	public static boolean isMapped(byte[] ipv6) {
		for (int i = 0; i < 10; i++) {
			if (ipv6[i] != 0) {
				return false;
			}
		}
		return ipv6[10] == (byte) 0xff && ipv6[11] == (byte) 0xff;
	}

	private static boolean isZero(byte[] bytes) {
		for (byte b : bytes) {
			if (b != 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the bytes.
	 * @return 4 or 16 bytes, not a copy
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Return the text: dotted IPv4, or IPv6 as in RFC 5952 in pure hexadecimal.
	 */
	@Override
	public String toString() {
		if (this.bytes.length == 4) {
			return (this.bytes[0] & 0xff) + "." + (this.bytes[1] & 0xff) + "." + (this.bytes[2] & 0xff) + "."
					+ (this.bytes[3] & 0xff);
		}
		int gapStart = -1;
		int gapLength = 1;
		for (int i = 0; i < 8; i++) {
			int run = 0;
			while (i + run < 8 && group(i + run) == 0) {
				run++;
			}
			if (run > gapLength) {
				gapStart = i;
				gapLength = run;
			}
			i += run;
		}
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < 8; i++) {
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
		return ((this.bytes[2 * index] & 0xff) << 8) | (this.bytes[2 * index + 1] & 0xff);
	}

}
