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

package io.github.polarspring.web.reactive;

import java.util.function.Supplier;

import io.github.polarspring.webhook.PolarWebhookReceiver;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.server.WebFilter;

/**
 * Webhook endpoint in a WebFlux application, with or without Spring Security. Internal:
 * not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarWebhookEndpoint {

	private PolarWebhookEndpoint() {
	}

	/**
	 * Create the filter that receives webhooks. It must run before Spring Security:
	 * webhooks are authenticated by the signature of the raw bytes, without a session or
	 * a CSRF token. Events are accepted on {@link Schedulers#boundedElastic()}.
	 * @param receiver returns the receiver, called off the event loop until it has
	 * returned it
	 * @param path path of the endpoint within the base path of the application
	 * @return a filter that does not invoke the rest of the chain for this path
	 */
	public static WebFilter filter(Supplier<PolarWebhookReceiver> receiver, String path) {
		return new PolarWebhookFilter(receiver, path, Schedulers.boundedElastic()::schedule,
				PolarWebhookFilter.BODY_TIMEOUT);
	}

}
