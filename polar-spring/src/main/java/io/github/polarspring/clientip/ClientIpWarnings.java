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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Warnings, each logged once, about proxies in front of the application that are not
 * configured. Values of headers are not logged.
 */
final class ClientIpWarnings {

	private static final Log logger = LogFactory.getLog(ClientIpWarnings.class);

	private static final String SETTING = "'polar.client-ip.trusted-proxies'";

	private static final List<String> FORWARDING_HEADERS = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP");

	/**
	 * Number of requests without the header after which they are no exception, such as a
	 * test by an employee.
	 */
	private static final int MANY = 10;

	private final AtomicLong requestsWithHeader = new AtomicLong();

	private final AtomicLong requestsWithoutHeader = new AtomicLong();

	private final AtomicBoolean missingHeaderReported = new AtomicBoolean();

	private final AtomicBoolean untrustedPeerReported = new AtomicBoolean();

	private final AtomicBoolean edgeReported = new AtomicBoolean();

	void untrustedPeer(IpAddress peer, Function<String, Enumeration<String>> headers, List<String> headerNames) {
		if (this.untrustedPeerReported.get() || IpRanges.isPublic(peer)
				|| Stream.concat(headerNames.stream(), FORWARDING_HEADERS.stream())
					.noneMatch((header) -> isPresent(headers.apply(header)))
				|| !this.untrustedPeerReported.compareAndSet(false, true)) {
			return;
		}
		String value = IpRanges.PRIVATE_NETWORKS.contains(peer) ? "'private' or '" + peer + "'" : "'" + peer + "'";
		logger.warn(("Requests with forwarding headers come from %s, which cannot be the address of a shopper. If"
				+ " it is your")
			.formatted(peer) + " proxy, add " + value + " to " + SETTING
				+ ". Until then, no IP address is sent to Polar for these requests");
	}

	/**
	 * Take note of a header from a trusted proxy, which the caller can have sent.
	 */
	void presentHeader() {
		if (!this.missingHeaderReported.get()) {
			this.requestsWithHeader.incrementAndGet();
		}
	}

	/**
	 * Report that trusted proxies do not send any of the headers. A proxy that adds the
	 * address of its caller to a header sends it with each request. One that does not may
	 * still pass on what the caller sent, so single requests with the header prove
	 * nothing, and single requests without it can have bypassed the proxy.
	 */
	void missingHeader(List<String> headerNames) {
		if (this.missingHeaderReported.get()) {
			return;
		}
		long without = this.requestsWithoutHeader.incrementAndGet();
		if (without >= MANY && without > this.requestsWithHeader.get()
				&& this.missingHeaderReported.compareAndSet(false, true)) {
			logger.warn("%d requests came from a trusted proxy without %s. If there is a proxy, it does not add the"
				.formatted(without, String.join(" and ", headerNames))
					+ " shopper's address, and may pass on an address that the shopper invents. Let the proxy set the"
					+ " header, or remove the proxy from " + SETTING + ". If there is no proxy, ignore this message");
		}
	}

	private static boolean isPresent(@Nullable Enumeration<String> values) {
		return values != null && values.hasMoreElements();
	}

	/**
	 * Return whether an address belongs to the edge of a well-known network, and log a
	 * warning if so.
	 */
	boolean isEdge(IpAddress address) {
		boolean cloudflare = IpRanges.CLOUDFLARE_EDGE.contains(address);
		if (!cloudflare && !IpRanges.GOOGLE_EDGE.contains(address)) {
			return false;
		}
		if (this.edgeReported.compareAndSet(false, true)) {
			logger.warn("Requests come through the edge of %s, which is not trusted. Add %s to %s. Until then, no IP"
				.formatted(cloudflare ? "Cloudflare" : "Google Cloud",
						cloudflare ? "'cloudflare'" : "its ranges and your forwarding rule's address", SETTING)
					+ " address is sent to Polar for these requests");
		}
		return true;
	}

}
