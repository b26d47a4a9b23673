package io.github.polarspring.web;

import java.util.List;

import io.github.polarspring.net.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link ClientIpResolver} that believes the headers that it is told to ask, in their
 * order.
 */
final class TrustedProxyClientIpResolver implements ClientIpResolver {

	private final IpRanges trustedProxies;

	private final List<String> headers;

	private final ClientIpWarnings warnings = new ClientIpWarnings();

	TrustedProxyClientIpResolver(List<String> trustedProxies, List<String> headers) {
		this.trustedProxies = IpRanges.parse(trustedProxies);
		this.headers = List.copyOf(headers);
		for (String header : this.headers) {
			Assert.isTrue(ForwardedHeader.isToken(header), () -> "'" + header + "' is no header name");
		}
	}

	@Override
	public @Nullable String resolve(HttpServletRequest request) {
		IpAddress peer = IpAddress.parse(request.getRemoteAddr());
		if (peer == null) {
			return null;
		}
		if (!this.trustedProxies.contain(peer)) {
			this.warnings.untrustedPeer(peer, request, this.headers);
			return usable(peer);
		}
		for (String header : this.headers) {
			HeaderWalk walk = HeaderWalk.of(header, request.getHeaders(header), this.trustedProxies);
			if (walk.saysAnything()) {
				return usable(walk.answer());
			}
		}
		return null;
	}

	private @Nullable String usable(@Nullable IpAddress address) {
		return (address != null && IpRanges.isPublic(address) && !this.trustedProxies.contain(address))
				? address.toString() : null;
	}

}
