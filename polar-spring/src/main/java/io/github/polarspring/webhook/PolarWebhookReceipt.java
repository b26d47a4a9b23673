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

import java.nio.charset.StandardCharsets;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Result of receiving a webhook, which determines the response to Polar. It does not
 * contain details for the sender, in particular not why a forgery was detected.
 *
 * @since 0.1.0
 * @see PolarWebhookReceiver
 */
public enum PolarWebhookReceipt {

	/**
	 * The inbox accepted the event, now or previously.
	 */
	ACCEPTED(202, "Accepted"),

	/**
	 * The headers or the body are not those of a webhook.
	 */
	MALFORMED(400, "Malformed webhook"),

	/**
	 * The webhook is forged, too old or too new, or belongs to another organization.
	 */
	REJECTED(403, "Rejected"),

	/**
	 * The body is larger than the limit.
	 */
	TOO_LARGE(413, "Too large"),

	/**
	 * A listener or the application failed. Polar redelivers the event.
	 */
	FAILED(500, "Failed"),

	/**
	 * The event cannot be accepted at present. Polar redelivers it.
	 */
	LATER(503, "Try again later");

	private final int status;

	private final String text;

	PolarWebhookReceipt(int status, String text) {
		this.status = status;
		this.text = text;
	}

	/**
	 * Return the status code of the HTTP response.
	 * @return the status code
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the text of the HTTP response.
	 * @return a few ASCII characters
	 */
	public String text() {
		return this.text;
	}

	/**
	 * Return whether the event has been accepted.
	 * @return {@code true} if it must not be delivered again
	 */
	public boolean isAccepted() {
		return this == ACCEPTED;
	}

	/**
	 * Return the HTTP response for a handler method.
	 * @return status, text and headers
	 */
	public ResponseEntity<String> toResponseEntity() {
		return ResponseEntity.status(this.status)
			.contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.US_ASCII))
			.cacheControl(CacheControl.noStore())
			.body(this.text + "\n");
	}

}
