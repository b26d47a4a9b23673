package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Polar gave no usable answer: connection refused, timed out or reset, TLS failure, a
 * redirect, or an answer that is too large or cannot be read. Whether a write was
 * processed is unknown, but for a {@link PolarSaturationException}.
 *
 * @since 0.1.0
 */
public class PolarConnectionException extends PolarException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param cause what the HTTP client said, with a message that can be logged, or
	 * {@code null}
	 */
	public PolarConnectionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
