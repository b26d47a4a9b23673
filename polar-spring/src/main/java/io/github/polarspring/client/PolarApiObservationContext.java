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
 * What is known of a call to Polar with all its attempts, while it is observed.
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
	 * Return the environment that is called.
	 * @return {@code production}, {@code sandbox}, or {@code custom} for any other base
	 * URL
	 */
	public String getEnvironment() {
		return this.environment;
	}

	/**
	 * Return how the call ended: {@code success} or the kind of failure. While it runs it
	 * is that of the last attempt.
	 * @return the outcome, {@code none} before there is one
	 */
	public String getOutcome() {
		return this.outcome;
	}

	void setOutcome(String outcome) {
		this.outcome = outcome;
	}

	/**
	 * Return how often Polar was called.
	 * @return the number of attempts, 0 for a call that was not made
	 */
	public int getAttempts() {
		return this.attempts;
	}

	void attempt() {
		this.attempts++;
	}

}
