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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Cookie by which a browser is recognized when it returns from Polar. It contains a
 * random key, whose hash is in the metadata of the checkouts that were started in the
 * browser. Nothing is stored on the server, so instances of the application do not share
 * any state.
 */
final class CheckoutCookie {

	static final String NAME = "polar-checkout";

	private static final String ATTRIBUTE = CheckoutCookie.class.getName();

	private static final Duration MAX_AGE = Duration.ofDays(3);

	private static final int KEY_BYTES = 16;

	private static final int SUFFIX_LENGTH = 8;

	/**
	 * Number of cookies that no browser sends for one application. Any further cookies
	 * are ignored.
	 */
	private static final int MAX_COOKIES = 100;

	private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{22}");

	private static final SecureRandom random = new SecureRandom();

	private CheckoutCookie() {
	}

	/**
	 * Return the hash of the browser's key, and renew its cookie. A browser without a key
	 * gets one.
	 * @return the hash, or {@code null} if it is too late to set a cookie
	 */
	static @Nullable String obtainHash(HttpServletRequest request, @Nullable HttpServletResponse response) {
		if (request.getAttribute(ATTRIBUTE) instanceof String known) {
			return hash(known);
		}
		if (response == null || response.isCommitted()) {
			return null;
		}
		String key = keys(request).stream().findFirst().orElse(null);
		if (key == null) {
			key = newKey();
			// for two concurrent first checkouts: the second response replaces the cookie
			// of the first one, but not this one
			BrowserCookies.set(request, response, NAME + "-" + key.substring(0, SUFFIX_LENGTH), key, MAX_AGE);
		}
		BrowserCookies.set(request, response, NAME, key, MAX_AGE);
		if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
			response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
		}
		request.setAttribute(ATTRIBUTE, key);
		return hash(key);
	}

	/**
	 * Return the hashes of all keys of the browser.
	 */
	static Set<String> hashes(HttpServletRequest request) {
		return keys(request).stream().map(CheckoutCookie::hash).collect(Collectors.toSet());
	}

	/**
	 * Delete the keys of the browser, because another user may use it next.
	 */
	static void forget(HttpServletRequest request, HttpServletResponse response) {
		cookies(request).stream()
			.map(Cookie::getName)
			.distinct()
			.forEach((name) -> BrowserCookies.delete(request, response, name));
	}

	/**
	 * Return the valid keys, starting with that of the main cookie. If there are two main
	 * cookies, another site may have set one of them.
	 */
	private static Set<String> keys(HttpServletRequest request) {
		List<Cookie> cookies = cookies(request);
		boolean doubled = cookies.stream().filter((cookie) -> cookie.getName().equals(NAME)).count() > 1;
		return cookies.stream()
			.filter((cookie) -> cookie.getName().startsWith(NAME + "-") || (cookie.getName().equals(NAME) && !doubled))
			.filter((cookie) -> KEY.matcher(cookie.getValue()).matches())
			.sorted(Comparator.comparing(Cookie::getName))
			.map(Cookie::getValue)
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	private static List<Cookie> cookies(HttpServletRequest request) {
		Cookie[] cookies = request.getCookies();
		return (cookies != null) ? Arrays.stream(cookies)
			.filter((cookie) -> cookie.getName().startsWith(NAME) && cookie.getValue() != null)
			.limit(MAX_COOKIES)
			.toList() : List.of();
	}

	private static String newKey() {
		byte[] key = new byte[KEY_BYTES];
		random.nextBytes(key);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
	}

	private static String hash(String key) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("SHA-256 is not available", ex);
		}
	}

}
