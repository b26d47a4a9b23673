package io.github.polarspring.webhook;

import io.github.polarspring.PolarException;

/**
 * A webhook that is not to be believed, or not to be understood. The message holds no
 * secret and nothing of what was sent but type and id of an event.
 *
 * @since 0.1.0
 */
public final class PolarWebhookException extends PolarException {

	private final Reason reason;

	PolarWebhookException(Reason reason, String message) {
		super(message, null);
		this.reason = reason;
	}

	/**
	 * Return why it was refused. For logs and metrics, not for the sender.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * Why a webhook was refused.
	 */
	public enum Reason {

		/**
		 * One of the headers {@code webhook-id}, {@code webhook-timestamp} and
		 * {@code webhook-signature} is missing, or there more than once.
		 */
		HEADERS,

		/**
		 * A header does not have the form that the standard gives it.
		 */
		MALFORMED,

		/**
		 * The timestamp is too far from the clock, in either direction.
		 */
		TIMESTAMP,

		/**
		 * No signature is that of one of the secrets.
		 */
		SIGNATURE,

		/**
		 * The body is not an event.
		 */
		BODY,

		/**
		 * The event is that of another organization.
		 */
		ORGANIZATION

	}

}
