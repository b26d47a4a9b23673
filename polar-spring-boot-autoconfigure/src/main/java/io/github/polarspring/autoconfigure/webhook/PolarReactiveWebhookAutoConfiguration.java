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

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.web.reactive.ForeignTraceDecorator;
import io.github.polarspring.web.reactive.PolarWebhookEndpoint;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.server.WebFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the endpoint for Polar's
 * webhooks in WebFlux applications. Whether the endpoint is enabled is decided at
 * runtime, because the production secret is not known at build time.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarWebhookAutoConfiguration.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass({ Mono.class, WebFilter.class })
public final class PolarReactiveWebhookAutoConfiguration {

	/**
	 * The same as in servlet applications, before Spring Security.
	 */
	private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	@Bean
	@Order(FILTER_ORDER)
	@ConditionalOnMissingBean(name = "polarWebhookWebFilter")
	WebFilter polarWebhookWebFilter(PolarProperties properties, PolarConnectionDetails connectionDetails,
			ObjectProvider<PolarWebhookReceiver> receiver) {
		WebhookSecrets.check(connectionDetails, properties.webhook());
		return WebhookSecrets.arePresent(connectionDetails)
				? PolarWebhookEndpoint.filter(receiver::getObject, properties.webhook().path())
				: (exchange, chain) -> chain.filter(exchange);
	}

	@Bean
	@ConditionalOnMissingBean(name = "polarWebhookTraceDecorator")
	HttpHandlerDecoratorFactory polarWebhookTraceDecorator(PolarProperties properties,
			PolarConnectionDetails connectionDetails, ListableBeanFactory beanFactory) {
		return WebhookSecrets.arePresent(connectionDetails)
				? new ForeignTraceDecorator(properties.webhook().path(), () -> PropagatedHeaders.of(beanFactory))
				: (handler) -> handler;
	}

	@Bean
	WebhookWarnings polarWebhookWarnings(PolarEventListeners listeners, PolarProperties properties,
			PolarConnectionDetails connectionDetails, ListableBeanFactory beanFactory) {
		return new WebhookWarnings(listeners,
				properties.webhook().listen() || WebhookSecrets.arePresent(connectionDetails),
				new ReactiveEndpointWarnings(beanFactory, properties.webhook().path()));
	}

}
