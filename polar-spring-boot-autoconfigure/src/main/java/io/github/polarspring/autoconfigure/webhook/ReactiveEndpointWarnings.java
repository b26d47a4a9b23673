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

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;

/**
 * Logs warnings at startup about the endpoint in a WebFlux application. Spring Security's
 * filter has a fixed order there, after the endpoint's.
 */
final class ReactiveEndpointWarnings implements Runnable {

	private static final boolean WEB_FLUX = ClassUtils.isPresent(
			"org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping",
			ReactiveEndpointWarnings.class.getClassLoader());

	private final ListableBeanFactory beanFactory;

	private final String path;

	ReactiveEndpointWarnings(ListableBeanFactory beanFactory, String path) {
		this.beanFactory = beanFactory;
		this.path = path;
	}

	@Override
	public void run() {
		if (WEB_FLUX) {
			Handlers.warn(this.beanFactory, this.path);
		}
	}

	private static final class Handlers {

		static void warn(ListableBeanFactory beanFactory, String path) {
			beanFactory.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
				.values()
				.forEach((mapping) -> mapping.getHandlerMethods()
					.forEach((info, handler) -> WebhookWarnings.warnIfShadowed(handler, info.getDirectPaths(), path)));
		}

	}

}
