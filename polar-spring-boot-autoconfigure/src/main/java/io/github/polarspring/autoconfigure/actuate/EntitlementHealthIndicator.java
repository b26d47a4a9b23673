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

import java.time.Instant;

import io.github.polarspring.entitlement.EntitlementStatistics;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * {@link AbstractHealthIndicator} that reports whether entitlements are older than usual,
 * because Polar cannot be read. The status is always {@code UP}: users keep what they
 * have, and taking the instance out of service would not help.
 */
final class EntitlementHealthIndicator extends AbstractHealthIndicator {

	private final EntitlementStatistics statistics;

	EntitlementHealthIndicator(EntitlementStatistics statistics) {
		this.statistics = statistics;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		Instant since = this.statistics.unavailableSince();
		if (since != null) {
			builder.withDetail("unavailableSince", since.toString())
				.withDetail("serving", "States that were read before, and the default limits for users without one");
		}
	}

}
