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

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.polarspring.autoconfigure.security.PolarSecurityAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitledAdvisor;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarExpressions;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.web.servlet.PolarWebMvc;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PolarEntitled} methods,
 * and for the same checks in Spring Security, expressions and templates. It has no
 * condition, so that no annotation is ignored.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarWebMvcAutoConfiguration.class, PolarSecurityAutoConfiguration.class },
		afterName = { "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration",
				"io.github.polarspring.autoconfigure.entitlement.PolarEntitlementAutoConfiguration" })
@Import({ PolarEntitledAutoConfiguration.AutoProxyCreatorRegistrar.class, EntitledSecurityConfiguration.class })
public final class PolarEntitledAutoConfiguration {

	private static final String INTERCEPTOR = "polarEntitlementInterceptor";

	@Bean
	@ConditionalOnMissingBean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static PolarEntitledAdvisor polarEntitledAdvisor(ObjectProvider<PolarFeatures> features,
			ObjectProvider<PolarEntitlements> entitlements, BeanFactory beanFactory) {
		return new PolarEntitledAdvisor(supplier(features), SingletonSupplier.of(entitlements::getObject),
				beanFactory.containsBean(INTERCEPTOR));
	}

	@Bean
	@ConditionalOnMissingBean(name = "polar")
	PolarExpressions polar(ObjectProvider<PolarEntitlements> entitlements) {
		return new PolarExpressions(SingletonSupplier.of(entitlements::getObject));
	}

	/**
	 * Return the features, or none if the application has no token.
	 */
	static Supplier<PolarFeatures> supplier(ObjectProvider<PolarFeatures> features) {
		return SingletonSupplier.of(() -> features.getIfAvailable(() -> new PolarFeatures(List.of(), Map.of())));
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

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ HttpServletRequest.class, MappedInterceptor.class, FilterRegistrationBean.class })
	@ConditionalOnBean(PolarWebMvc.class)
	static class WebMvcConfiguration {

		/**
		 * Right after Spring Security, which handles a missing login.
		 */
		private static final int FILTER_ORDER = -99;

		@Bean
		@ConditionalOnMissingBean
		CurrentPayer polarCurrentPayer(PolarWebMvc mvc) {
			return mvc.currentPayer();
		}

		@Bean(INTERCEPTOR)
		MappedInterceptor polarEntitlementInterceptor(PolarWebMvc mvc, PolarEntitledAdvisor advisor) {
			return new MappedInterceptor(null, mvc.entitlementInterceptor(advisor));
		}

		@Bean
		@ConditionalOnMissingBean(name = "polarEntitlementFilter")
		FilterRegistrationBean<Filter> polarEntitlementFilter(ObjectProvider<PolarWebMvc> mvc) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
					PolarWebMvc.entitlementFilter(mvc));
			registration.setOrder(FILTER_ORDER);
			return registration;
		}

	}

}
