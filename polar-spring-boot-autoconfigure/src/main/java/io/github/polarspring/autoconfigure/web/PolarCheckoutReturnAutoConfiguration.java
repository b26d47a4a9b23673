package io.github.polarspring.autoconfigure.web;

import java.time.Clock;

import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.customer.PolarCustomerResolver;
import io.github.polarspring.web.BrowserCheckouts;
import io.github.polarspring.web.CheckoutOutcomes;
import io.github.polarspring.web.CheckoutReturnFilter;
import io.github.polarspring.web.PolarCheckoutMethods;
import io.github.polarspring.web.PolarCheckoutReturnMethods;
import io.github.polarspring.web.PolarCheckoutReturnRegistrar;

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
			ObjectProvider<PolarCustomerResolver> customerResolver, ObjectProvider<BrowserCheckouts> browserCheckouts) {
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
