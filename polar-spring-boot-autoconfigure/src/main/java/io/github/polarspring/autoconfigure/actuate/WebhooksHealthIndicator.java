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

import java.util.function.Supplier;

import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of the webhook endpoint at Polar, as of its last check. Does not call Polar.
 */
final class WebhooksHealthIndicator extends AbstractHealthIndicator {

	private final Supplier<PolarWebhookEndpoints> endpoints;

	WebhooksHealthIndicator(Supplier<PolarWebhookEndpoints> endpoints) {
		super("The webhook endpoint at Polar could not be checked");
		this.endpoints = endpoints;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		WebhookEndpointReport report = latest();
		if (report == null) {
			builder.unknown().withDetail("reason", "The webhook endpoint at Polar was not checked yet");
			return;
		}
		builder.status(report.isHealthy() ? Status.UP : InboxHealthIndicator.DEGRADED)
			.withDetail("checkedAt", report.checkedAt().toString())
			.withDetail("findings", report.findings().stream().map(Finding::kind).toList());
	}

	private @Nullable WebhookEndpointReport latest() {
		try {
			return this.endpoints.get().latest().orElse(null);
		}
		catch (BeansException ex) {
			// the access token is missing, which does not concern webhooks
			return null;
		}
	}

}
