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

import io.github.polarspring.client.PolarUrls;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Determines the target of the back link of the customer portal: the page on which the
 * user has clicked, if it belongs to the application. Its query and path parameters are
 * omitted, because Polar stores the URL, and they can contain secrets.
 */
final class PortalReturnUrl {

	private static final int MAX_LENGTH = 2083;

	/**
	 * Parameter that Spring Security adds when it repeats a request after a login. Then,
	 * the user comes from the login page.
	 */
	private static final String AFTER_LOGIN = "continue";

	private final PolarWebMvc.Settings settings;

	PortalReturnUrl(PolarWebMvc.Settings settings) {
		this.settings = settings;
	}

	@Nullable String of(HttpServletRequest request, @Nullable String configured) {
		String page = (request.getParameter(AFTER_LOGIN) == null) ? page(request) : null;
		return (page != null) ? page
				: resolve(request, StringUtils.hasText(configured) ? configured : this.settings.portalReturnUrl());
	}

	private @Nullable String page(HttpServletRequest request) {
		String referrer = request.getHeader(HttpHeaders.REFERER);
		if (!StringUtils.hasText(referrer)) {
			return null;
		}
		try {
			URI uri = new URI(referrer);
			if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null || !isOwn(request, uri)
					|| request.getRequestURI().equals(uri.getRawPath())) {
				return null;
			}
			String path = uri.getRawPath().replaceAll(";[^/]*", "");
			String page = origin(uri) + (path.isEmpty() ? "/" : path);
			return (page.length() <= MAX_LENGTH) ? page : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	/**
	 * Return whether a page belongs to the application. If its address is not known, the
	 * browser tells.
	 */
	private boolean isOwn(HttpServletRequest request, URI page) {
		String applicationUrl = applicationUrl(request);
		if (applicationUrl == null) {
			return "same-origin".equals(request.getHeader("Sec-Fetch-Site")) && isBelow(page, request.getContextPath());
		}
		URI application = URI.create(applicationUrl);
		return origin(application).equals(origin(page)) && isBelow(page, application.getRawPath());
	}

	private static boolean isBelow(URI page, String path) {
		String directory = StringUtils.trimTrailingCharacter(path, '/') + "/";
		return (page.getRawPath() + "/").startsWith(directory);
	}

	private @Nullable String applicationUrl(HttpServletRequest request) {
		if (StringUtils.hasText(this.settings.applicationUrl())) {
			return this.settings.applicationUrl();
		}
		return this.settings.hostTrusted().getAsBoolean()
				? ServletUriComponentsBuilder.fromContextPath(request).toUriString() : null;
	}

	private static String origin(URI uri) {
		return PolarUrls.origin(uri.getScheme(), uri.getHost(), uri.getPort());
	}

	private @Nullable String resolve(HttpServletRequest request, @Nullable String url) {
		if (!StringUtils.hasText(url)) {
			return null;
		}
		String applicationUrl = applicationUrl(request);
		if (!url.startsWith("/") || applicationUrl == null) {
			return url;
		}
		return StringUtils.trimTrailingCharacter(applicationUrl, '/')
				+ PolarUrls.withServletPath(url, this.settings.servletPath().get());
	}

}
