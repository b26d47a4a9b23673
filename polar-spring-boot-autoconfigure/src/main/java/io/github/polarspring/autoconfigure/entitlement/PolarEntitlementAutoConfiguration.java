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

package io.github.polarspring.autoconfigure.entitlement;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.ComplimentaryAccess;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.EntitlementStatistics;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.webhook.PolarEventRecorder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for entitlements: features and
 * limits, and who has them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@ConditionalOnBean(PolarProducts.class)
public final class PolarEntitlementAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PolarFeatures polarFeatures(PolarProperties properties, PolarProducts products) {
		List<Feature> features = properties.features()
			.entrySet()
			.stream()
			.map((entry) -> feature(entry, products))
			.toList();
		return new PolarFeatures(features, properties.entitlements().defaults());
	}

	private static Feature feature(Map.Entry<String, PolarProperties.Feature> entry, PolarProducts products) {
		PolarProperties.Feature feature = entry.getValue();
		return new Feature(entry.getKey(), Set.copyOf(feature.benefits()),
				feature.products()
					.stream()
					.map((product) -> product(entry.getKey(), product, products))
					.collect(Collectors.toSet()),
				feature.upgradeUrl(), feature.whenUnknown());
	}

	private static UUID product(String feature, String product, PolarProducts products) {
		try {
			return products.resolve(product);
		}
		catch (PolarConfigurationException ex) {
			throw new PolarConfigurationException(
					"'polar.features.%s.products' contains '%s'. %s".formatted(feature, product, ex.getMessage()),
					ex.getAction());
		}
	}

	@Bean
	@ConditionalOnMissingBean
	EntitlementStatistics polarEntitlementStatistics() {
		return new EntitlementStatistics();
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarEntitlements polarEntitlements(PolarClient client, PolarFeatures features, PolarProperties properties,
			ObjectProvider<CurrentPayer> currentPayer, ObjectProvider<ComplimentaryAccess> complimentaryAccess,
			EntitlementStatistics statistics, ApplicationEventPublisher events, ObjectProvider<Clock> clock,
			ObjectProvider<EntitlementDatabase> database) {
		PolarProperties.Entitlements entitlements = properties.entitlements();
		PolarEntitlements.Builder builder = PolarEntitlements.builder(client, features)
			.currentPayer(SingletonSupplier.of(currentPayer::getIfAvailable))
			.complimentaryAccess(complimentaryAccess.orderedStream().toList())
			.statistics(statistics)
			.events(events)
			.durations(entitlements.freshFor(), entitlements.staleFor(), entitlements.readTimeout())
			.acceptUnproven(entitlements.acceptUnproven())
			.clock(clock.getIfUnique(Clock::systemUTC));
		database.ifAvailable((used) -> used.configure(builder));
		return builder.build();
	}

	@Bean
	PolarEventRecorder polarEntitlementRecorder(PolarFeatures features,
			ObjectProvider<PolarEntitlements> entitlements) {
		return new EntitlementRefresh(features, entitlements::getObject);
	}

}
