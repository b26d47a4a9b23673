package io.github.polarspring.client;

import java.io.IOException;

/**
 * Asking again would not help.
 */
@SuppressWarnings("serial")
final class UnusableAnswerException extends IOException {

	UnusableAnswerException(String message) {
		super(message);
	}

}
