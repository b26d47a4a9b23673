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
import java.util.function.Consumer;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Checks and applies the properties under {@code polar.checkout}.
 */
final class CheckoutDefaults {

	private static final String URL_FORM = "It must be an absolute http or https URL, or a path that starts with '/'.";

	private CheckoutDefaults() {
	}

	/**
	 * Check the URLs when the application starts, although they are applied when the
	 * first checkout session is created.
	 */
	static void check(PolarProperties.Checkout properties, PolarProperties.Portal portal) {
		CheckoutRequest.Builder request = CheckoutRequest.forProducts("any");
		check("checkout.application-url", properties.applicationUrl(), PolarUrls::requireApplicationUrl,
				"It must be an absolute http or https URL without user information, query or fragment, such as"
						+ " https://shop.example.");
		check("checkout.embed-origin", properties.embedOrigin(), request::embedOrigin,
				"It must consist of scheme, host and optional port, such as https://shop.example.");
		check("checkout.success-url", properties.successUrl(), request::successUrl, URL_FORM);
		check("checkout.return-url", properties.returnUrl(), request::returnUrl, URL_FORM);
		check("portal.return-url", portal.returnUrl(), request::returnUrl, URL_FORM);
	}

	private static void check(String property, @Nullable String value, Consumer<String> target, String form) {
		try {
			if (StringUtils.hasText(value)) {
				Assert.isTrue(PolarUrls.unquoted(value).equals(value.strip()), "Quotation mark");
				target.accept(value);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("polar." + property, value, form);
		}
	}

	static void apply(PolarProperties.Checkout properties, PolarCheckoutTemplate.Builder template) {
		template.applicationUrl(textOf(properties.applicationUrl()))
			.embedOrigin(textOf(properties.embedOrigin()))
			.successUrl(textOf(properties.successUrl()))
			.returnUrl(textOf(properties.returnUrl()));
	}

	private static @Nullable String textOf(@Nullable String value) {
		return StringUtils.hasText(value) ? value : null;
	}

	static void requireApplicationUrl(PolarProperties properties, URI baseUrl) {
		if (!StringUtils.hasText(properties.checkout().applicationUrl()) && PolarUrls.isProduction(baseUrl)) {
			requireNoPath("checkout.success-url", properties.checkout().successUrl());
			requireNoPath("checkout.return-url", properties.checkout().returnUrl());
			requireNoPath("portal.return-url", properties.portal().returnUrl());
		}
	}

	/**
	 * The caller controls the host of a request. Polar appends a token of the buyer to
	 * the success URL, so a forged host would leak that token to a third party.
	 */
	private static void requireNoPath(String property, @Nullable String url) {
		if (StringUtils.hasText(url) && url.startsWith("/")) {
			throw new PolarConfigurationException(
					"'polar.%s' is the path '%s', but the public URL of the application is not configured."
						.formatted(property, url),
					"Set 'polar.checkout.application-url', for example to https://shop.example. In production, the host"
							+ " of a request is not used, because the caller can forge it.");
		}
	}

}
