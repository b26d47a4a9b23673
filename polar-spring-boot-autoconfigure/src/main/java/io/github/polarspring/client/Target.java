package io.github.polarspring.client;

import java.net.URI;

/**
 * Where a call goes. Travels in the attributes of the request, where interceptors and
 * observations of the application see it, so its text tells nothing.
 *
 * @param uri the real address, which can hold a secret
 * @param visibleUri the address that others see
 * @param anonymous whether the call does without the access token
 */
record Target(URI uri, URI visibleUri, boolean anonymous) {

	@Override
	public String toString() {
		return "Target";
	}

}
