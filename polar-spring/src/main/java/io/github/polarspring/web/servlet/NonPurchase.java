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
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * Requests to checkout methods with which no user intends to buy.
 */
final class NonPurchase {

	/**
	 * Headers by which browsers mark requests that the user has not made.
	 */
	private static final List<String> PURPOSE = List.of("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz");

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
		boolean prefetch = PURPOSE.stream()
			.map(request::getHeader)
			.anyMatch((purpose) -> purpose != null && Arrays.stream(purpose.split("[,;]"))
				.map(String::strip)
				.anyMatch((part) -> part.equalsIgnoreCase("prefetch") || part.equalsIgnoreCase("prerender")
						|| part.equalsIgnoreCase("preview")));
		return prefetch ? HttpStatus.SERVICE_UNAVAILABLE : null;
	}

}
