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
 * No method calls Polar. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface PolarUsage {

	/**
	 * Record an event. If it does not name a customer, it is one of the user of the
	 * current request.
	 * @param event the event
	 * @throws IllegalArgumentException if the time of the event is in the future
	 * @throws io.github.polarspring.PolarLoginRequiredException if the event does not
	 * name a customer and no user is signed in
	 * @throws io.github.polarspring.PolarIdentityException if the user cannot be
	 * determined
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

}
