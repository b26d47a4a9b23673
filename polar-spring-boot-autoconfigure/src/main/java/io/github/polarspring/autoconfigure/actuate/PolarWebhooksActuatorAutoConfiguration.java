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

package io.github.polarspring.autoconfigure.actuate;

import io.github.polarspring.autoconfigure.webhook.catchup.PolarCatchUpAutoConfiguration;
import io.github.polarspring.webhook.catchup.PolarCatchUp;
import io.github.polarspring.webhook.endpoint.PolarWebhookEndpoints;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of the webhook
 * endpoint at Polar, and for the actuator endpoint to repair it and to catch up.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarCatchUpAutoConfiguration.class)
@ConditionalOnBean({ PolarWebhookEndpoints.class, PolarCatchUp.class })
public final class PolarWebhooksActuatorAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	// canonical name, because other spellings of the property would be ignored
	@ConditionalOnEnabledHealthIndicator("polarwebhooks")
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = { "polarWebhooksHealthIndicator", "polarWebhooksHealthContributor" })
		WebhooksHealthIndicator polarWebhooksHealthContributor(ObjectProvider<PolarWebhookEndpoints> endpoints) {
			return new WebhooksHealthIndicator(endpoints::getObject);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint
		PolarWebhooksEndpoint polarWebhooksEndpoint(ObjectProvider<PolarWebhookEndpoints> endpoints,
				ObjectProvider<PolarCatchUp> catchUp) {
			return new PolarWebhooksEndpoint(endpoints::getObject, catchUp::getObject);
		}

	}

}
