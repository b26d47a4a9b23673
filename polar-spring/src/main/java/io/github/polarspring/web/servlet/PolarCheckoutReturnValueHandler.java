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
import java.lang.reflect.Method;
import java.util.function.Supplier;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.OnActiveSubscription;
import io.github.polarspring.web.PolarActiveSubscriptionException;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * {@link HandlerMethodReturnValueHandler} that creates the checkout session after a
 * {@link PolarCheckout} method has returned, and redirects to it.
 */
final class PolarCheckoutReturnValueHandler implements HandlerMethodReturnValueHandler {

	private final Supplier<PolarWebMvc> mvc;

	PolarCheckoutReturnValueHandler(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
	}

	/**
	 * Return whether the type is supported. For an asynchronous method, this method is
	 * called again with the type of its result.
	 */
	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return CheckoutReturnType.isValue(returnType.getParameterType())
				&& PolarCheckoutMethods.find(returnType.getMethod()) != null;
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws IOException {
		mavContainer.setRequestHandled(true);
		Method method = returnType.getMethod();
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Assert.state(method != null && response != null && request != null, "No method, request or response");
		CheckoutResponse checkoutResponse = CheckoutCaller.response(request);
		PolarWebMvc mvc = this.mvc.get();
		PolarCheckoutMethods methods = mvc.methods();
		try {
			mvc.observedCheckouts().observe(method, checkoutResponse, new ObservedCheckouts.Checkout() {

				@Override
				public CheckoutSession create() {
					if (returnValue instanceof CheckoutSession own) {
						return own;
					}
					CheckoutRequest checkout = request(returnValue, returnType, methods, method, webRequest);
					if (methods.terms(method).onActiveSubscription() != OnActiveSubscription.CHECKOUT) {
						mvc.activeSubscriptions().find(request, checkout).ifPresent((subscription) -> {
							throw new PolarActiveSubscriptionException(subscription);
						});
					}
					return methods.operations().create(checkout);
				}

				@Override
				public void respond(CheckoutSession session) throws IOException {
					String url = RedirectUrls.safe("checkout", themed(session, methods.theme(method)));
					response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
					PolarRedirectInterceptor.handled(request);
					checkoutResponse.write(request, response, url, session.expiresAt());
				}

			});
		}
		catch (PolarActiveSubscriptionException ex) {
			if (methods.terms(method).onActiveSubscription() != OnActiveSubscription.PORTAL) {
				throw ex;
			}
			if (!mvc.portalOpener().open(request, response, PolarPortalMethods.Terms.NONE)) {
				throw ex;
			}
		}
	}

	private static CheckoutRequest request(@Nullable Object returnValue, MethodParameter returnType,
			PolarCheckoutMethods methods, Method method, NativeWebRequest webRequest) {
		if (returnValue instanceof CheckoutRequest request) {
			return methods.terms(method).fillIn(request).build();
		}
		if (returnValue instanceof CheckoutRequest.Builder builder) {
			return methods.terms(method).fillIn(builder.build()).build();
		}
		Assert.state(CheckoutReturnType.isVoid(returnType.getParameterType()),
				() -> "The @PolarCheckout method " + method.getName() + " returned null");
		return PolarCheckoutArgumentResolver.builder(methods, method, webRequest).build();
	}

	private static String themed(CheckoutSession session, @Nullable CheckoutTheme theme) {
		return (theme != null) ? theme.applyTo(session.url()) : session.url();
	}

}
