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

package io.github.polarspring.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.util.Assert;

/**
 * Signs webhooks like Polar.
 */
record WebhookSigner(byte[] key) {

	private static final String PREFIX = "whsec_";

	/**
	 * Sign like Polar with secrets that it generated since September 2026.
	 */
	static WebhookSigner standard(String secret) {
		Assert.isTrue(secret.startsWith(PREFIX), "The standard scheme requires a secret that starts with 'whsec_'");
		return new WebhookSigner(Base64.getDecoder().decode(secret.substring(PREFIX.length())));
	}

	/**
	 * Sign like Polar with older secrets and with secrets that a merchant chose.
	 */
	static WebhookSigner legacy(String secret) {
		return new WebhookSigner(secret.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sign with the scheme that Polar uses for a secret of this form.
	 */
	static WebhookSigner of(String secret) {
		String stripped = secret.strip();
		return isStandard(stripped) ? standard(stripped) : legacy(stripped);
	}

	/**
	 * Return whether a secret has the form of those that Polar has generated since
	 * September 2026.
	 */
	static boolean isStandard(String secret) {
		try {
			return secret.endsWith("=") && standard(secret).key().length > 0;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	Map<String, String> headers(String id, Instant timestamp, byte[] body) {
		String seconds = String.valueOf(timestamp.getEpochSecond());
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("webhook-id", id);
		headers.put("webhook-timestamp", seconds);
		headers.put("webhook-signature",
				"v1," + Base64.getEncoder().encodeToString(sign(id + "." + seconds + ".", body)));
		return headers;
	}

	private byte[] sign(String prefix, byte[] body) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(this.key, "HmacSHA256"));
			ByteArrayOutputStream message = new ByteArrayOutputStream();
			message.writeBytes(prefix.getBytes(StandardCharsets.UTF_8));
			message.writeBytes(body);
			return mac.doFinal(message.toByteArray());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("HMAC-SHA256 is not available", ex);
		}
	}

}
