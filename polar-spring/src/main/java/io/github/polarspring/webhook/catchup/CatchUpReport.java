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

package io.github.polarspring.webhook.catchup;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Result of a catch-up. Contains neither secrets nor personal data.
 *
 * @param since beginning of the time that was caught up on
 * @param until end of that time
 * @param dryRun whether nothing was passed to the inbox
 * @param complete whether everything was read and accepted. If not, run it again
 * @param calls number of calls to Polar
 * @param delivered number of events that need nothing, because they were delivered
 * @param known number of events that the inbox knew already
 * @param recovered events that Polar could not deliver and that were passed to the inbox
 * (with a dry run: would be), by type
 * @param rebuilt events that Polar never recorded and that were rebuilt from orders,
 * subscriptions, refunds and states, by type
 * @param failed events that the inbox did not accept, by type
 * @param notes what could not be recovered, and why the run is not complete
 * @since 0.1.0
 */
public record CatchUpReport(Instant since, Instant until, boolean dryRun, boolean complete, int calls, int delivered,
		int known, Map<String, Integer> recovered, Map<String, Integer> rebuilt, Map<String, Integer> failed,
		List<String> notes) {

	/**
	 * Create a report.
	 */
	public CatchUpReport {
		recovered = Collections.unmodifiableMap(new TreeMap<>(recovered));
		rebuilt = Collections.unmodifiableMap(new TreeMap<>(rebuilt));
		failed = Collections.unmodifiableMap(new TreeMap<>(failed));
		notes = List.copyOf(notes);
	}

}
