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

/**
 * Takes the events that the endpoint has verified. By default they are handed to the
 * {@link PolarEventListener} methods at once; a bean of this type does something else
 * with them, such as putting them into a queue.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarWebhookInbox {

	/**
	 * Take an event. Called by several threads, and again for the same event: whenever
	 * Polar got no acknowledgement, or somebody asked for it to be sent again.
	 * @param event the event, whose signature is verified
	 * @return whether Polar may forget it
	 * @throws RuntimeException if it could not be taken: Polar sends it again later
	 */
	Receipt accept(PolarEvent<?> event);

	/**
	 * What Polar is told.
	 */
	enum Receipt {

		/**
		 * The event is taken, now or before.
		 */
		ACCEPTED,

		/**
		 * The event cannot be taken right now; Polar sends it again later.
		 */
		LATER

	}

}
