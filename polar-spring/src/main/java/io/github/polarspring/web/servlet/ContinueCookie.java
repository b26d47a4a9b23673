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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Cookie with the page that a user wanted to open when they were redirected to the
 * upgrade page, so that the user can continue there after the payment. It contains a path
 * within the application, and is not trusted.
 */
final class ContinueCookie {

	static final String NAME = "polar-continue";

	private static final Duration MAX_AGE = Duration.ofHours(1);

	private static final int MAX_LENGTH = 2000;

	/**
	 * Visible ASCII characters without a backslash, which browsers treat as a slash. They
	 * treat two slashes as the beginning of a host, and ignore tabs and line breaks.
	 */
	private static final Pattern PATH = Pattern.compile("/(?!/)[\\x21-\\x7E&&[^\\\\]]*");

	/**
	 * Parameter that Spring Security adds when it repeats a request after a login.
	 */
	private static final Pattern AFTER_LOGIN = Pattern.compile("[?&]continue$");

	private ContinueCookie() {
	}

	/**
	 * Remember the page of a request.
	 */
	static void remember(HttpServletRequest request, HttpServletResponse response) {
		String path = AFTER_LOGIN.matcher(RedirectUrls.of(request)).replaceFirst("");
		if (isPage(path, request)) {
			String value = Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString(path.getBytes(StandardCharsets.US_ASCII));
			BrowserCookies.set(request, response, NAME, value, MAX_AGE);
		}
	}

	/**
	 * Return the page, and delete the cookie.
	 */
	static @Nullable String take(HttpServletRequest request, HttpServletResponse response) {
		String value = BrowserCookies.get(request, NAME);
		forget(request, response);
		if (value == null) {
			return null;
		}
		try {
			String path = new String(Base64.getUrlDecoder().decode(value), StandardCharsets.ISO_8859_1);
			return isPage(path, request) ? path : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	static void forget(HttpServletRequest request, HttpServletResponse response) {
		if (BrowserCookies.contains(request, NAME)) {
			BrowserCookies.delete(request, response, NAME);
		}
	}

	private static boolean isPage(String path, HttpServletRequest request) {
		return path.length() <= MAX_LENGTH && PATH.matcher(path).matches()
				&& path.startsWith(request.getContextPath() + "/");
	}

}
