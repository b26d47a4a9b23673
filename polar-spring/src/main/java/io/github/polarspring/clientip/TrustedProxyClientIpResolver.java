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

import org.springframework.util.Assert;

/**
 * {@link ClientIpResolver} that uses the configured headers, in their order.
 */
final class TrustedProxyClientIpResolver implements ClientIpResolver {

	private final IpRanges trustedProxies;

	private final List<String> headerNames;

	private final ClientIpWarnings warnings = new ClientIpWarnings();

	TrustedProxyClientIpResolver(List<String> trustedProxies, List<String> headerNames) {
		this.trustedProxies = IpRanges.parse(trustedProxies);
		this.headerNames = List.copyOf(headerNames);
		for (String header : this.headerNames) {
			Assert.isTrue(ForwardedHeader.isToken(header), () -> "'" + header + "' is not a valid header name");
		}
	}

	@Override
	public @Nullable String resolve(@Nullable String peerAddress, Function<String, Enumeration<String>> headers) {
		IpAddress peer = IpAddress.parse(peerAddress);
		if (peer == null) {
			return null;
		}
		if (!this.trustedProxies.contains(peer)) {
			this.warnings.untrustedPeer(peer, headers, this.headerNames);
			return usable(peer);
		}
		for (String header : this.headerNames) {
			HeaderWalk walk = HeaderWalk.of(header, headers.apply(header), this.trustedProxies);
			if (walk.present()) {
				this.warnings.presentHeader();
				return usable(walk.address());
			}
		}
		this.warnings.missingHeader(this.headerNames);
		return null;
	}

	private @Nullable String usable(@Nullable IpAddress address) {
		return (address != null && IpRanges.isPublic(address) && !this.trustedProxies.contains(address))
				? address.toString() : null;
	}

}
