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

package io.github.polarspring.test.context;

import io.github.polarspring.entitlement.PolarEntitlements;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Puts {@link TestEntitlements} in front of the application's {@link PolarEntitlements}.
 */
record PolarEntitlementsContextCustomizer() implements ContextCustomizer {

	private static final String BEAN = "polarTestEntitlements";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		// runs when all bean definitions of the application are known
		context.addBeanFactoryPostProcessor(PolarEntitlementsContextCustomizer::register);
	}

	private static void register(ConfigurableListableBeanFactory beanFactory) {
		String delegate = null;
		for (String name : beanFactory.getBeanNamesForType(PolarEntitlements.class, true, false)) {
			BeanDefinition definition = beanFactory.containsBeanDefinition(name) ? beanFactory.getBeanDefinition(name)
					: null;
			if (delegate == null || isPrimary(definition)) {
				delegate = name;
			}
			if (definition != null) {
				definition.setPrimary(false);
			}
		}
		((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(BEAN,
				BeanDefinitionBuilder.rootBeanDefinition(TestEntitlements.class)
					.addConstructorArgValue((delegate != null) ? delegate : "")
					.setPrimary(true)
					.getBeanDefinition());
	}

	private static boolean isPrimary(@Nullable BeanDefinition definition) {
		return definition != null && definition.isPrimary();
	}

}
