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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Events that wait to be sent, and the turn to send them. The turn keeps instances from
 * sending the same events, and from sending too often. It is not a guarantee: Polar
 * counts an event that is sent twice only once. All times are milliseconds since 1970.
 */
interface UsageStore extends PolarUsageDeadLetters {

	/**
	 * Add an event, unless there is or was one with the same id.
	 * @param limited the meters on which enough must be left
	 * @return {@code false} if not enough is left, so that the event was not added
	 */
	boolean add(PendingEvent event, Instant now, Set<String> limited);

	/**
	 * Return the known balances of a customer by meter. In a transaction of the caller,
	 * this can be those of the time when the transaction began.
	 */
	Map<String, StoredBalance> balances(String customer);

	/**
	 * Replace balances by Polar's counts, unless they are based on newer ones, or a
	 * transaction is taking units from them.
	 * @param customer the customer
	 * @param counts the counts by meter
	 * @param readAt when they were read
	 * @param create whether to store balances that are not known yet
	 */
	void count(String customer, Map<String, MeterCount> counts, Instant readAt, boolean create);

	/**
	 * Delete the balances of a customer.
	 */
	void erase(String customer);

	boolean isEmpty();

	/**
	 * Delete everything.
	 */
	void clear();

	/**
	 * Return the events that have waited longest.
	 */
	List<PendingEvent> next(int limit);

	/**
	 * Remove events that Polar has. Their units are kept, until Polar has counted them.
	 * @param sentAt when the request began
	 */
	void sent(Collection<PendingEvent> events, Instant sentAt);

	/**
	 * Forget the units and keys of events that were sent before a time.
	 */
	void deleteSentBefore(Instant time);

	/**
	 * Move an event to the dead letters.
	 */
	void reject(PendingEvent event, String failure, Instant now);

	/**
	 * Take the turn, if no one has it.
	 * @param end when it ends, unless it is moved
	 */
	boolean take(long now, long end);

	/**
	 * Move the end of the turn, if it was not lost.
	 */
	boolean move(long end, long newEnd);

	PolarUsageTemplate.Backlog backlog(Instant now);

	/**
	 * Check that the store can be used.
	 */
	void check();

	/**
	 * Return whether events are lost with the application.
	 */
	boolean isVolatile();

}
