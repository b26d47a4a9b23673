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

import java.util.List;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.usage.PolarMetered;
import io.github.polarspring.usage.PolarMeteredAdvisor;
import io.github.polarspring.usage.PolarMeters;
import io.github.polarspring.usage.PolarUsage;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PolarMetered} methods. It
 * has no condition, so that no annotation is ignored. It comes after transactions: of
 * advisors with the same order, the one that is declared later is called within the
 * other.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarUsageAutoConfiguration.class,
		afterName = { "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
				"org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration",
				"io.github.polarspring.autoconfigure.entitlement.PolarEntitledAutoConfiguration" })
@Import(PolarMeteredAutoConfiguration.AutoProxyCreatorRegistrar.class)
public final class PolarMeteredAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	static class AdvisorConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static PolarMeteredAdvisor polarMeteredAdvisor(ObjectProvider<PolarUsage> usage,
				ObjectProvider<CurrentPayer> currentPayer, ObjectProvider<PolarMeters> meters) {
			return new PolarMeteredAdvisor(SingletonSupplier.of(usage::getObject),
					SingletonSupplier.of(currentPayer::getObject),
					SingletonSupplier.of(() -> meters.getIfAvailable(() -> new PolarMeters(List.of()))));
		}

	}

	/**
	 * Registrar of the component that wraps beans, if no other feature of Spring has
	 * registered it.
	 */
	static final class AutoProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar {

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
		}

	}

}
