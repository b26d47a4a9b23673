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

package io.github.polarspring.autoconfigure.usage;

import java.time.Clock;
import java.util.Objects;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PolarProperties.Webhook.InboxType;
import io.github.polarspring.autoconfigure.usage.PolarUsageProperties.OutboxType;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.CustomerDataEraser;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageDeadLetters;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.UsageMeter;
import io.github.polarspring.webhook.PolarEventRecorder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for usage. The beans are created
 * lazily, because they need the access token. An application that does not use them needs
 * no table, and has no thread for them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class })
@ConditionalOnBean(PolarProducts.class)
@EnableConfigurationProperties(PolarUsageProperties.class)
public final class PolarUsageAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PolarMeters polarMeters(PolarUsageProperties properties) {
		return new PolarMeters(properties.meters()
			.entrySet()
			.stream()
			.map((entry) -> meter(entry.getKey(), entry.getValue()))
			.toList());
	}

	private static UsageMeter meter(String name, PolarUsageProperties.Meter meter) {
		return new UsageMeter(name, Objects.requireNonNull(meter.id()), meter.event(), meter.property(),
				meter.upgradeUrl(), meter.whenUnknown());
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(PolarUsage.class)
	PolarUsageTemplate polarUsage(PolarClient client, PolarProperties polar, PolarUsageProperties properties,
			PolarConnectionDetails connectionDetails, PolarMeters meters, ObjectProvider<CurrentPayer> currentPayer,
			ObjectProvider<Clock> clock, ObjectProvider<UsageTables> tables, UsageLifecycle lifecycle) {
		PolarUsageTemplate.Builder builder = PolarUsageTemplate.builder(client)
			.currentPayer(() -> currentPayer.getIfAvailable(CurrentPayer::unknown))
			.clock(clock.getIfUnique(Clock::systemUTC))
			.meters(meters)
			.balances(polar.entitlements().freshFor(), polar.entitlements().staleFor(),
					polar.entitlements().readTimeout())
			.queueCapacity(properties.queueCapacity())
			.requestsPerMinute(requestsPerMinute(properties, connectionDetails))
			.requestTimeout(polar.http().connectTimeout().plus(polar.http().readTimeout()).plusSeconds(2))
			.pollInterval(properties.pollInterval())
			.shutdownTimeout(properties.shutdownTimeout());
		UsageTables used = usesDatabase(polar, properties) ? require(tables) : null;
		if (used != null) {
			used.configure(builder);
		}
		PolarUsageTemplate usage = builder.build();
		lifecycle.manage(usage, (used != null) ? () -> used.prepare(usage) : () -> {
		});
		return usage;
	}

	static boolean usesDatabase(PolarProperties polar, PolarUsageProperties properties) {
		OutboxType outbox = properties.outbox();
		return (outbox != null) ? outbox == OutboxType.JDBC : polar.webhook().inbox() == InboxType.JDBC;
	}

	static UsageTables require(ObjectProvider<UsageTables> tables) {
		UsageTables available = tables.getIfAvailable();
		if (available == null) {
			throw new PolarConfigurationException(
					"Usage events are to be stored in the database, but spring-jdbc is not on the class path.",
					"Add the dependency spring-boot-starter-jdbc, or set 'polar.usage.outbox: memory'.");
		}
		return available;
	}

	/**
	 * Polar permits 500 requests per minute in production and 100 in the sandbox. The
	 * other half is left for buyers.
	 */
	private static int requestsPerMinute(PolarUsageProperties properties, PolarConnectionDetails connectionDetails) {
		Integer configured = properties.requestsPerMinute();
		if (configured != null) {
			return configured;
		}
		return connectionDetails.getBaseUrl().equals(PolarEnvironment.SANDBOX.baseUrl()) ? 50 : 250;
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	@ConditionalOnBean(PolarUsageTemplate.class)
	PolarUsageDeadLetters polarUsageDeadLetters(PolarUsageTemplate usage) {
		return usage.deadLetters();
	}

	@Bean
	PolarEventRecorder polarBalanceRecorder(PolarMeters meters, ObjectProvider<PolarUsage> usage) {
		return new BalanceRecorder(meters, usage);
	}

	@Bean
	CustomerDataEraser polarBalanceEraser(PolarMeters meters, ObjectProvider<PolarUsage> usage) {
		return new BalanceEraser(meters, usage);
	}

	/**
	 * Never lazy, even with {@code spring.main.lazy-initialization}, because usage can
	 * first be recorded later.
	 */
	@Bean
	@Lazy(false)
	UsageLifecycle polarUsageLifecycle() {
		return new UsageLifecycle();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(PolarDatabase.class)
	static class JdbcConfiguration {

		@Bean
		@Lazy
		@DependsOnDatabaseInitialization
		UsageTables polarUsageTables(PolarDatabase database) {
			return new UsageTables(database);
		}

	}

}
