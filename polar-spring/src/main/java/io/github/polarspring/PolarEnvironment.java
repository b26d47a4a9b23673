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

import java.net.URI;

/**
 * Environment of Polar. Environments are separate: each has its own data, users,
 * organizations and access tokens.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/integrate/sandbox">Polar's sandbox</a>
 */
public enum PolarEnvironment {

	/**
	 * Environment with real payments.
	 */
	PRODUCTION("https://api.polar.sh"),

	/**
	 * Environment with test payments, made with test cards.
	 */
	SANDBOX("https://sandbox-api.polar.sh");

	private final URI baseUrl;

	PolarEnvironment(String baseUrl) {
		this.baseUrl = URI.create(baseUrl);
	}

	/**
	 * Return the base URL of the API, without a trailing slash.
	 * @return the base URL
	 */
	public URI baseUrl() {
		return this.baseUrl;
	}

}
