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

package io.github.polarspring.test;

import java.util.Locale;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * Protects what merchants and tests do with the fake from pages of other origins. The
 * server listens on the loopback address only, but a browser on the same machine sends
 * requests for every page that it displays.
 */
final class FakeGuard {

	private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d{1,5})?");

	private FakeGuard() {
	}

	/**
	 * Return why a request is rejected, or {@code null} if it is allowed.
	 */
	static @Nullable String problemOf(Request request) {
		String host = request.containsHeader("Host") ? request.getHeader("Host").toLowerCase(Locale.ROOT) : "";
		if (!LOOPBACK.matcher(host).matches()) {
			return "The host of the URL must be localhost or 127.0.0.1.";
		}
		String origin = request.containsHeader("Origin") ? request.getHeader("Origin").toLowerCase(Locale.ROOT) : null;
		if (origin != null && !origin.equals("http://" + host)) {
			return "Pages of other origins cannot control the fake. Send the request from a test or a server.";
		}
		return null;
	}

}
