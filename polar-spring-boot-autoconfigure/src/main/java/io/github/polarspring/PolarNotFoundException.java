package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * The object does not exist at Polar, or belongs to another organization (404).
 *
 * @since 0.1.0
 */
public class PolarNotFoundException extends PolarApiException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 */
	public PolarNotFoundException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

}
