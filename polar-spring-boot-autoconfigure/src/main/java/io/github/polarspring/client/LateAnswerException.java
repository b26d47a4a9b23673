package io.github.polarspring.client;

import java.net.SocketTimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * An answer did not come to its end in time.
 */
@SuppressWarnings("serial")
final class LateAnswerException extends SocketTimeoutException {

	LateAnswerException(String message, @Nullable Throwable cause) {
		super(message);
		if (cause != null) {
			initCause(cause);
		}
	}

}
