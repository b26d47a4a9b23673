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

import java.util.function.Supplier;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.checkout.CheckoutContextProvider;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.web.servlet.LoginRequirement;
import io.github.polarspring.web.servlet.PolarWebMvc;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for checkouts with Spring MVC.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PolarAutoConfiguration.class, PolarIdentityAutoConfiguration.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ RequestMappingHandlerAdapter.class, HttpServletRequest.class, WebMvcAutoConfiguration.class })
@ConditionalOnBean(PolarProducts.class)
public final class PolarWebMvcAutoConfiguration {

	/**
	 * Right after the filters for forwarded headers, encoding and the buyer's address,
	 * but before Spring Security.
	 */
	private static final int SESSION_TOKEN_FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 60;

	@Bean
	@ConditionalOnMissingBean
	LoginRequirement polarLoginRequirement() {
		return (request) -> new LoginRequirement.LoginRequiredException();
	}

	@Bean
	PolarWebMvc polarWebMvc(ConfigurableListableBeanFactory beanFactory, PolarProperties properties,
			PolarConnectionDetails connectionDetails, ObjectProvider<DispatcherServletPath> dispatcherServlet,
			ApplicationContext applicationContext) {
		PolarProperties.Checkout checkout = properties.checkout();
		// the host of a request is not trusted in production: the caller can forge it
		Supplier<String> servletPath = () -> {
			DispatcherServletPath path = dispatcherServlet.getIfUnique();
			return (path != null) ? path.getPrefix() : "";
		};
		return new PolarWebMvc(beanFactory,
				new PolarWebMvc.Settings(checkout.successUrl(), checkout.returnUrl(), properties.portal().returnUrl(),
						servletPath, checkout.applicationUrl(), checkout.theme(), checkout.sendEmail(),
						checkout.sendName(), checkout.sendLocale(), checkout.requireLogin(),
						() -> !PolarUrls.isProduction(connectionDetails.getBaseUrl())),
				applicationContext, new BootErrorPage(applicationContext));
	}

	@Bean
	@ConditionalOnMissingBean
	CheckoutContextProvider polarCheckoutContextProvider(PolarWebMvc mvc) {
		return mvc.contextProvider();
	}

	/**
	 * Every handler mapping detects interceptors of this type, including those of
	 * additional dispatcher servlets.
	 */
	@Bean
	MappedInterceptor polarCheckoutInterceptor(PolarWebMvc mvc) {
		return new MappedInterceptor(null, mvc.interceptor());
	}

	@Bean
	@Lazy
	static BeanPostProcessor polarCheckoutRegistrar(ObjectProvider<PolarWebMvc> mvc) {
		return PolarWebMvc.registrar(mvc);
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarSessionTokenFilter")
	FilterRegistrationBean<Filter> polarSessionTokenFilter(PolarProperties properties) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(PolarWebMvc.sessionTokenFilter());
		registration.setEnabled(properties.checkout().stripSessionToken());
		registration.setOrder(SESSION_TOKEN_FILTER_ORDER);
		return registration;
	}

}
