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

import io.github.polarspring.autoconfigure.usage.PolarUsageAutoConfiguration;
import io.github.polarspring.usage.PolarUsage;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring usage: metrics,
 * health, and an actuator endpoint.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarUsageAutoConfiguration.class)
@ConditionalOnBean(PolarUsage.class)
public final class PolarUsageActuatorAutoConfiguration {

	@Bean
	UsedUsage polarUsedUsage(ConfigurableListableBeanFactory beanFactory) {
		return new UsedUsage(beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		UsageMetrics polarUsageMetrics(UsedUsage usage) {
			return new UsageMetrics(usage);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	// canonical name, because other spellings of the property would be ignored
	@ConditionalOnEnabledHealthIndicator("polarusage")
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = { "polarUsageHealthIndicator", "polarUsageHealthContributor" })
		UsageHealthIndicator polarUsageHealthContributor(UsedUsage usage) {
			return new UsageHealthIndicator(usage);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint
		PolarUsageEndpoint polarUsageEndpoint(UsedUsage usage) {
			return new PolarUsageEndpoint(usage);
		}

	}

}
