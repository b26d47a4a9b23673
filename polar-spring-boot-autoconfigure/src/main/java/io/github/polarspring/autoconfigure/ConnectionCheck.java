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

package io.github.polarspring.autoconfigure;

import java.net.URI;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.client.PolarClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.StringUtils;

/**
 * Checks the connection details when the application starts, although the client is
 * created when it is needed. A source of secrets that is not available yet is checked
 * later, by the client, and one with a description is not read at all.
 */
final class ConnectionCheck implements SmartInitializingSingleton {

	private final PolarProperties properties;

	private final PolarConnectionDetails connectionDetails;

	ConnectionCheck(PolarProperties properties, PolarConnectionDetails connectionDetails) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
	}

	@Override
	public void afterSingletonsInstantiated() {
		String accessToken;
		URI baseUrl;
		try {
			accessToken = (this.connectionDetails.getDescription() == null) ? this.connectionDetails.getAccessToken()
					: null;
			if (!StringUtils.hasText(accessToken)) {
				return;
			}
			baseUrl = this.connectionDetails.getBaseUrl();
		}
		catch (RuntimeException ex) {
			return;
		}
		check(accessToken, baseUrl);
		CheckoutDefaults.requireApplicationUrl(this.properties, baseUrl);
	}

	private void check(@Nullable String accessToken, URI baseUrl) {
		try {
			PolarClient.builder().accessToken(accessToken).baseUrl(baseUrl);
		}
		catch (IllegalArgumentException ex) {
			throw new PolarConfigurationException("The base URL of %s is wrong: %s."
				.formatted(this.connectionDetails.getClass().getName(), ex.getMessage()),
					"Return the base URL of Polar's API, such as https://api.polar.sh.");
		}
	}

}
