package io.github.polarspring.client;

import java.net.URI;
import java.util.Locale;

import io.github.polarspring.PolarEnvironment;

/**
 * Where the API is, and in which version.
 *
 * @param baseUrl base URL without trailing slash
 * @param apiVersion value of the {@code Polar-Version} header
 */
record PolarEndpoint(URI baseUrl, String apiVersion) {

	static final String VERSION_HEADER = "Polar-Version";

	/**
	 * Return how messages call the place: the name of the environment or, for any other
	 * place, its origin.
	 */
	String name() {
		for (PolarEnvironment environment : PolarEnvironment.values()) {
			if (environment.baseUrl().equals(this.baseUrl)) {
				return environment.name().toLowerCase(Locale.ROOT);
			}
		}
		return origin(this.baseUrl);
	}

	boolean isOriginOf(URI uri) {
		return origin(this.baseUrl).equals(origin(uri));
	}

	static String origin(URI uri) {
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		int port = (uri.getPort() != -1) ? uri.getPort() : ("https".equals(scheme) ? 443 : 80);
		String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
		boolean standard = port == ("https".equals(scheme) ? 443 : 80);
		return scheme + "://" + host + (standard ? "" : ":" + port);
	}

}
