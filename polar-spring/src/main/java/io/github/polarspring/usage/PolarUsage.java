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

import java.util.Map;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;

/**
 * Operations to record usage, which Polar counts with its meters and bills:
 *
 * <pre class="code">
 * usage.record("submission", Map.of("form", form.id()));
 * </pre>
 *
 * A recorded event is sent to Polar shortly afterwards, together with others. With a
 * database, it is stored in the transaction of the caller: it is recorded if the
 * transaction is committed, and counted exactly once. Without one, it waits in memory and
 * is lost if the application crashes.
 * <p>
 * Quotas are balances of {@linkplain PolarMeters configured meters}. Polar counts usage
 * late, so a balance is Polar's minus what Polar has not counted yet.
 * <p>
 * Recording does not call Polar. The other methods wait for Polar if the balance is not
 * known or too old, but no longer than the configured time. Safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 */
public interface PolarUsage {

	/**
	 * Record an event. If it does not name a customer, it is one of the user of the
	 * current request.
	 * @param event the event
	 * @throws IllegalArgumentException if the time of the event is in the future
	 * @throws PolarLoginRequiredException if the event does not name a customer and no
	 * user is signed in
	 * @throws PolarIdentityException if the user cannot be determined
	 * @throws PolarUsageQueueFullException if events wait in memory, and too many do
	 * @throws org.springframework.dao.DataAccessException if events are stored in the
	 * database, and it fails
	 */
	void record(UsageEvent event);

	/**
	 * Record an event of the user of the current request, which happened now.
	 * @param name name of the event, as in the filter of the meter
	 * @param metadata see {@link UsageEvent.Builder#metadata(Map)}
	 * @throws IllegalArgumentException if a value cannot be sent to Polar
	 * @see #record(UsageEvent)
	 */
	default void record(String name, Map<String, ?> metadata) {
		record(UsageEvent.builder(name).metadata(metadata).build());
	}

	/**
	 * Return what the user of the current request has left on a meter.
	 * @param meter a name in {@code polar.usage.meters}
	 * @return the balance
	 * @throws PolarConfigurationException if there is no such meter
	 * @throws PolarLoginRequiredException if no user is signed in
	 * @throws PolarIdentityException if the user cannot be determined
	 * @throws PolarEntitlementsUnavailableException if it is not known, because Polar
	 * cannot be read now
	 */
	MeterBalance balance(String meter);

	/**
	 * Return what a customer has left on a meter.
	 * @param meter a name in {@code polar.usage.meters}
	 * @param externalCustomerId id of the user or the team in the application
	 * @return the balance. Nothing is left to a customer who does not exist at Polar
	 * @throws PolarConfigurationException if there is no such meter
	 * @throws PolarEntitlementsUnavailableException if it is not known, because Polar
	 * cannot be read now
	 */
	MeterBalance balance(String meter, String externalCustomerId);

	/**
	 * Record an event if its customer has enough left on all configured meters that count
	 * it. With a database, several callers never use the same units, regardless of their
	 * instance. Without one, each instance knows only the events that it has recorded
	 * itself, until Polar has counted those of the others.
	 * @param event the event
	 * @return {@code false} if not enough is left, so that the event was not recorded. If
	 * an event with the same key was recorded before, {@code true}
	 * @throws PolarConfigurationException if no configured meter counts the event, or its
	 * metadata lacks the property that the meter adds up
	 * @throws PolarEntitlementsUnavailableException if it is not known how much is left,
	 * because Polar cannot be read now. The meter can be configured to allow it then
	 * @see #record(UsageEvent)
	 */
	boolean tryRecord(UsageEvent event);

	/**
	 * Record an event if its customer has enough left on all configured meters that count
	 * it.
	 * @param event the event
	 * @throws PolarQuotaExceededException if not enough is left
	 * @see #tryRecord
	 */
	void consume(UsageEvent event);

	/**
	 * Use units of the user of the current request if enough are left, and record an
	 * event with them.
	 * @param meter a name in {@code polar.usage.meters}, with the name of an event
	 * @param units the number of units, 1 if the meter counts events
	 * @return {@code false} if not enough is left, so that no event was recorded
	 * @throws IllegalArgumentException if the number of units is not positive, or the
	 * meter counts events and it is not 1
	 * @throws PolarConfigurationException if there is no such meter, or it has no event
	 * @see #tryRecord
	 */
	boolean tryConsume(String meter, long units);

	/**
	 * Use units of the user of the current request, and record an event with them.
	 * @param meter a name in {@code polar.usage.meters}, with the name of an event
	 * @param units the number of units, 1 if the meter counts events
	 * @throws PolarQuotaExceededException if not enough is left
	 * @see #tryConsume
	 */
	void consume(String meter, long units);

}
