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

import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.security.PolarAuthorization;
import io.github.polarspring.web.servlet.PolarWebMvc;
import io.github.polarspring.web.servlet.PolarWebSecurity;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.servlet.filter.OrderedRequestContextFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.ExceptionHandlingConfigurer;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.context.request.RequestContextListener;
import org.springframework.web.filter.RequestContextFilter;

/**
 * Checks of features in Spring Security, and what happens if one is missing.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(AuthorizationManager.class)
class EntitledSecurityConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PolarAuthorization polarAuthorization(ObjectProvider<PolarFeatures> features,
			ObjectProvider<PolarEntitlements> entitlements) {
		return new PolarAuthorization(PolarEntitledAutoConfiguration.supplier(features),
				SingletonSupplier.of(entitlements::getObject));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ AccessDeniedHandler.class, ExceptionHandlingConfigurer.class })
	@ConditionalOnBean(PolarWebMvc.class)
	static class WebConfiguration {

		/**
		 * Makes the request known to what checks features before Spring MVC. Spring Boot
		 * has the same filter, but not with {@code @EnableWebMvc}.
		 */
		@Bean
		@ConditionalOnMissingBean({ RequestContextListener.class, RequestContextFilter.class })
		@ConditionalOnMissingFilterBean(RequestContextFilter.class)
		static RequestContextFilter requestContextFilter() {
			return new OrderedRequestContextFilter();
		}

		/**
		 * No default candidate, because applications inject their own handler by its
		 * type.
		 */
		@Bean(defaultCandidate = false)
		@ConditionalOnMissingBean(name = "polarAccessDeniedHandler")
		AccessDeniedHandler polarAccessDeniedHandler(ObjectProvider<PolarWebMvc> mvc) {
			return PolarWebSecurity.accessDeniedHandler(mvc);
		}

		/**
		 * Spring Security applies this bean to every filter chain. A handler that the
		 * application sets takes precedence.
		 */
		@Bean
		@ConditionalOnMissingBean(name = "polarAccessDeniedCustomizer")
		Customizer<ExceptionHandlingConfigurer<HttpSecurity>> polarAccessDeniedCustomizer(
				@Qualifier("polarAccessDeniedHandler") AccessDeniedHandler handler,
				ObjectProvider<PolarFeatures> features) {
			return (exceptions) -> {
				if (!PolarEntitledAutoConfiguration.supplier(features).get().all().isEmpty()) {
					exceptions.defaultAccessDeniedHandlerFor(handler,
							(request) -> request.getAttribute(PolarAuthorization.REASON_ATTRIBUTE) != null);
				}
			};
		}

	}

}
