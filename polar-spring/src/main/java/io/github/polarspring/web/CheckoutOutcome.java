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

package io.github.polarspring.web;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.model.CheckoutSession;

/**
 * How a checkout ended, as far as it is the business of whoever asks. Written as JSON it
 * is its name only.
 *
 * @since 0.1.0
 * @see PolarCheckoutReturn
 */
public sealed interface CheckoutOutcome {

	/**
	 * Return the name of the outcome, for templates and scripts.
	 * @return {@code succeeded}, {@code pending}, {@code failed}, {@code expired} or
	 * {@code unconfirmed}
	 */
	@JsonValue
	default String name() {
		return getClass().getSimpleName().toLowerCase(Locale.ROOT);
	}

	/**
	 * It is paid.
	 *
	 * @param session the session
	 */
	record Succeeded(CheckoutSession session) implements CheckoutOutcome {

	}

	/**
	 * The payment is being checked, or Polar cannot say right now. Reload the page in a
	 * few seconds. So is a checkout that Polar calls open: the buyer who arrives here has
	 * paid, and must not be asked to pay again.
	 */
	record Pending() implements CheckoutOutcome {

	}

	/**
	 * The payment failed. A new checkout is needed.
	 *
	 * @param session the session
	 */
	record Failed(CheckoutSession session) implements CheckoutOutcome {

	}

	/**
	 * It ended before Polar knew of a payment.
	 *
	 * @param session the session
	 */
	record Expired(CheckoutSession session) implements CheckoutOutcome {

	}

	/**
	 * There is no such checkout, or it is somebody else's, or it cannot be told whose it
	 * is: the browser that started it sends a cookie, which another one does not have.
	 */
	record Unconfirmed() implements CheckoutOutcome {

	}

}
