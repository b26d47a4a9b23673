package io.github.polarspring.web;

import java.util.List;

import io.github.polarspring.net.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClientIpResolver} that knows which headers to ask: {@code X-Forwarded-For} and,
 * where Cloudflare is trusted, {@code CF-Connecting-IP}.
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
	public @Nullable String resolve(HttpServletRequest request) {
		IpAddress peer = IpAddress.parse(request.getRemoteAddr());
		if (peer == null) {
			return null;
		}
		if (!this.trustedProxies.contain(peer)) {
			this.warnings.untrustedPeer(peer, request, List.of(X_FORWARDED_FOR, CF_CONNECTING_IP));
			return usable(peer);
		}
		HeaderWalk forwarded = walk(X_FORWARDED_FOR, request);
		if (this.cloudflare && (IpRanges.CLOUDFLARE_EDGE.contain(peer) || forwarded.throughCloudflare())) {
			HeaderWalk connecting = walk(CF_CONNECTING_IP, request);
			if (connecting.saysAnything()) {
				// whoever goes round Cloudflare to a load balancer can send any
				boolean contradicted = forwarded.saysAnything() && !forwarded.onlyProxies()
						&& !String.valueOf(forwarded.answer()).equals(String.valueOf(connecting.answer()));
				return contradicted ? null : usable(connecting.answer());
			}
		}
		return usable(forwarded.answer());
	}

	private HeaderWalk walk(String header, HttpServletRequest request) {
		return HeaderWalk.of(header, request.getHeaders(header), this.trustedProxies);
	}

	/**
	 * An edge that is not trusted is no shopper either.
	 */
	private @Nullable String usable(@Nullable IpAddress address) {
		if (address == null || !IpRanges.isPublic(address) || this.trustedProxies.contain(address)) {
			return null;
		}
		return this.warnings.isEdge(address) ? null : address.toString();
	}

}
