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

package io.github.polarspring.test.autoconfigure;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PropertiesPolarConnectionDetails;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.usage.PolarMeters;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that replaces Polar with the fake
 * during development if no access token is configured. The fake is started lazily.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = PolarAutoConfiguration.class)
@Conditional(NotDuringAotProcessing.class)
@EnableConfigurationProperties({ PolarProperties.class, PolarFakeProperties.class })
public final class PolarFakeAutoConfiguration {

	private static final Log logger = LogFactory.getLog(PolarFakeAutoConfiguration.class);

	@Bean
	static FakeInTests polarFakeInTests(Environment environment) {
		return new FakeInTests(environment);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(PolarConnectionDetails.class)
	PolarConnectionDetails polarFakeConnectionDetails(PolarProperties properties, PolarFakeProperties fakeProperties,
			Environment environment, ListableBeanFactory beanFactory, ObjectProvider<PolarFake> fake) {
		FakeDecision decision = FakeDecision.take(properties, fakeProperties.enabled(), environment, beanFactory);
		PropertiesPolarConnectionDetails configured = new PropertiesPolarConnectionDetails(properties);
		return decision.on() ? new FakeConnectionDetails(fake::getObject, configured.getWebhookSecrets())
				: new ExplainedConnectionDetails(configured, decision.reason());
	}

	@Bean(destroyMethod = "close")
	@Lazy
	@ConditionalOnMissingBean
	PolarFake polarFake(PolarProperties properties, PolarFakeProperties fakeProperties, PolarProducts products,
			ObjectProvider<PolarMeters> meters, Environment environment, ListableBeanFactory beanFactory,
			PolarConnectionDetails connectionDetails) {
		FakeDecision decision = FakeDecision.take(properties, fakeProperties.enabled(), environment, beanFactory);
		if (!decision.on()) {
			throw new PolarConfigurationException(
					(decision.reason() != null) ? decision.reason()
							: "The fake of Polar is not used, because an access token is configured.",
					"Do not inject the bean 'polarFake' here, or start a fake with PolarFake.start().");
		}
		PolarFake fake = new ConfiguredFake(properties, fakeProperties, environment).start(products.asMap(),
				meters.getIfAvailable(), connectionDetails.getWebhookSecrets());
		logger.info("Polar access token is not configured. Using a fake of Polar at " + fake.baseUrl()
				+ ", no real payments are made. To refund orders or end subscriptions, open " + fake.dashboardUrl());
		return fake;
	}

}
