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

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.polarspring.model.CheckoutSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Response with a checkout session, for different kinds of callers.
 */
enum CheckoutResponse {

	/**
	 * Redirect for a browser.
	 */
	REDIRECT {

		@Override
		void write(HttpServletResponse response, CheckoutSession session, String url) {
			response.setHeader(HttpHeaders.LOCATION, url);
			response.setStatus(HttpStatus.SEE_OTHER.value());
		}

	},

	/**
	 * JSON with the URL for a script.
	 */
	JSON {

		@Override
		void write(HttpServletResponse response, CheckoutSession session, String url) throws IOException {
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("url", url);
			if (session.expiresAt() != null) {
				json.put("expiresAt", session.expiresAt().toString());
			}
			byte[] content = JsonMapper.shared().writeValueAsBytes(json);
			response.setStatus(HttpStatus.OK.value());
			response.setContentType(MediaType.APPLICATION_JSON_VALUE);
			response.setContentLength(content.length);
			response.getOutputStream().write(content);
		}

	},

	/**
	 * Header for htmx, which would follow a redirect within the page.
	 */
	HTMX {

		@Override
		void write(HttpServletResponse response, CheckoutSession session, String url) {
			response.setHeader("HX-Redirect", url);
			response.setStatus(HttpStatus.OK.value());
		}

	};

	private static final String HX_REQUEST = "HX-Request";

	/**
	 * Headers by which browsers mark requests that the user has not made.
	 */
	private static final List<String> PURPOSE = List.of("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz");

	abstract void write(HttpServletResponse response, CheckoutSession session, String url) throws IOException;

	static CheckoutResponse forRequest(HttpServletRequest request) {
		if ("true".equals(request.getHeader(HX_REQUEST))) {
			return HTMX;
		}
		return wantsJson(request.getHeader(HttpHeaders.ACCEPT)) ? JSON : REDIRECT;
	}

	/**
	 * Return the headers that the response depends on.
	 */
	static List<String> vary() {
		return List.of(HttpHeaders.ACCEPT, HX_REQUEST);
	}

	private static boolean wantsJson(@Nullable String accept) {
		try {
			List<MediaType> types = MediaType.parseMediaTypes(accept);
			return types.stream().anyMatch((type) -> type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON))
					&& types.stream().noneMatch((type) -> type.equalsTypeAndSubtype(MediaType.TEXT_HTML));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * Return the status for a request with which no user intends to buy, or {@code null}
	 * for all others. For browsers, 503 means not to prefetch the URL.
	 */
	static @Nullable HttpStatus nonPurchaseStatus(HttpServletRequest request) {
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
