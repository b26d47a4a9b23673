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
import java.util.Enumeration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Result of reading the lines of a header.
 *
 * @param present whether the header is present
 * @param address the address, or {@code null} if there is no trustworthy address
 * @param throughCloudflare whether one of the skipped proxies belongs to Cloudflare
 * @param onlyProxies whether all entries are trusted proxies
 */
record HeaderWalk(boolean present, @Nullable IpAddress address, boolean throughCloudflare, boolean onlyProxies) {

	/**
	 * Number of proxies that no real request passes.
	 */
	private static final int MAX_HOPS = 32;

	private static final HeaderWalk NOTHING = new HeaderWalk(false, null, false, false);

	private static final HeaderWalk UNREADABLE = new HeaderWalk(true, null, false, false);

	static HeaderWalk of(String header, @Nullable Enumeration<String> values, IpRanges trusted) {
		if (header.equalsIgnoreCase("X-Forwarded-For")) {
			return ofList(lines(values, true), trusted);
		}
		return header.equalsIgnoreCase("Forwarded") ? ofForwarded(lines(values, true), trusted)
				: ofSingle(lines(values, false));
	}

	private static List<String> lines(@Nullable Enumeration<String> values, boolean list) {
		List<String> lines = List.of();
		while (values != null && values.hasMoreElements()) {
			String line = values.nextElement();
			if (line != null && !isBlank(line, 0, line.length(), list)) {
				// there is rarely more than one line
				lines = lines.isEmpty() ? List.of(line) : and(lines, line);
			}
		}
		return lines;
	}

	private static List<String> and(List<String> lines, String line) {
		List<String> all = (lines instanceof ArrayList<String>) ? lines : new ArrayList<>(lines);
		all.add(line);
		return all;
	}

	private static boolean isBlank(String text, int start, int end, boolean list) {
		for (int i = start; i < end; i++) {
			if (!IpAddress.isBlank(text.charAt(i)) && !(list && text.charAt(i) == ',')) {
				return false;
			}
		}
		return true;
	}

	private static HeaderWalk ofSingle(List<String> lines) {
		if (lines.isEmpty()) {
			return NOTHING;
		}
		return new HeaderWalk(true, (lines.size() == 1) ? IpAddress.parse(lines.get(0)) : null, false, false);
	}

	/**
	 * Read a list from right to left, up to the first address that is not a trusted
	 * proxy. Each proxy appends the address that it was called from, so anything to the
	 * left of that address can be forged and is ignored.
	 */
	private static HeaderWalk ofList(List<String> lines, IpRanges trusted) {
		if (lines.isEmpty()) {
			return NOTHING;
		}
		boolean cloudflare = false;
		int hops = 0;
		for (int i = lines.size() - 1; i >= 0; i--) {
			String line = lines.get(i);
			int end = line.length();
			while (end >= 0) {
				int start = line.lastIndexOf(',', end - 1) + 1;
				if (!isBlank(line, start, end, false)) {
					IpAddress address = IpAddress.parse(line, start, end);
					if (address == null || !trusted.contains(address)) {
						return new HeaderWalk(true, address, cloudflare, false);
					}
					cloudflare |= IpRanges.CLOUDFLARE_EDGE.contains(address);
					if (++hops == MAX_HOPS) {
						return UNREADABLE;
					}
				}
				end = start - 1;
			}
		}
		return new HeaderWalk(true, null, cloudflare, true);
	}

	private static HeaderWalk ofForwarded(List<String> lines, IpRanges trusted) {
		ForwardedHeader header = ForwardedHeader.parse(lines, MAX_HOPS);
		if (header == null) {
			return UNREADABLE;
		}
		if (!header.mentionsClient()) {
			return NOTHING;
		}
		int hops = 0;
		while (!header.clients().isEmpty()) {
			IpAddress address = ForwardedHeader.address(header.clients().removeLast());
			if (address == null || !trusted.contains(address)) {
				return new HeaderWalk(true, address, false, false);
			}
			if (++hops == MAX_HOPS) {
				return UNREADABLE;
			}
		}
		return new HeaderWalk(true, null, false, true);
	}

}
