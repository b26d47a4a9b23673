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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutTheme;
import io.github.polarspring.web.OnActiveSubscription;
import io.github.polarspring.web.PolarCheckout;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Resolved attributes of a {@link PolarCheckout} annotation.
 */
record CheckoutTerms(List<String> products, @Nullable String successUrl, @Nullable String returnUrl,
		@Nullable CheckoutTheme theme, @Nullable Locale locale, @Nullable UUID discount, @Nullable Integer seats,
		OnActiveSubscription onActiveSubscription) {

	/**
	 * Resolve the attributes of an annotation.
	 * @throws IllegalArgumentException if an attribute is invalid; the message names it
	 */
	static CheckoutTerms of(PolarCheckout annotation, StringValueResolver placeholders) {
		return new CheckoutTerms(
				Arrays.stream(annotation.value()).map((product) -> product(product, placeholders)).toList(),
				resolve(annotation.successUrl(), placeholders), resolve(annotation.returnUrl(), placeholders),
				theme(resolve(annotation.theme(), placeholders)), locale(resolve(annotation.locale(), placeholders)),
				discount(resolve(annotation.discount(), placeholders)),
				seats(resolve(annotation.seats(), placeholders)), annotation.onActiveSubscription());
	}

	private static String product(String product, StringValueResolver placeholders) {
		String resolved = resolve(product, placeholders);
		Assert.isTrue(resolved != null, "products must not contain a blank name");
		return resolved;
	}

	private static @Nullable String resolve(String value, StringValueResolver placeholders) {
		String resolved = placeholders.resolveStringValue(value);
		return StringUtils.hasText(resolved) ? resolved.strip() : null;
	}

	private static @Nullable CheckoutTheme theme(@Nullable String value) {
		if (value == null) {
			return null;
		}
		return Arrays.stream(CheckoutTheme.values())
			.filter((theme) -> theme.name().equalsIgnoreCase(value))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("theme must be 'light' or 'dark', not '%s'".formatted(value)));
	}

	private static @Nullable Locale locale(@Nullable String value) {
		return (value != null) ? Locale.forLanguageTag(value.replace('_', '-')) : null;
	}

	private static @Nullable UUID discount(@Nullable String value) {
		try {
			return (value != null) ? UUID.fromString(value) : null;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"discount must be the id of a discount (a UUID), not '%s'".formatted(value));
		}
	}

	private static @Nullable Integer seats(@Nullable String value) {
		try {
			return (value != null) ? Integer.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("seats must be a number, not '%s'".formatted(value));
		}
	}

	CheckoutRequest.Builder newRequest() {
		return fillIn(CheckoutRequest.forProducts(this.products.toArray(String[]::new)).build());
	}

	/**
	 * Apply the attributes to fields that a request does not set.
	 */
	CheckoutRequest.Builder fillIn(CheckoutRequest request) {
		CheckoutRequest.Builder builder = request.mutate();
		if (this.successUrl != null && request.successUrl() == null) {
			builder.successUrl(this.successUrl);
		}
		if (this.returnUrl != null && request.returnUrl() == null) {
			builder.returnUrl(this.returnUrl);
		}
		if (this.locale != null && request.locale() == null) {
			builder.locale(this.locale);
		}
		if (this.discount != null && request.discountId() == null) {
			builder.discountId(this.discount);
		}
		if (this.seats != null && request.seats() == null) {
			builder.seats(this.seats);
		}
		return builder;
	}

}
