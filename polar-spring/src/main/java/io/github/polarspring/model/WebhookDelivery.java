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

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Attempt of Polar to deliver an event to a webhook endpoint.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/webhooks/delivery">Polar on
 * deliveries</a>
 */
public final class WebhookDelivery extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	WebhookDelivery(Value value) {
		super(value);
	}

	/**
	 * Return when the attempt was made.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	@Override
	public Instant createdAt() {
		return required("created_at", Form.TIME);
	}

	/**
	 * Return whether this attempt was acknowledged.
	 * @return {@code true} if so
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public boolean succeeded() {
		return required("succeeded", Form.FLAG);
	}

	/**
	 * Return the status of the response.
	 * @return the status code, or {@code null} if there was no response
	 */
	public @Nullable Integer httpCode() {
		return read("http_code", Form.INTEGER);
	}

	/**
	 * Return the beginning of the response of the application or of a proxy, or the
	 * network error. Can contain anything.
	 * @return at most 2048 characters, or {@code null} if the response was empty or is no
	 * longer stored
	 */
	public @Nullable String response() {
		return read("response", Form.TEXT);
	}

	/**
	 * Return the event.
	 * @throws PolarDataException if it is missing or cannot be read
	 */
	public Event event() {
		return required("webhook_event", Form.object(Event::new));
	}

	/**
	 * Event for one endpoint.
	 */
	public static final class Event extends IdentifiedResource {

		Event(Value value) {
			super(value);
		}

		/**
		 * Return the type.
		 * @return such as {@code order.paid}
		 * @throws PolarDataException if it is missing or cannot be read
		 */
		public String type() {
			return required("type", Form.TEXT);
		}

		/**
		 * Return the body that was signed.
		 * @return the JSON text, or {@code null} if the event is archived
		 */
		public @Nullable String payload() {
			return read("payload", Form.TEXT);
		}

		/**
		 * Return whether any attempt was acknowledged.
		 * @return {@code false} if Polar has given up, {@code null} if it has not yet, or
		 * never tried
		 */
		public @Nullable Boolean succeeded() {
			return read("succeeded", Form.FLAG);
		}

		/**
		 * Return whether Polar stopped sending the event because the endpoint was
		 * disabled.
		 * @return {@code true} if so
		 */
		public boolean skipped() {
			return flag("skipped");
		}

		/**
		 * Return whether Polar has deleted the payload, as it does after 90 days.
		 * @return {@code true} if so
		 */
		public boolean archived() {
			return flag("is_archived");
		}

	}

}
