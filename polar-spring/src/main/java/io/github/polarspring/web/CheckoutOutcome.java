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
import org.jspecify.annotations.Nullable;

/**
 * Outcome of a checkout, with details only for its buyer. Written as JSON, it is only its
 * name.
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
	 * Outcome of a checkout that was paid.
	 *
	 * @param session the session
	 * @param continueUrl the page that the buyer wanted to open when they were redirected
	 * to an upgrade page, as a path of the application that starts with its context path;
	 * {@code null} if there is none, or if it has been returned before
	 */
	record Succeeded(CheckoutSession session, @Nullable String continueUrl) implements CheckoutOutcome {

		/**
		 * Create an outcome without a page to continue at.
		 * @param session the session
		 */
		public Succeeded(CheckoutSession session) {
			this(session, null);
		}

	}

	/**
	 * Outcome of a checkout whose payment is being processed, or whose outcome is
	 * currently unavailable. Reload the page after a few seconds. Open checkouts have
	 * this outcome, too: a buyer who arrives at this page has paid, and must not be asked
	 * to pay again.
	 */
	record Pending() implements CheckoutOutcome {

	}

	/**
	 * Outcome of a checkout whose payment failed. A new checkout is required.
	 *
	 * @param session the session
	 */
	record Failed(CheckoutSession session) implements CheckoutOutcome {

	}

	/**
	 * Outcome of a checkout that expired before Polar received a payment.
	 *
	 * @param session the session
	 */
	record Expired(CheckoutSession session) implements CheckoutOutcome {

	}

	/**
	 * Outcome of a checkout that does not exist, belongs to another buyer, or cannot be
	 * attributed to the current one. The browser that started a checkout is recognized by
	 * a cookie, which other browsers do not have.
	 */
	record Unconfirmed() implements CheckoutOutcome {

	}

}
