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

package io.github.polarspring.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.spec.SecretKeySpec;

import io.github.polarspring.webhook.PolarWebhookException.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Verifier for the signatures of Polar's webhooks, for use in your own endpoint. The
 * starter's endpoint uses it.
 *
 * <pre class="code">
 * PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(secret), Duration.ofMinutes(5), Clock.systemUTC());
 * verifier.verify(id, timestamp, signature, body); // of the headers webhook-id, webhook-timestamp, webhook-signature
 * PolarEvent&lt;?&gt; event = PolarEvent.read(id, body);
 * </pre>
 *
 * Both of Polar's signing schemes are supported: the key is either the secret as text, or
 * the Base64-decoded part of the secret after {@code whsec_}. Safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 * @see <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>
 */
public final class PolarWebhookVerifier {

	/**
	 * Maximum length of a header, well above that of real webhooks.
	 */
	private static final int MAX_HEADER = 4096;

	private static final int MAX_SIGNATURES = 16;

	private static final String VERSION = "v1,";

	private static final Pattern ID = Pattern.compile("[!-~]{1,256}");

	private static final Pattern TIMESTAMP = Pattern.compile("(\\d{1,12})(?:\\.\\d{1,9})?");

	private static final Pattern SIGNATURE = Pattern.compile("[A-Za-z0-9+/]{43}=");

	private final List<SecretKeySpec> keys;

	private final Duration tolerance;

	private final Clock clock;

	private PolarWebhookVerifier(List<SecretKeySpec> keys, Duration tolerance, Clock clock) {
		this.keys = keys;
		this.tolerance = tolerance;
		this.clock = clock;
	}

	/**
	 * Create a verifier.
	 * @param secrets secrets of the endpoint, any of which can be used for the signature;
	 * more than one while a secret is rotated. Surrounding whitespace is ignored
	 * @param tolerance maximum difference between the timestamp and the current time, in
	 * both directions. Polar's own libraries permit five minutes
	 * @param clock the clock
	 * @return the verifier
	 * @throws IllegalArgumentException if there is no secret, or one that is shorter than
	 * 32 characters or certainly something else, such as an access token
	 */
	public static PolarWebhookVerifier of(List<String> secrets, Duration tolerance, Clock clock) {
		Assert.notEmpty(secrets, "At least one webhook secret is required");
		Assert.isTrue(tolerance != null && !tolerance.isNegative() && !tolerance.isZero(),
				"tolerance must be positive");
		Assert.notNull(clock, "clock must not be null");
		List<SecretKeySpec> keys = new ArrayList<>();
		secrets.forEach((secret) -> keys.addAll(SigningKeys.of(secret)));
		return new PolarWebhookVerifier(List.copyOf(keys), tolerance, clock);
	}

	/**
	 * Verify a webhook. Returns normally if it was signed by Polar.
	 * @param id value of the {@code webhook-id} header
	 * @param timestamp value of the {@code webhook-timestamp} header
	 * @param signature value of the {@code webhook-signature} header
	 * @param body the body, byte for byte as it was received
	 * @throws PolarWebhookException if it was not, or if it is too old or too new
	 */
	public void verify(@Nullable String id, @Nullable String timestamp, @Nullable String signature, byte[] body) {
		Assert.notNull(body, "body must not be null");
		List<byte[]> signatures = checkHeaders(id, timestamp, signature);
		byte[] prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII);
		for (SecretKeySpec key : this.keys) {
			byte[] expected = SigningKeys.sign(key, prefix, body);
			boolean valid = false;
			for (byte[] candidate : signatures) {
				// compare with all keys, so that the duration reveals nothing about an
				// invalid signature
				valid |= MessageDigest.isEqual(expected, candidate);
			}
			if (valid) {
				return;
			}
		}
		throw new PolarWebhookException(Reason.SIGNATURE,
				"The signature of the webhook does not match any configured secret");
	}

	/**
	 * Check everything that can be checked before the body is read.
	 * @return the signatures to compare with
	 */
	List<byte[]> checkHeaders(@Nullable String id, @Nullable String timestamp, @Nullable String signature) {
		if (id == null || timestamp == null || signature == null) {
			throw new PolarWebhookException(Reason.HEADERS,
					"The webhook does not contain all of the headers webhook-id, webhook-timestamp and"
							+ " webhook-signature");
		}
		if (!ID.matcher(id).matches()) {
			throw new PolarWebhookException(Reason.MALFORMED, "The header webhook-id is malformed");
		}
		checkTimestamp(timestamp);
		return signatures(signature);
	}

	private void checkTimestamp(String timestamp) {
		Matcher matcher = TIMESTAMP.matcher(timestamp);
		if (!matcher.matches()) {
			throw new PolarWebhookException(Reason.MALFORMED, "The header webhook-timestamp is malformed");
		}
		Instant sent = Instant.ofEpochSecond(Long.parseLong(matcher.group(1)));
		if (Duration.between(sent, this.clock.instant()).abs().compareTo(this.tolerance) > 0) {
			throw new PolarWebhookException(Reason.TIMESTAMP,
					"The timestamp of the webhook differs from the current time by more than " + this.tolerance);
		}
	}

	private static List<byte[]> signatures(String header) {
		if (header.length() > MAX_HEADER) {
			throw new PolarWebhookException(Reason.MALFORMED, "The header webhook-signature is too long");
		}
		List<byte[]> signatures = new ArrayList<>();
		for (String part : header.split(" ")) {
			String encoded = part.startsWith(VERSION) ? part.substring(VERSION.length()) : "";
			if (SIGNATURE.matcher(encoded).matches() && signatures.size() < MAX_SIGNATURES) {
				byte[] decoded = decode(encoded);
				if (decoded != null) {
					signatures.add(decoded);
				}
			}
		}
		return signatures;
	}

	private static byte @Nullable [] decode(String encoded) {
		byte[] decoded = Base64.getDecoder().decode(encoded);
		return Base64.getEncoder().encodeToString(decoded).equals(encoded) ? decoded : null;
	}

	/**
	 * Return a text without the secrets.
	 */
	@Override
	public String toString() {
		return "PolarWebhookVerifier[" + this.keys.size() + " keys]";
	}

}
