package io.github.polarspring;

import org.jspecify.annotations.Nullable;

/**
 * Polar answered with an error. A subclass exists where a caller acts differently; all
 * others are told apart by {@link #getStatus()} and {@link #getError()}.
 *
 * @since 0.1.0
 */
public class PolarApiException extends PolarException {

	private final int status;

	private final @Nullable String error;

	private final @Nullable String detail;

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error the name that Polar gives to the error
	 * @param detail the text that Polar gives to the error
	 */
	public PolarApiException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, null);
		this.status = status;
		this.error = error;
		this.detail = detail;
	}

	/**
	 * Return the HTTP status of the answer.
	 * @return the status, 400 to 599
	 */
	public int getStatus() {
		return this.status;
	}

	/**
	 * Return Polar's name of the error, such as {@code NotOpenCheckout}.
	 * @return the name, or {@code null} when the answer has none: Polar's platform and
	 * the proxies in front of it answer in forms of their own
	 */
	public @Nullable String getError() {
		return this.error;
	}

	/**
	 * Return Polar's text about the error, meant for developers and cleaned of e-mail
	 * addresses and tokens.
	 * @return the text, or {@code null} when the answer has none
	 */
	public @Nullable String getDetail() {
		return this.detail;
	}

}
