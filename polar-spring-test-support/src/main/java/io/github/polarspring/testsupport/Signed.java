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

package io.github.polarspring.testsupport;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.http.HttpHeaders;

/**
 * Headers of a webhook, signed with a secret as text.
 */
public record Signed(String id, String timestamp, String signature) {

	public static final String SECRET = "polar_whs_q7Yd2Lk9ZbV4nR8tX1mS6wC3eA5uH0";

	public static Signed of(String secret, String id, String body) {
		String timestamp = String.valueOf(Instant.now().getEpochSecond());
		byte[] signature = sign(secret, id + "." + timestamp + "." + body);
		return new Signed(id, timestamp, "v1," + Base64.getEncoder().encodeToString(signature));
	}

	private static byte[] sign(String secret, String content) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
			return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public String[] headers() {
		return new String[] { "webhook-id", this.id, "webhook-timestamp", this.timestamp, "webhook-signature",
				this.signature };
	}

	public HttpHeaders httpHeaders() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("webhook-id", this.id);
		headers.add("webhook-timestamp", this.timestamp);
		headers.add("webhook-signature", this.signature);
		return headers;
	}

}
