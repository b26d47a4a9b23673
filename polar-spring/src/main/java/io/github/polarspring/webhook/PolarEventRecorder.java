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

import java.util.Set;

/**
 * Strategy to record that something has changed at Polar, before the listeners are called
 * and regardless of whether there are any. All beans of this type are called once for
 * each event. With the inbox in the database, they are called in the transaction that
 * stores the event, so that what they write to the same database is committed with it. If
 * that transaction conflicts with another one, for example because of a
 * {@link org.springframework.dao.DuplicateKeyException}, it is rolled back, and they are
 * called again in a new one. Must not call Polar, and must return immediately.
 * <p>
 * A {@link PolarWebhookInbox} of the application has to call the recorders itself.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarEventRecorder {

	/**
	 * Record an event, whose signature is verified.
	 * @param event the event
	 * @throws RuntimeException if it cannot be recorded. With the inbox in the database,
	 * the event is then not stored, and Polar redelivers it. Otherwise, the exception is
	 * logged
	 */
	void record(PolarEvent<?> event);

	/**
	 * Return the types of the events that must not be missed, which the webhook endpoint
	 * at Polar therefore has to be subscribed to.
	 * @return the types, none by default
	 */
	default Set<String> types() {
		return Set.of();
	}

	/**
	 * Return whether events of a type are useful, in which case the check of the webhook
	 * endpoint does not propose to unsubscribe from it.
	 * @param type the type
	 * @return {@code true} if {@link #record} uses them. By default, {@code true}
	 */
	default boolean uses(String type) {
		return true;
	}

}
