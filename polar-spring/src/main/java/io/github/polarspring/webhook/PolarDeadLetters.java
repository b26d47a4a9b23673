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
 * Operations on dead letters: events whose listeners failed for so long that they are no
 * longer retried. They are not handled until they are requeued. A bean of this type is
 * always available; with the {@code direct} inbox, there are no dead letters. Safe for
 * use by multiple threads.
 *
 * @since 0.1.0
 */
public interface PolarDeadLetters {

	/**
	 * Return the dead letters, oldest first.
	 * @param limit maximum number of dead letters to return
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
	 * @throws PolarWebhookException if the stored event cannot be read
	 */
	Optional<PolarEvent<?>> read(String id);

	/**
	 * Requeue a dead letter: the listeners that have not handled it will be called again
	 * shortly, after the pending events of the same customer. If there were later events,
	 * {@link PolarEvent#isOutOfOrder()} returns {@code true}.
	 * @param id id of the event
	 * @return {@code false} if there is no dead letter with this id, or no listener for
	 * it
	 */
	boolean requeue(String id);

	/**
	 * Requeue all dead letters, oldest first.
	 * @return the number of requeued dead letters
	 */
	int requeueAll();

	/**
	 * Dead letter. It does not contain the payload of the event.
	 *
	 * @param id id of the event
	 * @param type type of the event
	 * @param receivedAt when the event was first received
	 * @param deadSince when it became a dead letter
	 * @param attempts number of attempts since it was last requeued
	 * @param failure listener that failed last, and the class name of the exception;
	 * {@code null} if unknown
	 */
	record DeadLetter(String id, String type, Instant receivedAt, Instant deadSince, int attempts,
			@Nullable String failure) {

	}

}
