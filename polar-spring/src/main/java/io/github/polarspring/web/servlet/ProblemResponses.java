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
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * Responses that describe a problem: the error page of the application for callers that
 * display HTML, problem details for all others.
 */
final class ProblemResponses {

	private static final Log logger = LogFactory.getLog(ProblemResponses.class);

	private final BeanFactory beanFactory;

	private final PolarWebMvc.ErrorPage errorPage;

	ProblemResponses(BeanFactory beanFactory, PolarWebMvc.ErrorPage errorPage) {
		this.beanFactory = beanFactory;
		this.errorPage = errorPage;
	}

	/**
	 * Write the response.
	 * @return the page to render, empty if the response is complete
	 */
	ModelAndView write(HttpServletRequest request, HttpServletResponse response, ProblemDetail problem) {
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		response.setStatus(problem.getStatus());
		try {
			if (!CheckoutCaller.displaysHtml(request)) {
				writeJson(response, problem);
				return new ModelAndView();
			}
			HttpStatusCode status = HttpStatusCode.valueOf(problem.getStatus());
			ModelAndView page = CheckoutCaller.displaysFragment(request) ? null
					: this.errorPage.resolve(request, status, model(request, problem));
			if (page != null) {
				page.setStatus(status);
				return page;
			}
			writeHtml(request, response, title(problem), problem.getDetail());
		}
		catch (IOException failure) {
			logger.debug("The response could not be written", failure);
		}
		return new ModelAndView();
	}

	/**
	 * Render a page outside of Spring MVC. If that fails, write a plain page instead.
	 */
	void render(ModelAndView page, HttpServletRequest request, HttpServletResponse response) throws IOException {
		try {
			View view = view(page, request);
			if (view != null) {
				view.render(page.getModel(), request, response);
				return;
			}
		}
		catch (Exception ex) {
			logger.debug("The error page could not be rendered", ex);
		}
		if (!response.isCommitted()) {
			response.resetBuffer();
			Map<String, Object> model = page.getModel();
			writeHtml(request, response, String.valueOf(model.get("error")), (String) model.get("message"));
		}
	}

	private @Nullable View view(ModelAndView page, HttpServletRequest request) throws Exception {
		String name = page.getViewName();
		if (name == null) {
			return page.getView();
		}
		for (ViewResolver resolver : this.beanFactory.getBeanProvider(ViewResolver.class).orderedStream().toList()) {
			View view = resolver.resolveViewName(name, RequestContextUtils.getLocale(request));
			if (view != null) {
				return view;
			}
		}
		return null;
	}

	private static Map<String, Object> model(HttpServletRequest request, ProblemDetail problem) {
		Map<String, Object> model = new LinkedHashMap<>();
		model.put("timestamp", Date.from(Instant.now()));
		model.put("status", problem.getStatus());
		model.put("error", title(problem));
		model.put("path", request.getRequestURI());
		if (problem.getDetail() != null) {
			model.put("message", problem.getDetail());
		}
		return model;
	}

	private static String title(ProblemDetail problem) {
		String title = problem.getTitle();
		return (title != null) ? title : "Error";
	}

	private static void writeJson(HttpServletResponse response, ProblemDetail problem) throws IOException {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", (problem.getType() != null) ? problem.getType().toString() : "about:blank");
		json.put("title", title(problem));
		json.put("status", problem.getStatus());
		if (problem.getDetail() != null) {
			json.put("detail", problem.getDetail());
		}
		if (problem.getProperties() != null) {
			json.putAll(problem.getProperties());
		}
		write(response, MediaType.APPLICATION_PROBLEM_JSON_VALUE, JsonMapper.shared().writeValueAsBytes(json));
	}

	/**
	 * Write a page for applications without an error page, and for libraries that display
	 * only a part of a page.
	 */
	private static void writeHtml(HttpServletRequest request, HttpServletResponse response, String title,
			@Nullable String detail) throws IOException {
		String heading = HtmlUtils.htmlEscape(title);
		String text = (detail != null) ? HtmlUtils.htmlEscape(detail) : "";
		String html = """
				<!doctype html>
				<html lang="en"><head><meta charset="utf-8"><title>%1$s</title></head>
				<body>%2$s</body></html>
				""".formatted(heading, CheckoutCaller.wrap(request, "<h1>%s</h1><p>%s</p>".formatted(heading, text)));
		write(response, "text/html;charset=UTF-8", html.getBytes(StandardCharsets.UTF_8));
	}

	private static void write(HttpServletResponse response, String contentType, byte[] body) throws IOException {
		response.setContentType(contentType);
		try {
			response.getOutputStream().write(body);
			response.setContentLength(body.length);
		}
		catch (IllegalStateException ex) {
			// a view that failed has already used the writer
			response.getWriter().write(new String(body, StandardCharsets.UTF_8));
		}
	}

}
