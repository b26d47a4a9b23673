package io.github.polarspring;

/**
 * As many calls to Polar as allowed are under way, so this one was not made: most likely
 * Polar hangs, and a thread that waits for it is missing elsewhere. Nothing was sent.
 * {@code polar.http.max-concurrent-calls} sets how many there may be. Requests that wait
 * for a checkout session of the same browser are limited, too.
 *
 * @since 0.1.0
 */
public class PolarSaturationException extends PolarConnectionException {

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 */
	public PolarSaturationException(String message) {
		super(message, null);
	}

}
