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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.web.PolarCheckout;
import jakarta.servlet.Registration;
import jakarta.servlet.ServletContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.io.Resource;
import org.springframework.http.server.PathContainer;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.servlet.resource.CachingResourceResolver;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Success and return paths of {@link PolarCheckout} methods. A path that nothing in the
 * application handles results in a warning at startup, because buyers would see an error
 * after the payment. Whatever cannot be examined might handle the path.
 */
final class CheckoutPaths {

	private static final Log logger = LogFactory.getLog(CheckoutPaths.class);

	private static final Pattern CHECKOUT_ID = Pattern.compile("\\{CHECKOUT_ID}|%7BCHECKOUT_ID%7D");

	private static final String ANY_ID = "8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	private final ListableBeanFactory beanFactory;

	private final PolarWebMvc.Settings settings;

	private final PolarCheckoutMethods methods;

	private final PolarPortalMethods portalMethods;

	CheckoutPaths(ListableBeanFactory beanFactory, PolarWebMvc.Settings settings, PolarCheckoutMethods methods,
			PolarPortalMethods portalMethods) {
		this.beanFactory = beanFactory;
		this.settings = settings;
		this.methods = methods;
		this.portalMethods = portalMethods;
	}

	void check() {
		Map<String, String> paths = paths();
		ServletContext servletContext = this.beanFactory.getBeanProvider(ServletContext.class).getIfUnique();
		// without servlets, there is no server: in tests, often not all handlers exist
		if (paths.isEmpty() || servletContext == null || servletContext.getServletRegistrations().isEmpty()) {
			return;
		}
		String servletPath = this.settings.servletPath().get();
		Collection<HandlerMapping> mappings = this.beanFactory.getBeansOfType(HandlerMapping.class, true, false)
			.values();
		paths.forEach((url, source) -> {
			String path = withoutPrefix(url, servletPath);
			String decoded = decoded(path);
			boolean handled = decoded != null && (isHandled(servletContext, servletPath, decoded)
					|| mappings.stream().anyMatch((mapping) -> mayHandle(mapping, path)));
			if (!handled) {
				logger
					.warn("%s redirects the buyer to '%s', but the application has no handler for GET requests to '%s'."
						.formatted(source, url, servletContext.getContextPath() + servletPath + path)
							+ " Correct the path, or specify an absolute URL if something else handles it");
			}
		});
	}

	/**
	 * Return the configured paths, with the places that configure them.
	 */
	private Map<String, String> paths() {
		Map<String, String> paths = new LinkedHashMap<>();
		add(paths, this.settings.successUrl(), "'polar.checkout.success-url'");
		add(paths, this.settings.returnUrl(), "'polar.checkout.return-url'");
		add(paths, this.settings.portalReturnUrl(), "'polar.portal.return-url'");
		this.methods.checked().forEach((method) -> {
			String source = "The @PolarCheckout method " + RedirectMethods.describe(method);
			add(paths, this.methods.terms(method).successUrl(), source);
			add(paths, this.methods.terms(method).returnUrl(), source);
		});
		this.portalMethods.checked().forEach((method) -> {
			String source = "The @PolarPortal method " + RedirectMethods.describe(method);
			add(paths, this.portalMethods.terms(method).orElse(), source);
			add(paths, this.portalMethods.terms(method).returnUrl(), source);
		});
		addUpgradeUrls(paths);
		return paths;
	}

	private void addUpgradeUrls(Map<String, String> paths) {
		PolarFeatures features = this.beanFactory.getBeanProvider(PolarFeatures.class).getIfUnique();
		if (features != null) {
			features.all()
				.forEach((feature) -> add(paths, feature.upgradeUrl(),
						"'polar.features.%s.upgrade-url'".formatted(feature.name())));
		}
	}

	private static void add(Map<String, String> paths, @Nullable String url, String source) {
		if (url != null && url.startsWith("/")) {
			String path = url.substring(0, end(url));
			paths.putIfAbsent(path, source);
		}
	}

	private static int end(String url) {
		int query = url.indexOf('?');
		int fragment = url.indexOf('#');
		return Math.min((query != -1) ? query : url.length(), (fragment != -1) ? fragment : url.length());
	}

	private static String withoutPrefix(String url, String servletPath) {
		String path = CHECKOUT_ID.matcher(url).replaceAll(ANY_ID);
		return (path.equals(servletPath) || path.startsWith(servletPath + "/")) ? path.substring(servletPath.length())
				: path;
	}

	/**
	 * Return the path as servlets see it, or {@code null} if servers reject it.
	 */
	private static @Nullable String decoded(String path) {
		try {
			return StringUtils.uriDecode(path, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return whether a servlet or filter other than the {@code DispatcherServlet} may
	 * handle the path. Filters for all paths usually pass requests on.
	 */
	private static boolean isHandled(ServletContext servletContext, String servletPath, String path) {
		List<String> ignored = List.of("/", "/*", servletPath + "/*");
		boolean mapped = servletContext.getServletRegistrations()
			.values()
			.stream()
			.flatMap((servlet) -> servlet.getMappings().stream())
			.anyMatch((mapping) -> !ignored.contains(mapping) && matches(mapping, servletPath + path));
		return mapped || servletContext.getFilterRegistrations()
			.values()
			.stream()
			.anyMatch((filter) -> filter.getUrlPatternMappings()
				.stream()
				.anyMatch((mapping) -> !ignored.contains(mapping) && matches(mapping, servletPath + path))
					|| (path.endsWith("/") && isTrailingSlashHandler(filter)));
	}

	private static boolean isTrailingSlashHandler(Registration filter) {
		return UrlHandlerFilter.class.getName().equals(filter.getClassName());
	}

	/**
	 * Return whether the mapping of a servlet or filter contains a path.
	 */
	private static boolean matches(String mapping, String path) {
		if (mapping.startsWith("*.")) {
			return path.endsWith(mapping.substring(1));
		}
		return mapping.endsWith("/*") ? (path + "/").startsWith(mapping.substring(0, mapping.length() - 1))
				: mapping.equals(path);
	}

	private static boolean mayHandle(HandlerMapping mapping, String path) {
		if (mapping instanceof RouterFunctionMapping routes && routes.getRouterFunction() == null) {
			return false;
		}
		if (!(mapping instanceof AbstractHandlerMapping patterns) || patterns.getPatternParser() == null) {
			return true;
		}
		PathContainer parsed = PathContainer.parsePath(path, patterns.getPatternParser().getPathOptions());
		if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
			return methods.getHandlerMethods()
				.keySet()
				.stream()
				.anyMatch((info) -> isGet(info) && matches(info, parsed));
		}
		if (mapping instanceof AbstractUrlHandlerMapping urls) {
			return urls.getDefaultHandler() != null || (urls.getRootHandler() != null && path.equals("/"))
					|| urls.getPathPatternHandlerMap()
						.entrySet()
						.stream()
						.anyMatch((entry) -> entry.getKey().matches(parsed)
								&& mayHandle(entry.getValue(), entry.getKey(), parsed));
		}
		return true;
	}

	private static boolean matches(RequestMappingInfo info, PathContainer path) {
		PathPatternsRequestCondition condition = info.getPathPatternsCondition();
		return condition == null || condition.getPatterns().stream().anyMatch((pattern) -> pattern.matches(path));
	}

	private static boolean isGet(RequestMappingInfo info) {
		Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
		return methods.isEmpty() || methods.contains(RequestMethod.GET);
	}

	/**
	 * Return whether a handler handles a path that it is mapped to. A handler for static
	 * resources is mapped to all paths, but must have a file for this one.
	 */
	private static boolean mayHandle(Object handler, PathPattern pattern, PathContainer path) {
		boolean standard = handler instanceof ResourceHttpRequestHandler resources && resources.getResourceResolvers()
			.stream()
			.allMatch((resolver) -> resolver.getClass() == PathResourceResolver.class
					|| resolver.getClass() == CachingResourceResolver.class);
		if (!standard) {
			return true;
		}
		String file = StringUtils.uriDecode(pattern.extractPathWithinPattern(path).value(), StandardCharsets.UTF_8);
		List<Resource> locations = ((ResourceHttpRequestHandler) handler).getLocations();
		return locations.isEmpty()
				|| (StringUtils.hasText(file) && locations.stream().anyMatch((location) -> exists(location, file)));
	}

	private static boolean exists(Resource location, String file) {
		try {
			return location.createRelative(file).exists();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
