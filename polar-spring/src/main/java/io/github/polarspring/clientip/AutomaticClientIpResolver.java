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
 * {@link ClientIpResolver} that uses {@code X-Forwarded-For} and, if Cloudflare is
 * trusted, {@code CF-Connecting-IP}.
 */
final class AutomaticClientIpResolver implements ClientIpResolver {

	private static final String X_FORWARDED_FOR = "X-Forwarded-For";

	private static final String CF_CONNECTING_IP = "CF-Connecting-IP";

	private final IpRanges trustedProxies;

	private final boolean cloudflare;

	private final ClientIpWarnings warnings = new ClientIpWarnings();

	AutomaticClientIpResolver(List<String> trustedProxies) {
		this.trustedProxies = IpRanges.parse(trustedProxies);
		this.cloudflare = trustedProxies.contains("cloudflare");
	}

	@Override
	public @Nullable String resolve(@Nullable String peerAddress, Function<String, Enumeration<String>> headers) {
		IpAddress peer = IpAddress.parse(peerAddress);
		if (peer == null) {
			return null;
		}
		if (!this.trustedProxies.contains(peer)) {
			this.warnings.untrustedPeer(peer, headers, List.of(X_FORWARDED_FOR, CF_CONNECTING_IP));
			return usable(peer);
		}
		HeaderWalk forwarded = walk(X_FORWARDED_FOR, headers);
		if (this.cloudflare && (IpRanges.CLOUDFLARE_EDGE.contains(peer) || forwarded.throughCloudflare())) {
			HeaderWalk connecting = walk(CF_CONNECTING_IP, headers);
			if (connecting.present()) {
				this.warnings.presentHeader();
				// anyone who bypasses Cloudflare and calls a load balancer can send any
				// value
				boolean contradicted = forwarded.present() && !forwarded.onlyProxies()
						&& !String.valueOf(forwarded.address()).equals(String.valueOf(connecting.address()));
				return contradicted ? null : usable(connecting.address());
			}
		}
		if (forwarded.present()) {
			this.warnings.presentHeader();
		}
		else {
			this.warnings.missingHeader(List.of(X_FORWARDED_FOR));
		}
		return usable(forwarded.address());
	}

	private HeaderWalk walk(String header, Function<String, Enumeration<String>> headers) {
		return HeaderWalk.of(header, headers.apply(header), this.trustedProxies);
	}

	/**
	 * Return the address if it can be a shopper's. An address of an untrusted edge
	 * cannot.
	 */
	private @Nullable String usable(@Nullable IpAddress address) {
		if (address == null || !IpRanges.isPublic(address) || this.trustedProxies.contains(address)) {
			return null;
		}
		return this.warnings.isEdge(address) ? null : address.toString();
	}

}
