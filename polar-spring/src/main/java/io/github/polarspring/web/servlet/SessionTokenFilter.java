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
import java.util.Arrays;
import java.util.stream.Collectors;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Filter that removes the {@code customer_session_token} from the URL. Polar appends this
 * token, which gives access to the buyer's customer portal, to the success URL. After the
 * removal, it does not appear in the address bar, the history, the requests that Spring
 * Security saves before a login, or the referrer that is sent to other sites.
 */
final class SessionTokenFilter extends OncePerRequestFilter {

	private static final String TOKEN = "customer_session_token";

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return request.getQueryString() == null || !request.getQueryString().contains(TOKEN)
				|| !HttpMethod.GET.matches(request.getMethod());
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String query = request.getQueryString();
		String rest = Arrays.stream(query.split("&"))
			.filter((parameter) -> !parameter.equals(TOKEN) && !parameter.startsWith(TOKEN + "="))
			.collect(Collectors.joining("&"));
		if (rest.equals(query)) {
			chain.doFilter(request, response);
			return;
		}
		response.setStatus(HttpStatus.SEE_OTHER.value());
		// the query only, so that no path can cause a redirect to another site
		response.setHeader(HttpHeaders.LOCATION, "?" + rest);
		response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
		response.setHeader("Referrer-Policy", "no-referrer");
	}

}
