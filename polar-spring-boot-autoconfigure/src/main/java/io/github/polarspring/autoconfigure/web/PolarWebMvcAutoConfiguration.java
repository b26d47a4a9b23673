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

import java.util.function.BooleanSupplier;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.identity.PrincipalIdentityReader;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.web.PolarCheckoutObservationConvention;
import io.github.polarspring.web.servlet.BrowserCheckouts;
import io.github.polarspring.web.servlet.CurrentRequestCustomizer;
import io.github.polarspring.web.servlet.LoginRequirement;
import io.github.polarspring.web.servlet.ObservedCheckouts;
import io.github.polarspring.web.servlet.PolarCheckoutInterceptor;
import io.github.polarspring.web.servlet.PolarCheckoutMethods;
import io.github.polarspring.web.servlet.PolarCheckoutRegistrar;
import io.github.polarspring.web.servlet.PrincipalIdentityResolver;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for checkout from Spring MVC.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ RequestMappingHandlerAdapter.class, HttpServletRequest.class, WebMvcAutoConfiguration.class })
@ConditionalOnBean(PolarProducts.class)
public final class PolarWebMvcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(PolarIdentityResolver.class)
	PrincipalIdentityResolver polarIdentityResolver(PolarProperties properties) {
		PolarProperties.Customer customer = properties.getCustomer();
		return new PrincipalIdentityResolver(
				new PrincipalIdentityReader(customer.getExternalId(), customer.isSendEmail(), customer.isSendName()));
	}

	@Bean
	@Lazy
	CurrentRequestCustomizer polarCurrentRequestCustomizer(PolarIdentityResolver customerResolver,
			PolarProperties properties, PolarConnectionDetails connectionDetails, LoginRequirement loginRequirement) {
		PolarProperties.Checkout checkout = properties.getCheckout();
		return new CurrentRequestCustomizer(customerResolver, checkout.isSendLocale(),
				!PolarUrls.isProduction(connectionDetails.getBaseUrl()),
				checkout.isRequireLogin() ? loginRequirement : null);
	}

	@Bean
	@ConditionalOnMissingBean
	LoginRequirement polarLoginRequirement() {
		return new LoginRequirement() {
		};
	}

	@Bean
	PolarCheckoutMethods polarCheckoutMethods(ConfigurableListableBeanFactory beanFactory, PolarProducts products,
			ObjectProvider<PolarCheckoutOperations> operations, PolarProperties properties,
			PolarConnectionDetails connectionDetails) {
		PolarProperties.Checkout checkout = properties.getCheckout();
		// asked for by the methods that have a path only: a fake of Polar starts then
		BooleanSupplier pathsResolvable = () -> StringUtils.hasText(checkout.getApplicationUrl())
				|| !PolarUrls.isProduction(connectionDetails.getBaseUrl());
		return new PolarCheckoutMethods(beanFactory, new EmbeddedValueResolver(beanFactory), products, operations,
				pathsResolvable, checkout.getTheme());
	}

	@Bean
	BrowserCheckouts polarBrowserCheckouts(ObjectProvider<PolarIdentityResolver> customerResolver,
			ObjectProvider<BrowserCheckouts.SessionPolicy> sessionPolicy) {
		return new BrowserCheckouts(customerResolver::getObject, sessionPolicy::getIfAvailable);
	}

	@Bean
	ObservedCheckouts polarObservedCheckouts(ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<PolarCheckoutObservationConvention> convention) {
		return new ObservedCheckouts(() -> observations.getIfUnique(() -> ObservationRegistry.NOOP),
				convention::getIfAvailable);
	}

	/**
	 * Every handler mapping takes interceptors of this type, also those of further
	 * dispatcher servlets.
	 */
	@Bean
	MappedInterceptor polarCheckoutInterceptor(ObjectProvider<PolarIdentityResolver> customerResolver) {
		return new MappedInterceptor(null, new PolarCheckoutInterceptor(customerResolver::getObject));
	}

	@Bean
	@Lazy
	static PolarCheckoutRegistrar polarCheckoutRegistrar(ObjectProvider<PolarCheckoutMethods> methods,
			ObjectProvider<BrowserCheckouts> browserCheckouts, ObjectProvider<ObservedCheckouts> observedCheckouts,
			ApplicationContext applicationContext, ObjectProvider<LoginRequirement> loginRequirement) {
		return new PolarCheckoutRegistrar(methods, browserCheckouts, observedCheckouts,
				new BootErrorPage(applicationContext), loginRequirement);
	}

}
