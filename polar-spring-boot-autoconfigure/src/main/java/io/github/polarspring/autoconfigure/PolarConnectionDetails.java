package io.github.polarspring.autoconfigure;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where Polar is, and what the application identifies itself with. A bean of this type
 * replaces the properties {@code polar.access-token}, {@code polar.environment} and
 * {@code polar.base-url}, for tests and other sources of secrets. The answers must not
 * change while the application runs.
 *
 * @since 0.1.0
 */
public interface PolarConnectionDetails extends ConnectionDetails {

	/**
	 * Return the base URL of the API.
	 * @return an https URL, or an http URL to a loopback address
	 */
	URI getBaseUrl();

	/**
	 * Return the organization access token.
	 * @return the token, or {@code null} if there is none: the application starts as long
	 * as nothing needs Polar
	 */
	@Nullable String getAccessToken();

	/**
	 * Return why there is no access token, for the message to the developer.
	 * @return a sentence, or {@code null} if there is nothing to add
	 */
	default @Nullable String getMissingAccessTokenReason() {
		return null;
	}

}
