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

package io.github.polarspring.entitlement;

import java.time.Clock;
import java.time.Duration;

import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Times at which Polar cannot be read. After some failures in a row, only one read is
 * tried every few seconds, so that callers do not wait.
 */
final class Outage {

	private static final Log logger = LogFactory.getLog(Outage.class);

	private static final int FAILURES = 3;

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

	private final EntitlementStatistics statistics;

	private final Clock clock;

	private int failures;

	private volatile long until;

	Outage(EntitlementStatistics statistics, Clock clock) {
		this.statistics = statistics;
		this.clock = clock;
	}

	/**
	 * Return whether Polar must not be read now. The first caller after a pause reads.
	 */
	boolean isOpen() {
		long until = this.until;
		if (until == 0) {
			return false;
		}
		long now = this.clock.millis();
		if (now < until) {
			return true;
		}
		synchronized (this) {
			if (this.until != until) {
				return this.until != 0;
			}
			this.until = now + PAUSE.toMillis();
			return false;
		}
	}

	/**
	 * Record that a read failed.
	 * @return the failure
	 */
	synchronized Throwable failed(Throwable failure) {
		if (this.statistics.unavailable(this.clock.instant())) {
			logger.warn("Entitlements cannot be read from Polar. Until they can, users have what was read before, for"
					+ " up to 24 hours", failure);
		}
		this.failures++;
		if (this.failures >= FAILURES && !(failure instanceof PolarSaturationException)) {
			this.until = this.clock.millis() + pause(failure).toMillis();
		}
		return failure;
	}

	private static Duration pause(Throwable failure) {
		Duration retryAfter = (failure instanceof PolarRateLimitException rateLimit) ? rateLimit.getRetryAfter() : null;
		if (retryAfter == null || retryAfter.compareTo(PAUSE) < 0) {
			return PAUSE;
		}
		return (retryAfter.compareTo(MAX_PAUSE) < 0) ? retryAfter : MAX_PAUSE;
	}

	/**
	 * Record that a read succeeded.
	 */
	void over() {
		if (this.until == 0 && this.statistics.unavailableSince() == null) {
			return;
		}
		synchronized (this) {
			this.failures = 0;
			this.until = 0;
			if (this.statistics.available()) {
				logger.info("Entitlements can be read from Polar again");
			}
		}
	}

}
