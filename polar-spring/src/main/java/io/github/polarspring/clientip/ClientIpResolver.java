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

import java.util.Enumeration;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Strategy that determines the shopper's IP address, from which Polar derives country,
 * currency and tax. A bean of this type replaces the default.
 * <p>
 * If in doubt, return {@code null}: without an address, Polar only leaves the country
 * empty, but with the address of a proxy or a forged address, it charges the wrong tax.
 * Implementations must be safe for use by multiple threads, and must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientIpResolver {

	/**
	 * Return the shopper's address.
	 * @param peerAddress the address of the peer of the connection, as provided by the
	 * container
	 * @param headers returns the values of the header with the given name
	 * (case-insensitive), as provided by the container; empty if there is none
	 * @return an IPv4 or IPv6 literal without port, or {@code null} if no trustworthy
	 * address is available
	 */
	@Nullable String resolve(@Nullable String peerAddress, Function<String, Enumeration<String>> headers);

	/**
	 * Return a resolver that uses the given headers if they come from trusted proxies.
	 * <p>
	 * A peer that is not trusted is the shopper, regardless of the headers that it sends.
	 * Behind a trusted peer, the first of the given headers that is present is used.
	 * {@code X-Forwarded-For} and {@code Forwarded} (RFC 7239) are read from right to
	 * left, skipping trusted proxies, up to the first other address. Any other header
	 * contains a single address; name it only if the proxy overwrites it. The resolver
	 * returns only public addresses and never queries DNS.
	 * @param trustedProxies CIDR ranges, addresses, or the presets {@code private} and
	 * {@code cloudflare} (as of June 2026); empty to ignore all headers
	 * @param headers names of the headers to use, in this order
	 * @return an immutable resolver that is safe for use by multiple threads
	 * @throws IllegalArgumentException if a range is invalid or covers every address, or
	 * if a header name is invalid
	 */
	static ClientIpResolver of(List<String> trustedProxies, List<String> headers) {
		return new TrustedProxyClientIpResolver(trustedProxies, headers);
	}

	/**
	 * Return a resolver that uses common headers if they come from trusted proxies.
	 * <p>
	 * It reads {@code X-Forwarded-For} as {@link #of(List, List)} does. If the preset
	 * {@code cloudflare} is trusted and the request came through Cloudflare, according to
	 * the peer or a proxy in that header, {@code CF-Connecting-IP} is used, and must not
	 * contradict {@code X-Forwarded-For}. An address of the edge of Cloudflare or Google
	 * Cloud is never returned, whether trusted or not.
	 * @param trustedProxies CIDR ranges, addresses, or the presets {@code private} and
	 * {@code cloudflare} (as of June 2026); empty to ignore all headers
	 * @return an immutable resolver that is safe for use by multiple threads
	 * @throws IllegalArgumentException if a range is invalid or covers every address
	 */
	static ClientIpResolver of(List<String> trustedProxies) {
		return new AutomaticClientIpResolver(trustedProxies);
	}

}
