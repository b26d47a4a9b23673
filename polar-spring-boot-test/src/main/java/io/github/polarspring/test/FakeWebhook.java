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

package io.github.polarspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An event for an endpoint. Guarded by the lock of {@link FakeWebhookLog}.
 */
final class FakeWebhook {

	final UUID id = UUID.randomUUID();

	final String type;

	final FakeEndpoint endpoint;

	final byte[] body;

	/**
	 * Whether the body is changed after it was signed, for the first attempt.
	 */
	final boolean corrupt;

	/**
	 * Age of the timestamp.
	 */
	final Duration age;

	/**
	 * What caused the event.
	 */
	final String cause;

	private final String apiVersion;

	private final Instant createdAt = FakeEndpoint.now();

	private @Nullable Instant modifiedAt;

	private @Nullable Integer lastCode;

	private @Nullable Boolean succeeded;

	private boolean skipped;

	private boolean archived;

	private int attempts;

	private int retries;

	FakeWebhook(String type, FakeEndpoint endpoint, byte[] body, boolean corrupt, Duration age, String cause) {
		this.type = type;
		this.endpoint = endpoint;
		this.body = body;
		this.corrupt = corrupt;
		this.age = age;
		this.cause = cause;
		this.apiVersion = endpoint.apiVersion();
	}

	/**
	 * Start an attempt.
	 * @param retry whether this is a retry. A retry of an event that was skipped is not
	 * sent
	 * @return the number of the attempt, or 0 if nothing is sent
	 */
	int begin(boolean retry) {
		if (this.archived || (retry && this.skipped)) {
			return 0;
		}
		if (!this.endpoint.isEnabled()) {
			skip();
			return 0;
		}
		// a redelivery can be retried again
		this.skipped = false;
		this.attempts++;
		this.retries += retry ? 1 : 0;
		return this.attempts;
	}

	/**
	 * Finish an attempt.
	 * @param last whether a failure is not retried
	 */
	void finish(FakeAttempt attempt, boolean last) {
		if (attempt.code() != null) {
			this.lastCode = attempt.code();
			this.modifiedAt = FakeEndpoint.now();
		}
		if (attempt.succeeded()) {
			this.succeeded = true;
		}
		else if (last && this.succeeded == null) {
			this.succeeded = false;
			this.modifiedAt = FakeEndpoint.now();
		}
	}

	/**
	 * Pretend that attempts were made, or that the event was given up.
	 */
	void pretend(int attempts, boolean givenUp) {
		this.attempts = attempts;
		this.succeeded = givenUp ? Boolean.FALSE : null;
	}

	void skip() {
		this.skipped = true;
		this.modifiedAt = FakeEndpoint.now();
	}

	void archive() {
		this.archived = true;
		this.modifiedAt = FakeEndpoint.now();
	}

	/**
	 * Return whether the endpoint has received the event, or {@code null} as long as
	 * there can be further attempts.
	 */
	@Nullable Boolean succeeded() {
		return this.succeeded;
	}

	/**
	 * Return whether the event was sent again, other than as a retry.
	 */
	boolean isDuplicate() {
		return this.attempts - this.retries > 1;
	}

	String apiVersion() {
		return this.apiVersion;
	}

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", this.modifiedAt);
		json.put("id", this.id);
		json.put("last_http_code", this.lastCode);
		json.put("succeeded", this.succeeded);
		json.put("skipped", this.skipped);
		json.put("payload", this.archived ? null : text());
		json.put("type", this.type);
		json.put("is_archived", this.archived);
		json.put("api_version", this.apiVersion);
		return json;
	}

}
