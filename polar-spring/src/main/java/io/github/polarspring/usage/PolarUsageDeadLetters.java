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

package io.github.polarspring.usage;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Operations on the dead letters of usage: events that Polar rejected because of their
 * content. They are not sent again until they are requeued. Safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 */
public interface PolarUsageDeadLetters {

	/**
	 * Return the dead letters, oldest first.
	 * @param limit maximum number of dead letters to return
	 * @return the dead letters
	 */
	List<DeadLetter> list(int limit);

	/**
	 * Requeue a dead letter, to be sent again under the same id.
	 * @param id id of the event
	 * @return {@code false} if there is no dead letter with this id
	 */
	boolean requeue(String id);

	/**
	 * Requeue all dead letters.
	 * @return the number of requeued dead letters
	 */
	int requeueAll();

	/**
	 * Discard a dead letter, which is never billed then.
	 * @param id id of the event
	 * @return {@code false} if there is no dead letter with this id
	 */
	boolean discard(String id);

	/**
	 * Dead letter. It contains neither the customer nor the metadata of the event.
	 *
	 * @param id id of the event, which is its external id at Polar
	 * @param name name of the event
	 * @param timestamp when it happened
	 * @param deadSince when it became a dead letter
	 * @param failure what Polar rejected, {@code null} if unknown
	 */
	record DeadLetter(String id, String name, Instant timestamp, Instant deadSince, @Nullable String failure) {

	}

}
