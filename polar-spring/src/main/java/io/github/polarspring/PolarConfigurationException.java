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
 * The application is not set up for what was asked of it: no access token, a product name
 * that is not configured, a path to return to without an origin. Fixed by a developer, so
 * repeating the call does not help.
 *
 * @since 0.1.0
 */
public class PolarConfigurationException extends PolarException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what is wrong, without secrets
	 * @param action what to do about it, preferably the line to write
	 */
	public PolarConfigurationException(String message, String action) {
		super(message, null);
		this.action = action;
	}

	/**
	 * Return what to do about it.
	 * @return the action, as a text for a developer
	 */
	public String getAction() {
		return this.action;
	}

}
