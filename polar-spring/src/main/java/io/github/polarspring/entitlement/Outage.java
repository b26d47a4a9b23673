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
import java.time.Instant;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Times at which Polar cannot be read. After some failures in a row, or if Polar asks for
 * it, only one read is tried every few seconds, so that callers do not wait.
 */
final class Outage {

	private static final Log logger = LogFactory.getLog(Outage.class);

	private static final int FAILURES = 3;

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

	private final EntitlementStatistics statistics;

	private final Clock clock;

	private Instant lastSuccess = Instant.MIN;

	private int failures;

	private volatile long until;

	Outage(EntitlementStatistics statistics, Clock clock) {
		this.statistics = statistics;
		this.clock = clock;
	}

	/**
	 * Return whether Polar can be read now. After a pause, only the first caller can.
	 */
	boolean permitsRead() {
		return this.until == 0 || permitsProbe();
	}

	private synchronized boolean permitsProbe() {
		long now = this.clock.millis();
		if (this.until != 0 && now < this.until) {
			return false;
		}
		if (this.until != 0) {
			this.until = now + PAUSE.toMillis();
		}
		return true;
	}

	/**
	 * Record that a read failed.
	 * @param startedAt when it began
	 * @param failure the failure
	 */
	synchronized void failed(Instant startedAt, Throwable failure) {
		// an earlier read says nothing about now, and unreadable data nothing about
		// others
		if (startedAt.isBefore(this.lastSuccess) || failure instanceof PolarDataException) {
			return;
		}
		this.failures++;
		if (this.failures < FAILURES && !(failure instanceof PolarRateLimitException)) {
			return;
		}
		if (this.statistics.unavailable(this.clock.instant())) {
			logger.warn("Entitlements cannot be read from Polar. Until they can, users have what was read before, for"
					+ " as long as 'polar.entitlements.stale-for'", failure);
		}
		if (!(failure instanceof PolarSaturationException)) {
			this.until = this.clock.millis() + pause(failure).toMillis();
		}
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
	synchronized void succeeded() {
		this.lastSuccess = this.clock.instant();
		this.failures = 0;
		this.until = 0;
		if (this.statistics.available()) {
			logger.info("Entitlements can be read from Polar again");
		}
	}

}
