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

import io.micrometer.observation.Observation;

/**
 * What is known of a {@link PolarCheckout} while it is observed.
 *
 * @since 0.1.0
 * @see PolarCheckoutObservationConvention
 */
public final class PolarCheckoutObservationContext extends Observation.Context {

	private final String handler;

	private final String answer;

	private String buyer = "none";

	private String outcome = "none";

	/**
	 * Create a context.
	 * @param handler class and method, such as {@code ShopController.buyPro}
	 * @param answer {@code redirect}, {@code json} or {@code htmx}
	 */
	public PolarCheckoutObservationContext(String handler, String answer) {
		this.handler = handler;
		this.answer = answer;
	}

	/**
	 * Return the method that sells.
	 * @return class and method, such as {@code ShopController.buyPro}
	 */
	public String getHandler() {
		return this.handler;
	}

	/**
	 * Return in what form the caller is answered.
	 * @return {@code redirect}, {@code json} or {@code htmx}
	 */
	public String getAnswer() {
		return this.answer;
	}

	/**
	 * Return whether the buyer is known by an external customer id.
	 * @return {@code known}, {@code guest} or {@code unreadable}, {@code none} before
	 * there is a session
	 */
	public String getBuyer() {
		return this.buyer;
	}

	/**
	 * Set whether the buyer is known by an external customer id.
	 * @param buyer {@code known}, {@code guest}, or {@code unreadable} if Polar's
	 * response does not tell
	 */
	public void setBuyer(String buyer) {
		this.buyer = buyer;
	}

	/**
	 * Return how it ended.
	 * @return {@code created}; {@code refused} if the application turned the caller away,
	 * to log in, say; {@code unavailable} if it may work in a moment; {@code failed}
	 * otherwise; {@code none} before the end
	 */
	public String getOutcome() {
		return this.outcome;
	}

	/**
	 * Set how it ended.
	 * @param outcome {@code created}, {@code refused}, {@code unavailable} or
	 * {@code failed}
	 */
	public void setOutcome(String outcome) {
		this.outcome = outcome;
	}

}
