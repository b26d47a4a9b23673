package io.github.polarspring.web;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

import io.github.polarspring.net.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Default {@link ClientIpResolver}.
 */
final class TrustedProxyClientIpResolver implements ClientIpResolver {

	private static final String X_FORWARDED_FOR = "X-Forwarded-For";

	/**
	 * More proxies in a row than anybody has.
	 */
	private static final int MAX_HOPS = 32;

	private final IpRanges trustedProxies;

	private final List<String> headers;

	TrustedProxyClientIpResolver(List<String> trustedProxies, List<String> headers) {
		this.trustedProxies = IpRanges.parse(trustedProxies);
		this.headers = List.copyOf(headers);
		for (String header : this.headers) {
			Assert.isTrue(header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+"), () -> "'" + header + "' is no header name");
			Assert.isTrue(!header.equalsIgnoreCase("Forwarded"),
					"The 'Forwarded' header is not supported: use the header that your proxy sets besides it");
		}
	}

	@Override
	public @Nullable String resolve(HttpServletRequest request) {
		IpAddress peer = IpAddress.parse(request.getRemoteAddr());
		if (peer == null) {
			return null;
		}
		if (!this.trustedProxies.contain(peer)) {
			return usable(peer);
		}
		for (String header : this.headers) {
			boolean list = header.equalsIgnoreCase(X_FORWARDED_FOR);
			List<String> lines = lines(request.getHeaders(header), list);
			if (!lines.isEmpty()) {
				return usable(list ? lastUntrusted(lines) : single(lines));
			}
		}
		return null;
	}

	private @Nullable String usable(@Nullable IpAddress address) {
		return (address != null && IpRanges.isPublic(address) && !this.trustedProxies.contain(address))
				? address.toString() : null;
	}

	private static List<String> lines(@Nullable Enumeration<String> values, boolean list) {
		List<String> lines = new ArrayList<>(2);
		while (values != null && values.hasMoreElements()) {
			String line = values.nextElement();
			if (line != null && !isBlank(line, 0, line.length(), list)) {
				lines.add(line);
			}
		}
		return lines;
	}

	private static boolean isBlank(String text, int start, int end, boolean list) {
		for (int i = start; i < end; i++) {
			if (!IpAddress.isBlank(text.charAt(i)) && !(list && text.charAt(i) == ',')) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable IpAddress single(List<String> lines) {
		return (lines.size() == 1) ? IpAddress.parse(lines.get(0)) : null;
	}

	/**
	 * Each proxy appends the address that it was called from, so the list is to be
	 * believed from its right end to the first address that is not a trusted proxy's.
	 * What stands left of that one is never looked at.
	 */
	private @Nullable IpAddress lastUntrusted(List<String> lines) {
		int hops = 0;
		for (int i = lines.size() - 1; i >= 0; i--) {
			String line = lines.get(i);
			int end = line.length();
			while (end >= 0) {
				int start = line.lastIndexOf(',', end - 1) + 1;
				if (!isBlank(line, start, end, false)) {
					IpAddress address = IpAddress.parse(line.substring(start, end));
					if (address == null || !this.trustedProxies.contain(address)) {
						return address;
					}
					if (++hops == MAX_HOPS) {
						return null;
					}
				}
				end = start - 1;
			}
		}
		return null;
	}

}
