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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckoutReturn;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Registry of the handler methods with a {@link PolarCheckoutReturn} parameter, to which
 * buyers return after the payment.
 */
final class PolarCheckoutReturnMethods {

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<PolarCheckoutOperations> operations;

	PolarCheckoutReturnMethods(ListableBeanFactory beanFactory, ObjectProvider<PolarCheckoutOperations> operations) {
		this.beanFactory = beanFactory;
		this.operations = operations;
	}

	/**
	 * Return whether a handler has a parameter for the outcome, even if it is declared by
	 * an interface.
	 */
	static boolean isReturn(HandlerMethod handler) {
		return Arrays.stream(handler.getMethodParameters())
			.anyMatch((parameter) -> parameter.hasParameterAnnotation(PolarCheckoutReturn.class));
	}

	void check() {
		Method found = null;
		List<HandlerMethod> handlers = this.beanFactory
			.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
			.values()
			.stream()
			.flatMap((mapping) -> mapping.getHandlerMethods().values().stream())
			.toList();
		for (HandlerMethod handler : handlers) {
			for (MethodParameter parameter : handler.getMethodParameters()) {
				if (parameter.hasParameterAnnotation(PolarCheckoutReturn.class)) {
					check(parameter);
					found = handler.getMethod();
				}
			}
		}
		if (found != null) {
			RedirectMethods.require(this.operations, "@PolarCheckoutReturn", found);
		}
	}

	private static void check(MethodParameter parameter) {
		if (parameter.getParameterType() != CheckoutOutcome.class) {
			throw new PolarConfigurationException("The @PolarCheckoutReturn parameter of %s has the type %s".formatted(
					RedirectMethods.describe(Objects.requireNonNull(parameter.getMethod())),
					parameter.getParameterType().getSimpleName()), "Declare it as CheckoutOutcome.");
		}
	}

}
