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

package io.github.polarspring.autoconfigure.order;

import java.time.Clock;
import java.util.Set;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarDatabase;
import io.github.polarspring.autoconfigure.webhook.PolarJdbcInboxAutoConfiguration;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.order.PolarOrderOperations;
import io.github.polarspring.order.PolarOrderTemplate;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.webhook.PolarWebhookInbox;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for orders. The bean is created
 * lazily, because it needs the access token.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarAutoConfiguration.class, PolarJdbcInboxAutoConfiguration.class })
@ConditionalOnBean(PolarProducts.class)
public final class PolarOrderAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean(PolarOrderOperations.class)
	PolarOrderTemplate polarOrderTemplate(PolarClient client, ObjectProvider<CurrentPayer> currentPayer,
			ObjectProvider<PolarEntitlements> entitlements, ObjectProvider<Clock> clock,
			ObjectProvider<RefundTables> tables) {
		PolarOrderTemplate.Builder builder = PolarOrderTemplate.builder(client)
			.currentPayer(() -> currentPayer.getIfAvailable(CurrentPayer::unknown))
			.assignedOrders((user) -> {
				PolarEntitlements available = entitlements.getIfAvailable();
				return (available != null) ? available.assignedOrders(user) : Set.of();
			})
			.clock(clock.getIfUnique(Clock::systemUTC));
		tables.ifAvailable((used) -> used.configure(builder));
		return builder.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(PolarDatabase.class)
	static class JdbcConfiguration {

		@Bean
		@Lazy
		RefundTables polarRefundTables(ObjectProvider<PolarDatabase> database, ObjectProvider<PolarWebhookInbox> inbox,
				ConfigurableListableBeanFactory beanFactory) {
			return new RefundTables(database, inbox, beanFactory);
		}

	}

}
