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
import java.util.function.Supplier;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.web.PolarCheckout;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * {@link HandlerMethodArgumentResolver} for the builder that is initialized from a
 * {@link PolarCheckout} annotation.
 */
final class PolarCheckoutArgumentResolver implements HandlerMethodArgumentResolver {

	private static final String ATTRIBUTE = PolarCheckoutArgumentResolver.class.getName() + ".builder";

	private final Supplier<PolarCheckoutMethods> methods;

	PolarCheckoutArgumentResolver(Supplier<PolarCheckoutMethods> methods) {
		this.methods = methods;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == CheckoutRequest.Builder.class
				&& PolarCheckoutMethods.find(parameter.getMethod()) != null;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		Method method = parameter.getMethod();
		Assert.state(method != null, "No method");
		return builder(this.methods.get(), method, webRequest);
	}

	/**
	 * Return the builder for a request. It is the same for the argument and the return
	 * value.
	 */
	static CheckoutRequest.Builder builder(PolarCheckoutMethods methods, Method method, RequestAttributes request) {
		Object known = request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
		if (known instanceof BuilderHolder holder && holder.method().equals(method)) {
			return holder.builder();
		}
		CheckoutRequest.Builder builder = methods.terms(method).newRequest();
		request.setAttribute(ATTRIBUTE, new BuilderHolder(method, builder), RequestAttributes.SCOPE_REQUEST);
		return builder;
	}

	/**
	 * Builder together with its method, because a request can be forwarded to another
	 * method.
	 */
	private record BuilderHolder(Method method, CheckoutRequest.Builder builder) {

	}

}
