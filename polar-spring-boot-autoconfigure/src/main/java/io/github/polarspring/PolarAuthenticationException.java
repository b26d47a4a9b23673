package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Polar does not accept the access token (401): it is wrong, expired or revoked, or it
 * belongs to the other environment.
 *
 * @since 0.1.0
 */
public class PolarAuthenticationException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 */
	public PolarAuthenticationException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

}
