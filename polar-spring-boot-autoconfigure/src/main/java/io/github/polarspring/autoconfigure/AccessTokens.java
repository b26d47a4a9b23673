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
 * Explains to a developer that there is no access token.
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
				Set the property 'polar.access-token', or the environment variable POLAR_ACCESS_TOKEN, to an \
				organization access token. Polar's dashboard makes one under Settings; sandbox and production \
				have different ones ('polar.environment').""";
		throw (reason != null) ? new PolarConfigurationException("No access token for Polar is set. " + reason, action)
				: new PolarConfigurationException("No access token for Polar is set.", action + """


						To develop and test without an account, add the module \
						io.github.polarspring:polar-spring-boot-test, which brings a fake of Polar. As an optional \
						dependency it stays out of the packaged application.""");
	}

}
