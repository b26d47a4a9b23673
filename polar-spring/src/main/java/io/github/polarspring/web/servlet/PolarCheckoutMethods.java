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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.Assert;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Registry of the {@link PolarCheckout} methods. The application fails to start if a
 * method could never create a session. An access token is required at startup only if
 * there are such methods.
 */
final class PolarCheckoutMethods {

	private static final RedirectMethods METHODS = new RedirectMethods(PolarCheckout.class);

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
		for (Map.Entry<RequestMappingInfo, HandlerMethod> entry : METHODS.find(this.beanFactory)) {
			check(entry.getValue());
			warnIfMappedWithGet(entry.getKey(), entry.getValue().getMethod());
			found = entry.getValue();
		}
		if (found != null) {
			METHODS.require(this.operations, found.getMethod());
		}
	}

	private static void warnIfMappedWithGet(RequestMappingInfo mapping, Method method) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (methods.isEmpty() || methods.contains(RequestMethod.GET)) {
			logger.warn("The @PolarCheckout method " + RedirectMethods.describe(method)
					+ " can be called with GET, so links on"
					+ " any site and crawlers create checkout sessions. Map it with POST");
		}
	}

	private void check(HandlerMethod handler) {
		Method method = handler.getMethod();
		CheckoutReturnType returnType = CheckoutReturnType.of(handler);
		METHODS.check(handler, CheckoutReturnType.isValue(returnType.value()),
				"void, CheckoutRequest, CheckoutRequest.Builder or CheckoutSession, or to a Callable,"
						+ " CompletableFuture or DeferredResult of one of these");
		boolean builder = Arrays.asList(method.getParameterTypes()).contains(CheckoutRequest.Builder.class);
		if (!isNamed(method) && (returnType.isVoid() || builder)) {
			throw METHODS.unusable(method, "does not specify a product",
					"Specify at least one, for example @PolarCheckout(\"pro\").");
		}
		METHODS.checkUnhandled(handler, ", or return a CheckoutRequest");
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
			throw METHODS.unusable(method, "specifies an unknown product: " + ex.getMessage(), ex.getAction());
		}
		catch (IllegalArgumentException ex) {
			throw METHODS.unusable(method, "is invalid: " + ex.getMessage(),
					"Correct the annotation. Its simplest form is @PolarCheckout(\"pro\").");
		}
		boolean path = isPath(terms.successUrl()) || isPath(terms.returnUrl());
		if (path && !this.pathsResolvable.getAsBoolean()) {
			throw METHODS.pathWithoutAddress(method);
		}
	}

	private static boolean isPath(@Nullable String url) {
		return url != null && url.startsWith("/");
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
