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
import io.github.polarspring.security.PolarAuthorization;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;

/**
 * {@link AccessDeniedHandler} for users whom {@link PolarAuthorization} did not let in.
 * Spring Security also calls it for all others if a filter chain has no other handler.
 */
final class EntitlementDeniedHandler implements AccessDeniedHandler {

	private final AccessDeniedHandler others = new AccessDeniedHandlerImpl();

	private final Supplier<PolarWebMvc> mvc;

	EntitlementDeniedHandler(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ex)
			throws IOException, ServletException {
		if (request.getAttribute(PolarAuthorization.REASON_ATTRIBUTE) instanceof PolarException reason
				&& !response.isCommitted()) {
			this.mvc.get().entitlementResponses().send(request, response, reason);
		}
		else {
			this.others.handle(request, response, ex);
		}
	}

}
