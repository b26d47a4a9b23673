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
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * Applies the properties under {@code polar.checkout}.
 */
final class CheckoutDefaults {

	private static final String URL_FORM = "It must be an absolute http or https URL, or a path that starts with '/'.";

	private CheckoutDefaults() {
	}

	static void apply(PolarProperties.Checkout properties, URI baseUrl, PolarCheckoutTemplate.Builder template) {
		apply("application-url", properties.applicationUrl(), template::applicationUrl,
				"It must be an absolute http or https URL without user information, query or fragment, such as"
						+ " https://shop.example.");
		apply("embed-origin", properties.embedOrigin(), template::embedOrigin,
				"It must consist of scheme, host and optional port, such as https://shop.example.");
		apply("success-url", properties.successUrl(), template::successUrl, URL_FORM);
		apply("return-url", properties.returnUrl(), template::returnUrl, URL_FORM);
		if (!StringUtils.hasText(properties.applicationUrl()) && PolarUrls.isProduction(baseUrl)) {
			requireNoPath("success-url", properties.successUrl());
			requireNoPath("return-url", properties.returnUrl());
		}
	}

	private static void apply(String property, @Nullable String value, Consumer<@Nullable String> target, String form) {
		try {
			target.accept(StringUtils.hasText(value) ? value : null);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("polar.checkout." + property, value, form);
		}
	}

	/**
	 * The caller controls the host of a request. Polar appends a token of the buyer to
	 * the success URL, so a forged host would leak that token to a third party.
	 */
	private static void requireNoPath(String property, @Nullable String url) {
		if (StringUtils.hasText(url) && url.startsWith("/")) {
			throw new PolarConfigurationException(
					"'polar.checkout.%s' is the path '%s', but the public URL of the application is not configured."
						.formatted(property, url),
					"Set 'polar.checkout.application-url', for example to https://shop.example. In production, the host"
							+ " of a request is not used, because the caller can forge it.");
		}
	}

}
