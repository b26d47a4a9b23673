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
import java.time.Instant;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Cookie with the time at which a buyer returned after a payment. It tells other
 * instances of the application that what they know about the buyer may be outdated, and
 * proves nothing.
 */
final class PaidCookie {

	static final String NAME = "polar-paid";

	private static final Duration MAX_AGE = Duration.ofMinutes(2);

	private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(1);

	private PaidCookie() {
	}

	static void set(HttpServletRequest request, HttpServletResponse response) {
		BrowserCookies.set(request, response, NAME, String.valueOf(System.currentTimeMillis()), MAX_AGE);
	}

	/**
	 * Return the time, or {@code null} if there is none that is recent.
	 */
	static @Nullable Instant read(HttpServletRequest request) {
		String value = BrowserCookies.get(request, NAME);
		if (value == null || !value.matches("\\d{1,15}")) {
			return null;
		}
		Instant time = Instant.ofEpochMilli(Long.parseLong(value));
		Instant now = Instant.now();
		return (time.isBefore(now.minus(MAX_AGE)) || time.isAfter(now.plus(MAX_CLOCK_DIFFERENCE))) ? null : time;
	}

	static void forget(HttpServletRequest request, HttpServletResponse response) {
		if (BrowserCookies.contains(request, NAME)) {
			BrowserCookies.delete(request, response, NAME);
		}
	}

}
