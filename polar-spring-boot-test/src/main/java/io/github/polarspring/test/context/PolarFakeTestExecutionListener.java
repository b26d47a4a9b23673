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

import java.util.stream.Stream;

import io.github.polarspring.entitlement.PolarEntitlements;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.usage.PolarUsageTemplate;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.support.DependencyInjectionTestExecutionListener;

/**
 * {@link TestExecutionListener} that resets the fake, and forgets usage and what users
 * have according to it, before each test method of a {@link WithPolarFake} class.
 */
final class PolarFakeTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public int getOrder() {
		return DependencyInjectionTestExecutionListener.ORDER + 1;
	}

	@Override
	public void beforeTestMethod(TestContext context) {
		if (TestContextAnnotationUtils.hasAnnotation(context.getTestClass(), WithPolarFake.class)) {
			ApplicationContext application = context.getApplicationContext();
			clearUsage(application);
			application.getBeanProvider(PolarFake.class).ifAvailable(PolarFake::reset);
			PolarFeatures features = application.getBeanProvider(PolarFeatures.class).getIfAvailable();
			if (features != null && !features.isEmpty()) {
				application.getBeanProvider(PolarEntitlements.class).forEach(PolarEntitlements::clear);
			}
		}
	}

	/**
	 * Forget usage, unless the application does not use it.
	 */
	private static void clearUsage(ApplicationContext application) {
		if (application.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beanFactory) {
			Stream.of(beanFactory.getBeanNamesForType(PolarUsageTemplate.class, true, false))
				.filter(beanFactory::containsSingleton)
				.map((name) -> beanFactory.getBean(name, PolarUsageTemplate.class))
				.forEach(PolarUsageTemplate::clear);
		}
	}

}
