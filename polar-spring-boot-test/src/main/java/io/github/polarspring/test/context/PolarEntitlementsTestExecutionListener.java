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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.support.DependencyInjectionTestExecutionListener;
import org.springframework.util.Assert;

/**
 * Sets the entitlements of tests with {@link WithPolarEntitlements} before each test
 * method, and removes them afterwards.
 */
final class PolarEntitlementsTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public int getOrder() {
		return DependencyInjectionTestExecutionListener.ORDER + 1;
	}

	@Override
	public void beforeTestMethod(TestContext context) {
		WithPolarEntitlements annotation = find(context);
		if (annotation != null) {
			TestEntitlements entitlements = entitlements(context).getIfAvailable();
			Assert.state(entitlements != null,
					"@WithPolarEntitlements has no effect, because the test replaces the PolarEntitlements bean,"
							+ " for example by a mock. Remove one of them");
			entitlements.set(annotation);
		}
	}

	@Override
	public void afterTestMethod(TestContext context) {
		if (find(context) != null && context.hasApplicationContext()) {
			entitlements(context).ifAvailable(TestEntitlements::withdraw);
		}
	}

	private static @Nullable WithPolarEntitlements find(TestContext context) {
		WithPolarEntitlements ofMethod = AnnotatedElementUtils.findMergedAnnotation(context.getTestMethod(),
				WithPolarEntitlements.class);
		return (ofMethod != null) ? ofMethod
				: TestContextAnnotationUtils.findMergedAnnotation(context.getTestClass(), WithPolarEntitlements.class);
	}

	private static ObjectProvider<TestEntitlements> entitlements(TestContext context) {
		return context.getApplicationContext().getBeanProvider(TestEntitlements.class);
	}

}
