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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.github.polarspring.PolarException;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.PolarValidationException.FieldError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Fallback that keeps values of the {@link CheckoutContext} from making a checkout fail:
 * the buyer can enter them on Polar's page. Values that the application's code set are
 * never omitted.
 */
final class ContextFallback {

	private static final Log logger = LogFactory.getLog(PolarCheckoutTemplate.class);

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	/**
	 * Return the request to send instead of one that failed.
	 * @param failure the failure
	 * @param request the request
	 * @param dispensable the optional fields
	 */
	@Nullable CheckoutRequest after(PolarException failure, CheckoutRequest request, Set<String> dispensable) {
		Set<String> unwanted = unwanted(dispensable, failure);
		if (unwanted.isEmpty()) {
			return null;
		}
		report(unwanted, failure);
		return request.without(unwanted);
	}

	private static Set<String> unwanted(Set<String> dispensable, PolarException failure) {
		if (failure instanceof PolarValidationException rejection) {
			Set<String> blamed = rejection.getFieldErrors().stream().map(FieldError::field).collect(Collectors.toSet());
			return dispensable.containsAll(blamed) ? blamed : Set.of();
		}
		// Polar looks up the domain, which can take longer than any timeout
		boolean slow = failure instanceof PolarTimeoutException && dispensable.contains(CheckoutFields.CUSTOMER_EMAIL);
		return slow ? Set.of(CheckoutFields.CUSTOMER_EMAIL) : Set.of();
	}

	private void report(Set<String> fields, PolarException failure) {
		String what = "The checkout session is created without the values of %s from the checkout context: %s"
			.formatted(String.join(", ", fields), failure.getMessage());
		if (this.reported.addAll(fields)) {
			logger.warn(what + " (Further occurrences are logged at DEBUG.)");
		}
		else {
			logger.debug(what);
		}
	}

}
