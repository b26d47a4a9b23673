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
 * Strategy that finds the shopper's IP address, from which Polar derives country,
 * currency and tax. A bean of this type replaces the default.
 * <p>
 * When in doubt there is no answer: without an address Polar only does not fill in the
 * country, with a proxy's or a forged one it charges the wrong tax. Must be safe for use
 * by several threads, and must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientIpResolver {

	/**
	 * Return the shopper's address.
	 * @param peerAddress the address of the connection's other end, as the container
	 * states it
	 * @param headers returns the values of the header with the given name, in any case,
	 * as the request came from the container; empty if there is none
	 * @return an IPv4 or IPv6 literal without port, or {@code null} if there is none to
	 * be trusted
	 */
	@Nullable String resolve(@Nullable String peerAddress, Function<String, Enumeration<String>> headers);

	/**
	 * Return a resolver that believes headers only from trusted proxies.
	 * <p>
	 * A peer that is not trusted is the shopper, whatever headers it sends. Behind a
	 * trusted peer the first of the given headers that says anything decides.
	 * {@code X-Forwarded-For} and {@code Forwarded} (RFC 7239) are read from the right,
	 * past trusted proxies, to the first address that is not one of them. Every other
	 * header carries one address, which only a proxy that overwrites it may be trusted
	 * for. Only public addresses are answered; nothing is ever looked up in DNS.
	 * @param trustedProxies CIDR ranges, addresses, or the presets {@code private} and
	 * {@code cloudflare} (as of June 2026); empty to believe no header
	 * @param headers names of the headers to ask, in this order
	 * @return a resolver, immutable and safe for use by several threads
	 * @throws IllegalArgumentException if a range is not valid or covers every address,
	 * or if a header has no valid name
	 */
	static ClientIpResolver of(List<String> trustedProxies, List<String> headers) {
		return new TrustedProxyClientIpResolver(trustedProxies, headers);
	}

	/**
	 * Return a resolver that believes headers only from trusted proxies, and knows which.
	 * <p>
	 * It asks {@code X-Forwarded-For} as {@link #of(List, List)} does. If the preset
	 * {@code cloudflare} is trusted and the request came through Cloudflare, as the peer
	 * or a proxy in that list shows, {@code CF-Connecting-IP} counts, and must not
	 * contradict the list. An address of Cloudflare's or Google Cloud's edge is no
	 * answer, trusted or not.
	 * @param trustedProxies CIDR ranges, addresses, or the presets {@code private} and
	 * {@code cloudflare} (as of June 2026); empty to believe no header
	 * @return a resolver, immutable and safe for use by several threads
	 * @throws IllegalArgumentException if a range is not valid or covers every address
	 */
	static ClientIpResolver of(List<String> trustedProxies) {
		return new AutomaticClientIpResolver(trustedProxies);
	}

}
