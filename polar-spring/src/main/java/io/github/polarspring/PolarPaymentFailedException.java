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

package io.github.polarspring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Exception thrown when a call would have charged the customer, and the charge failed
 * (402). Polar has not made the change. The customer can add or replace the card in the
 * customer portal, or pay in a checkout.
 *
 * @since 0.1.0
 */
public class PolarPaymentFailedException extends PolarApiException {

	private static final Pattern REASON = Pattern.compile("reason: (\\w+)");

	/**
	 * Create an exception.
	 * @param message the message, without secrets and personal data
	 * @param status the HTTP status
	 * @param error Polar's name of the error
	 * @param detail Polar's description of the error
	 */
	public PolarPaymentFailedException(String message, int status, @Nullable String error, @Nullable String detail) {
		super(message, status, error, detail);
	}

	/**
	 * Return why the charge failed, as Polar names it: {@code missing_payment_method} if
	 * the customer has no card, {@code card_error} if the card was declined or requires
	 * that the customer confirms the payment. Other values are possible.
	 * @return the reason, or {@code null} if Polar does not name one
	 */
	public @Nullable String getReason() {
		Matcher matcher = (getDetail() != null) ? REASON.matcher(getDetail()) : null;
		return (matcher != null && matcher.find()) ? matcher.group(1) : null;
	}

}
