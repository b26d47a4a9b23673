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

package io.github.polarspring.autoconfigure.web;

import java.util.List;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.clientip.ClientIpResolver;
import io.github.polarspring.web.servlet.ClientIpFilter;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the buyer's IP address.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Filter.class, OncePerRequestFilter.class })
@EnableConfigurationProperties(PolarProperties.class)
public final class PolarClientIpAutoConfiguration {

	/**
	 * Right after the filters for forwarded headers and encoding, but before Spring
	 * Security.
	 */
	private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 50;

	@Bean
	@ConditionalOnMissingBean
	ClientIpResolver polarClientIpResolver(PolarProperties properties,
			ObjectProvider<PolarConnectionDetails> connectionDetails) {
		PolarProperties.ClientIp clientIp = properties.clientIp();
		// checked separately, so that the message contains the property
		require("polar.client-ip.trusted-proxies", clientIp.trustedProxies(), clientIp.trustedProxies(), List.of());
		require("polar.client-ip.headers", clientIp.headers(), List.of(), clientIp.headers());
		if (clientIp.headers().isEmpty()) {
			return new DevelopmentClientIpResolver(ClientIpResolver.of(clientIp.trustedProxies()),
					List.of("X-Forwarded-For", "CF-Connecting-IP"), connectionDetails);
		}
		if (clientIp.trustedProxies().isEmpty()) {
			throw new InvalidConfigurationPropertyValueException("polar.client-ip.headers", clientIp.headers(),
					"No header is ever read, because 'polar.client-ip.trusted-proxies' is empty. Set it to the proxies"
							+ " that send the header, for example 'polar.client-ip.trusted-proxies: private', or remove"
							+ " 'polar.client-ip.headers'.");
		}
		return new DevelopmentClientIpResolver(ClientIpResolver.of(clientIp.trustedProxies(), clientIp.headers()),
				clientIp.headers(), connectionDetails);
	}

	private static void require(String property, List<String> value, List<String> trustedProxies,
			List<String> headers) {
		try {
			ClientIpResolver.of(trustedProxies, headers);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, value, ex.getMessage() + ".");
		}
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarClientIpFilter")
	FilterRegistrationBean<ClientIpFilter> polarClientIpFilter(ClientIpResolver resolver, PolarProperties properties) {
		FilterRegistrationBean<ClientIpFilter> registration = new FilterRegistrationBean<>(
				new ClientIpFilter(resolver));
		registration.setOrder(FILTER_ORDER);
		registration.setEnabled(properties.clientIp().enabled());
		return registration;
	}

}
