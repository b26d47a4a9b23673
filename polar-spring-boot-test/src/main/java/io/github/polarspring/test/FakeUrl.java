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

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.InvalidUrlException;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;

/**
 * Parses and normalizes URLs like Polar: by the rules of browsers, which encode invalid
 * characters.
 */
final class FakeUrl {

	private static final Set<String> SCHEMES = Set.of("http", "https");

	private FakeUrl() {
	}

	/**
	 * Return the reason why Polar does not accept a URL, {@code url_scheme} for a scheme
	 * other than {@code http} and {@code https}, or {@code null} if the URL is valid.
	 */
	static @Nullable String problem(String url) {
		if (url.isBlank()) {
			return "input is empty";
		}
		try {
			UriComponents parsed = UriComponentsBuilder.fromUriString(url, ParserType.WHAT_WG).build();
			if (parsed.getScheme() == null) {
				return "relative URL without a base";
			}
			if (!SCHEMES.contains(parsed.getScheme())) {
				return "url_scheme";
			}
			return (parsed.getHost() == null || parsed.getHost().isEmpty()) ? "empty host" : null;
		}
		catch (InvalidUrlException ex) {
			return url.matches("(?i)https?:/*") ? "empty host" : "relative URL without a base";
		}
	}

	static String normalize(String url) {
		UriComponents parsed = UriComponentsBuilder.fromUriString(url, ParserType.WHAT_WG).build();
		String path = parsed.getPath();
		StringBuilder normalized = new StringBuilder().append(parsed.getScheme())
			.append("://")
			.append((parsed.getUserInfo() != null) ? parsed.getUserInfo() + "@" : "")
			.append(IDN.toASCII(String.valueOf(parsed.getHost())))
			.append((parsed.getPort() != -1) ? ":" + parsed.getPort() : "")
			.append(encode((path == null || path.isEmpty()) ? "/" : path))
			.append((parsed.getQuery() != null) ? "?" + encode(parsed.getQuery()) : "")
			.append((parsed.getFragment() != null) ? "#" + encode(parsed.getFragment()) : "");
		return normalized.toString();
	}

	private static String encode(String text) {
		StringBuilder encoded = new StringBuilder();
		for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
			if (b > 0x20 && b < 0x7f && "\"<>".indexOf(b) == -1) {
				encoded.append((char) b);
			}
			else {
				encoded.append("%%%02X".formatted(b));
			}
		}
		return encoded.toString();
	}

	static String withCheckoutId(String url, UUID id) {
		return url.replace("{CHECKOUT_ID}", id.toString()).replace("%7BCHECKOUT_ID%7D", id.toString());
	}

	static String withParameter(String url, String parameter) {
		int fragment = url.indexOf('#');
		String target = (fragment != -1) ? url.substring(0, fragment) : url;
		return target + (target.contains("?") ? "&" : "?") + parameter
				+ ((fragment != -1) ? url.substring(fragment) : "");
	}

}
