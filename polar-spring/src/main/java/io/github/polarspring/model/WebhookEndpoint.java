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

package io.github.polarspring.model;

import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Webhook endpoint, as it is configured at Polar.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/endpoints">Polar on webhook
 * endpoints</a>
 */
public final class WebhookEndpoint extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	WebhookEndpoint(Value value) {
		super(value);
	}

	/**
	 * Return the URL that Polar sends events to. Polar stores it normalized: with the
	 * host in lower case, without the default port, and with a path.
	 * @return the URL
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public String url() {
		return required("url", Form.TEXT);
	}

	/**
	 * Return the name for people.
	 * @return the name, or {@code null} if it has none
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the format of the events. Only {@link Format#RAW} can be received by an
	 * application.
	 * @return the format, or {@code null} if absent or unreadable
	 */
	public @Nullable Format format() {
		return read("format", Form.oneOf(Format.class));
	}

	/**
	 * Return the secret that Polar signs the events with.
	 * @return the secret, or {@code null} if absent or unreadable
	 */
	public @Nullable String secret() {
		return read("secret", Form.TEXT);
	}

	/**
	 * Return the organization whose events are sent.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID organizationId() {
		return read("organization_id", Form.ID);
	}

	/**
	 * Return the types of the events that are sent.
	 * @return an unmodifiable list, which can contain types that this version of the
	 * library does not know
	 */
	public List<String> events() {
		return list("events", Form.TEXT);
	}

	/**
	 * Return whether events are sent. Polar disables an endpoint after ten events in a
	 * row that it could not deliver.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean enabled() {
		return required("enabled", Form.FLAG);
	}

	/**
	 * Return the version of the API that the payloads conform to.
	 * @return such as {@code 2026-10}, or {@code null} if absent or unreadable
	 */
	public @Nullable String apiVersion() {
		return read("api_version", Form.TEXT);
	}

	/**
	 * Formats of events.
	 */
	public enum Format {

		/**
		 * JSON for applications.
		 */
		RAW,

		/**
		 * Messages for Discord.
		 */
		DISCORD,

		/**
		 * Messages for Slack.
		 */
		SLACK,

		/**
		 * Format that this version of the library does not know.
		 */
		UNKNOWN

	}

}
