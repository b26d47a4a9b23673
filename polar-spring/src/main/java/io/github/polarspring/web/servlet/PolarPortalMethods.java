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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.web.PolarPortal;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * Registry of the handler methods with {@link PolarPortal}, which checks them when the
 * application starts.
 */
final class PolarPortalMethods {

	private static final RedirectMethods METHODS = new RedirectMethods(PolarPortal.class);

	private final ListableBeanFactory beanFactory;

	private final StringValueResolver placeholders;

	private final ObjectProvider<PolarCustomerOperations> operations;

	private final BooleanSupplier pathsResolvable;

	private final Map<Method, Terms> terms = new ConcurrentHashMap<>();

	PolarPortalMethods(ListableBeanFactory beanFactory, StringValueResolver placeholders,
			ObjectProvider<PolarCustomerOperations> operations, BooleanSupplier pathsResolvable) {
		this.beanFactory = beanFactory;
		this.placeholders = placeholders;
		this.operations = operations;
		this.pathsResolvable = pathsResolvable;
	}

	static @Nullable PolarPortal find(@Nullable Method method) {
		return (method != null) ? AnnotatedElementUtils.findMergedAnnotation(method, PolarPortal.class) : null;
	}

	void check() {
		HandlerMethod found = null;
		for (Map.Entry<RequestMappingInfo, HandlerMethod> entry : METHODS.find(this.beanFactory)) {
			found = entry.getValue();
			check(found);
		}
		if (found != null) {
			METHODS.require(this.operations, found.getMethod());
		}
	}

	private void check(HandlerMethod handler) {
		METHODS.check(handler, CheckoutReturnType.of(handler).isVoid(), "void");
		METHODS.checkUnhandled(handler, "");
		Method method = handler.getMethod();
		Terms terms;
		try {
			terms = terms(method);
			validate("orElse", terms.orElse());
			validate("returnUrl", terms.returnUrl());
		}
		catch (IllegalArgumentException ex) {
			throw METHODS.unusable(method, "is invalid: " + ex.getMessage(),
					"Correct the annotation. Its simplest form is @PolarPortal.");
		}
		if (terms.returnUrl() != null && terms.returnUrl().startsWith("/") && !this.pathsResolvable.getAsBoolean()) {
			throw METHODS.pathWithoutAddress(method);
		}
	}

	private static void validate(String attribute, @Nullable String url) {
		try {
			if (url != null) {
				CheckoutRequest.forProducts("any").returnUrl(url);
			}
		}
		catch (IllegalArgumentException ex) {
			Assert.state(ex.getMessage() != null, "No message");
			throw new IllegalArgumentException(ex.getMessage().replace("return_url", attribute));
		}
	}

	/**
	 * Return the attributes of the annotation of a method.
	 */
	Terms terms(Method method) {
		return this.terms.computeIfAbsent(method, (key) -> {
			PolarPortal annotation = find(key);
			Assert.state(annotation != null, "No annotation");
			return new Terms(resolve(annotation.orElse()), resolve(annotation.returnUrl()));
		});
	}

	private @Nullable String resolve(String value) {
		String resolved = this.placeholders.resolveStringValue(value);
		return StringUtils.hasText(resolved) ? resolved.strip() : null;
	}

	/**
	 * Return the methods whose attributes have been checked.
	 */
	Set<Method> checked() {
		return this.terms.keySet();
	}

	/**
	 * Attributes of an annotation.
	 *
	 * @param orElse URL for a user who has never bought
	 * @param returnUrl URL for the back link
	 */
	record Terms(@Nullable String orElse, @Nullable String returnUrl) {

		static final Terms NONE = new Terms(null, null);

	}

}
