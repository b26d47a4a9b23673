package io.github.polarspring.test.context;

import io.github.polarspring.test.PolarFake;

import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.support.DependencyInjectionTestExecutionListener;

/**
 * Lets the fake forget before each test method of a {@link WithPolarFake} class.
 */
final class PolarFakeTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public int getOrder() {
		return DependencyInjectionTestExecutionListener.ORDER + 1;
	}

	@Override
	public void beforeTestMethod(TestContext context) {
		if (TestContextAnnotationUtils.hasAnnotation(context.getTestClass(), WithPolarFake.class)) {
			context.getApplicationContext().getBeanProvider(PolarFake.class).ifAvailable(PolarFake::reset);
		}
	}

}
