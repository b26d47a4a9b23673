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

package io.github.polarspring.web.servlet;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.polarspring.checkout.CheckoutContextProvider;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.PolarEntitledAdvisor;
import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.identity.PolarIdentityResolver;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.web.PolarCheckoutObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Entry point for checkout from Spring MVC. It creates the components to register with
 * the application context, and makes the application fail to start if an annotated method
 * could never work. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarWebMvc implements SmartInitializingSingleton {

	private final CurrentIdentity identity;

	private final ObservedCheckouts observedCheckouts;

	private final PolarCheckoutMethods methods;

	private final PolarPortalMethods portalMethods;

	private final SingletonSupplier<PortalOpener> portalOpener;

	private final SingletonSupplier<ActiveSubscriptions> activeSubscriptions;

	private final PolarCheckoutReturnMethods returnMethods;

	private final CheckoutPaths paths;

	private final SingletonSupplier<CheckoutOutcomes> outcomes;

	private final CheckoutContextProvider contextProvider;

	private final CurrentPayer currentPayer;

	private final ProblemResponses problemResponses;

	private final EntitlementResponses entitlementResponses;

	/**
	 * Create the entry point. Collaborators are looked up in the bean factory when they
	 * are needed, because most of them require an access token.
	 * @param beanFactory contains the collaborators and the handler mappings
	 * @param settings the settings
	 * @param events publishes what the merchant is told
	 * @param errorPage the application's error page
	 */
	public PolarWebMvc(ConfigurableListableBeanFactory beanFactory, Settings settings, ApplicationEventPublisher events,
			ErrorPage errorPage) {
		ObjectProvider<PolarCustomerOperations> customers = beanFactory.getBeanProvider(PolarCustomerOperations.class);
		ObjectProvider<LoginRequirement> loginRequirement = beanFactory.getBeanProvider(LoginRequirement.class);
		ObjectProvider<PolarCheckoutOperations> operations = beanFactory.getBeanProvider(PolarCheckoutOperations.class);
		ObjectProvider<ObservationRegistry> observations = beanFactory.getBeanProvider(ObservationRegistry.class);
		CurrentUser currentUser = new CurrentUser(beanFactory);
		this.identity = new CurrentIdentity(
				SingletonSupplier.of(beanFactory.getBeanProvider(PolarIdentityResolver.class)::getObject), currentUser);
		this.observedCheckouts = new ObservedCheckouts(() -> observations.getIfUnique(() -> ObservationRegistry.NOOP),
				beanFactory.getBeanProvider(PolarCheckoutObservationConvention.class)::getIfAvailable);
		BooleanSupplier pathsResolvable = () -> StringUtils.hasText(settings.applicationUrl())
				|| settings.hostTrusted().getAsBoolean();
		StringValueResolver placeholders = new EmbeddedValueResolver(beanFactory);
		this.methods = new PolarCheckoutMethods(beanFactory, placeholders, beanFactory.getBean(PolarProducts.class),
				operations, pathsResolvable, settings.theme());
		this.returnMethods = new PolarCheckoutReturnMethods(beanFactory, operations);
		this.portalMethods = new PolarPortalMethods(beanFactory, placeholders, customers, pathsResolvable);
		// not needed before the first request
		this.portalOpener = SingletonSupplier.of(() -> new PortalOpener(this.identity, loginRequirement::getObject,
				customers::getObject, settings, events));
		this.activeSubscriptions = SingletonSupplier
			.of(() -> new ActiveSubscriptions(this.identity, beanFactory.getBean(PolarProducts.class),
					beanFactory.getBeanProvider(PolarClient.class)::getObject, customers::getObject));
		this.paths = new CheckoutPaths(beanFactory, settings, this.methods, this.portalMethods);
		this.outcomes = SingletonSupplier.of(() -> new CheckoutOutcomes(operations::getObject, this.identity,
				beanFactory.getBeanProvider(PolarEntitlements.class)::getIfUnique));
		this.contextProvider = new RequestContextProvider(this.identity, settings, loginRequirement::getObject,
				settings.hostTrusted());
		this.currentPayer = new RequestPayer(this.identity);
		this.problemResponses = new ProblemResponses(beanFactory, errorPage);
		this.entitlementResponses = new EntitlementResponses(currentUser,
				beanFactory.getBeanProvider(CurrentPayer.class)::getIfUnique, loginRequirement::getObject,
				settings.servletPath(), this.problemResponses);
	}

	/**
	 * Create the post-processor that adds support for annotated methods to Spring MVC.
	 * @param mvc the entry point
	 * @return a bean post-processor
	 */
	public static BeanPostProcessor registrar(ObjectProvider<PolarWebMvc> mvc) {
		return new PolarMvcRegistrar(mvc::getObject);
	}

	/**
	 * Create the filter that removes Polar's customer session token from the URL.
	 * @return a filter, to be ordered ahead of Spring Security
	 */
	public static Filter sessionTokenFilter() {
		return new SessionTokenFilter();
	}

	/**
	 * Create the filter that writes the response if a view requires a feature.
	 * @param mvc the entry point
	 * @return a filter, to be ordered after Spring Security
	 */
	public static Filter entitlementFilter(ObjectProvider<PolarWebMvc> mvc) {
		return new EntitlementFilter(mvc::getObject);
	}

	/**
	 * Create the interceptor that checks handler methods, to add to every handler
	 * mapping.
	 * @param advisor knows the annotated methods
	 * @return an interceptor
	 */
	public HandlerInterceptor entitlementInterceptor(PolarEntitledAdvisor advisor) {
		return new EntitlementInterceptor(advisor, this.entitlementResponses);
	}

	/**
	 * Return the strategy that reads the caller from the current request.
	 * @return the strategy
	 */
	public CurrentPayer currentPayer() {
		return this.currentPayer;
	}

	/**
	 * Create the interceptor to add to every handler mapping.
	 * @return an interceptor
	 */
	public HandlerInterceptor interceptor() {
		return new PolarRedirectInterceptor(this.identity);
	}

	/**
	 * Return the provider of the context for the caller of the current request.
	 * @return the provider
	 */
	public CheckoutContextProvider contextProvider() {
		return this.contextProvider;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.methods.check();
		this.returnMethods.check();
		this.portalMethods.check();
		this.paths.check();
	}

	PolarCheckoutMethods methods() {
		return this.methods;
	}

	PolarPortalMethods portalMethods() {
		return this.portalMethods;
	}

	PortalOpener portalOpener() {
		return this.portalOpener.obtain();
	}

	ActiveSubscriptions activeSubscriptions() {
		return this.activeSubscriptions.obtain();
	}

	ObservedCheckouts observedCheckouts() {
		return this.observedCheckouts;
	}

	CheckoutOutcomes outcomes() {
		return this.outcomes.obtain();
	}

	ProblemResponses problemResponses() {
		return this.problemResponses;
	}

	EntitlementResponses entitlementResponses() {
		return this.entitlementResponses;
	}

	/**
	 * Settings of checkout from Spring MVC.
	 *
	 * @param successUrl default success URL, {@code null} if not configured
	 * @param returnUrl default return URL, {@code null} if not configured
	 * @param portalReturnUrl default URL for the back link of the customer portal,
	 * {@code null} if not configured
	 * @param servletPath path of the {@code DispatcherServlet}, or an empty string
	 * @param applicationUrl public address of the application, {@code null} if not
	 * configured
	 * @param theme theme of the checkout page, {@code null} for the buyer's setting
	 * @param sendEmail whether to send the e-mail address of the signed-in user
	 * @param sendName whether to send the name of the signed-in user
	 * @param sendLocale whether to send the locale of the request
	 * @param requireLogin whether only signed-in users can buy
	 * @param hostTrusted whether paths can be resolved against the host of a request
	 */
	public record Settings(@Nullable String successUrl, @Nullable String returnUrl, @Nullable String portalReturnUrl,
			Supplier<String> servletPath, @Nullable String applicationUrl, @Nullable CheckoutTheme theme,
			boolean sendEmail, boolean sendName, boolean sendLocale, boolean requireLogin,
			BooleanSupplier hostTrusted) {

	}

	/**
	 * Error page of the application.
	 */
	@FunctionalInterface
	public interface ErrorPage {

		/**
		 * Resolve the page.
		 * @param request the current request
		 * @param status the status of the response
		 * @param model attributes of the error
		 * @return the page, or {@code null} if the application has none
		 */
		@Nullable ModelAndView resolve(HttpServletRequest request, HttpStatusCode status, Map<String, Object> model);

	}

}
