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

package io.github.polarspring.checkout;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Request that is completed from the context.
 *
 * @param request the request
 * @param dispensable the optional fields that came from the context, by their names on
 * the wire. The external customer id is not one of them.
 */
record ContextualRequest(CheckoutRequest request, Set<String> dispensable) {

	/**
	 * Add values of the context to a request, if the request does not set them. The
	 * identity is added either completely or not at all: if code identifies the buyer,
	 * nothing about the signed-in user is sent.
	 */
	static ContextualRequest of(CheckoutRequest request, CheckoutContext context) {
		CheckoutRequest.Builder builder = request.mutate();
		Set<String> added = new LinkedHashSet<>();
		PolarIdentity identity = request.isBuyerSet() ? null : context.identity();
		if (identity != null && request.customerEmail() == null) {
			builder.externalCustomerId(identity.externalId());
			String email = identity.email();
			if (email != null && CheckoutFields.isEmail(email)) {
				builder.customerEmail(email);
				added.add(CheckoutFields.CUSTOMER_EMAIL);
			}
			String name = identity.name();
			if (request.customerName() == null && name != null && CheckoutFields.isName(name)
					&& name.chars().noneMatch(Character::isISOControl)) {
				builder.customerName(name);
				added.add(CheckoutFields.CUSTOMER_NAME);
			}
		}
		String clientIp = context.clientIp();
		if (clientIp != null && request.customerIpAddress() == null && !request.isIpAddressWithheld()) {
			builder.customerIpAddress(clientIp);
			added.add(CheckoutFields.CUSTOMER_IP_ADDRESS);
		}
		Locale locale = accepted(context.locale());
		if (locale != null && request.locale() == null) {
			builder.locale(locale);
			added.add(CheckoutFields.LOCALE);
		}
		return new ContextualRequest(builder.build(), added);
	}

	private static @Nullable Locale accepted(@Nullable Locale locale) {
		return (locale != null && CheckoutFields.isKnownLanguage(locale)) ? locale : null;
	}

}
