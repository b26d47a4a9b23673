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

import java.util.List;
import java.util.function.Supplier;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Strategy for accepting the events that a {@link PolarWebhookReceiver} has verified. By
 * default, they are passed to the {@link PolarEventListener} methods immediately. A bean
 * of this type replaces the default, for example to put the events into a queue.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarWebhookInbox {

	/**
	 * Accept an event. Called by multiple threads, and again for the same event if Polar
	 * received no acknowledgment or a redelivery was requested.
	 * @param event the event, whose signature is verified
	 * @return whether the event needs no redelivery
	 * @throws RuntimeException if it could not be accepted. Polar redelivers it later
	 */
	Receipt accept(PolarEvent<?> event);

	/**
	 * Return whether an event is known, for the catch-up of missed events. It is known if
	 * it was accepted, or if the listeners would handle the same occurrence again: if the
	 * event is {@linkplain PolarEvent#isRebuilt() rebuilt}, and another one of its type
	 * about the same object was accepted.
	 * @param event the event
	 * @return {@code true} if so, {@code false} if the inbox cannot tell. By default,
	 * {@code false}
	 */
	default boolean isKnown(PolarEvent<?> event) {
		return false;
	}

	/**
	 * Return whether {@link #isKnown} also takes into account what was accepted by other
	 * instances and before a restart.
	 * @return {@code true} if so. By default, {@code false}
	 */
	default boolean isDurable() {
		return false;
	}

	/**
	 * Create an inbox that calls the listeners while Polar waits, and relies on Polar to
	 * redeliver the event if a listener fails. This inbox does not call listeners that
	 * succeeded again. Afterwards, the event is published as an application event.
	 * @param listeners the listeners to call
	 * @param publisher publishes the application events
	 * @return the inbox
	 */
	static PolarWebhookInbox direct(PolarEventListeners listeners, ApplicationEventPublisher publisher) {
		return direct(listeners, publisher, List::of);
	}

	/**
	 * Create an inbox as {@link #direct(PolarEventListeners, ApplicationEventPublisher)}
	 * does, which calls recorders before the listeners.
	 * @param listeners the listeners to call
	 * @param publisher publishes the application events
	 * @param recorders supplies the recorders for each event
	 * @return the inbox
	 */
	static PolarWebhookInbox direct(PolarEventListeners listeners, ApplicationEventPublisher publisher,
			Supplier<List<PolarEventRecorder>> recorders) {
		return new DirectWebhookInbox(listeners, new PolarEventAnnouncements(publisher, recorders), recorders);
	}

	/**
	 * Result of passing an event to an inbox.
	 */
	enum Receipt {

		/**
		 * The event was accepted, now or previously.
		 */
		ACCEPTED,

		/**
		 * The event cannot be accepted at present. Polar redelivers it later.
		 */
		LATER

	}

}
