package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Polar does not know the requested API version (a bare 404). It serves a version for
 * about nine months; {@code polar.api-version} moves an application to the next one
 * without a new release of this library.
 *
 * @since 0.1.0
 */
public class PolarApiVersionException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 */
	public PolarApiVersionException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

}
