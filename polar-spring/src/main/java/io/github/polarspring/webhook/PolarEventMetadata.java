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

import java.time.Instant;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of an event: everything except its payload. A {@link PolarEventListener}
 * method can have a parameter of this type next to the payload.
 *
 * @since 0.1.0
 */
public final class PolarEventMetadata {

	private final PolarEvent<?> event;

	private PolarEventMetadata(PolarEvent<?> event) {
		this.event = event;
	}

	/**
	 * Return the metadata of an event.
	 * @param event the event
	 * @return the metadata
	 */
	public static PolarEventMetadata of(PolarEvent<?> event) {
		return new PolarEventMetadata(event);
	}

	/**
	 * Return the id of the event.
	 * @return the id, which stays the same when Polar sends the event again
	 */
	public String id() {
		return this.event.id();
	}

	/**
	 * Return the type of the event.
	 * @return such as {@code order.paid}
	 */
	public String type() {
		return this.event.type();
	}

	/**
	 * Return when the event happened.
	 * @return the time, or {@code null} if absent or unreadable
	 */
	public @Nullable Instant timestamp() {
		return this.event.timestamp();
	}

	/**
	 * Return the version of the API that the payload conforms to.
	 * @return such as {@code 2026-10}, or {@code null} if absent or unreadable
	 */
	public @Nullable String apiVersion() {
		return this.event.apiVersion();
	}

	/**
	 * Return who bought, see {@link PolarEvent#buyer()}.
	 * @return who bought, as far as the event tells
	 * @throws PolarDataException if a value that identifies the buyer is missing or
	 * cannot be read
	 */
	public Buyer buyer() {
		return this.event.buyer();
	}

	/**
	 * Return whether a later event of the same customer is known to have been handled
	 * before, see {@link PolarEvent#isOutOfOrder()}.
	 * @return {@code true} if so
	 */
	public boolean outOfOrder() {
		return this.event.isOutOfOrder();
	}

	/**
	 * Return whether a developer triggered the event for a test, see
	 * {@link PolarEvent#isTriggered()}.
	 * @return {@code true} if so
	 */
	public boolean triggered() {
		return this.event.isTriggered();
	}

	/**
	 * Return the type and the id only: everything else can be personal data.
	 */
	@Override
	public String toString() {
		return "PolarEventMetadata[type=" + type() + ", id=" + id() + "]";
	}

}
