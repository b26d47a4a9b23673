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
 * Exception thrown when a webhook is not authentic or is malformed. The message does not
 * contain secrets, and of the webhook only the type and the id of the event.
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
	 * Return why the webhook was rejected. Intended for logs and metrics, not for the
	 * sender.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * Reason why a webhook was rejected.
	 */
	public enum Reason {

		/**
		 * One of the headers {@code webhook-id}, {@code webhook-timestamp} and
		 * {@code webhook-signature} is missing or duplicated.
		 */
		HEADERS,

		/**
		 * A header does not conform to the standard.
		 */
		MALFORMED,

		/**
		 * The timestamp differs too much from the current time, in either direction.
		 */
		TIMESTAMP,

		/**
		 * No signature matches any of the secrets.
		 */
		SIGNATURE,

		/**
		 * The body is not an event.
		 */
		BODY,

		/**
		 * The event belongs to another organization.
		 */
		ORGANIZATION

	}

}
