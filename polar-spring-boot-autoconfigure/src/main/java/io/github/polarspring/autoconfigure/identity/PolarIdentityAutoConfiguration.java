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

package io.github.polarspring.autoconfigure.identity;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PolarProperties.Identity.SwitchedUser;
import io.github.polarspring.identity.IdentityStrategy;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import io.github.polarspring.security.AuthenticationIdentityResolver;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the identity of buyers, from
 * Spring Security if it is present, otherwise from the container's principal.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@EnableConfigurationProperties(PolarProperties.class)
public final class PolarIdentityAutoConfiguration {

	private static PrincipalIdentityReader reader(PolarProperties.Identity identity) {
		return new PrincipalIdentityReader(identity.strategy(),
				(identity.strategy() == IdentityStrategy.CLAIM) ? identity.claim() : identity.property());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Authentication.class)
	static class SecurityConfiguration {

		@Bean
		@ConditionalOnMissingBean(PolarIdentityResolver.class)
		AuthenticationIdentityResolver polarIdentityResolver(PolarProperties properties,
				ObjectProvider<UserDetailsService> users, ObjectProvider<IdentitySources> sources) {
			PolarProperties.Identity identity = properties.identity();
			return new AuthenticationIdentityResolver(reader(identity),
					new AuthenticationIdentityResolver.Settings(identity.switchedUser() == SwitchedUser.REJECT,
							SingletonSupplier.of(users::getIfUnique),
							SingletonSupplier.of(() -> sources.getObject().get())));
		}

		@Bean
		@ConditionalOnBean(AuthenticationIdentityResolver.class)
		IdentitySources polarIdentitySources(ListableBeanFactory beanFactory, Environment environment,
				PolarProperties properties) {
			return new IdentitySources(beanFactory, environment, properties.identity().strategy());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.security.core.Authentication")
	static class PrincipalConfiguration {

		@Bean
		@ConditionalOnMissingBean(PolarIdentityResolver.class)
		PrincipalIdentityReader polarIdentityResolver(PolarProperties properties) {
			return reader(properties.identity());
		}

	}

}
