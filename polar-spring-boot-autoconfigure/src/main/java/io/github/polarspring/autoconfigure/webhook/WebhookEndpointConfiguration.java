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

package io.github.polarspring.autoconfigure.webhook;

import java.util.EnumSet;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.web.servlet.ForeignTraceFilter;
import io.github.polarspring.web.servlet.PolarWebhookEndpoint;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Configuration of the endpoint for webhooks in servlet applications. The container
 * requests its filters before other singletons exist, so the filter only gets a provider.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Filter.class, ServerHttpObservationFilter.class })
class WebhookEndpointConfiguration {

	/**
	 * After the filters for forwarded headers, encoding and observations, but before
	 * Spring Security.
	 */
	static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	/**
	 * Before Spring Boot's filter that starts the observation of a request.
	 */
	private static final int TRACE_FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE;

	@Bean
	@ConditionalOnMissingBean(name = "polarWebhookFilter")
	FilterRegistrationBean<Filter> polarWebhookFilter(PolarProperties properties,
			PolarConnectionDetails connectionDetails, ObjectProvider<PolarWebhookReceiver> receiver) {
		String path = properties.webhook().path();
		WebhookSecrets.check(connectionDetails, properties.webhook());
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
				PolarWebhookEndpoint.filter(receiver::getObject, path));
		registration.addUrlPatterns(path, path + "/");
		registration.setOrder(FILTER_ORDER);
		registration.setEnabled(WebhookSecrets.arePresent(connectionDetails));
		return registration;
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarWebhookTraceFilter")
	FilterRegistrationBean<ForeignTraceFilter> polarWebhookTraceFilter(PolarProperties properties,
			PolarConnectionDetails connectionDetails, ListableBeanFactory beanFactory) {
		String path = properties.webhook().path();
		FilterRegistrationBean<ForeignTraceFilter> registration = new FilterRegistrationBean<>(
				new ForeignTraceFilter(() -> PropagatedHeaders.of(beanFactory)));
		// applications can register another filter of the same class
		registration.setName("polarWebhookTraceFilter");
		registration.addUrlPatterns(path, path + "/");
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		registration.setOrder(TRACE_FILTER_ORDER);
		registration.setEnabled(WebhookSecrets.arePresent(connectionDetails));
		return registration;
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarWebhookServlet")
	ServletRegistrationBean<Servlet> polarWebhookServlet(PolarProperties properties,
			PolarConnectionDetails connectionDetails) {
		String path = properties.webhook().path();
		ServletRegistrationBean<Servlet> registration = new ServletRegistrationBean<>(PolarWebhookEndpoint.servlet(),
				path, path + "/");
		registration.setEnabled(WebhookSecrets.arePresent(connectionDetails));
		return registration;
	}

	@Bean
	WebhookWarnings polarWebhookWarnings(ListableBeanFactory beanFactory, PolarEventListeners listeners,
			PolarProperties properties, PolarConnectionDetails connectionDetails) {
		return new WebhookWarnings(listeners,
				properties.webhook().listen() || WebhookSecrets.arePresent(connectionDetails),
				new ServletEndpointWarnings(beanFactory, properties.webhook().path()));
	}

}
