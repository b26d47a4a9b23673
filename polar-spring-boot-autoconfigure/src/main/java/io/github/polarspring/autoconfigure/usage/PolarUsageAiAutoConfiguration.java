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

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.usage.PolarUsage;
import io.github.polarspring.usage.PolarUsageTemplate;
import io.github.polarspring.usage.ai.LlmPrices;
import io.github.polarspring.usage.ai.PolarUsageAdvisors;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for usage of language models. The
 * advisors are those of every auto-configured builder of a client of Spring AI. They are
 * created lazily, because they need usage.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarUsageAutoConfiguration.class)
@ConditionalOnBooleanProperty("polar.usage.ai.enabled")
@ConditionalOnBean(PolarUsage.class)
public final class PolarUsageAiAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ChatClientBuilderCustomizer.class)
	static class SpringAiConfiguration {

		@Bean
		@Lazy
		@ConditionalOnMissingBean
		PolarUsageAdvisors polarUsageAdvisors(PolarUsage usage, PolarProperties polar, PolarUsageProperties properties,
				ObjectProvider<CurrentPayer> currentPayer, ObjectProvider<LlmPrices> prices,
				ObjectProvider<UsageTables> tables) {
			PolarUsageAdvisors.Builder builder = PolarUsageAdvisors.builder(usage)
				.currentPayer(() -> currentPayer.getIfAvailable(CurrentPayer::unknown))
				.event(properties.ai().event());
			String vendor = properties.ai().vendor();
			if (StringUtils.hasText(vendor)) {
				builder.vendor(vendor);
			}
			prices.ifAvailable(builder::prices);
			if (usage instanceof PolarUsageTemplate && PolarUsageAutoConfiguration.usesDatabase(polar, properties)) {
				builder.transactions(PolarUsageAutoConfiguration.require(tables).newTransactions());
			}
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ChatClientBuilderCustomizer.class, MeterBinder.class })
	static class MetricsConfiguration {

		@Bean
		@Lazy
		@ConditionalOnMissingBean(name = "polarUsageAiMetrics")
		MeterBinder polarUsageAiMetrics(PolarUsageAdvisors advisors) {
			return (registry) -> FunctionCounter.builder("polar.usage.ai.lost", advisors, PolarUsageAdvisors::lost)
				.description("Calls of language models whose usage could not be recorded")
				.register(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.ai.chat.client.ChatClientBuilderCustomizer")
	static class MissingConfiguration {

		@Bean
		@Lazy(false)
		InitializingBean polarUsageAiCheck() {
			return () -> {
				throw new PolarConfigurationException(
						"'polar.usage.ai.enabled' is 'true', but Spring AI 2 is not on the class path.",
						"Add the dependency org.springframework.ai:spring-ai-client-chat, which the starters of Spring AI"
								+ " include, or remove 'polar.usage.ai.enabled'.");
			};
		}

	}

}
