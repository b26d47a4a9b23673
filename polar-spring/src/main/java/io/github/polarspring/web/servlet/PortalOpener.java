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
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.polarspring.customer.PolarCustomerOperations;
import io.github.polarspring.customer.PolarPortalMismatch;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.identity.PolarIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * Redirects the caller to the customer portal.
 */
final class PortalOpener {

	private static final Log logger = LogFactory.getLog(PortalOpener.class);

	private static final int MAX_TOLD = 1_000;

	private final CurrentIdentity identity;

	private final Supplier<LoginRequirement> loginRequirement;

	private final Supplier<PolarCustomerOperations> customers;

	private final PortalReturnUrl returnUrl;

	private final ApplicationEventPublisher events;

	private final Supplier<String> servletPath;

	private final Cache<PolarPortalMismatch, Boolean> told = Caffeine.newBuilder()
		.maximumSize(MAX_TOLD)
		.expireAfterWrite(Duration.ofHours(1))
		.build();

	PortalOpener(CurrentIdentity identity, Supplier<LoginRequirement> loginRequirement,
			Supplier<PolarCustomerOperations> customers, PolarWebMvc.Settings settings,
			ApplicationEventPublisher events) {
		this.identity = identity;
		this.loginRequirement = loginRequirement;
		this.customers = customers;
		this.returnUrl = new PortalReturnUrl(settings);
		this.events = events;
		this.servletPath = settings.servletPath();
	}

	/**
	 * Open the portal.
	 * @return {@code false} if the caller has never bought, and the terms do not say what
	 * to do
	 */
	boolean open(HttpServletRequest request, HttpServletResponse response, PolarPortalMethods.Terms terms)
			throws IOException {
		PolarIdentity identity = this.identity.of(request);
		if (identity == null) {
			throw this.loginRequirement.get().exception(request);
		}
		PortalAccess access = this.customers.get().openPortal(identity, this.returnUrl.of(request, terms.returnUrl()));
		if (access instanceof PortalAccess.Granted granted) {
			String url = RedirectUrls.safe("portal", granted.session().customerPortalUrl());
			write(request, response, url, granted.session().expiresAt());
		}
		else if (access instanceof PortalAccess.NeverBought) {
			if (terms.orElse() == null) {
				return false;
			}
			write(request, response, RedirectUrls.resolve(request, terms.orElse(), this.servletPath.get()), null);
		}
		else {
			throw rejected(identity, access);
		}
		return true;
	}

	private ErrorResponseException rejected(PolarIdentity identity, PortalAccess access) {
		if (access instanceof PortalAccess.Unverified unverified) {
			tell(identity, unverified.customerId(),
					"has purchases of this user, no external ID, and an email address that is not verified for the user");
			return rejection(HttpStatus.CONFLICT,
					"Your purchases were made with an email address that is not confirmed for your account, so they are not"
							+ " shown here. Use the link in the email that confirmed your purchase, or contact our support.");
		}
		if (access instanceof PortalAccess.Mismatch mismatch) {
			tell(identity, mismatch.customerId(),
					"has purchases of this user and of another buyer. Find out whose they are");
			return rejection(HttpStatus.CONFLICT,
					"Your purchases cannot be told apart from those of another customer, so they are not shown here. Use the"
							+ " link in the email that confirmed your purchase, or contact our support.");
		}
		return rejection(HttpStatus.FORBIDDEN,
				"You are not a member of the team that bought this. Ask the owner of the team to add you.");
	}

	/**
	 * Tell the merchant, once an hour for a user and a customer. The user gets the page
	 * even if a listener fails.
	 */
	private void tell(PolarIdentity identity, UUID customerId, String reason) {
		PolarPortalMismatch mismatch = new PolarPortalMismatch(identity.externalId(), customerId);
		if (this.told.asMap().putIfAbsent(mismatch, true) != null) {
			return;
		}
		logger.warn(
				"The customer portal was not opened for a user: customer %s of Polar %s".formatted(customerId, reason));
		try {
			this.events.publishEvent(mismatch);
		}
		catch (RuntimeException ex) {
			logger.error("A listener for " + mismatch + " failed", ex);
		}
	}

	static ErrorResponseException rejection(HttpStatus status, String detail) {
		ErrorResponseException rejection = new ErrorResponseException(status);
		rejection.setDetail(detail);
		return rejection;
	}

	private static void write(HttpServletRequest request, HttpServletResponse response, String url,
			@Nullable Instant expiresAt) throws IOException {
		response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
		PolarRedirectInterceptor.handled(request);
		CheckoutCaller.response(request).write(request, response, url, expiresAt);
	}

}
