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

import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.web.servlet.LoginRequirement;
import io.github.polarspring.web.servlet.PolarWebSecurity;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.ErrorResponseException;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for login and logout in servlet
 * applications with Spring Security.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = PolarWebMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Authentication.class, HttpServletRequest.class, SecurityFilterChain.class,
		ErrorResponseException.class })
public final class PolarSecurityAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LoginRequirement polarLoginRequirement() {
		return PolarWebSecurity.loginRequirement();
	}

	/**
	 * Spring Security applies this bean to every filter chain with logout support.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LogoutConfigurer.class)
	static class LogoutConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "polarLogoutCustomizer")
		Customizer<LogoutConfigurer<HttpSecurity>> polarLogoutCustomizer() {
			return (logout) -> logout.addLogoutHandler(PolarWebSecurity.logoutHandler());
		}

	}

}
