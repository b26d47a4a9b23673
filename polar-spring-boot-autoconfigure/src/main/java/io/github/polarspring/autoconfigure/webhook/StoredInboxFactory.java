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

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookInbox;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Creates an inbox that stores events. Whether it is wanted is known when the application
 * runs, whether it is possible when it is built.
 */
@FunctionalInterface
interface StoredInboxFactory {

	PolarWebhookInbox create(PolarEventListeners listeners, ApplicationEventPublisher publisher);

	static StoredInboxFactory missing() {
		throw new PolarConfigurationException(
				"'polar.webhook.inbox' is 'jdbc', and the application has no Spring JDBC.",
				"Add the dependency 'spring-boot-starter-jdbc' (or '-data-jpa') and the driver of your database, or set"
						+ " 'polar.webhook.inbox: direct'.");
	}

}
