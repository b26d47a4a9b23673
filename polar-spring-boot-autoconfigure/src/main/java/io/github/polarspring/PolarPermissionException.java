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
