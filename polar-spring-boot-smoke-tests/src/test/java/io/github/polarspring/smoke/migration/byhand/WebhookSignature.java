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

package io.github.polarspring.smoke.migration.byhand;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.stereotype.Component;

/**
 * Signatures as in Standard Webhooks.
 */
@Component
class WebhookSignature {

	private static final String ALGORITHM = "HmacSHA256";

	private static final Duration TOLERANCE = Duration.ofMinutes(5);

	private final SecretKeySpec key;

	WebhookSignature(BillingProperties properties) {
		this.key = new SecretKeySpec(properties.webhookSecret().getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	boolean isValid(String id, String timestamp, String signatures, byte[] body) {
		return isRecent(timestamp) && isSigned(id, timestamp, signatures, body);
	}

	private static boolean isRecent(String timestamp) {
		try {
			Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
			return Duration.between(sent, Instant.now()).abs().compareTo(TOLERANCE) <= 0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	private boolean isSigned(String id, String timestamp, String signatures, byte[] body) {
		byte[] expected = sign((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
		for (String signature : signatures.split(" ")) {
			if (signature.startsWith("v1,") && MessageDigest.isEqual(expected, decode(signature.substring(3)))) {
				return true;
			}
		}
		return false;
	}

	private byte[] sign(byte[] prefix, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			mac.update(prefix);
			return mac.doFinal(body);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] decode(String signature) {
		try {
			return Base64.getDecoder().decode(signature);
		}
		catch (IllegalArgumentException ex) {
			return new byte[0];
		}
	}

}
