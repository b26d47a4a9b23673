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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Set of address ranges.
 */
final class IpRanges {

	/**
	 * Networks that Tomcat's {@code RemoteIpValve} considers internal proxies.
	 */
	private static final List<String> PRIVATE = List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
			"169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1", "fe80::/10", "fc00::/7");

	/**
	 * Cloudflare's published ranges as of 2026-06-07.
	 */
	private static final List<String> CLOUDFLARE = List.of("103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22",
			"104.16.0.0/13", "104.24.0.0/14", "108.162.192.0/18", "131.0.72.0/22", "141.101.64.0/18", "162.158.0.0/15",
			"172.64.0.0/13", "173.245.48.0/20", "188.114.96.0/20", "190.93.240.0/20", "197.234.240.0/22",
			"198.41.128.0/17", "2400:cb00::/32", "2405:8100::/32", "2405:b500::/32", "2606:4700::/32", "2803:f800::/32",
			"2a06:98c0::/29", "2c0f:f248::/32");

	/**
	 * Google's load balancers, from Google Cloud's documentation of firewall rules as of
	 * November 2026.
	 */
	private static final List<String> GOOGLE = List.of("35.191.0.0/16", "130.211.0.0/22", "2600:2d00:1:b029::/64",
			"2600:2d00:1:1::/64");

	private static final Map<String, List<String>> PRESETS = Map.of("private", PRIVATE, "cloudflare", CLOUDFLARE);

	/**
	 * Ranges of the edge of Cloudflare.
	 */
	static final IpRanges CLOUDFLARE_EDGE = parse(CLOUDFLARE);

	/**
	 * Ranges of the edge of Google Cloud.
	 */
	static final IpRanges GOOGLE_EDGE = parse(GOOGLE);

	static final IpRanges PRIVATE_NETWORKS = parse(PRIVATE);

	private static final IpRanges NOT_PUBLIC_IPV4 = parse(
			List.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
					"192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"));

	private static final IpRanges PUBLIC_IPV6 = parse(List.of("2000::/3"));

	private final Range[] ranges;

	private IpRanges(Range[] ranges) {
		this.ranges = ranges;
	}

	/**
	 * Parse ranges.
	 * @param entries CIDR ranges, addresses or names of presets
	 * @return the ranges
	 * @throws IllegalArgumentException if an entry is none of these, or covers every
	 * address
	 */
	static IpRanges parse(Collection<String> entries) {
		List<Range> ranges = new ArrayList<>();
		for (String entry : entries) {
			PRESETS.getOrDefault(entry, List.of(entry)).forEach((range) -> ranges.add(parse(range)));
		}
		return new IpRanges(ranges.toArray(Range[]::new));
	}

	private static Range parse(String entry) {
		int slash = entry.indexOf('/');
		IpAddress address = IpAddress.literal((slash != -1) ? entry.substring(0, slash) : entry);
		if (address == null) {
			throw invalid(entry, "is not an address, a CIDR range, or one of the presets " + PRESETS.keySet());
		}
		int bits = address.isIpv4() ? 32 : 128;
		if (slash != -1) {
			String length = entry.substring(slash + 1);
			if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > bits) {
				throw invalid(entry, "must have a prefix length from 0 to " + bits);
			}
			bits = Integer.parseInt(length);
		}
		if (bits >= 96 && address.isMapped()) {
			address = address.unmapped();
			bits -= 96;
		}
		if (bits == 0) {
			throw invalid(entry, "covers every address, so that shoppers and proxies could not be distinguished");
		}
		return new Range(address, bits);
	}

	private static IllegalArgumentException invalid(String entry, String reason) {
		return new IllegalArgumentException("'" + entry + "' " + reason);
	}

	boolean contains(IpAddress address) {
		for (Range range : this.ranges) {
			if (range.contains(address)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether an address can be that of a shopper. Documentation ranges are
	 * accepted, so that tests can use them.
	 */
	static boolean isPublic(IpAddress address) {
		return address.isIpv4() ? !NOT_PUBLIC_IPV4.contains(address) : PUBLIC_IPV6.contains(address);
	}

	private record Range(IpAddress prefix, int bits) {

		boolean contains(IpAddress address) {
			return address.sharesPrefix(this.prefix, this.bits);
		}

	}

}
