package io.github.polarspring.web;

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
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
	 * @param request the request as it came from the container
	 * @return an IPv4 or IPv6 literal without port, or {@code null} if there is none to
	 * be trusted
	 */
	@Nullable String resolve(HttpServletRequest request);

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
