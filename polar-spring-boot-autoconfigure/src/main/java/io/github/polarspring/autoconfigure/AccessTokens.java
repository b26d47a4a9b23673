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

import io.github.polarspring.PolarConfigurationException;

import org.springframework.util.StringUtils;

/**
 * Reads the access token, and explains how to configure it if it is missing.
 */
final class AccessTokens {

	private AccessTokens() {
	}

	static String require(PolarConnectionDetails connectionDetails) {
		String accessToken = connectionDetails.getAccessToken();
		if (accessToken != null && StringUtils.hasText(accessToken)) {
			return accessToken;
		}
		String reason = connectionDetails.getMissingAccessTokenReason();
		String action = """
				Create an organization access token with the scope 'checkouts:write' in Polar's dashboard, under Settings, \
				and set the property 'polar.access-token' or the environment variable POLAR_ACCESS_TOKEN. Sandbox and production have \
				separate tokens ('polar.environment').""";
		throw (reason != null)
				? new PolarConfigurationException("Polar access token is not configured. " + reason, action)
				: new PolarConfigurationException("Polar access token is not configured.", action + """


						To develop and test without a Polar account, add the dependency \
						io.github.polarspring:polar-spring-boot-test, which contains a fake of Polar. Declare it as \
						optional to exclude it from the packaged application.""");
	}

}
