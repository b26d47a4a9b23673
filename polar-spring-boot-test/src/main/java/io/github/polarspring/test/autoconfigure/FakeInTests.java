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

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.autoconfigure.PropertiesPolarConnectionDetails;
import io.github.polarspring.test.PolarFake;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.env.Environment;

/**
 * Replaces a custom {@link PolarConnectionDetails} bean of the application with the fake
 * in tests with the annotation, which would call the real Polar otherwise.
 */
final class FakeInTests implements BeanDefinitionRegistryPostProcessor {

	/**
	 * Property that is set by the annotation for tests.
	 */
	private static final String PROPERTY = "polar.fake.in-test";

	private static final String BEAN = "polarFakeConnectionDetails";

	private final Environment environment;

	FakeInTests(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (!this.environment.getProperty(PROPERTY, Boolean.class, false)) {
			return;
		}
		if (!registry.containsBeanDefinition(BEAN) && registry instanceof ConfigurableListableBeanFactory beanFactory) {
			registry.registerBeanDefinition(BEAN,
					BeanDefinitionBuilder
						.genericBeanDefinition(PolarConnectionDetails.class, () -> connectionDetails(beanFactory))
						.setLazyInit(true)
						.getBeanDefinition());
		}
		for (String name : registry.getBeanDefinitionNames()) {
			BeanDefinition definition = registry.getBeanDefinition(name);
			if (name.equals(BEAN)) {
				definition.setPrimary(true);
			}
			else if (registry instanceof ConfigurableListableBeanFactory beanFactory
					&& beanFactory.isTypeMatch(name, PolarConnectionDetails.class)) {
				definition.setPrimary(false);
			}
		}
	}

	private static PolarConnectionDetails connectionDetails(ConfigurableListableBeanFactory beanFactory) {
		return new FakeConnectionDetails(beanFactory.getBeanProvider(PolarFake.class)::getObject,
				new PropertiesPolarConnectionDetails(beanFactory.getBean(PolarProperties.class)).getWebhookSecrets());
	}

}
