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
 * Where Polar is, and what the application identifies itself with. A bean of this type
 * replaces the properties {@code polar.access-token}, {@code polar.environment},
 * {@code polar.base-url} and {@code polar.webhook.secret}, for tests and other sources of
 * secrets. The answers must not change while the application runs.
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
	 * @return the token, or {@code null} if there is none: the application starts as long
	 * as nothing needs Polar
	 */
	@Nullable String getAccessToken();

	/**
	 * Return the secrets that webhooks may be signed with.
	 * @return the secrets; without one there is no endpoint for webhooks
	 */
	default List<String> getWebhookSecrets() {
		return List.of();
	}

	/**
	 * Return why there is no access token, for the message to the developer.
	 * @return a sentence, or {@code null} if there is nothing to add
	 */
	default @Nullable String getMissingAccessTokenReason() {
		return null;
	}

	/**
	 * Return what this is, for the line in the log at start and for the {@code info}
	 * endpoint, which then ask for neither address nor token.
	 * @return a few words, or {@code null} to tell environment and host, and whether
	 * there is a token
	 */
	default @Nullable String getDescription() {
		return null;
	}

}
