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

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

/**
 * Requests to checkout methods with which no user intends to buy.
 */
final class NonPurchase {

	/**
	 * Headers by which browsers and libraries name the purpose of requests that the user
	 * has not made.
	 */
	private static final List<String> PURPOSE = List.of("Sec-Purpose", "Purpose", "X-Purpose", "X-Sec-Purpose",
			"X-Moz");

	private static final Set<String> PURPOSES = Set.of("prefetch", "prerender", "preview", "preload");

	/**
	 * Header of requests whose response Turbo 7 displays, whatever its status is, while
	 * it requests the page again.
	 */
	private static final String TURBO_PRELOAD = "VND.PREFETCH";

	/**
	 * Headers whose presence marks such a request: of the preload extension of htmx, of
	 * Next.js, and of Turbo 7.
	 */
	private static final List<String> PREFETCH = List.of("HX-Preloaded", "Next-Router-Prefetch",
			"Next-Router-Segment-Prefetch", "X-Middleware-Prefetch", TURBO_PRELOAD);

	private NonPurchase() {
	}

	/**
	 * Return the status for a request with which no user intends to buy, or {@code null}
	 * for all others. For browsers, 503 means not to prefetch the URL.
	 */
	static @Nullable HttpStatus status(HttpServletRequest request) {
		if (HttpMethod.HEAD.matches(request.getMethod())) {
			return HttpStatus.NO_CONTENT;
		}
		return isPrefetch(request) ? HttpStatus.SERVICE_UNAVAILABLE : null;
	}

	static boolean isPrefetch(HttpServletRequest request) {
		return PURPOSE.stream()
			.flatMap((header) -> Collections.list(request.getHeaders(header)).stream())
			.flatMap(NonPurchase::purposes)
			.anyMatch(PURPOSES::contains) || PREFETCH.stream().anyMatch((header) -> isSet(request, header));
	}

	/**
	 * Return whether a library displays the response in addition to that of the request
	 * that it sends when the user clicks.
	 */
	static boolean isCachedAsPreview(HttpServletRequest request) {
		return isSet(request, TURBO_PRELOAD);
	}

	private static boolean isSet(HttpServletRequest request, String header) {
		String value = request.getHeader(header);
		return StringUtils.hasText(value) && !value.equalsIgnoreCase("false");
	}

	/**
	 * Return the tokens of a list, including those of parameters:
	 * {@code prefetch;prerender}.
	 */
	private static Stream<String> purposes(String value) {
		return Arrays.stream(value.split("[,;]"))
			.map((part) -> part.replace('"', ' ').strip().toLowerCase(Locale.ROOT));
	}

}
