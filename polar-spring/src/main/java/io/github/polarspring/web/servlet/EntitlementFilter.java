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

import io.github.polarspring.PolarException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Filter that writes the response if a view requires a feature. Spring MVC does not
 * handle exceptions of views.
 */
final class EntitlementFilter extends OncePerRequestFilter {

	private final Supplier<PolarWebMvc> mvc;

	EntitlementFilter(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		try {
			chain.doFilter(request, response);
		}
		catch (ServletException | RuntimeException ex) {
			PolarException reason = reason(ex);
			if (reason == null || response.isCommitted()) {
				throw ex;
			}
			response.resetBuffer();
			this.mvc.get().entitlementResponses().send(request, response, reason);
		}
	}

	private static @Nullable PolarException reason(@Nullable Throwable ex) {
		Throwable current = ex;
		while (current != null && !EntitlementResponses.isReason(current)) {
			current = current.getCause();
		}
		return (PolarException) current;
	}

}
