package io.github.polarspring.web;

import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Resolves {@link PolarCheckoutReturn} parameters.
 */
final class CheckoutOutcomeArgumentResolver implements HandlerMethodArgumentResolver {

	private final Supplier<CheckoutOutcomes> outcomes;

	CheckoutOutcomeArgumentResolver(Supplier<CheckoutOutcomes> outcomes) {
		this.outcomes = outcomes;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(PolarCheckoutReturn.class);
	}

	@Override
	public CheckoutOutcome resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		PolarCheckoutReturn annotation = parameter.getParameterAnnotation(PolarCheckoutReturn.class);
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(annotation != null && request != null && response != null, "No annotation, request or response");
		if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
			response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
		}
		return this.outcomes.get().find(request, checkoutId(request, annotation.value()));
	}

	private static @Nullable String checkoutId(HttpServletRequest request, String name) {
		String parameter = request.getParameter(name);
		return (parameter == null
				&& request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
				&& variables.get(name) instanceof String variable) ? variable : parameter;
	}

}
