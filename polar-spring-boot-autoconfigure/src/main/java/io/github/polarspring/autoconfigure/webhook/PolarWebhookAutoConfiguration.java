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
import java.util.List;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarBuyerResolver;
import io.github.polarspring.webhook.PolarDeadLetters;
import io.github.polarspring.webhook.PolarEventListeners;
import io.github.polarspring.webhook.PolarEventRecorder;
import io.github.polarspring.webhook.PolarWebhookInbox;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import io.github.polarspring.webhook.jdbc.JdbcWebhookInbox;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for Polar's webhooks, with the
 * endpoint in servlet applications. Applications that are not web applications can use
 * the {@link PolarWebhookReceiver}. Whether the endpoint is enabled is decided at
 * runtime, because the production secret is not known at build time.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PolarAutoConfiguration.class)
@Import({ WebhookEndpointConfiguration.class, TransactionalAnnouncements.TransactionConfiguration.class })
public final class PolarWebhookAutoConfiguration {

	@Bean
	PolarEventListeners polarEventListeners(ConfigurableListableBeanFactory beanFactory) {
		return new PolarEventListeners(beanFactory);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarWebhookVerifier polarWebhookVerifier(PolarConnectionDetails connectionDetails, PolarProperties properties,
			ObjectProvider<Clock> clock) {
		return PolarWebhookVerifier.of(WebhookSecrets.require(connectionDetails, properties.webhook()),
				properties.webhook().tolerance(), clock.getIfUnique(Clock::systemUTC));
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarBuyerResolver polarBuyerResolver(PolarClient client) {
		return PolarBuyerResolver.using(client);
	}

	@Bean
	@ConditionalOnMissingBean(PolarWebhookInbox.class)
	PolarWebhookInbox polarWebhookInbox(PolarEventListeners listeners, ApplicationContext applicationContext,
			ObjectProvider<TransactionalAnnouncements> transactional, PolarProperties properties,
			ObjectProvider<JdbcInboxFactory> jdbc, ObjectProvider<PolarEventRecorder> recorderBeans) {
		TransactionalAnnouncements announcements = transactional.getIfAvailable();
		ApplicationEventPublisher publisher = (announcements != null) ? announcements::publish : applicationContext;
		// created for the first event, because they can require the token
		Supplier<List<PolarEventRecorder>> recorders = SingletonSupplier
			.of(() -> recorderBeans.orderedStream().toList())::obtain;
		return switch (properties.webhook().inbox()) {
			case DIRECT -> PolarWebhookInbox.direct(listeners, publisher, recorders);
			case JDBC -> jdbc.getIfAvailable(PolarWebhookAutoConfiguration::missingSpringJdbc)
				.create(listeners, publisher, recorders);
		};
	}

	private static JdbcInboxFactory missingSpringJdbc() {
		throw new PolarConfigurationException(
				"'polar.webhook.inbox' is 'jdbc', but Spring JDBC is not on the classpath.",
				"Add the dependency 'spring-boot-starter-jdbc' (or '-data-jpa') and the driver of your database, or set"
						+ " 'polar.webhook.inbox: direct'.");
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarDeadLetters polarDeadLetters(ObjectProvider<PolarWebhookInbox> inbox) {
		return (inbox.getIfAvailable() instanceof JdbcWebhookInbox stored) ? stored.deadLetters() : new NoDeadLetters();
	}

	@Bean
	@Lazy
	PolarReceivers polarReceivers(PolarWebhookInbox inbox, PolarProperties properties,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<Clock> clock) {
		return new PolarReceivers(inbox, properties, observations, clock);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	PolarWebhookReceiver polarWebhookReceiver(PolarWebhookVerifier verifier, PolarReceivers receivers) {
		return receivers.receiver(verifier);
	}

}
