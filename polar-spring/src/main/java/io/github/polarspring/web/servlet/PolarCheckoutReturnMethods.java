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

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.StringUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Where buyers arrive after the payment: the configured success URLs, and the handlers
 * with {@link PolarCheckoutReturn}.
 */
final class PolarCheckoutReturnMethods {

	private static final String PLACEHOLDER = "{CHECKOUT_ID}";

	private static final Pattern ABSOLUTE = Pattern.compile("(?i)(https?://[^/?#]+)(/[^?#]*)?(?:[?#].*)?");

	private final ListableBeanFactory beanFactory;

	private final PolarCheckoutMethods checkoutMethods;

	private final @Nullable String successUrl;

	private final @Nullable String applicationUrl;

	private volatile @Nullable Paths paths;

	/**
	 * Create the methods.
	 * @param beanFactory holds the handler mappings
	 * @param checkoutMethods the methods that lead to a success URL
	 * @param successUrl the configured success URL
	 * @param applicationUrl the configured address of the application
	 */
	PolarCheckoutReturnMethods(ListableBeanFactory beanFactory, PolarCheckoutMethods checkoutMethods,
			@Nullable String successUrl, @Nullable String applicationUrl) {
		this.beanFactory = beanFactory;
		this.checkoutMethods = checkoutMethods;
		this.successUrl = successUrl;
		this.applicationUrl = applicationUrl;
	}

	/**
	 * Return whether a handler has a parameter for the outcome, be it declared by an
	 * interface.
	 */
	static boolean isReturn(HandlerMethod handler) {
		return Arrays.stream(handler.getMethodParameters())
			.anyMatch((parameter) -> parameter.hasParameterAnnotation(PolarCheckoutReturn.class));
	}

	void check() {
		Method found = null;
		for (HandlerMethod handler : handlers(this.beanFactory)) {
			for (MethodParameter parameter : handler.getMethodParameters()) {
				if (parameter.hasParameterAnnotation(PolarCheckoutReturn.class)) {
					check(parameter);
					found = handler.getMethod();
				}
			}
		}
		if (found != null) {
			this.checkoutMethods.requireOperations("@PolarCheckoutReturn", found);
		}
	}

	private static List<HandlerMethod> handlers(ListableBeanFactory beanFactory) {
		return mappings(beanFactory).stream()
			.flatMap((mapping) -> mapping.getHandlerMethods().values().stream())
			.toList();
	}

	private static Collection<RequestMappingInfoHandlerMapping> mappings(ListableBeanFactory beanFactory) {
		return beanFactory.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false).values();
	}

	private static void check(MethodParameter parameter) {
		if (parameter.getParameterType() != CheckoutOutcome.class) {
			throw new PolarConfigurationException("The @PolarCheckoutReturn parameter of %s has the type %s".formatted(
					PolarCheckoutMethods.describe(Objects.requireNonNull(parameter.getMethod())),
					parameter.getParameterType().getSimpleName()), "Declare it as CheckoutOutcome.");
		}
	}

	/**
	 * Return whether buyers arrive with a request.
	 */
	boolean isReturn(HttpServletRequest request) {
		Paths paths = this.paths;
		if (paths == null) {
			paths = paths();
			this.paths = paths;
		}
		try {
			return paths.match(request);
		}
		catch (IllegalArgumentException ex) {
			// not a path at all
			return false;
		}
	}

	private Paths paths() {
		Set<PathPattern> handlers = new LinkedHashSet<>();
		mappings(this.beanFactory).forEach((mapping) -> mapping.getHandlerMethods().forEach((info, handler) -> {
			if (isReturn(handler)) {
				handlers.addAll(patterns(info));
			}
		}));
		Paths paths = new Paths(handlers, new ArrayList<>(), new ArrayList<>());
		add(paths, this.successUrl);
		this.checkoutMethods.terms().forEach((terms) -> add(paths, terms.successUrl()));
		return paths;
	}

	private static Collection<PathPattern> patterns(RequestMappingInfo info) {
		if (info.getPathPatternsCondition() != null) {
			return info.getPathPatternsCondition().getPatterns();
		}
		return info.getPatternValues().stream().map(PathPatternParser.defaultInstance::parse).toList();
	}

	private void add(Paths paths, @Nullable String successUrl) {
		if (successUrl == null) {
			return;
		}
		String url = successUrl.strip();
		if (url.startsWith("/")) {
			paths.withinApplication().add(pattern(url));
			return;
		}
		String application = StringUtils.trimTrailingCharacter(String.valueOf(this.applicationUrl).strip(), '/');
		if (this.applicationUrl != null && url.startsWith(application + "/")) {
			paths.withinApplication().add(pattern(url.substring(application.length())));
		}
		Matcher parts = ABSOLUTE.matcher(url);
		if (parts.matches() && (this.applicationUrl == null || application.startsWith(parts.group(1)))) {
			paths.absolute().add(pattern((parts.group(2) != null) ? parts.group(2) : "/"));
		}
	}

	/**
	 * Match a decoded path like that of a success URL, with an id in place of the
	 * placeholder.
	 */
	private static Pattern pattern(String url) {
		String path = url.split("[?#]", 2)[0];
		String named = path.replace("%7BCHECKOUT_ID%7D", PLACEHOLDER);
		return Pattern.compile(Arrays.stream(named.split(Pattern.quote(PLACEHOLDER), -1))
			.map((part) -> Pattern.quote(StringUtils.uriDecode(part, StandardCharsets.UTF_8)))
			.collect(Collectors.joining("[^/]+")));
	}

	/**
	 * Patterns by what they are compared to.
	 *
	 * @param handlers the path within the servlet
	 * @param withinApplication the path within the context path
	 * @param absolute the whole path
	 */
	private record Paths(Set<PathPattern> handlers, List<Pattern> withinApplication, List<Pattern> absolute) {

		boolean match(HttpServletRequest request) {
			PathContainer withinServlet = ServletRequestPathUtils.parse(request).pathWithinApplication();
			RequestPath path = RequestPath.parse(request.getRequestURI(), request.getContextPath());
			String whole = decoded(path);
			String within = decoded(path.pathWithinApplication());
			return this.handlers.stream().anyMatch((pattern) -> pattern.matches(withinServlet))
					|| matches(this.withinApplication, within) || matches(this.absolute, whole)
					|| matches(this.absolute, within);
		}

		private static boolean matches(List<Pattern> patterns, String path) {
			return patterns.stream().anyMatch((pattern) -> pattern.matcher(path).matches());
		}

		private static String decoded(PathContainer path) {
			return path.elements()
				.stream()
				.map((element) -> (element instanceof PathContainer.PathSegment segment) ? segment.valueToMatch()
						: element.value())
				.collect(Collectors.joining());
		}

	}

}
