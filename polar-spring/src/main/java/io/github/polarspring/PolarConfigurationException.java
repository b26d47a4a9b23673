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

/**
 * Exception thrown when the configuration of the application is incomplete or wrong: for
 * example, there is no access token, a product name is not configured, or a return path
 * cannot be resolved. A developer has to fix it, so retrying the call does not help.
 *
 * @since 0.1.0
 */
public class PolarConfigurationException extends PolarException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message the problem, without secrets
	 * @param action how to fix it, preferably the line to write
	 */
	public PolarConfigurationException(String message, String action) {
		super(message, null);
		this.action = action;
	}

	/**
	 * Return how to fix the problem.
	 * @return a text for developers
	 */
	public String getAction() {
		return this.action;
	}

}
