package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Polar was reached, but did not answer within {@code polar.http.read-timeout}, or not
 * completely. It may still process the call.
 *
 * @since 0.1.0
 */
public class PolarTimeoutException extends PolarConnectionException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause what the HTTP client said, with a message that can be logged, or
	 * {@code null}
	 */
	public PolarTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
