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
import java.util.function.Supplier;

import io.github.polarspring.PolarException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.entitlement.PolarEntitlementsUnavailableException;
import io.github.polarspring.usage.PolarQuotaExceededException;
import io.github.polarspring.usage.UsageMeter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.ModelAndView;

/**
 * Responses for callers who do not have a feature, or have not enough left of a quota:
 * guests log in, users are redirected to the upgrade page. If it is not known whether a
 * user has the feature, they are never offered to buy it, because they may have paid.
 */
final class EntitlementResponses {

	private static final Log logger = LogFactory.getLog(EntitlementResponses.class);

	private final CurrentUser currentUser;

	private final Supplier<@Nullable CurrentPayer> payer;

	private final Supplier<LoginRequirement> loginRequirement;

	private final Supplier<String> servletPath;

	private final ProblemResponses problems;

	EntitlementResponses(CurrentUser currentUser, Supplier<@Nullable CurrentPayer> payer,
			Supplier<LoginRequirement> loginRequirement, Supplier<String> servletPath, ProblemResponses problems) {
		this.currentUser = currentUser;
		this.payer = payer;
		this.loginRequirement = loginRequirement;
		this.servletPath = servletPath;
		this.problems = problems;
	}

	/**
	 * Return whether an exception is a reason not to let a caller in.
	 */
	static boolean isReason(Throwable ex) {
		return ex instanceof PolarEntitlementDeniedException || ex instanceof PolarQuotaExceededException
				|| ex instanceof PolarEntitlementsUnavailableException;
	}

	/**
	 * Return the exception for a caller who does not have a feature. A guest must log in.
	 */
	RuntimeException exception(HttpServletRequest request, PolarEntitlementDeniedException denied) {
		return isGuest(request) ? this.loginRequirement.get().exception(request) : denied;
	}

	private boolean isGuest(HttpServletRequest request) {
		if (this.currentUser.of(request) != null) {
			return false;
		}
		try {
			CurrentPayer payer = this.payer.get();
			return payer == null || payer.identity() == null;
		}
		catch (PolarIdentityException ex) {
			return false;
		}
	}

	/**
	 * Write the response outside of Spring MVC.
	 */
	void send(HttpServletRequest request, HttpServletResponse response, PolarException reason) throws IOException {
		ModelAndView page = write(request, response, reason);
		if (!page.isEmpty()) {
			this.problems.render(page, request, response);
		}
	}

	/**
	 * Write the response.
	 * @return the page to render, empty if the response is complete
	 */
	ModelAndView write(HttpServletRequest request, HttpServletResponse response, PolarException reason) {
		logger.debug("Access is denied", reason);
		if (reason instanceof PolarEntitlementDeniedException denied) {
			Feature feature = denied.getFeature();
			return isGuest(request) ? logIn(request, response) : deny(request, response, feature.upgradeUrl(),
					"This feature requires an upgrade.", "feature", feature.name());
		}
		if (reason instanceof PolarQuotaExceededException exceeded) {
			UsageMeter meter = exceeded.getMeter();
			return deny(request, response, meter.upgradeUrl(), "Not enough is left of your quota.", "meter",
					meter.name());
		}
		if (reason instanceof PolarEntitlementsUnavailableException unavailable) {
			long seconds = Math.max(1, unavailable.getRetryAfter().plusMillis(999).toSeconds());
			response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
		}
		return this.problems.write(request, response, ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Your purchases cannot be checked right now. Please try again in a moment."));
	}

	/**
	 * Write the response for a guest who must log in, or throw the exception that
	 * redirects to the login.
	 * @return the page to render, empty if the response is complete
	 */
	ModelAndView logIn(HttpServletRequest request, HttpServletResponse response) {
		RuntimeException exception = this.loginRequirement.get().exception(request);
		if (exception instanceof ErrorResponse login) {
			return this.problems.write(request, response, login.getBody());
		}
		throw exception;
	}

	private ModelAndView deny(HttpServletRequest request, HttpServletResponse response, @Nullable String url,
			String detail, String property, String name) {
		String upgradeUrl = (url != null) ? RedirectUrls.resolve(request, url, this.servletPath.get()) : null;
		if (upgradeUrl != null && canFollow(request, upgradeUrl)) {
			try {
				redirect(request, response, upgradeUrl);
			}
			catch (IOException ex) {
				logger.debug("The response could not be written", ex);
			}
			return new ModelAndView();
		}
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.PAYMENT_REQUIRED, detail);
		problem.setProperty(property, name);
		if (upgradeUrl != null) {
			problem.setProperty("upgradeUrl", upgradeUrl);
		}
		return this.problems.write(request, response, problem);
	}

	/**
	 * Return whether the caller displays pages, and is not at the upgrade page already.
	 */
	private static boolean canFollow(HttpServletRequest request, String url) {
		CheckoutResponse response = CheckoutCaller.response(request);
		return response != CheckoutResponse.JSON && !CheckoutCaller.isUnableToFollow(request)
				&& (response != CheckoutResponse.REDIRECT || CheckoutCaller.displaysHtml(request))
				&& !url.split("[?#]", 2)[0].equals(request.getRequestURI());
	}

	/**
	 * Redirect the caller. A request that no user has made is repeated when the user
	 * clicks, so that the page to continue at is only stored then.
	 */
	private static void redirect(HttpServletRequest request, HttpServletResponse response, String url)
			throws IOException {
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		if (NonPurchase.isPrefetch(request)) {
			response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
			CheckoutResponse forNavigation = CheckoutCaller.responseForNavigation(request, true);
			if (forNavigation != null) {
				forNavigation.write(request, response, RedirectUrls.of(request), null);
			}
			return;
		}
		if (CheckoutCaller.isPageVisit(request)) {
			ContinueCookie.remember(request, response);
		}
		CheckoutCaller.response(request).write(request, response, url, null);
	}

}
