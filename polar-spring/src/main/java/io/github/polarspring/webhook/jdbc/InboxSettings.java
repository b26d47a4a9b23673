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

package io.github.polarspring.webhook.jdbc;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How a {@link JdbcWebhookInbox} works. Internal: not meant for applications.
 *
 * @param workers how many events this instance handles at a time, each with a connection
 * of its own. With 0 it only stores, for other instances
 * @param acknowledgeWithin how long an acknowledgement waits for the event to be done
 * @param holdFor how long an event that fails holds up its lane
 * @param pollInterval how often to look for what other instances left
 * @param keepPayload how long the body of an event is kept when it is done
 * @param keepId how long its id is kept
 * @since 0.1.0
 */
public record InboxSettings(int workers, Duration acknowledgeWithin, Duration holdFor, Duration pollInterval,
		Duration keepPayload, Duration keepId) {

	public InboxSettings {
		Assert.isTrue(workers >= 0, "workers must not be negative");
		Assert.isTrue(!acknowledgeWithin.isNegative(), "acknowledgeWithin must not be negative");
		Assert.isTrue(!holdFor.isNegative(), "holdFor must not be negative");
		Assert.isTrue(pollInterval.toMillis() > 0, "pollInterval must be 1 ms or more");
		Assert.isTrue(!keepPayload.isNegative(), "keepPayload must not be negative");
		Assert.isTrue(keepId.compareTo(keepPayload) >= 0, "keepId must not be shorter than keepPayload");
	}

}
