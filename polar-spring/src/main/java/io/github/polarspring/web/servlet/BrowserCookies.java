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

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.util.StringUtils;

/**
 * Cookies of the application that scripts cannot read, and that browsers send when Polar
 * redirects to the application.
 */
final class BrowserCookies {

	private BrowserCookies() {
	}

	static void set(HttpServletRequest request, HttpServletResponse response, String name, String value,
			Duration maxAge) {
		response.addHeader(HttpHeaders.SET_COOKIE,
				ResponseCookie.from(name, value)
					.httpOnly(true)
					.sameSite("Lax")
					.secure(request.isSecure())
					.path(StringUtils.hasText(request.getContextPath()) ? request.getContextPath() : "/")
					.maxAge(maxAge)
					.build()
					.toString());
	}

	static void delete(HttpServletRequest request, HttpServletResponse response, String name) {
		set(request, response, name, "", Duration.ZERO);
	}

	static boolean contains(HttpServletRequest request, String name) {
		return !values(request, name).isEmpty();
	}

	/**
	 * Return the value of a cookie. If there are two, another site may have set one of
	 * them, so there is no value.
	 */
	static @Nullable String get(HttpServletRequest request, String name) {
		List<String> values = values(request, name);
		return (values.size() == 1) ? values.get(0) : null;
	}

	private static List<String> values(HttpServletRequest request, String name) {
		Cookie[] cookies = request.getCookies();
		return (cookies != null) ? Arrays.stream(cookies)
			.filter((cookie) -> cookie.getName().equals(name) && cookie.getValue() != null)
			.map(Cookie::getValue)
			.toList() : List.of();
	}

}
