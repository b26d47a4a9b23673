package io.github.polarspring.web;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.github.polarspring.PolarConfigurationException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodParameter;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Where buyers arrive after the payment: the configured success URLs, and the handlers
 * with {@link PolarCheckoutReturn}. Internal: not meant for applications.
 *
 * @since 0.1.0
 */
public final class PolarCheckoutReturnMethods implements SmartInitializingSingleton {

	private final ListableBeanFactory beanFactory;

	private final Supplier<PolarCheckoutMethods> checkoutMethods;

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
	public PolarCheckoutReturnMethods(ListableBeanFactory beanFactory, Supplier<PolarCheckoutMethods> checkoutMethods,
			@Nullable String successUrl, @Nullable String applicationUrl) {
		this.beanFactory = beanFactory;
		this.checkoutMethods = checkoutMethods;
		this.successUrl = successUrl;
		this.applicationUrl = applicationUrl;
	}

	static boolean isReturn(Method method) {
		for (var annotations : method.getParameterAnnotations()) {
			for (var annotation : annotations) {
				if (annotation instanceof PolarCheckoutReturn) {
					return true;
				}
			}
		}
		return false;
	}

	@Override
	public void afterSingletonsInstantiated() {
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
			this.checkoutMethods.get().requireOperations("@PolarCheckoutReturn", found);
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
			if (isReturn(handler.getMethod())) {
				handlers.addAll(patterns(info));
			}
		}));
		Paths paths = new Paths(handlers, new LinkedHashSet<>(), new LinkedHashSet<>());
		add(paths, this.successUrl);
		this.checkoutMethods.get().terms().forEach((terms) -> add(paths, terms.successUrl()));
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
		try {
			// the placeholder is a path variable to us
			UriComponents uri = UriComponentsBuilder
				.fromUriString(successUrl.strip().replaceAll("[{]|%7B", "--open--").replaceAll("[}]|%7D", "--close--"),
						ParserType.WHAT_WG)
				.build();
			String path = String.valueOf(uri.getPath()).replace("--open--", "{").replace("--close--", "}");
			PathPattern pattern = PathPatternParser.defaultInstance.parse(path.startsWith("/") ? path : "/" + path);
			boolean foreign = uri.getHost() != null && this.applicationUrl != null && !uri.getHost()
				.equalsIgnoreCase(UriComponentsBuilder.fromUriString(this.applicationUrl).build().getHost());
			if (!foreign) {
				((uri.getHost() != null) ? paths.absolute() : paths.withinApplication()).add(pattern);
			}
		}
		catch (IllegalArgumentException ex) {
			// refused elsewhere, or nothing that a path of ours could match
		}
	}

	/**
	 * Patterns by what they are compared to.
	 *
	 * @param handlers the path within the servlet
	 * @param withinApplication the path within the context path
	 * @param absolute the whole path
	 */
	private record Paths(Set<PathPattern> handlers, Set<PathPattern> withinApplication, Set<PathPattern> absolute) {

		boolean match(HttpServletRequest request) {
			RequestPath path = RequestPath.parse(request.getRequestURI(), request.getContextPath());
			return matches(this.handlers, ServletRequestPathUtils.parse(request).pathWithinApplication())
					|| matches(this.withinApplication, path.pathWithinApplication()) || matches(this.absolute, path)
					|| matches(this.absolute, path.pathWithinApplication());
		}

		private static boolean matches(Set<PathPattern> patterns, PathContainer path) {
			return patterns.stream().anyMatch((pattern) -> pattern.matches(path));
		}

	}

}
