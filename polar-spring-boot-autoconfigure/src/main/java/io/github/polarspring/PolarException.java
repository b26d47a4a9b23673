package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Root of the exceptions of this library. Messages and causes never hold the access
 * token, a client secret, a request or response body, or personal data, so they can be
 * logged.
 *
 * @since 0.1.0
 */
public abstract class PolarException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause the cause, with a message that can be logged, or {@code null}
	 */
	protected PolarException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
