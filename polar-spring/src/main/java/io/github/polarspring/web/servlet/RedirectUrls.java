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

import java.net.URI;
import java.net.URISyntaxException;

import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.client.PolarUrls;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.StringUtils;

/**
 * Rules for the URLs that callers are redirected to.
 */
final class RedirectUrls {

	private RedirectUrls() {
	}

	/**
	 * Return the URL of a request without its host, which the caller controls.
	 */
	static String of(HttpServletRequest request) {
		String path = "/" + StringUtils.trimLeadingCharacter(request.getRequestURI(), '/');
		return (request.getQueryString() != null) ? path + "?" + request.getQueryString() : path;
	}

	/**
	 * Return a configured URL as the browser needs it: a path gets the context path and
	 * the path of the {@code DispatcherServlet}.
	 */
	static String resolve(HttpServletRequest request, String url, String servletPath) {
		return url.startsWith("/") ? request.getContextPath() + PolarUrls.withServletPath(url, servletPath) : url;
	}

	/**
	 * Check the URL of a page that the buyer is redirected to. Like Polar's URLs, it must
	 * use https (or http to a loopback address), without user information and control
	 * characters.
	 */
	static String safe(String page, String url) {
		try {
			URI uri = new URI(url);
			boolean secure = "https".equalsIgnoreCase(uri.getScheme())
					|| ("http".equalsIgnoreCase(uri.getScheme()) && PolarUrls.isLoopback(uri));
			if (secure && uri.getHost() != null && uri.getRawUserInfo() == null) {
				return uri.toASCIIString();
			}
		}
		catch (URISyntaxException ex) {
			// the same exception, without the URL
		}
		throw new PolarConnectionException("Polar responded with a " + page + " URL that is not safe to redirect to",
				null);
	}

}
