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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.util.StringUtils;

/**
 * The cookie by which a browser is recognized when it comes back from Polar: a random key
 * whose hash is in the metadata of the checkouts that were started there. Nothing is
 * stored, so no instance has to know what another one did.
 */
final class CheckoutCookie {

	static final String NAME = "polar-checkout";

	private static final String ATTRIBUTE = CheckoutCookie.class.getName();

	private static final Duration MAX_AGE = Duration.ofDays(3);

	private static final int KEY_BYTES = 16;

	private static final int SUFFIX_LENGTH = 8;

	/**
	 * More than a browser sends for one application. What is beyond is not ours.
	 */
	private static final int MAX_COOKIES = 100;

	private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{22}");

	private static final SecureRandom random = new SecureRandom();

	private CheckoutCookie() {
	}

	/**
	 * Return the hash of the browser's key. A browser that has none gets one.
	 * @return the hash, or {@code null} if it is too late to set a cookie
	 */
	static @Nullable String obtainHash(HttpServletRequest request, @Nullable HttpServletResponse response) {
		String key = (request.getAttribute(ATTRIBUTE) instanceof String known) ? known : key(request);
		if (key == null) {
			if (response == null || response.isCommitted()) {
				return null;
			}
			key = newKey();
			set(request, response, NAME, key);
			// two first checkouts at the same time: the second answer replaces the cookie
			// of the first one, but not this one
			set(request, response, NAME + "-" + key.substring(0, SUFFIX_LENGTH), key);
		}
		request.setAttribute(ATTRIBUTE, key);
		return hash(key);
	}

	/**
	 * Return the hashes of all keys that the browser has.
	 */
	static Set<String> hashes(HttpServletRequest request) {
		return cookies(request).stream()
			.filter((cookie) -> cookie.getName().startsWith(NAME + "-"))
			.map(Cookie::getValue)
			.collect(Collectors.collectingAndThen(Collectors.toSet(), (keys) -> {
				String key = key(request);
				if (key != null) {
					keys.add(key);
				}
				return keys.stream().map(CheckoutCookie::hash).collect(Collectors.toSet());
			}));
	}

	private static @Nullable String key(HttpServletRequest request) {
		List<Cookie> cookies = cookies(request).stream().filter((cookie) -> cookie.getName().equals(NAME)).toList();
		return (cookies.size() == 1) ? cookies.get(0).getValue() : null;
	}

	private static List<Cookie> cookies(HttpServletRequest request) {
		Cookie[] cookies = request.getCookies();
		return (cookies != null) ? Arrays.stream(cookies)
			.filter((cookie) -> cookie.getName().startsWith(NAME) && cookie.getValue() != null
					&& KEY.matcher(cookie.getValue()).matches())
			.limit(MAX_COOKIES)
			.toList() : List.of();
	}

	private static String newKey() {
		byte[] key = new byte[KEY_BYTES];
		random.nextBytes(key);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
	}

	private static void set(HttpServletRequest request, HttpServletResponse response, String name, String key) {
		response.addHeader(HttpHeaders.SET_COOKIE,
				ResponseCookie.from(name, key)
					.httpOnly(true)
					.sameSite("Lax")
					.secure(request.isSecure())
					.path(StringUtils.hasText(request.getContextPath()) ? request.getContextPath() : "/")
					.maxAge(MAX_AGE)
					.build()
					.toString());
	}

	private static String hash(String key) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
