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
 * What the {@link PolarCheckout} methods sell. Fails the start for a method that could
 * never sell anything, and only an application with such methods needs an access token at
 * start.
 */
final class PolarCheckoutMethods {

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
	 * @param beanFactory holds the handler mappings
	 * @param placeholders resolves placeholders in annotations
	 * @param products resolves product names
	 * @param operations creates sessions
	 * @param pathsResolvable whether the application's own address is or will be known
	 * @param theme colors of the checkout page, unless an annotation names others
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
			logger
				.warn("The @PolarCheckout method " + describe(method) + " can be called with GET: every link to it, on"
						+ " any site, and every crawler creates checkout sessions. Map it with POST");
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
		CheckoutReturnType returnType = CheckoutReturnType.of(handler);
		if (!CheckoutReturnType.isValue(returnType.value())) {
			ResolvableType declared = ResolvableType.forMethodReturnType(method, handler.getBeanType());
			throw unusable(method,
					"returns " + (declared.hasGenerics() ? declared : method.getReturnType().getSimpleName()),
					"Let it return void, CheckoutRequest, CheckoutRequest.Builder or CheckoutSession, or one of these"
							+ " in a Callable, CompletableFuture or DeferredResult.");
		}
		boolean builder = Arrays.asList(method.getParameterTypes()).contains(CheckoutRequest.Builder.class);
		if (!isNamed(method) && (returnType.isNothing() || builder)) {
			throw unusable(method, "names no product", "Name at least one, as in @PolarCheckout(\"pro\").");
		}
		for (Class<?> type : method.getParameterTypes()) {
			if (method.getReturnType() == void.class && (ServletResponse.class.isAssignableFrom(type)
					|| OutputStream.class.isAssignableFrom(type) || Writer.class.isAssignableFrom(type))) {
				throw unusable(method,
						"has a parameter of type " + type.getSimpleName()
								+ ", after which Spring MVC takes the request for answered",
						"Remove the parameter, or return a CheckoutRequest.");
			}
		}
		if (AnnotatedElementUtils.hasAnnotation(method, ResponseStatus.class)
				|| AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), ResponseStatus.class)) {
			throw unusable(method,
					"or its class has @ResponseStatus, with which Spring MVC takes the request for answered",
					"Remove @ResponseStatus: the answer is 303 See Other.");
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
						"two of its products have the same id");
			}
		}
		catch (PolarConfigurationException ex) {
			throw unusable(method, "names a product that is not known: " + ex.getMessage(), ex.getAction());
		}
		catch (IllegalArgumentException ex) {
			throw unusable(method, "cannot be understood: " + ex.getMessage(),
					"Correct the annotation; its simplest form is @PolarCheckout(\"pro\").");
		}
		boolean path = isPath(terms.successUrl()) || isPath(terms.returnUrl());
		if (path && !this.pathsResolvable.getAsBoolean()) {
			throw unusable(method, "leads back to a path, and the public address of the application is not configured",
					"Set 'polar.checkout.application-url', for example to https://shop.example. In production the host"
							+ " that a request names is not used, because the caller can forge it.");
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
	 * Return what the annotation of a method says.
	 */
	CheckoutTerms terms(Method method) {
		return this.terms.computeIfAbsent(method, (key) -> {
			PolarCheckout annotation = find(key);
			Assert.state(annotation != null, "No annotation");
			return CheckoutTerms.of(annotation, this.placeholders);
		});
	}

	/**
	 * Return the colors of the checkout page.
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
	 * Return what creates sessions.
	 */
	PolarCheckoutOperations operations() {
		return this.operations.getObject();
	}

}
