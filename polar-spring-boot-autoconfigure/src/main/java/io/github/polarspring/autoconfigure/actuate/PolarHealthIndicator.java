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

package io.github.polarspring.autoconfigure.actuate;

import io.github.polarspring.client.RecentCalls;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link AbstractHealthIndicator} based on the application's recent calls to Polar. The
 * status is never {@code DOWN}: no one can buy while Polar is unavailable, and taking the
 * instance out of service would not change that.
 */
final class PolarHealthIndicator extends AbstractHealthIndicator {

	/**
	 * One in this number of calls may fail.
	 */
	private static final int TOLERATED = 10;

	private static final int IN_A_ROW = 3;

	private final RecentCalls recentCalls;

	PolarHealthIndicator(RecentCalls recentCalls) {
		super("The recent calls to Polar are not available");
		this.recentCalls = recentCalls;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		RecentCalls.Summary summary = this.recentCalls.summary();
		if (summary.lastCall() == null) {
			builder.unknown().withDetail("reason", "Polar has not been called yet");
			return;
		}
		builder.status(status(summary))
			.withDetail("calls", summary.calls())
			.withDetail("failures", summary.failures())
			.withDetail("lastCall", summary.lastCall().toString());
		if (summary.lastFailure() != null && summary.lastFailureKind() != null) {
			builder.withDetail("lastFailure", summary.lastFailureKind())
				.withDetail("lastFailureAt", summary.lastFailure().toString());
		}
	}

	private static Status status(RecentCalls.Summary summary) {
		int failures = summary.failures().values().stream().mapToInt(Integer::intValue).sum();
		boolean recent = summary.calls() > 0
				&& (failures * TOLERATED > summary.calls() || summary.consecutiveFailures() >= IN_A_ROW);
		if (summary.persistent() || recent) {
			return InboxHealthIndicator.DEGRADED;
		}
		// the failure may be over: there were no calls since
		return (summary.calls() == 0 && summary.consecutiveFailures() > 0) ? Status.UNKNOWN : Status.UP;
	}

}
