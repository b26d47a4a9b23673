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
import java.util.stream.Stream;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.PolarEnvironment;
import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * {@link PolarConnectionDetails} that adapts {@link PolarProperties}. Other
 * implementations can delegate to it.
 *
 * @since 0.1.0
 */
public final class PropertiesPolarConnectionDetails implements PolarConnectionDetails {

	private final URI baseUrl;

	private final @Nullable String accessToken;

	private final List<String> webhookSecrets;

	/**
	 * Create connection details.
	 * @param properties the properties to adapt
	 */
	public PropertiesPolarConnectionDetails(PolarProperties properties) {
		this.baseUrl = baseUrl(properties);
		this.accessToken = StringUtils.hasText(properties.accessToken()) ? properties.accessToken().strip() : null;
		this.webhookSecrets = webhookSecrets(properties.webhook());
	}

	private static URI baseUrl(PolarProperties properties) {
		URI baseUrl = properties.baseUrl();
		if (baseUrl == null || baseUrl.toString().isBlank()) {
			return properties.environment().baseUrl();
		}
		try {
			URI required = PolarUrls.requireBaseUrl(baseUrl);
			if (properties.environment() == PolarEnvironment.SANDBOX
					&& PolarUrls.environment(required).equals("production")) {
				throw new PolarConfigurationException(
						"'polar.environment' is 'sandbox', but 'polar.base-url' is that of production.",
						"Remove 'polar.base-url'.");
			}
			return required;
		}
		catch (IllegalArgumentException ex) {
			String reason = "The access token is sent to this URL: " + ex.getMessage() + ".";
			if (baseUrl.toString().indexOf('@') != -1) {
				// the failure analysis shows the value of the property
				throw new PolarConfigurationException("'polar.base-url' is wrong. " + reason,
						"Set 'polar.base-url' to a URL without user information, or remove it.");
			}
			throw new InvalidConfigurationPropertyValueException("polar.base-url", baseUrl, reason);
		}
	}

	private static List<String> webhookSecrets(PolarProperties.Webhook webhook) {
		List<String> secrets = webhook.secrets();
		for (int i = 0; i < secrets.size(); i++) {
			if (secrets.stream().anyMatch(StringUtils::hasText) && !StringUtils.hasText(secrets.get(i))) {
				throw new PolarConfigurationException(
						"'polar.webhook.secrets' contains an empty entry, at position %d.".formatted(i + 1),
						"Set the entry to the secret of an endpoint, or remove it.");
			}
		}
		return Stream.concat(Stream.ofNullable(webhook.secret()), secrets.stream())
			.filter(StringUtils::hasText)
			.map(String::strip)
			.toList();
	}

	@Override
	public URI getBaseUrl() {
		return this.baseUrl;
	}

	@Override
	public @Nullable String getAccessToken() {
		return this.accessToken;
	}

	@Override
	public List<String> getWebhookSecrets() {
		return this.webhookSecrets;
	}

	@Override
	public String toString() {
		return "PropertiesPolarConnectionDetails[baseUrl=" + this.baseUrl + "]";
	}

}
