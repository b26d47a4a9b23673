package io.github.polarspring;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The access token is valid but may not do this (403).
 *
 * @since 0.1.0
 */
public class PolarPermissionException extends PolarApiException {

	private final Set<String> requiredScopes;

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 * @param requiredScopes the scopes of which the token needs at least one
	 */
	public PolarPermissionException(String message, int status, @Nullable String error, @Nullable String detail,
			Set<String> requiredScopes) {
		super(message, status, error, detail);
		this.requiredScopes = Set.copyOf(requiredScopes);
	}

	/**
	 * Return the scopes of which the token needs at least one.
	 * @return the scopes, empty when Polar refused for another reason
	 */
	public Set<String> getRequiredScopes() {
		return this.requiredScopes;
	}

}
