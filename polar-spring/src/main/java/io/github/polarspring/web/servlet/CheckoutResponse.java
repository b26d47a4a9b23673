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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.util.HtmlUtils;

/**
 * Response with a checkout session, for different kinds of callers.
 */
enum CheckoutResponse {

	/**
	 * Redirect for a browser.
	 */
	REDIRECT {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt) {
			response.setHeader(HttpHeaders.LOCATION, url);
			response.setStatus(HttpStatus.SEE_OTHER.value());
		}

	},

	/**
	 * JSON with the URL for a script.
	 */
	JSON {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt)
				throws IOException {
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("url", url);
			if (expiresAt != null) {
				json.put("expiresAt", expiresAt.toString());
			}
			content(response, MediaType.APPLICATION_JSON_VALUE, JsonMapper.shared().writeValueAsBytes(json));
		}

	},

	/**
	 * Header for htmx, which would follow a redirect within the page.
	 */
	HTMX {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt) {
			response.setHeader("HX-Redirect", url);
			response.setStatus(HttpStatus.OK.value());
		}

	},

	/**
	 * Header for Intercooler.
	 */
	INTERCOOLER {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt) {
			response.setHeader("X-IC-Redirect", url);
			response.setStatus(HttpStatus.OK.value());
		}

	},

	/**
	 * Conflict for Inertia, whose protocol uses it for redirects to other sites.
	 */
	INERTIA {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt) {
			response.setHeader("X-Inertia-Location", url);
			response.setStatus(HttpStatus.CONFLICT.value());
		}

	},

	/**
	 * Stream for Turbo that adds a declarative refresh to the page.
	 */
	TURBO {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt)
				throws IOException {
			content(response, "text/vnd.turbo-stream.html;charset=UTF-8",
					"<turbo-stream action=\"append\" targets=\"body\"><template>%s</template></turbo-stream>"
						.formatted(refresh(url)));
		}

	},

	/**
	 * Events for Datastar that add a declarative refresh to the page. Each generation of
	 * Datastar ignores the event of the other.
	 */
	DATASTAR {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt)
				throws IOException {
			content(response, "text/event-stream;charset=UTF-8", """
					event: datastar-patch-elements
					data: selector body
					data: mode append
					data: elements %1$s

					event: datastar-merge-fragments
					data: selector body
					data: mergeMode append
					data: fragments %1$s

					""".formatted(refresh(url)));
		}

	},

	/**
	 * Page with a declarative refresh, for a script that displays HTML. Unpoly displays
	 * it as an overlay: the element and the layer that it would update need not exist.
	 */
	PAGE {

		@Override
		void write(HttpServletRequest request, HttpServletResponse response, String url, @Nullable Instant expiresAt)
				throws IOException {
			if (CheckoutCaller.isUnpoly(request)) {
				response.setHeader("X-Up-Open-Layer", "{\"history\": false}");
				response.setHeader("X-Up-Target", "main");
			}
			String link = "<p><a href=\"%s\">Continue</a></p>".formatted(HtmlUtils.htmlEscape(url));
			content(response, "text/html;charset=UTF-8", """
					<!doctype html>
					<html lang="en"><head><meta charset="utf-8"><title>Continue</title></head>
					<body><main up-main>%s</main></body></html>
					""".formatted(CheckoutCaller.wrap(request, refresh(url) + link)));
		}

	};

	/**
	 * Write a response that opens a URL.
	 */
	abstract void write(HttpServletRequest request, HttpServletResponse response, String url,
			@Nullable Instant expiresAt) throws IOException;

	/**
	 * Return an element with which a browser leaves the page when it is added to it. It
	 * is not a script, so no content security policy blocks it.
	 */
	private static String refresh(String url) {
		return "<meta http-equiv=\"refresh\" content=\"0; url=%s\">".formatted(HtmlUtils.htmlEscape(url));
	}

	private static void content(HttpServletResponse response, String type, String content) throws IOException {
		content(response, type, content.getBytes(StandardCharsets.UTF_8));
	}

	private static void content(HttpServletResponse response, String type, byte[] content) throws IOException {
		response.setContentType(type);
		response.setContentLength(content.length);
		response.getOutputStream().write(content);
	}

}
