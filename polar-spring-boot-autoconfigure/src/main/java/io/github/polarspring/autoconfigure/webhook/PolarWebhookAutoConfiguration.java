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

import java.time.Clock;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.webhook.DirectWebhookInbox;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEventAnnouncements;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookFilter;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookServlet;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Polar's webhooks. Applications
 * without servlets have listeners and verifier, for an endpoint of their own. Whether
 * there is an endpoint is decided when the application runs: where it is built,
 * production's secret is not known.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
public final class PolarWebhookAutoConfiguration {

	/**
	 * After the filters for forwarded headers, encoding and observation, before Spring
	 * Security.
	 */
	static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	@Bean
	PolarEventListeners polarEventListeners(ConfigurableListableBeanFactory beanFactory) {
		return new PolarEventListeners(beanFactory);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarWebhookVerifier polarWebhookVerifier(PolarConnectionDetails connectionDetails, PolarProperties properties,
			ObjectProvider<Clock> clock) {
		return PolarWebhookVerifier.of(WebhookSecrets.require(connectionDetails),
				properties.getWebhook().getTolerance(), clock.getIfUnique(Clock::systemUTC));
	}

	/**
	 * The container asks for its filter before other singletons are there, so that gets
	 * nothing but providers.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ Filter.class, ServerHttpObservationFilter.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean(PolarWebhookInbox.class)
		PolarWebhookInbox polarWebhookInbox(PolarEventListeners listeners, ApplicationEventPublisher publisher,
				PolarProperties properties, ObjectProvider<StoredInboxFactory> stored) {
			PolarEventAnnouncements announcements = new PolarEventAnnouncements(publisher);
			return switch (properties.getWebhook().getInbox()) {
				case DIRECT -> new DirectWebhookInbox(listeners, announcements);
				case JDBC -> stored.getIfAvailable(StoredInboxFactory::missing).create(listeners, announcements);
			};
		}

		@Bean
		@ConditionalOnMissingBean(PolarDeadLetters.class)
		NoDeadLetters polarNoDeadLetters() {
			return new NoDeadLetters();
		}

		@Bean
		@ConditionalOnMissingBean(name = "polarWebhookFilter")
		FilterRegistrationBean<PolarWebhookFilter> polarWebhookFilter(PolarProperties properties,
				PolarConnectionDetails connectionDetails, ObjectProvider<PolarWebhookVerifier> verifier,
				ObjectProvider<PolarWebhookInbox> inbox, ObjectProvider<ObservationRegistry> observations) {
			PolarProperties.Webhook webhook = properties.getWebhook();
			WebhookSecrets.check(connectionDetails);
			PolarWebhookFilter filter = new PolarWebhookFilter(verifier::getObject, inbox::getObject,
					() -> observations.getIfAvailable(() -> ObservationRegistry.NOOP), webhook.getPath(),
					webhook.getMaxBodySize().toBytes(), properties.getOrganizationId(), Clock.systemUTC());
			FilterRegistrationBean<PolarWebhookFilter> registration = new FilterRegistrationBean<>(filter);
			registration.addUrlPatterns(webhook.getPath(), webhook.getPath() + "/");
			registration.setOrder(FILTER_ORDER);
			registration.setEnabled(WebhookSecrets.arePresent(connectionDetails));
			return registration;
		}

		@Bean
		@ConditionalOnMissingBean(name = "polarWebhookServlet")
		ServletRegistrationBean<PolarWebhookServlet> polarWebhookServlet(PolarProperties properties,
				PolarConnectionDetails connectionDetails) {
			String path = properties.getWebhook().getPath();
			ServletRegistrationBean<PolarWebhookServlet> registration = new ServletRegistrationBean<>(
					new PolarWebhookServlet(), path, path + "/");
			registration.setEnabled(WebhookSecrets.arePresent(connectionDetails));
			return registration;
		}

		@Bean
		WebhookWarnings polarWebhookWarnings(ApplicationContext applicationContext, PolarEventListeners listeners,
				PolarProperties properties, PolarConnectionDetails connectionDetails) {
			return new WebhookWarnings(applicationContext, listeners, properties.getWebhook().getPath(),
					WebhookSecrets.arePresent(connectionDetails));
		}

	}

}
