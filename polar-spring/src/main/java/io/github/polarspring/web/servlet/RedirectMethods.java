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

package io.github.polarspring.web.servlet;

import java.io.OutputStream;
import java.io.Writer;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.ServletResponse;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Handler methods after which the caller is redirected to Polar, and the rules for them.
 *
 * @param annotation the annotation of the methods
 */
record RedirectMethods(Class<? extends Annotation> annotation) {

	private static final boolean COROUTINES_PRESENT = KotlinDetector.isKotlinReflectPresent()
			&& ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", RedirectMethods.class.getClassLoader());

	/**
	 * Results for all handler methods of the application. Each request needs one.
	 */
	private static final Map<Method, Boolean> KNOWN = new ConcurrentReferenceHashMap<>();

	/**
	 * Return whether a handler is a method after which the caller is redirected.
	 */
	static boolean contain(Object handler) {
		return handler instanceof HandlerMethod method
				&& KNOWN.computeIfAbsent(method.getMethod(), RedirectMethods::isAnnotated);
	}

	private static boolean isAnnotated(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, PolarCheckout.class)
				|| AnnotatedElementUtils.hasAnnotation(method, PolarPortal.class);
	}

	/**
	 * Return the annotated methods with their mappings.
	 */
	List<Map.Entry<RequestMappingInfo, HandlerMethod>> find(ListableBeanFactory beanFactory) {
		return beanFactory.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
			.values()
			.stream()
			.flatMap((mapping) -> mapping.getHandlerMethods().entrySet().stream())
			.filter((entry) -> AnnotatedElementUtils.hasAnnotation(entry.getValue().getMethod(), this.annotation))
			.toList();
	}

	/**
	 * Check that Spring MVC passes the result of a method on to the return value handler.
	 * @param returnTypes the supported return types, in plain language
	 */
	void check(HandlerMethod handler, boolean supported, String returnTypes) {
		Method method = handler.getMethod();
		if (AnnotatedElementUtils.hasAnnotation(method, PolarCheckout.class)
				&& AnnotatedElementUtils.hasAnnotation(method, PolarPortal.class)) {
			throw unusable(method, "has both @PolarCheckout and @PolarPortal", "Remove one of the annotations.");
		}
		if (KotlinDetector.isSuspendingFunction(method) && !COROUTINES_PRESENT) {
			throw unusable(method,
					"is a suspending function, but a library that Spring MVC needs to call it is missing",
					"Add 'org.jetbrains.kotlin:kotlin-reflect' and"
							+ " 'org.jetbrains.kotlinx:kotlinx-coroutines-reactor', or remove 'suspend'.");
		}
		if (!supported) {
			ResolvableType declared = CheckoutReturnType.declared(handler);
			throw unusable(method,
					"returns " + (declared.hasGenerics() ? declared : declared.toClass().getSimpleName()),
					"Change the return type to " + returnTypes + ".");
		}
	}

	/**
	 * Check that nothing makes Spring MVC consider the request handled before the return
	 * value handler is called.
	 * @param alternative what to do instead of declaring such a parameter
	 */
	void checkUnhandled(HandlerMethod handler, String alternative) {
		Method method = handler.getMethod();
		for (Class<?> type : method.getParameterTypes()) {
			if (method.getReturnType() == void.class && (ServletResponse.class.isAssignableFrom(type)
					|| OutputStream.class.isAssignableFrom(type) || Writer.class.isAssignableFrom(type))) {
				throw unusable(method,
						"has a parameter of type " + type.getSimpleName()
								+ ", which makes Spring MVC consider the request handled",
						"Remove the parameter" + alternative + ".");
			}
		}
		if (AnnotatedElementUtils.hasAnnotation(method, ResponseStatus.class)
				|| AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), ResponseStatus.class)) {
			throw unusable(method,
					"or its class has @ResponseStatus, which makes Spring MVC consider the request handled",
					"Remove @ResponseStatus. The status of the response is 303 See Other.");
		}
	}

	/**
	 * Return the exception for a return path that cannot be resolved.
	 */
	PolarConfigurationException pathWithoutAddress(Method method) {
		return unusable(method,
				"redirects the buyer to a path, but the public address of the application is not configured",
				"Set 'polar.checkout.application-url', for example to https://shop.example. In production,"
						+ " the host of the request is not used, because the caller can forge it.");
	}

	/**
	 * Check that the bean that calls Polar exists. It requires an access token.
	 */
	void require(ObjectProvider<?> operations, Method method) {
		require(operations, "@" + this.annotation.getSimpleName(), method);
	}

	static void require(ObjectProvider<?> operations, String annotation, Method method) {
		try {
			operations.getObject();
		}
		catch (BeanCreationException ex) {
			if (ex.getMostSpecificCause() instanceof PolarConfigurationException cause) {
				throw new PolarConfigurationException(
						cause.getMessage() + " Required by the " + annotation + " method " + describe(method) + ".",
						cause.getAction());
			}
			throw ex;
		}
	}

	PolarConfigurationException unusable(Method method, String reason, String action) {
		return new PolarConfigurationException(
				"The @" + this.annotation.getSimpleName() + " method " + describe(method) + " " + reason, action);
	}

	static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

}
