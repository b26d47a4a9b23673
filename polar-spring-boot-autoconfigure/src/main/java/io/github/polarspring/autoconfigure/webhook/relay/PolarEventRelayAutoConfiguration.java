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

package io.github.polarspring.autoconfigure.webhook.relay;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.webhook.PolarReceivers;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.client.PolarClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the relay of Polar's event
 * stream in the sandbox.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarWebhookAutoConfiguration.class)
@ConditionalOnBooleanProperty("polar.webhook.listen")
@ConditionalOnBean(PolarReceivers.class)
public final class PolarEventRelayAutoConfiguration {

	/**
	 * Never lazy, even with {@code spring.main.lazy-initialization}, because nothing else
	 * needs it.
	 */
	@Bean
	@Lazy(false)
	EventRelayLifecycle polarEventRelayLifecycle(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ObjectProvider<PolarClient> client, ObjectProvider<PolarReceivers> receivers) {
		return new EventRelayLifecycle(properties, connectionDetails, client, receivers);
	}

}
