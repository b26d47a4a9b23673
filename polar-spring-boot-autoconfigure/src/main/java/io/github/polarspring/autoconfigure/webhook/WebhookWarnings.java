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

import io.github.polarspring.webhook.PolarEventListeners;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Logs warnings at startup about settings that prevent webhooks from being received.
 */
final class WebhookWarnings implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(WebhookWarnings.class);

	private static final String SECURITY_FILTER = "securityFilterChainRegistration";

	private final ApplicationContext applicationContext;

	private final PolarEventListeners listeners;

	private final String path;

	private final boolean present;

	WebhookWarnings(ApplicationContext applicationContext, PolarEventListeners listeners, String path,
			boolean present) {
		this.applicationContext = applicationContext;
		this.listeners = listeners;
		this.path = path;
		this.present = present;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (!this.present) {
			if (!this.listeners.isEmpty()) {
				logger.warn("There are @PolarEventListener methods, but the webhook endpoint is disabled. Set"
						+ " 'polar.webhook.secret' or the environment variable POLAR_WEBHOOK_SECRET");
			}
			return;
		}
		if (this.applicationContext.containsBean(SECURITY_FILTER)
				&& this.applicationContext
					.getBean(SECURITY_FILTER) instanceof DelegatingFilterProxyRegistrationBean registration
				&& registration.getOrder() <= WebhookEndpointConfiguration.FILTER_ORDER) {
			logger.warn("Spring Security's filter runs before the endpoint for Polar's webhooks at " + this.path
					+ " and may reject them. Set 'spring.security.filter.order' to a higher value; the default is -100");
		}
		if (ClassUtils.isPresent("org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping",
				getClass().getClassLoader())) {
			Handlers.warn(this.applicationContext, this.path);
		}
	}

	private static final class Handlers {

		static void warn(ApplicationContext applicationContext, String path) {
			applicationContext.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
				.values()
				.forEach((mapping) -> mapping.getHandlerMethods().forEach((info, handler) -> {
					// only identical paths: a warning does not justify parsing all kinds
					// of patterns
					boolean shadowed = info.getPatternValues().contains(path);
					if (shadowed) {
						logger.warn(
								"%s is never called: its path %s is the path of the endpoint for Polar's webhooks. Use"
									.formatted(handler.getBeanType().getName() + "#" + handler.getMethod().getName(),
											path)
										+ " @PolarEventListener instead, or set 'polar.webhook.path'");
					}
				}));
		}

	}

}
