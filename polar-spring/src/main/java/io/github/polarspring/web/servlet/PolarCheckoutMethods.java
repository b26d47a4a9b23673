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
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.product.PolarProducts;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.ServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Registry of the {@link PolarCheckout} methods. The application fails to start if a
 * method could never create a session. An access token is required at startup only if
 * there are such methods.
 */
final class PolarCheckoutMethods {

	private static final boolean COROUTINES_PRESENT = KotlinDetector.isKotlinReflectPresent()
			&& ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", PolarCheckoutMethods.class.getClassLoader());

	private final ListableBeanFactory beanFactory;

	private final StringValueResolver placeholders;

	private final PolarProducts products;

	private final ObjectProvider<PolarCheckoutOperations> operations;

	private static final Log logger = LogFactory.getLog(PolarCheckoutMethods.class);

	private final Map<Method, CheckoutTerms> terms = new ConcurrentHashMap<>();

	private final BooleanSupplier pathsResolvable;

	private final @Nullable CheckoutTheme theme;

	/**
	 * Create the methods.
	 * @param beanFactory contains the handler mappings
	 * @param placeholders resolves placeholders in annotations
	 * @param products resolves product names
	 * @param operations creates sessions
	 * @param pathsResolvable whether the public address of the application is configured
	 * or can be determined from requests
	 * @param theme default theme of the checkout page
	 */
	PolarCheckoutMethods(ListableBeanFactory beanFactory, StringValueResolver placeholders, PolarProducts products,
			ObjectProvider<PolarCheckoutOperations> operations, BooleanSupplier pathsResolvable,
			@Nullable CheckoutTheme theme) {
		this.beanFactory = beanFactory;
		this.placeholders = placeholders;
		this.products = products;
		this.operations = operations;
		this.pathsResolvable = pathsResolvable;
		this.theme = theme;
	}

	static @Nullable PolarCheckout find(@Nullable Method method) {
		return (method != null) ? AnnotatedElementUtils.findMergedAnnotation(method, PolarCheckout.class) : null;
	}

	void check() {
		HandlerMethod found = null;
		for (RequestMappingInfoHandlerMapping mapping : this.beanFactory
			.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
			.values()) {
			for (Map.Entry<RequestMappingInfo, HandlerMethod> entry : mapping.getHandlerMethods().entrySet()) {
				HandlerMethod handler = entry.getValue();
				if (find(handler.getMethod()) != null) {
					check(handler);
					warnIfMappedWithGet(entry.getKey(), handler.getMethod());
					found = handler;
				}
			}
		}
		if (found != null) {
			requireOperations("@PolarCheckout", found.getMethod());
		}
	}

	private static void warnIfMappedWithGet(RequestMappingInfo mapping, Method method) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (methods.isEmpty() || methods.contains(RequestMethod.GET)) {
			logger.warn("The @PolarCheckout method " + describe(method) + " can be called with GET, so links on"
					+ " any site and crawlers create checkout sessions. Map it with POST");
		}
	}

	void requireOperations(String annotation, Method method) {
		try {
			this.operations.getObject();
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

	private void check(HandlerMethod handler) {
		Method method = handler.getMethod();
		if (KotlinDetector.isSuspendingFunction(method) && !COROUTINES_PRESENT) {
			throw unusable(method,
					"is a suspending function, but a library that Spring MVC needs to call it is missing",
					"Add 'org.jetbrains.kotlin:kotlin-reflect' and"
							+ " 'org.jetbrains.kotlinx:kotlinx-coroutines-reactor', or remove 'suspend'.");
		}
		CheckoutReturnType returnType = CheckoutReturnType.of(handler);
		if (!CheckoutReturnType.isValue(returnType.value())) {
			ResolvableType declared = CheckoutReturnType.declared(handler);
			throw unusable(method,
					"returns " + (declared.hasGenerics() ? declared : declared.toClass().getSimpleName()),
					"Change the return type to void, CheckoutRequest, CheckoutRequest.Builder or"
							+ " CheckoutSession, or to a Callable, CompletableFuture or DeferredResult of one of"
							+ " these.");
		}
		boolean builder = Arrays.asList(method.getParameterTypes()).contains(CheckoutRequest.Builder.class);
		if (!isNamed(method) && (returnType.isVoid() || builder)) {
			throw unusable(method, "does not specify a product",
					"Specify at least one, for example @PolarCheckout(\"pro\").");
		}
		for (Class<?> type : method.getParameterTypes()) {
			if (method.getReturnType() == void.class && (ServletResponse.class.isAssignableFrom(type)
					|| OutputStream.class.isAssignableFrom(type) || Writer.class.isAssignableFrom(type))) {
				throw unusable(method,
						"has a parameter of type " + type.getSimpleName()
								+ ", which makes Spring MVC consider the request handled",
						"Remove the parameter, or return a CheckoutRequest.");
			}
		}
		if (AnnotatedElementUtils.hasAnnotation(method, ResponseStatus.class)
				|| AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), ResponseStatus.class)) {
			throw unusable(method,
					"or its class has @ResponseStatus, which makes Spring MVC consider the request handled",
					"Remove @ResponseStatus. The status of the response is 303 See Other.");
		}
		checkTerms(method);
	}

	private void checkTerms(Method method) {
		CheckoutTerms terms;
		try {
			terms = terms(method);
			CheckoutRequest any = CheckoutRequest.forProducts("any").build();
			terms.fillIn(any).build();
			if (!terms.products().isEmpty()) {
				List<String> products = terms.newRequest().build().products();
				Assert.isTrue(products.stream().map(this.products::resolve).distinct().count() == products.size(),
						"specifies two products with the same id");
			}
		}
		catch (PolarConfigurationException ex) {
			throw unusable(method, "specifies an unknown product: " + ex.getMessage(), ex.getAction());
		}
		catch (IllegalArgumentException ex) {
			throw unusable(method, "is invalid: " + ex.getMessage(),
					"Correct the annotation. Its simplest form is @PolarCheckout(\"pro\").");
		}
		boolean path = isPath(terms.successUrl()) || isPath(terms.returnUrl());
		if (path && !this.pathsResolvable.getAsBoolean()) {
			throw unusable(method,
					"redirects the buyer to a path, but the public address of the application is not configured",
					"Set 'polar.checkout.application-url', for example to https://shop.example. In production,"
							+ " the host of the request is not used, because the caller can forge it.");
		}
	}

	private static boolean isPath(@Nullable String url) {
		return url != null && url.startsWith("/");
	}

	private static PolarConfigurationException unusable(Method method, String reason, String action) {
		return new PolarConfigurationException("The @PolarCheckout method " + describe(method) + " " + reason, action);
	}

	static String describe(Method method) {
		return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "#" + method.getName();
	}

	/**
	 * Return the attributes of the annotation of a method.
	 */
	CheckoutTerms terms(Method method) {
		return this.terms.computeIfAbsent(method, (key) -> {
			PolarCheckout annotation = find(key);
			Assert.state(annotation != null, "No annotation");
			return CheckoutTerms.of(annotation, this.placeholders);
		});
	}

	/**
	 * Return the methods whose attributes have been checked.
	 */
	Set<Method> checked() {
		return this.terms.keySet();
	}

	/**
	 * Return the theme of the checkout page.
	 */
	@Nullable CheckoutTheme theme(Method method) {
		CheckoutTheme theme = terms(method).theme();
		return (theme != null) ? theme : this.theme;
	}

	private static boolean isNamed(Method method) {
		PolarCheckout annotation = find(method);
		return annotation != null && annotation.value().length > 0;
	}

	/**
	 * Return the operations that create sessions.
	 */
	PolarCheckoutOperations operations() {
		return this.operations.getObject();
	}

}
