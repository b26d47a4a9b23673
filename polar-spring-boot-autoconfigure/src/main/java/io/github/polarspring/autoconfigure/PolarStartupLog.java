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

package io.github.polarspring.autoconfigure;

import java.net.URI;

import io.github.polarspring.client.PolarUrls;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.StringUtils;

/**
 * Logs the environment at startup, so that no one uses the sandbox in production, or
 * tests with real money, by accident.
 */
final class PolarStartupLog implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(PolarStartupLog.class);

	private final PolarProperties properties;

	private final PolarConnectionDetails connectionDetails;

	private final ListableBeanFactory beanFactory;

	PolarStartupLog(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ListableBeanFactory beanFactory) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (logger.isInfoEnabled()) {
			try {
				logger.info(line());
			}
			catch (RuntimeException ex) {
				// startup must not fail because a source of secrets is not available yet
				logger.info("Polar: %s is not available yet (%s), API version %s".formatted(
						this.connectionDetails.getClass().getName(), ex.getClass().getName(),
						this.properties.apiVersion()));
			}
		}
	}

	private String line() {
		String where = where();
		return (where != null)
				? "Polar: %s, API version %s, %s".formatted(where, this.properties.apiVersion(), webhooks())
				: "Polar is not configured: 'polar.access-token' is not set, %s".formatted(webhooks());
	}

	private @Nullable String where() {
		String description = this.connectionDetails.getDescription();
		if (description != null) {
			return description;
		}
		if (!StringUtils.hasText(this.connectionDetails.getAccessToken())) {
			return null;
		}
		URI baseUrl = this.connectionDetails.getBaseUrl();
		return "%s (%s)".formatted(PolarUrls.environment(baseUrl), baseUrl.getAuthority());
	}

	private String webhooks() {
		boolean endpoint = this.beanFactory.containsBean("polarWebhookFilter")
				|| this.beanFactory.containsBean("polarWebhookWebFilter");
		boolean secret = !this.connectionDetails.getWebhookSecrets().isEmpty();
		if (this.properties.webhook().listen() && !(endpoint && secret)) {
			return "webhooks from the event stream of the sandbox";
		}
		if (!endpoint) {
			return "no webhook endpoint";
		}
		return secret ? "webhooks at %s".formatted(this.properties.webhook().path())
				: "webhooks disabled ('polar.webhook.secret' is not set)";
	}

}
