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

package io.github.polarspring.autoconfigure.security;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PolarProperties.Customer.SwitchedUser;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import io.github.polarspring.security.AuthenticationIdentityResolver;
import io.github.polarspring.web.servlet.EntryPointLoginRequirement;
import io.github.polarspring.web.servlet.LoginRequirement;
import io.github.polarspring.web.servlet.SecuritySessionPolicy;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.ErrorResponseException;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that takes the customer from Spring
 * Security.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = PolarWebMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Authentication.class, HttpServletRequest.class })
@EnableConfigurationProperties(PolarProperties.class)
public final class PolarSecurityAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(PolarIdentityResolver.class)
	AuthenticationIdentityResolver polarIdentityResolver(PolarProperties properties,
			ObjectProvider<SecurityContextHolderStrategy> securityContext) {
		PolarProperties.Customer customer = properties.getCustomer();
		return new AuthenticationIdentityResolver(
				securityContext.getIfUnique(SecurityContextHolder::getContextHolderStrategy),
				new PrincipalIdentityReader(customer.getExternalId(), customer.isSendEmail(), customer.isSendName()),
				customer.getSwitchedUser() == SwitchedUser.REFUSE);
	}

	@Bean
	@ConditionalOnBean(AuthenticationIdentityResolver.class)
	IdentitySources polarIdentitySources(ListableBeanFactory beanFactory, Environment environment,
			PolarProperties properties) {
		return new IdentitySources(beanFactory, environment, properties.getCustomer().getExternalId());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ SecurityFilterChain.class, ErrorResponseException.class })
	static class LoginConfiguration {

		@Bean
		@ConditionalOnMissingBean(LoginRequirement.class)
		EntryPointLoginRequirement polarLoginRequirement(ObjectProvider<SecurityFilterChain> chains) {
			return new EntryPointLoginRequirement(chains);
		}

		@Bean
		SecuritySessionPolicy polarSessionPolicy(ObjectProvider<SecurityFilterChain> chains,
				ObjectProvider<SecurityContextHolderStrategy> securityContext) {
			return new SecuritySessionPolicy(chains,
					securityContext.getIfUnique(SecurityContextHolder::getContextHolderStrategy));
		}

	}

}
