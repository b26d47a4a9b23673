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
 * Context of the observation of a {@link PolarCheckout} method.
 *
 * @since 0.1.0
 * @see PolarCheckoutObservationConvention
 */
public final class PolarCheckoutObservationContext extends Observation.Context {

	private final String handler;

	private final String response;

	private String buyer = "none";

	private String outcome = "none";

	/**
	 * Create a context.
	 * @param handler class and method, such as {@code ShopController.buyPro}
	 * @param response {@code redirect}, {@code json}, {@code page}, or the name of a
	 * library
	 */
	public PolarCheckoutObservationContext(String handler, String response) {
		this.handler = handler;
		this.response = response;
	}

	/**
	 * Return the handler method.
	 * @return class and method, such as {@code ShopController.buyPro}
	 */
	public String getHandler() {
		return this.handler;
	}

	/**
	 * Return the form of the response.
	 * @return {@code redirect}, {@code json}, {@code page}, or the name of a library
	 */
	public String getResponse() {
		return this.response;
	}

	/**
	 * Return whether the buyer is identified by an external customer id.
	 * @return {@code known}, {@code guest} or {@code unreadable}, {@code none} before
	 * there is a session
	 */
	public String getBuyer() {
		return this.buyer;
	}

	/**
	 * Set whether the buyer is identified by an external customer id.
	 * @param buyer {@code known}, {@code guest}, or {@code unreadable} if the id in
	 * Polar's response cannot be read
	 */
	public void setBuyer(String buyer) {
		this.buyer = buyer;
	}

	/**
	 * Return the outcome.
	 * @return {@code created}; {@code rejected} if the application rejected the caller,
	 * for example because a login is required; {@code unavailable} if the failure can be
	 * temporary; {@code failed} otherwise; {@code none} before the end
	 */
	public String getOutcome() {
		return this.outcome;
	}

	/**
	 * Set the outcome.
	 * @param outcome {@code created}, {@code rejected}, {@code unavailable} or
	 * {@code failed}
	 */
	public void setOutcome(String outcome) {
		this.outcome = outcome;
	}

}
