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

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which missed events to catch up on. Immutable.
 *
 * @param since time of the earliest change to catch up on, or {@code null} for two hours
 * before the end of the last complete run, or seven days ago if there was none. A run
 * that begins later than that end leaves a gap, so it does not count as the last one
 * @param until time up to which to catch up, or {@code null} for now. Use it to divide a
 * long time into several runs
 * @param dryRun whether to only report what would be done
 * @param deliveredToo whether to also process events that were delivered, as far as the
 * inbox does not know them. Use it after the database was restored from a backup
 * @since 0.1.0
 */
public record CatchUpRequest(@Nullable Instant since, @Nullable Instant until, boolean dryRun, boolean deliveredToo) {

	/**
	 * Return a request for everything since the last complete run.
	 * @return the request
	 */
	public static CatchUpRequest sinceLastRun() {
		return new CatchUpRequest(null, null, false, false);
	}

	/**
	 * Return a request for everything since a time.
	 * @param since the time. Polar keeps payloads for 90 days
	 * @return the request
	 */
	public static CatchUpRequest since(Instant since) {
		Assert.notNull(since, "since must not be null");
		return new CatchUpRequest(since, null, false, false);
	}

	/**
	 * Return the same request, up to a time.
	 * @param until the time
	 * @return the request
	 */
	public CatchUpRequest until(Instant until) {
		Assert.notNull(until, "until must not be null");
		return new CatchUpRequest(this.since, until, this.dryRun, this.deliveredToo);
	}

	/**
	 * Return the same request, which changes nothing.
	 * @return the request
	 */
	public CatchUpRequest asDryRun() {
		return new CatchUpRequest(this.since, this.until, true, this.deliveredToo);
	}

	/**
	 * Return the same request, with the events that were delivered.
	 * @return the request
	 */
	public CatchUpRequest withDelivered() {
		return new CatchUpRequest(this.since, this.until, this.dryRun, true);
	}

}
