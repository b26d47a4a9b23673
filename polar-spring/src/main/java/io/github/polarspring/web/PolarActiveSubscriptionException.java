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

import io.github.polarspring.model.Subscription;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * Exception thrown when a user who already has a subscription wants to subscribe, and
 * {@link OnActiveSubscription#FAIL} applies. Results in a response with the status 409.
 *
 * @since 0.1.0
 */
public class PolarActiveSubscriptionException extends ErrorResponseException {

	private final transient Subscription subscription;

	/**
	 * Create an exception.
	 * @param subscription the subscription that the user has
	 */
	public PolarActiveSubscriptionException(Subscription subscription) {
		super(HttpStatus.CONFLICT);
		this.subscription = subscription;
		setDetail("You already have a subscription.");
	}

	/**
	 * Return the subscription that the user has.
	 * @return the subscription
	 */
	public Subscription getSubscription() {
		return this.subscription;
	}

}
