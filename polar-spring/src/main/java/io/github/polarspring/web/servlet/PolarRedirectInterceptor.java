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

import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarPortal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.Assert;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Interceptor that handles requests to {@link PolarCheckout} and {@link PolarPortal}
 * methods that no user has made, or that the browser has to send again as a navigation,
 * and verifies that all others create a session.
 */
final class PolarRedirectInterceptor implements AsyncHandlerInterceptor {

	private static final String HANDLED_ATTRIBUTE = PolarRedirectInterceptor.class.getName() + ".handled";

	private final CurrentIdentity identity;

	PolarRedirectInterceptor(CurrentIdentity identity) {
		this.identity = identity;
	}

	static void handled(HttpServletRequest request) {
		request.setAttribute(HANDLED_ATTRIBUTE, true);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (!RedirectMethods.contain(handler)) {
			return true;
		}
		HttpStatus nonPurchaseStatus = NonPurchase.status(request);
		if (nonPurchaseStatus == null && CheckoutCaller.isUnableToFollow(request)) {
			ErrorResponseException failure = new ErrorResponseException(HttpStatus.NOT_ACCEPTABLE);
			failure
				.setDetail("This request cannot be redirected to Polar. Let the browser submit the form or follow the"
						+ " link.");
			throw failure;
		}
		CheckoutResponse forNavigation = CheckoutCaller.responseForNavigation(request, nonPurchaseStatus != null);
		if (nonPurchaseStatus == null && forNavigation == null) {
			return true;
		}
		response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
		response.setStatus(((nonPurchaseStatus != null) ? nonPurchaseStatus : HttpStatus.OK).value());
		if (forNavigation != null) {
			forNavigation.write(request, response, RedirectUrls.of(request), null);
		}
		return false;
	}

	@Override
	public void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
			Object handler) {
		if (RedirectMethods.contain(handler)) {
			this.identity.cache(request);
		}
	}

	@Override
	public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable ModelAndView modelAndView) {
		if (RedirectMethods.contain(handler)) {
			Assert.state(request.getAttribute(HANDLED_ATTRIBUTE) != null,
					() -> "The @PolarCheckout or @PolarPortal method " + handler
							+ " did not create a session. Either it wrote the response itself, or it belongs to"
							+ " a DispatcherServlet whose application context does not contain the configuration"
							+ " of polar-spring-boot");
		}
	}

}
