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

import java.util.Map;
import java.util.function.Supplier;

import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * {@link HandlerMethodArgumentResolver} for {@link PolarCheckoutReturn} parameters.
 */
final class CheckoutOutcomeArgumentResolver implements HandlerMethodArgumentResolver {

	private final Supplier<CheckoutOutcomes> outcomes;

	CheckoutOutcomeArgumentResolver(Supplier<CheckoutOutcomes> outcomes) {
		this.outcomes = outcomes;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(PolarCheckoutReturn.class);
	}

	@Override
	public CheckoutOutcome resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		PolarCheckoutReturn annotation = parameter.getParameterAnnotation(PolarCheckoutReturn.class);
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(annotation != null && request != null && response != null, "No annotation, request or response");
		if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
			response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
		}
		return this.outcomes.get().find(request, response, checkoutId(request, annotation.value()));
	}

	private static @Nullable String checkoutId(HttpServletRequest request, String name) {
		String parameter = request.getParameter(name);
		return (parameter == null
				&& request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
				&& variables.get(name) instanceof String variable) ? variable : parameter;
	}

}
