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

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.polarspring.checkout.CheckoutContext;
import io.github.polarspring.checkout.CheckoutContextProvider;
import io.github.polarspring.clientip.IpAddress;
import io.github.polarspring.identity.PolarIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * {@link CheckoutContextProvider} that reads the current servlet request.
 */
final class RequestContextProvider implements CheckoutContextProvider {

	private final CurrentIdentity identity;

	private final PolarWebMvc.Settings settings;

	private final Supplier<LoginRequirement> loginRequirement;

	private final BooleanSupplier trustHost;

	/**
	 * Create a provider.
	 * @param identity determines the identity of the buyer
	 * @param settings settings of the context
	 * @param loginRequirement rejects callers that are not signed in, if a login is
	 * required
	 * @param trustHost whether paths can be resolved against the host of the request,
	 * which the caller controls
	 */
	RequestContextProvider(CurrentIdentity identity, PolarWebMvc.Settings settings,
			Supplier<LoginRequirement> loginRequirement, BooleanSupplier trustHost) {
		this.identity = identity;
		this.settings = settings;
		this.loginRequirement = loginRequirement;
		this.trustHost = trustHost;
	}

	@Override
	public CheckoutContext currentContext() {
		if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
			return of(attributes.getRequest(), attributes.getResponse());
		}
		if (!this.settings.requireLogin()) {
			return CheckoutContext.empty();
		}
		return CheckoutContext.empty()
			.withIdentityFailure(new IllegalStateException("The user is unknown on this thread, and"
					+ " 'polar.checkout.require-login' is set. Call PolarCheckoutOperations.currentContext on"
					+ " the thread of the request and pass the context on, or set the buyer in the request"));
	}

	private CheckoutContext of(HttpServletRequest request, @Nullable HttpServletResponse response) {
		CheckoutContext context = identified(request, response).withClientIp(clientIp(request))
			.withEmbedding(CheckoutCaller.response(request) == CheckoutResponse.JSON);
		if (this.settings.sendLocale()) {
			context = context.withLocale(RequestContextUtils.getLocale(request));
		}
		if (this.trustHost.getAsBoolean()) {
			context = context.withApplicationUrl(ServletUriComponentsBuilder.fromContextPath(request).toUriString());
		}
		return context;
	}

	/**
	 * Return the shopper's IP address. An invalid address is ignored: without an address,
	 * Polar only leaves the country empty.
	 */
	private static @Nullable String clientIp(HttpServletRequest request) {
		String clientIp = ClientIpFilter.getClientIp(request);
		return IpAddress.isLiteral(clientIp) ? clientIp : null;
	}

	/**
	 * Return the hash of the browser. On another thread, the response may no longer be
	 * usable, which must not make the checkout fail.
	 */
	private static @Nullable String browserHash(HttpServletRequest request, @Nullable HttpServletResponse response) {
		try {
			return CheckoutCookie.obtainHash(request, response);
		}
		catch (IllegalStateException ex) {
			return null;
		}
	}

	private CheckoutContext identified(HttpServletRequest request, @Nullable HttpServletResponse response) {
		PolarIdentity identity;
		try {
			identity = this.identity.of(request);
		}
		catch (RuntimeException ex) {
			return CheckoutContext.empty().withIdentityFailure(ex);
		}
		if (identity == null && this.settings.requireLogin()) {
			return CheckoutContext.empty().withIdentityFailure(this.loginRequirement.get().exception(request));
		}
		// no cookie is set for a caller who cannot buy
		CheckoutContext context = CheckoutContext.empty().withBrowserHash(browserHash(request, response));
		return (identity != null)
				? context.withIdentity(identity.withEmail(this.settings.sendEmail() ? identity.email() : null)
					.withName(this.settings.sendName() ? identity.name() : null))
				: context;
	}

}
