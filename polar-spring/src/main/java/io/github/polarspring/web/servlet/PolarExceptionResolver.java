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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarApiVersionException;
import io.github.polarspring.PolarAuthenticationException;
import io.github.polarspring.PolarConnectionException;
import io.github.polarspring.PolarException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarLoginRequiredException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarRateLimitException;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.order.PolarDocumentNotReadyException;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.ConversionNotSupportedException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * {@link HandlerExceptionResolver} for {@link PolarCheckout} and
 * {@link PolarCheckoutReturn} methods, for missing features, and for failed calls to
 * Polar in any other method, that writes the response in the same dispatch. Spring's
 * default resolvers use {@code sendError}, whose error dispatch passes through the
 * application's security again, so that guests would be redirected to the login page. It
 * is ordered immediately before the default resolvers, so an {@code @ExceptionHandler} of
 * the application takes precedence.
 */
final class PolarExceptionResolver implements HandlerExceptionResolver {

	private static final Log logger = LogFactory.getLog(PolarExceptionResolver.class);

	private static final Duration BETWEEN_SATURATION_WARNINGS = Duration.ofMinutes(1);

	private final AtomicReference<@Nullable Long> saturationWarning = new AtomicReference<>();

	private final Supplier<PolarWebMvc> mvc;

	PolarExceptionResolver(Supplier<PolarWebMvc> mvc) {
		this.mvc = mvc;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		if (response.isCommitted() || isOfSpringSecurity(ex)
				|| DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			return null;
		}
		if (EntitlementResponses.isReason(ex)) {
			return this.mvc.get().entitlementResponses().write(request, response, (PolarException) ex);
		}
		if (ex instanceof PolarLoginRequiredException) {
			return this.mvc.get().entitlementResponses().logIn(request, response);
		}
		if (!(handler instanceof HandlerMethod method) || !isOurs(method, ex)) {
			return null;
		}
		ProblemDetail problem = problem(ex, method);
		log(method, problem, ex);
		if (ex instanceof ErrorResponse errorResponse) {
			errorResponse.getHeaders()
				.forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
		}
		Duration retryAfter = retryAfter(ex);
		if (retryAfter != null) {
			response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter.toSeconds()));
		}
		return this.mvc.get().problemResponses().write(request, response, problem);
	}

	private static @Nullable Duration retryAfter(Exception ex) {
		if (ex instanceof PolarDocumentNotReadyException notReady) {
			return notReady.getRetryAfter();
		}
		return (ex instanceof PolarApiException api) ? api.getRetryAfter() : null;
	}

	/**
	 * Return whether it is an exception of a method of ours, or one that any method can
	 * cause by requiring a feature, or by a call to Polar.
	 */
	private static boolean isOurs(HandlerMethod method, Exception ex) {
		return ex instanceof PolarIdentityException || ex instanceof LoginRequirement.LoginRequiredException
				|| CallProblems.describe(ex) != null || isOurs(method);
	}

	private static boolean isOurs(HandlerMethod method) {
		return RedirectMethods.contain(method) || PolarCheckoutReturnMethods.isReturn(method);
	}

	/**
	 * Return whether it is an exception of Spring Security, whose filters convert it to a
	 * login, a consent page or a 403 response.
	 */
	private static boolean isOfSpringSecurity(Throwable ex) {
		for (Class<?> type = ex.getClass(); type != null; type = type.getSuperclass()) {
			if (type.getName().startsWith("org.springframework.security.")) {
				return true;
			}
		}
		return false;
	}

	private static ProblemDetail problem(Exception ex, HandlerMethod method) {
		ProblemDetail ofCall = isOurs(method) ? null : CallProblems.describe(ex);
		if (ofCall != null) {
			return ofCall;
		}
		if (ex instanceof PolarException failure) {
			if (PolarCheckoutMethods.find(method.getMethod()) != null) {
				return problem(failure, "The purchase cannot be matched to your account, so it was not started.",
						"The checkout is not available right now. Please try again in a moment.",
						"The checkout could not be started.");
			}
			if (!PolarCheckoutReturnMethods.isReturn(method)) {
				return problem(failure, "Your purchases cannot be matched to your account.",
						"The customer portal is not available right now. Please try again in a moment.",
						"The customer portal could not be opened.");
			}
			// the user may have paid, and must not be prompted to pay again
			String detail = "This page cannot be shown right now. If you paid, your payment is not affected.";
			return problem(failure, null, detail, detail);
		}
		if (ex instanceof ErrorResponse errorResponse) {
			return errorResponse.getBody();
		}
		if ((ex instanceof TypeMismatchException && !(ex instanceof ConversionNotSupportedException))
				|| ex instanceof HttpMessageNotReadableException) {
			return ProblemDetail.forStatus(HttpStatus.BAD_REQUEST);
		}
		ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(ex.getClass(), ResponseStatus.class);
		return ProblemDetail.forStatus((status != null) ? status.code() : HttpStatus.INTERNAL_SERVER_ERROR);
	}

	private static ProblemDetail problem(PolarException ex, @Nullable String unidentified, String temporary,
			String permanent) {
		if (ex instanceof PolarIdentityException && unidentified != null) {
			return ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, unidentified);
		}
		return isTemporary(ex) ? ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, temporary)
				: ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, permanent);
	}

	/**
	 * Return whether the application rejected the caller, which is not a failure.
	 */
	static boolean isRejection(Throwable ex) {
		return ex instanceof PolarIdentityException || isOfSpringSecurity(ex)
				|| (ex instanceof ErrorResponse response && response.getStatusCode().is4xxClientError());
	}

	static boolean isTemporary(Throwable ex) {
		return ex instanceof PolarConnectionException || ex instanceof PolarRateLimitException
				|| (ex instanceof PolarApiException api && api.getStatus() >= 500);
	}

	private void log(HandlerMethod method, ProblemDetail problem, Exception ex) {
		boolean portal = PolarPortalMethods.find(method.getMethod()) != null;
		boolean checkout = RedirectMethods.contain(method) || PolarCheckoutReturnMethods.isReturn(method);
		String message = "%s method %s failed".formatted(portal ? "Portal" : checkout ? "Checkout" : "Handler",
				method.getShortLogMessage());
		if (ex instanceof PolarNotFoundException notFound && notFound.getError() != null && !isOurs(method)) {
			// an id of the application, which can belong to another environment
			logger.warn(message + ": " + ex.getMessage());
		}
		else if (problem.getStatus() < 500) {
			logger.debug(message, ex);
		}
		else if (ex instanceof PolarSaturationException && !shouldWarnOfSaturation()) {
			logger.debug(message + ": " + ex.getMessage());
		}
		else if (isTemporary(ex) || isPersistent(ex) || ex instanceof PolarOutcomeUnknownException
				|| ex instanceof PolarDocumentNotReadyException) {
			logger.warn(message + ": " + ex.getMessage());
		}
		else {
			logger.error(message, ex);
		}
	}

	/**
	 * Return whether the failure persists until the configuration is changed. It was
	 * already logged in full when it first occurred.
	 */
	private static boolean isPersistent(Exception ex) {
		return ex instanceof PolarAuthenticationException || ex instanceof PolarPermissionException
				|| ex instanceof PolarApiVersionException;
	}

	/**
	 * Return whether to log a warning, at most once a minute: rejected callers retry
	 * immediately.
	 */
	private boolean shouldWarnOfSaturation() {
		long now = System.nanoTime();
		Long last = this.saturationWarning.get();
		return (last == null || now - last > BETWEEN_SATURATION_WARNINGS.toNanos())
				&& this.saturationWarning.compareAndSet(last, now);
	}

}
