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
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to connect to Polar. A bean of this type replaces the properties
 * {@code polar.access-token}, {@code polar.environment}, {@code polar.base-url},
 * {@code polar.webhook.secret} and {@code polar.webhook.secrets}, for tests or if the
 * secrets come from another source. The returned values must not change while the
 * application runs.
 *
 * @since 0.1.0
 */
public interface PolarConnectionDetails extends ConnectionDetails {

	/**
	 * Return the base URL of the API.
	 * @return an https URL, or an http URL to a loopback address
	 */
	URI getBaseUrl();

	/**
	 * Return the organization access token.
	 * @return the token, or {@code null} if there is none. The application can start
	 * without a token as long as nothing calls Polar
	 */
	@Nullable String getAccessToken();

	/**
	 * Return the secrets that are accepted for the signatures of webhooks.
	 * @return the secrets. If empty, the webhook endpoint is disabled
	 */
	default List<String> getWebhookSecrets() {
		return List.of();
	}

	/**
	 * Return the reason why there is no access token. It is added to the exception
	 * message.
	 * @return a sentence, or {@code null} for the default message
	 */
	default @Nullable String getMissingAccessTokenReason() {
		return null;
	}

	/**
	 * Return a description for the startup log message and for the {@code info} endpoint.
	 * With a description, they read neither the base URL nor the token.
	 * @return a short description, or {@code null} to show the environment and the host,
	 * and whether there is a token
	 */
	default @Nullable String getDescription() {
		return null;
	}

}
