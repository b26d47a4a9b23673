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

import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.identity.PolarIdentityResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who sent the current request. Spring MVC handles the result of an asynchronous method
 * in another dispatch, in which not every authentication is there again: so who it was is
 * kept from the first one.
 *
 * @param customer the buyer, or {@code null} for a guest
 * @param failure why it cannot be said who it is, or {@code null}
 */
record CurrentBuyer(@Nullable PolarIdentity customer, @Nullable RuntimeException failure) {

	private static final String ATTRIBUTE = CurrentBuyer.class.getName();

	static void keep(HttpServletRequest request, PolarIdentityResolver resolver) {
		CurrentBuyer buyer;
		try {
			buyer = new CurrentBuyer(resolver.resolve(request), null);
		}
		catch (RuntimeException ex) {
			buyer = new CurrentBuyer(null, ex);
		}
		request.setAttribute(ATTRIBUTE, buyer);
	}

	static @Nullable PolarIdentity of(HttpServletRequest request, PolarIdentityResolver resolver) {
		if (request.getAttribute(ATTRIBUTE) instanceof CurrentBuyer kept) {
			if (kept.failure() != null) {
				throw kept.failure();
			}
			return kept.customer();
		}
		return resolver.resolve(request);
	}

}
