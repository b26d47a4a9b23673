package io.github.polarspring.web;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.polarspring.net.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells, once each, that the proxies in front of the application are not the ones it was
 * told of. Nothing that a header says gets into the log.
 */
final class ClientIpWarnings {

	private static final Log logger = LogFactory.getLog(ClientIpWarnings.class);

	private static final String SETTING = "'polar.client-ip.trusted-proxies'";

	private static final List<String> FORWARDING_HEADERS = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP");

	private final AtomicBoolean untrustedPeerReported = new AtomicBoolean();

	private final AtomicBoolean edgeReported = new AtomicBoolean();

	void untrustedPeer(IpAddress peer, HttpServletRequest request, List<String> headers) {
		if (this.untrustedPeerReported.get() || IpRanges.isPublic(peer)
				|| Stream.concat(headers.stream(), FORWARDING_HEADERS.stream())
					.allMatch((header) -> request.getHeader(header) == null)) {
			return;
		}
		if (this.untrustedPeerReported.compareAndSet(false, true)) {
			String value = IpRanges.PRIVATE_NETWORKS.contain(peer) ? "'private' or '" + peer + "'" : "'" + peer + "'";
			logger.warn("Requests come from %s, which is no shopper's address, with forwarding headers. If that is your"
				.formatted(peer) + " proxy, add " + value + " to " + SETTING
					+ "; until then Polar is sent no IP address for them");
		}
	}

	/**
	 * Return whether an address belongs to the edge of a well-known network, and warn of
	 * it.
	 */
	boolean isEdge(IpAddress address) {
		boolean cloudflare = IpRanges.CLOUDFLARE_EDGE.contain(address);
		if (!cloudflare && !IpRanges.GOOGLE_EDGE.contain(address)) {
			return false;
		}
		if (this.edgeReported.compareAndSet(false, true)) {
			logger.warn("Requests come through the edge of %s, which is not trusted. Add %s to %s; until then Polar is"
				.formatted(cloudflare ? "Cloudflare" : "Google Cloud",
						cloudflare ? "'cloudflare'" : "its ranges and your forwarding rule's address", SETTING)
					+ " sent no IP address for them");
		}
		return true;
	}

}
