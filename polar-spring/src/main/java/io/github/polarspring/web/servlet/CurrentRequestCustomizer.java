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

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Adds what the current web request knows: customer, IP address, locale and the
 * application's address. Does nothing outside of a request. Internal: not meant for
 * applications.
 *
 * @since 0.1.0
 */
public final class CurrentRequestCustomizer implements CheckoutRequestCustomizer, Ordered {

	private final PolarIdentityResolver customerResolver;

	private final boolean sendLocale;

	private final boolean trustHost;

	private final @Nullable LoginRequirement loginRequirement;

	/**
	 * Create a customizer.
	 * @param customerResolver says who buys
	 * @param sendLocale whether to send the request's locale
	 * @param trustHost whether paths may be resolved against the host that the request
	 * names, which the caller chose
	 * @param loginRequirement refuses callers that are not logged in, {@code null} to
	 * sell to guests too
	 */
	public CurrentRequestCustomizer(PolarIdentityResolver customerResolver, boolean sendLocale, boolean trustHost,
			@Nullable LoginRequirement loginRequirement) {
		this.customerResolver = customerResolver;
		this.sendLocale = sendLocale;
		this.trustHost = trustHost;
		this.loginRequirement = loginRequirement;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(CheckoutRequest.Builder checkout) {
		RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
		if (!(attributes instanceof ServletRequestAttributes servletAttributes)) {
			if (this.loginRequirement != null && !checkout.isBuyerDecided()) {
				throw new IllegalStateException("It is not known who is logged in on this thread, and"
						+ " 'polar.checkout.require-login' is set. Call PolarCheckoutOperations.prepare on the request's"
						+ " thread, or say who buys");
			}
			return;
		}
		HttpServletRequest request = servletAttributes.getRequest();
		if (this.loginRequirement != null && !checkout.isBuyerDecided()) {
			PolarIdentity customer = CurrentBuyer.of(request, this.customerResolver);
			if (customer == null) {
				throw this.loginRequirement.exception(request);
			}
			checkout.prefill(() -> customer);
		}
		else {
			checkout.prefill(() -> CurrentBuyer.of(request, this.customerResolver));
		}
		String clientIp = ClientIpFilter.getClientIp(request);
		if (clientIp != null) {
			checkout.prefillIpAddress(clientIp);
		}
		if (this.sendLocale) {
			checkout.prefillLocale(RequestContextUtils.getLocale(request));
		}
		if (this.trustHost) {
			checkout.prefillApplicationUrl(ServletUriComponentsBuilder.fromContextPath(request).toUriString());
		}
		if (CheckoutAnswer.to(request) == CheckoutAnswer.JSON) {
			// a script, which may embed the page
			checkout.prefillEmbedOrigin();
		}
	}

}
