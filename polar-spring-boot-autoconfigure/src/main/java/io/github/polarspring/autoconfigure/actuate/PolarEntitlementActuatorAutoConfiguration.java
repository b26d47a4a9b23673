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

import java.time.Clock;

import io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration;
import io.github.polarspring.entitlement.EntitlementStatistics;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

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
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for operators and support of an
 * application with entitlements: counters, health, and an actuator endpoint.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarEntitlementAutoConfiguration.class)
@ConditionalOnBean({ PolarFeatures.class, EntitlementStatistics.class })
public final class PolarEntitlementActuatorAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		EntitlementMetrics polarEntitlementMetrics(PolarFeatures features, EntitlementStatistics statistics) {
			return new EntitlementMetrics(features, statistics);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	// canonical name, because other spellings of the property would be ignored
	@ConditionalOnEnabledHealthIndicator("polarentitlements")
	static class HealthConfiguration {

		// null, because ahead-of-time processing would decide a condition too early
		@Bean
		@ConditionalOnMissingBean(name = { "polarEntitlementsHealthIndicator", "polarEntitlementsHealthContributor" })
		@Nullable EntitlementHealthIndicator polarEntitlementsHealthContributor(PolarFeatures features,
				EntitlementStatistics statistics) {
			return features.isEmpty() ? null : new EntitlementHealthIndicator(statistics);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint
		PolarEntitlementsEndpoint polarEntitlementsEndpoint(@Lazy PolarEntitlements entitlements,
				ObjectProvider<Clock> clock) {
			return new PolarEntitlementsEndpoint(entitlements, clock.getIfUnique(Clock::systemUTC));
		}

	}

}
