package io.github.polarspring.test.context;

import java.lang.reflect.Method;

import io.github.polarspring.test.PolarFake;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.ParameterResolutionDelegate;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Resolves the fake as a parameter of methods. Constructors, and what is
 * {@code @Autowired}, are Spring's.
 */
final class PolarFakeParameterResolver implements ParameterResolver {

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
		return parameter.getParameter().getType() == PolarFake.class
				&& parameter.getDeclaringExecutable() instanceof Method method
				&& !AnnotatedElementUtils.hasAnnotation(method, Autowired.class)
				&& !ParameterResolutionDelegate.isAutowirable(parameter.getParameter(), parameter.getIndex());
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
		return SpringExtension.getApplicationContext(extension).getBean(PolarFake.class);
	}

}
