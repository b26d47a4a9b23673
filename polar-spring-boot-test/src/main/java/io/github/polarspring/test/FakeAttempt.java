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

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to deliver an event.
 *
 * @param id the ID
 * @param createdAt the time of the response
 * @param event the event
 * @param url the URL to which the event was sent
 * @param number the number of the attempt, starting at 1
 * @param code the status of the response, or {@code null} if there was none
 * @param response the start of the response, or what went wrong; {@code null} for an
 * empty response
 */
record FakeAttempt(UUID id, Instant createdAt, FakeWebhook event, URI url, int number, @Nullable Integer code,
		@Nullable String response) {

	boolean succeeded() {
		return this.code != null && this.code / 100 == 2;
	}

	Delivery toDelivery() {
		return new Delivery(this.event.id.toString(), this.event.type, this.url, this.number,
				Objects.requireNonNullElse(this.code, 0), this.event.text());
	}

	/**
	 * Return the JSON, with fields that are only used by filters.
	 */
	Map<String, @Nullable Object> toJson() {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		json.put("created_at", this.createdAt);
		json.put("modified_at", null);
		json.put("id", this.id);
		json.put("succeeded", succeeded());
		json.put("http_code", this.code);
		json.put("response", this.response);
		json.put("webhook_event", this.event.toJson());
		FakeEndpoint endpoint = this.event.endpoint;
		json.put("#endpoint_id", endpoint.isDeleted() ? null : endpoint.id);
		json.put("#event_type", this.event.type);
		json.put("#http_code_class", (this.code != null) ? this.code / 100 + "xx" : null);
		json.put("#query", this.id + " " + this.event.id + " " + Objects.toString(this.code, ""));
		return json;
	}

}
