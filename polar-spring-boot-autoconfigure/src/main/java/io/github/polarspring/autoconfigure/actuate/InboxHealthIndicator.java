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

import java.time.Duration;

import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link AbstractHealthIndicator} that reports whether the inbox needs attention. The
 * status is {@code DEGRADED} in that case, not {@code DOWN}, because taking the instance
 * out of service would not help.
 */
final class InboxHealthIndicator extends AbstractHealthIndicator {

	static final Status DEGRADED = new Status("DEGRADED", "Needs attention");

	/**
	 * Longer than the processing of an event takes without failures.
	 */
	static final Duration LAG = Duration.ofMinutes(1);

	private final StoredInbox inbox;

	InboxHealthIndicator(StoredInbox inbox) {
		super("The inbox for Polar's webhooks could not be read");
		this.inbox = inbox;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		JdbcWebhookInbox stored = this.inbox.get();
		if (stored == null) {
			builder.up();
			return;
		}
		JdbcWebhookInbox.Backlog backlog = stored.backlog();
		boolean degraded = backlog.deadLetters() > 0 || backlog.oldest().compareTo(LAG) > 0;
		builder.status(degraded ? DEGRADED : Status.UP)
			.withDetail("pending", backlog.pending())
			.withDetail("oldestAge", backlog.oldest().toString())
			.withDetail("blockedCustomers", backlog.blockedCustomers())
			.withDetail("deadLetters", backlog.deadLetters());
	}

}
