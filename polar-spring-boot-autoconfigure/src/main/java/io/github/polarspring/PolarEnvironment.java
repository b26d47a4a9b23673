package io.github.polarspring;

import java.net.URI;

/**
 * Environment of Polar. Data, users, organizations and access tokens of one are unknown
 * to the other.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/sandbox">Polar's sandbox</a>
 */
public enum PolarEnvironment {

	/**
	 * Real money.
	 */
	PRODUCTION("https://api.polar.sh"),

	/**
	 * Test payments, with test cards.
	 */
	SANDBOX("https://sandbox-api.polar.sh");

	private final URI baseUrl;

	PolarEnvironment(String baseUrl) {
		this.baseUrl = URI.create(baseUrl);
	}

	/**
	 * Return the base URL of the API, without a trailing slash.
	 * @return the base URL
	 */
	public URI baseUrl() {
		return this.baseUrl;
	}

}
