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

import io.github.polarspring.usage.PolarUsageTemplate;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link AbstractHealthIndicator} that reports whether usage needs attention, because
 * Polar rejected an event or events wait for long.
 */
final class UsageHealthIndicator extends AbstractHealthIndicator {

	private final UsedUsage usage;

	UsageHealthIndicator(UsedUsage usage) {
		super("The usage events could not be read");
		this.usage = usage;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		PolarUsageTemplate used = this.usage.get();
		if (used == null) {
			builder.up();
			return;
		}
		PolarUsageTemplate.Backlog backlog = used.backlog();
		boolean degraded = backlog.deadLetters() > 0 || backlog.oldest().compareTo(InboxHealthIndicator.LAG) > 0;
		builder.status(degraded ? InboxHealthIndicator.DEGRADED : Status.UP)
			.withDetail("pending", backlog.pending())
			.withDetail("oldestAge", backlog.oldest().toString())
			.withDetail("deadLetters", backlog.deadLetters());
	}

}
