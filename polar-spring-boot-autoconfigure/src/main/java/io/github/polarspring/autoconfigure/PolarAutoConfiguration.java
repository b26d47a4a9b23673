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

package io.github.polarspring.autoconfigure;

import java.time.Clock;

import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutContextProvider;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarApiObservationConvention;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarRestClientCustomizer;
import io.github.polarspring.client.RecentCalls;
import io.github.polarspring.product.PolarProducts;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.web.client.RestClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the Polar client and for
 * checkout sessions.
 * <p>
 * There is no condition on the access token, because ahead-of-time processing evaluates
 * conditions at build time, when the production token is not available. Beans that need
 * the token are created lazily.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RestClientAutoConfiguration.class)
@ConditionalOnClass(RestClient.class)
@EnableConfigurationProperties(PolarProperties.class)
@Import(ServletPath.ServletPathConfiguration.class)
@ImportRuntimeHints(PolarRuntimeHints.class)
public final class PolarAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(PolarConnectionDetails.class)
	PropertiesPolarConnectionDetails polarConnectionDetails(PolarProperties properties) {
		return new PropertiesPolarConnectionDetails(properties);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarClient polarClient(PolarProperties properties, PolarConnectionDetails connectionDetails,
			PolarRequestFactory requestFactory, ObjectProvider<RestClientCustomizer> customizers,
			ObjectProvider<PolarRestClientCustomizer> polarCustomizers,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<PolarApiObservationConvention> convention,
			RecentCalls recentCalls) {
		PolarProperties.Http http = properties.http();
		PolarProperties.Http.Retry retry = http.retry();
		PolarClient.Builder builder = PolarClient.builder()
			.accessToken(AccessTokens.require(connectionDetails))
			.baseUrl(connectionDetails.getBaseUrl())
			.apiVersion(properties.apiVersion())
			.timeouts(http.connectTimeout(), http.effectiveReadTimeout())
			.totalTimeout(http.totalTimeout())
			.outcomeTimeout(properties.outcomeTimeout())
			.maxConcurrentCalls(http.maxConcurrentCalls())
			.retry(retry.maxAttempts(), retry.initialDelay(), retry.maxDelay())
			.observations(observations.getIfUnique(() -> ObservationRegistry.NOOP), convention.getIfAvailable())
			.recentCalls(recentCalls);
		customizers.orderedStream().forEach((customizer) -> builder.restClient(customizer::customize));
		// replaces a request factory set by the customizers, which could follow redirects
		// and forward the token
		requestFactory.applyTo(builder);
		polarCustomizers.orderedStream().forEach((customizer) -> builder.restClient(customizer::customize));
		return builder.build();
	}

	@Bean
	@Lazy
	PolarRequestFactory polarRequestFactory(PolarProperties properties,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings) {
		return new PolarRequestFactory(properties.http(), builders, settings);
	}

	@Bean
	@ConditionalOnMissingBean
	RecentCalls polarRecentCalls() {
		return new RecentCalls(Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	PolarProducts polarProducts(PolarProperties properties, Environment environment) {
		ProductNames.requireUnchanged(environment);
		return new PolarProducts(ProductNames.withDots(properties.products(), environment));
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(value = PolarCheckoutOperations.class, search = SearchStrategy.CURRENT)
	PolarCheckoutTemplate polarCheckoutTemplate(PolarClient client, PolarProducts products,
			ObjectProvider<CheckoutRequestCustomizer> customizers,
			ObjectProvider<CheckoutContextProvider> contextProvider, PolarProperties properties,
			PolarConnectionDetails connectionDetails, ObjectProvider<ServletPath> servletPath,
			Environment environment) {
		PolarCheckoutTemplate.Builder builder = PolarCheckoutTemplate.builder(client)
			.products(products)
			.customizers(customizers.orderedStream().toList())
			.contextProvider(contextProvider.getIfAvailable(() -> CheckoutContext::empty))
			.servletPath(servletPath.getIfAvailable(() -> ServletPath.of(environment)).value());
		CheckoutDefaults.requireApplicationUrl(properties, connectionDetails.getBaseUrl());
		CheckoutDefaults.apply(properties.checkout(), builder);
		return builder.build();
	}

	@Bean
	@Lazy(false)
	ConnectionCheck polarConnectionCheck(PolarProperties properties, PolarConnectionDetails connectionDetails) {
		return new ConnectionCheck(properties, connectionDetails);
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	PolarStartupLog polarStartupLog(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ListableBeanFactory beanFactory) {
		return new PolarStartupLog(properties, connectionDetails, beanFactory);
	}

}
