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

package io.github.polarspring.autoconfigure.webhook;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.github.polarspring.PolarConfigurationException;
import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.autoconfigure.PolarProperties;
import io.github.polarspring.client.PolarUrls;
import io.github.polarspring.webhook.PolarWebhookVerifier;

/**
 * Rejects secrets that can be guessed, are public, or are certainly something else.
 */
final class WebhookSecrets {

	private WebhookSecrets() {
	}

	static boolean arePresent(PolarConnectionDetails connectionDetails) {
		return !connectionDetails.getWebhookSecrets().isEmpty();
	}

	static List<String> require(PolarConnectionDetails connectionDetails, PolarProperties.Webhook properties) {
		if (!arePresent(connectionDetails)) {
			throw new PolarConfigurationException("Secret for Polar's webhooks is not configured.",
					"Set the property 'polar.webhook.secret' or the environment variable POLAR_WEBHOOK_SECRET to the"
							+ " secret of the endpoint in Polar's dashboard.");
		}
		return check(connectionDetails, properties);
	}

	static List<String> check(PolarConnectionDetails connectionDetails, PolarProperties.Webhook properties) {
		List<String> secrets = connectionDetails.getWebhookSecrets();
		for (String secret : secrets) {
			String name = nameOf(secret, connectionDetails, properties);
			try {
				PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5), Clock.systemUTC());
			}
			catch (IllegalArgumentException ex) {
				throw new PolarConfigurationException("%s is wrong: %s.".formatted(name, ex.getMessage()), """
						Copy the complete secret of the endpoint from Polar's dashboard, without quotation marks, as \
						in POLAR_WEBHOOK_SECRET=whsec_... For several secrets, use 'polar.webhook.secrets'.""");
			}
			if (isPublic(secret) && PolarUrls.isProduction(connectionDetails.getBaseUrl())) {
				throw new PolarConfigurationException(name
						+ " looks like the secret of Polar's command line tool, which is the ID of the organization"
						+ " and therefore public.",
						"Use it only with 'polar.environment: sandbox'. For production, copy the secret of the endpoint"
								+ " from Polar's dashboard.");
			}
		}
		return secrets;
	}

	private static String nameOf(String secret, PolarConnectionDetails connectionDetails,
			PolarProperties.Webhook properties) {
		if (secret.equals((properties.secret() != null) ? properties.secret().strip() : null)) {
			return "'polar.webhook.secret'";
		}
		int index = properties.secrets().stream().map(String::strip).toList().indexOf(secret);
		return (index != -1) ? "'polar.webhook.secrets[%d]'".formatted(index)
				: "A webhook secret of " + connectionDetails.getClass().getName();
	}

	/**
	 * Return whether a secret is an organization's ID, with or without dashes and prefix.
	 */
	private static boolean isPublic(String secret) {
		return secret.strip().replaceFirst("^(whsec_|polar_whs_)", "").replace("-", "").matches("\\p{XDigit}{32}");
	}

}
