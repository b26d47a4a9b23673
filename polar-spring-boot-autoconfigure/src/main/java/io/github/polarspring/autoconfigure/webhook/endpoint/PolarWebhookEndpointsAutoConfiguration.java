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

import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarEventTypes;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints.Needs;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the check of the webhook
 * endpoint at Polar. The bean is created lazily, because it needs the access token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class })
@ConditionalOnBean(PolarEventListeners.class)
public final class PolarWebhookEndpointsAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarWebhookEndpoints polarWebhookEndpoints(PolarClient client, PolarProperties properties,
			PolarConnectionDetails connectionDetails, PolarEventListeners listeners,
			ObjectProvider<PolarEventRecorder> recorders, Environment environment, ObjectProvider<Clock> clock) {
		String basePath = environment.getProperty("server.servlet.context-path",
				environment.getProperty("spring.webflux.base-path", ""));
		String path = basePath + properties.webhook().path();
		return new PolarWebhookEndpoints(client.forChecks(), () -> {
			Set<String> types = new LinkedHashSet<>(listeners.types());
			recorders.orderedStream().map(PolarEventRecorder::types).forEach(types::addAll);
			Set<String> useful = PolarEventTypes.payloads()
				.keySet()
				.stream()
				.filter((type) -> recorders.orderedStream().anyMatch((recorder) -> recorder.uses(type)))
				.collect(Collectors.toSet());
			return new Needs(new HashSet<>(connectionDetails.getWebhookSecrets()), url(properties), path, types, useful,
					listeners.listenToAll(), properties.apiVersion());
		}, clock.getIfUnique(Clock::systemUTC));
	}

	private static @Nullable String url(PolarProperties properties) {
		String applicationUrl = properties.checkout().applicationUrl();
		return StringUtils.hasText(applicationUrl)
				? StringUtils.trimTrailingCharacter(applicationUrl.strip(), '/') + properties.webhook().path() : null;
	}

	/**
	 * Never lazy, even with {@code spring.main.lazy-initialization}, because nothing else
	 * needs it.
	 */
	@Bean
	@Lazy(false)
	WebhookEndpointCheck polarWebhookEndpointCheck(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ObjectProvider<PolarWebhookEndpoints> endpoints) {
		return new WebhookEndpointCheck(properties.webhook().checkInterval(),
				() -> !connectionDetails.getWebhookSecrets().isEmpty()
						&& StringUtils.hasText(connectionDetails.getAccessToken()),
				endpoints::getObject);
	}

}
