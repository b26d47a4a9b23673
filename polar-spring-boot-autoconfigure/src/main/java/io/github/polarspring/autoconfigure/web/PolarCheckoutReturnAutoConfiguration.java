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

import java.time.Clock;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.web.servlet.BrowserCheckouts;
import io.github.polarspring.web.servlet.CheckoutOutcomes;
import io.github.polarspring.web.servlet.CheckoutReturnFilter;
import io.github.polarspring.web.servlet.PolarCheckoutMethods;
import io.github.polarspring.web.servlet.PolarCheckoutReturnMethods;
import io.github.polarspring.web.servlet.PolarCheckoutReturnRegistrar;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the page that buyers come back
 * to.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarWebMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(PolarCheckoutMethods.class)
public final class PolarCheckoutReturnAutoConfiguration {

	/**
	 * Right after the filters for forwarded headers, encoding and the shopper's address,
	 * before Spring Security.
	 */
	private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 60;

	@Bean
	PolarCheckoutReturnMethods polarCheckoutReturnMethods(ListableBeanFactory beanFactory,
			ObjectProvider<PolarCheckoutMethods> checkoutMethods, PolarProperties properties) {
		PolarProperties.Checkout checkout = properties.getCheckout();
		return new PolarCheckoutReturnMethods(beanFactory, checkoutMethods::getObject, checkout.getSuccessUrl(),
				checkout.getApplicationUrl());
	}

	@Bean
	CheckoutOutcomes polarCheckoutOutcomes(ObjectProvider<PolarCheckoutOperations> operations,
			ObjectProvider<PolarIdentityResolver> customerResolver, ObjectProvider<BrowserCheckouts> browserCheckouts) {
		return new CheckoutOutcomes(operations::getObject, customerResolver::getObject, browserCheckouts::getObject,
				Clock.systemUTC());
	}

	@Bean
	@Lazy
	static PolarCheckoutReturnRegistrar polarCheckoutReturnRegistrar(ObjectProvider<CheckoutOutcomes> outcomes) {
		return new PolarCheckoutReturnRegistrar(outcomes);
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarCheckoutReturnFilter")
	FilterRegistrationBean<CheckoutReturnFilter> polarCheckoutReturnFilter(
			ObjectProvider<PolarCheckoutReturnMethods> returns) {
		FilterRegistrationBean<CheckoutReturnFilter> registration = new FilterRegistrationBean<>(
				new CheckoutReturnFilter(returns::getObject));
		registration.setOrder(FILTER_ORDER);
		return registration;
	}

}
