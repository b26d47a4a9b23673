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

import java.io.IOException;
import java.util.function.Supplier;

import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Return value handler for {@link PolarPortal} methods. Opens the customer portal for the
 * caller.
 */
final class PolarPortalReturnValueHandler implements HandlerMethodReturnValueHandler {

	private final Supplier<PolarWebMvc> mvc;

	PolarPortalReturnValueHandler(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return CheckoutReturnType.isVoid(returnType.getParameterType())
				&& PolarPortalMethods.find(returnType.getMethod()) != null;
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws IOException {
		mavContainer.setRequestHandled(true);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Assert.state(returnType.getMethod() != null && response != null && request != null,
				"No method, request or response");
		PolarWebMvc mvc = this.mvc.get();
		if (!mvc.portalOpener().open(request, response, mvc.portalMethods().terms(returnType.getMethod()))) {
			throw PortalOpener.rejection(HttpStatus.NOT_FOUND, "You have not bought anything yet.");
		}
	}

}
