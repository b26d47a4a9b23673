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

package io.github.polarspring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutRequestCustomizer;
import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * Adds what is configured under {@code polar.checkout}.
 */
final class CheckoutDefaults implements CheckoutRequestCustomizer {

	private final @Nullable String successUrl;

	private final @Nullable String returnUrl;

	private final @Nullable String applicationUrl;

	private final @Nullable String embedOrigin;

	CheckoutDefaults(PolarProperties.Checkout properties, URI baseUrl) {
		this.successUrl = textOrNull(properties.getSuccessUrl());
		this.returnUrl = textOrNull(properties.getReturnUrl());
		this.applicationUrl = applicationUrl(textOrNull(properties.getApplicationUrl()));
		this.embedOrigin = embedOrigin(textOrNull(properties.getEmbedOrigin()));
		check("polar.checkout.success-url", this.successUrl, baseUrl);
		check("polar.checkout.return-url", this.returnUrl, baseUrl);
	}

	private static @Nullable String textOrNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

	private static @Nullable String applicationUrl(@Nullable String applicationUrl) {
		if (applicationUrl != null && !isApplicationUrl(applicationUrl)) {
			throw new InvalidConfigurationPropertyValueException("polar.checkout.application-url", applicationUrl,
					"It must be an absolute http or https URL without user information, query and fragment, such as"
							+ " https://shop.example.");
		}
		return applicationUrl;
	}

	private static @Nullable String embedOrigin(@Nullable String embedOrigin) {
		try {
			if (embedOrigin != null) {
				CheckoutRequest.forProducts("any").embedOrigin(embedOrigin);
			}
			return embedOrigin;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("polar.checkout.embed-origin", embedOrigin,
					"It must be scheme, host and port only, such as https://shop.example.");
		}
	}

	private static boolean isApplicationUrl(String applicationUrl) {
		try {
			URI uri = new URI(applicationUrl);
			return ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
					&& uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null
					&& uri.getRawFragment() == null;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	/**
	 * A request's host is the caller's choice. Polar adds a token of the buyer's to the
	 * success URL, so with a forged host that token would go to a stranger.
	 */
	private void check(String property, @Nullable String url, URI baseUrl) {
		if (url == null) {
			return;
		}
		try {
			CheckoutRequest.forProducts("any").successUrl(url);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, url,
					"It must be an absolute http or https URL, or a path within the application that starts with '/'.");
		}
		if (url.startsWith("/") && this.applicationUrl == null && PolarUrls.isProduction(baseUrl)) {
			throw new PolarConfigurationException(
					"'%s' is the path '%s', and the public address of the application is not configured."
						.formatted(property, url),
					"Set 'polar.checkout.application-url', for example to https://shop.example. In production the host"
							+ " that a request names is not used, because the caller can forge it.");
		}
	}

	@Override
	public void customize(CheckoutRequest.Builder checkout) {
		if (this.successUrl != null) {
			checkout.prefillSuccessUrl(this.successUrl);
		}
		if (this.returnUrl != null) {
			checkout.prefillReturnUrl(this.returnUrl);
		}
		if (this.applicationUrl != null) {
			checkout.prefillApplicationUrl(this.applicationUrl);
		}
		if (this.embedOrigin != null) {
			checkout.prefillEmbedOrigin(this.embedOrigin);
		}
	}

}
