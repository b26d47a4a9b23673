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
import java.util.Collections;
import java.util.function.Supplier;

import io.github.polarspring.webhook.PolarWebhookReceipt;
import io.github.polarspring.webhook.PolarWebhookReceiver;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Filter that passes requests to a {@link PolarWebhookReceiver}, ahead of Spring
 * Security. It does not throw exceptions, because the application's error page may
 * require a login.
 */
final class PolarWebhookFilter implements Filter {

	private static final Log logger = LogFactory.getLog(PolarWebhookReceiver.class);

	private final Supplier<PolarWebhookReceiver> receiver;

	private final String path;

	PolarWebhookFilter(Supplier<PolarWebhookReceiver> receiver, String path) {
		this.receiver = receiver;
		this.path = path;
	}

	@Override
	public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain) {
		HttpServletRequest request = (HttpServletRequest) servletRequest;
		HttpServletResponse response = (HttpServletResponse) servletResponse;
		ServerHttpObservationFilter.findObservationContext(request)
			.ifPresent((context) -> context.setPathPattern(this.path));
		if (!request.getMethod().equals("POST")) {
			response.setHeader("Allow", "POST");
			respond(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Webhooks are sent by POST");
			return;
		}
		PolarWebhookReceipt receipt = receive(request);
		respond(response, receipt.status(), receipt.text());
	}

	private PolarWebhookReceipt receive(HttpServletRequest request) {
		try {
			return this.receiver.get().receive(headers(request), request::getInputStream);
		}
		catch (RuntimeException ex) {
			logger.error("The webhook endpoint failed", ex);
			return PolarWebhookReceipt.FAILED;
		}
	}

	private static HttpHeaders headers(HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		for (String name : Collections.list(request.getHeaderNames())) {
			headers.addAll(name, Collections.list(request.getHeaders(name)));
		}
		return headers;
	}

	private static void respond(HttpServletResponse response, int status, String text) {
		byte[] body = (text + "\n").getBytes(StandardCharsets.US_ASCII);
		response.setStatus(status);
		response.setContentType("text/plain;charset=US-ASCII");
		response.setHeader("Cache-Control", "no-store");
		response.setContentLength(body.length);
		try {
			response.getOutputStream().write(body);
		}
		catch (IOException ex) {
			logger.debug("The response could not be written", ex);
		}
	}

}
