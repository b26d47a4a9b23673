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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Logs warnings at startup about the endpoint in a servlet application.
 */
final class ServletEndpointWarnings implements Runnable {

	private static final Log logger = LogFactory.getLog(WebhookWarnings.class);

	private static final String SECURITY_FILTER = "securityFilterChainRegistration";

	private static final boolean WEB_MVC = ClassUtils.isPresent(
			"org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping",
			ServletEndpointWarnings.class.getClassLoader());

	private final ListableBeanFactory beanFactory;

	private final String path;

	ServletEndpointWarnings(ListableBeanFactory beanFactory, String path) {
		this.beanFactory = beanFactory;
		this.path = path;
	}

	@Override
	public void run() {
		if (this.beanFactory.containsBean(SECURITY_FILTER)
				&& this.beanFactory
					.getBean(SECURITY_FILTER) instanceof DelegatingFilterProxyRegistrationBean registration
				&& registration.getOrder() <= WebhookEndpointConfiguration.FILTER_ORDER) {
			logger.warn("Spring Security's filter runs before the endpoint for Polar's webhooks at " + this.path
					+ " and may reject them. Set 'spring.security.filter.order' to a higher value; the default is -100");
		}
		if (WEB_MVC) {
			Handlers.warn(this.beanFactory, this.path);
		}
	}

	private static final class Handlers {

		static void warn(ListableBeanFactory beanFactory, String path) {
			beanFactory.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
				.values()
				.forEach((mapping) -> mapping.getHandlerMethods()
					.forEach(
							(info, handler) -> WebhookWarnings.warnIfShadowed(handler, info.getPatternValues(), path)));
		}

	}

}
