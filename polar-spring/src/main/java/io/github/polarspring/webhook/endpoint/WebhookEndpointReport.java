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

package io.github.polarspring.webhook.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Result of comparing the webhook endpoint at Polar with what the application needs.
 * Contains no secrets.
 *
 * @param checkedAt when the endpoint was read
 * @param endpointId Polar's id of the endpoint, or {@code null} if there is none
 * @param url URL that Polar sends events to, without user, password and query, or
 * {@code null} if there is no endpoint
 * @param findings what differs, most severe first
 * @since 0.1.0
 */
public record WebhookEndpointReport(Instant checkedAt, @Nullable UUID endpointId, @Nullable String url,
		List<Finding> findings) {

	/**
	 * Create a report.
	 */
	public WebhookEndpointReport {
		findings = List.copyOf(findings);
	}

	/**
	 * Return whether the application receives all events that it needs.
	 * @return {@code true} if all findings are hints
	 */
	public boolean isHealthy() {
		return this.findings.stream().noneMatch((finding) -> finding.kind().isProblem());
	}

	/**
	 * Difference, with what to do about it.
	 *
	 * @param kind the kind
	 * @param message a few sentences for operators, without secrets and personal data
	 * @param details what the application, or a proxy in front of it, responded to Polar.
	 * Can contain anything, so it is not logged. {@code null} for most kinds
	 */
	public record Finding(Kind kind, String message, @Nullable String details) {

		Finding(Kind kind, String message) {
			this(kind, message, null);
		}

	}

	/**
	 * Kinds of findings.
	 */
	public enum Kind {

		/**
		 * There is no endpoint for this application.
		 */
		MISSING,

		/**
		 * The endpoint has another secret than the application.
		 */
		SECRET,

		/**
		 * The endpoint is disabled. Events that happen meanwhile are never sent.
		 */
		DISABLED,

		/**
		 * The format of the endpoint is not the one for applications.
		 */
		FORMAT,

		/**
		 * The endpoint is not subscribed to events that the application needs.
		 */
		MISSING_TYPES,

		/**
		 * Several endpoints send every event to the application.
		 */
		DOUBLED,

		/**
		 * The latest events could not be delivered.
		 */
		FAILURES,

		/**
		 * Events of the last day could not be delivered, but later ones were. A hint.
		 */
		MISSED,

		/**
		 * The payloads conform to another version of the API. A hint.
		 */
		API_VERSION,

		/**
		 * The endpoint is subscribed to events that nothing in the application handles. A
		 * hint.
		 */
		UNUSED_TYPES,

		/**
		 * The endpoint has another URL than the application. A hint: there can be a
		 * proxy.
		 */
		URL;

		/**
		 * Return whether the application misses events because of it.
		 * @return {@code false} for hints
		 */
		public boolean isProblem() {
			return this.compareTo(MISSED) < 0;
		}

	}

}
