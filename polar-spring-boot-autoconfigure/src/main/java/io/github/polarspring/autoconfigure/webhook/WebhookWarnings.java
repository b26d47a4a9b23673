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

package io.github.polarspring.autoconfigure.webhook;

import java.util.Set;

import io.github.polarspring.webhook.PolarEventListeners;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.HandlerMethod;

/**
 * Logs warnings at startup about settings that prevent webhooks from being received by
 * the endpoint of a web application.
 */
final class WebhookWarnings implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(WebhookWarnings.class);

	private final PolarEventListeners listeners;

	private final boolean enabled;

	private final Runnable endpointWarnings;

	WebhookWarnings(PolarEventListeners listeners, boolean enabled, Runnable endpointWarnings) {
		this.listeners = listeners;
		this.enabled = enabled;
		this.endpointWarnings = endpointWarnings;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.enabled) {
			this.endpointWarnings.run();
		}
		else if (!this.listeners.isEmpty()) {
			logger.warn("There are @PolarEventListener methods, but the webhook endpoint is disabled. Set"
					+ " 'polar.webhook.secret' or the environment variable POLAR_WEBHOOK_SECRET");
		}
	}

	/**
	 * Log a warning if a handler method has the path of the endpoint. Only identical
	 * paths: a warning does not justify parsing all kinds of patterns.
	 */
	static void warnIfShadowed(HandlerMethod handler, Set<String> paths, String path) {
		if (paths.contains(path)) {
			logger.warn("%s is never called: its path %s is the path of the endpoint for Polar's webhooks. Use"
				.formatted(handler.getBeanType().getName() + "#" + handler.getMethod().getName(), path)
					+ " @PolarEventListener instead, or set 'polar.webhook.path'");
		}
	}

}
