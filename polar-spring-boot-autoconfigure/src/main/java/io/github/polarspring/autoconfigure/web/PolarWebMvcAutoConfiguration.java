package io.github.polarspring.autoconfigure.web;

import java.util.function.BooleanSupplier;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.PolarProducts;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.customer.PolarCustomerResolver;
import io.github.polarspring.customer.PrincipalCustomerReader;
import io.github.polarspring.web.BrowserCheckouts;
import io.github.polarspring.web.CurrentRequestCustomizer;
import io.github.polarspring.web.LoginRequirement;
import io.github.polarspring.web.ObservedCheckouts;
import io.github.polarspring.web.PolarCheckoutInterceptor;
import io.github.polarspring.web.PolarCheckoutMethods;
import io.github.polarspring.web.PolarCheckoutObservationConvention;
import io.github.polarspring.web.PolarCheckoutRegistrar;
import io.github.polarspring.web.PrincipalCustomerResolver;
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
	@ConditionalOnMissingBean(PolarCustomerResolver.class)
	PrincipalCustomerResolver polarCustomerResolver(PolarProperties properties) {
		PolarProperties.Customer customer = properties.getCustomer();
		return new PrincipalCustomerResolver(
				new PrincipalCustomerReader(customer.getExternalId(), customer.isSendEmail(), customer.isSendName()));
	}

	@Bean
	@Lazy
	CurrentRequestCustomizer polarCurrentRequestCustomizer(PolarCustomerResolver customerResolver,
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
	BrowserCheckouts polarBrowserCheckouts(ObjectProvider<PolarCustomerResolver> customerResolver,
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
	MappedInterceptor polarCheckoutInterceptor(ObjectProvider<PolarCustomerResolver> customerResolver) {
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
