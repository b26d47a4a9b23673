/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

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
