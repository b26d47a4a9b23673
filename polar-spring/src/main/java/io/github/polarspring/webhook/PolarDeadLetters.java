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
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Events whose listeners failed for so long that they were parked: nobody handles them
 * until they are put back. There is a bean of this type; with the {@code direct} inbox
 * there are no dead letters. It can be called by any thread.
 *
 * @since 0.1.0
 */
public interface PolarDeadLetters {

	/**
	 * Return the dead letters, those that were parked first at the front.
	 * @param limit how many to return at most
	 * @return the dead letters
	 */
	List<DeadLetter> list(int limit);

	/**
	 * Return a dead letter.
	 * @param id id of the event
	 * @return the dead letter, empty if there is none with this id
	 */
	Optional<DeadLetter> find(String id);

	/**
	 * Return the event of a dead letter.
	 * @param id id of the event
	 * @return the event, empty if there is no dead letter with this id
	 * @throws PolarWebhookException if what is stored cannot be read
	 */
	Optional<PolarEvent<?>> read(String id);

	/**
	 * Put a dead letter back: the listeners that have not handled it are called for it
	 * again, soon. It comes after the events of its customer that wait already, and tells
	 * so by {@link PolarEvent#isOutOfOrder()} if there were later ones.
	 * @param id id of the event
	 * @return {@code false} if there is no dead letter with this id, or no listener for
	 * it
	 */
	boolean requeue(String id);

	/**
	 * Put all dead letters back, in the order in which they were parked.
	 * @return how many they were
	 */
	int requeueAll();

	/**
	 * An event that was parked. It has nothing of its payload.
	 *
	 * @param id id of the event
	 * @param type its type
	 * @param receivedAt when it came in first
	 * @param parkedAt when it was given up
	 * @param attempts how often it was tried since it was last put back
	 * @param failure which listener failed last, and the name of the exception's class;
	 * {@code null} if that is not known
	 */
	record DeadLetter(String id, String type, Instant receivedAt, Instant parkedAt, int attempts,
			@Nullable String failure) {

	}

}
