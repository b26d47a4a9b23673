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

package io.github.polarspring.client;

import io.micrometer.observation.Observation;

/**
 * Context of the observation of a call to Polar with all its attempts.
 *
 * @since 0.1.0
 * @see PolarApiObservationConvention
 */
public final class PolarApiObservationContext extends Observation.Context {

	private final String operation;

	private final String environment;

	private String outcome = "none";

	private int attempts;

	PolarApiObservationContext(String operation, String environment) {
		this.operation = operation;
		this.environment = environment;
	}

	/**
	 * Return the operation: method and path with template variables, such as {@code GET
	 * /v1/checkouts/{id}}.
	 * @return the operation
	 */
	public String getOperation() {
		return this.operation;
	}

	/**
	 * Return the environment that the call goes to.
	 * @return {@code production}, {@code sandbox}, or {@code custom} for any other base
	 * URL
	 */
	public String getEnvironment() {
		return this.environment;
	}

	/**
	 * Return the outcome of the call: {@code success} or the kind of failure. While the
	 * call is in progress, it is that of the last attempt.
	 * @return the outcome, {@code none} before the first attempt has ended
	 */
	public String getOutcome() {
		return this.outcome;
	}

	void setOutcome(String outcome) {
		this.outcome = outcome;
	}

	/**
	 * Return the number of attempts.
	 * @return the number of attempts, 0 if the call was rejected before the first one
	 */
	public int getAttempts() {
		return this.attempts;
	}

	void attempt() {
		this.attempts++;
	}

}
