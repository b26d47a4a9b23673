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

import java.lang.reflect.Proxy;

import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitledAdvisor;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.security.PolarAuthorization;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.aop.support.AopUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;

/**
 * Interceptor that checks {@link PolarEntitled} handler methods before their arguments
 * are resolved.
 */
final class EntitlementInterceptor implements AsyncHandlerInterceptor {

	private static final String CHECKED_ATTRIBUTE = EntitlementInterceptor.class.getName() + ".checked";

	private final PolarEntitledAdvisor advisor;

	private final EntitlementResponses responses;

	EntitlementInterceptor(PolarEntitledAdvisor advisor, EntitlementResponses responses) {
		this.advisor = advisor;
		this.responses = responses;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		// a request matcher that denied this user has let the request pass for another
		// reason
		request.removeAttribute(PolarAuthorization.REASON_ATTRIBUTE);
		if (handler instanceof HandlerMethod method && !isChecked(request, method)) {
			try {
				this.advisor.check(method.getMethod(), targetClass(method));
			}
			catch (PolarEntitlementDeniedException ex) {
				throw this.responses.exception(request, ex);
			}
		}
		return true;
	}

	/**
	 * Return whether this is the second dispatch of an asynchronous method. Some
	 * authentications are not available in it.
	 */
	private static boolean isChecked(HttpServletRequest request, HandlerMethod method) {
		return request.getDispatcherType() == DispatcherType.ASYNC
				&& method.getMethod().equals(request.getAttribute(CHECKED_ATTRIBUTE));
	}

	private static Class<?> targetClass(HandlerMethod method) {
		Class<?> type = method.getBeanType();
		return Proxy.isProxyClass(type) ? AopUtils.getTargetClass(method.getBean()) : type;
	}

	@Override
	public void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
			Object handler) {
		if (handler instanceof HandlerMethod method) {
			request.setAttribute(CHECKED_ATTRIBUTE, method.getMethod());
		}
	}

}
