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

package io.github.polarspring.autoconfigure.webhook.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport;
import io.github.polarspring.webhook.endpoint.WebhookEndpointReport.Finding;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Checks the webhook endpoint at Polar in the background, when the application has
 * started and then at intervals, and logs what has changed since the last check. Polar
 * does not tell an application that its endpoint was disabled.
 */
final class WebhookEndpointCheck implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

	private static final Log logger = LogFactory.getLog(WebhookEndpointCheck.class);

	private final Duration interval;

	private final BooleanSupplier configured;

	private final Supplier<PolarWebhookEndpoints> endpoints;

	private @Nullable ScheduledExecutorService executor;

	private @Nullable List<Finding> reported;

	private @Nullable String failure;

	WebhookEndpointCheck(Duration interval, BooleanSupplier configured, Supplier<PolarWebhookEndpoints> endpoints) {
		this.interval = interval;
		this.configured = configured;
		this.endpoints = endpoints;
	}

	@Override
	public synchronized void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.interval.isZero() || this.executor != null) {
			return;
		}
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "polar-endpoint-check");
			thread.setDaemon(true);
			return thread;
		});
		executor.scheduleWithFixedDelay(this::check, 0, this.interval.toMillis(), TimeUnit.MILLISECONDS);
		this.executor = executor;
	}

	private void check() {
		try {
			if (this.configured.getAsBoolean()) {
				log(this.endpoints.get().check());
			}
		}
		catch (RuntimeException ex) {
			String failure = String.valueOf(ex.getMessage());
			if (!failure.equals(this.failure)) {
				logger.info("The webhook endpoint at Polar was not checked. %s%s".formatted(failure,
						failure.endsWith(".") ? "" : ".")
						+ " To omit this check, set 'polar.webhook.check-interval: 0'");
			}
			this.failure = failure;
		}
	}

	private void log(WebhookEndpointReport report) {
		this.failure = null;
		if (report.findings().equals(this.reported)) {
			return;
		}
		for (Finding finding : report.findings()) {
			String message = "Webhook endpoint at Polar: " + finding.message();
			if (finding.kind().isProblem()) {
				logger.warn(message);
			}
			else {
				logger.debug(message);
			}
		}
		if (report.isHealthy()) {
			logger.info("Polar sends its events to " + report.url());
		}
		this.reported = report.findings();
	}

	@Override
	public synchronized void destroy() {
		if (this.executor != null) {
			this.executor.shutdownNow();
		}
	}

}
