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
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.polarspring.client.PolarUrls;

import org.springframework.util.Assert;

/**
 * Derivation of the keys of a secret. Polar uses two signing schemes, which cannot be
 * distinguished by the secret: the key is either the Base64-decoded part after the prefix
 * (Standard Webhooks), or the whole secret as text (endpoints that were created before
 * September 2026, and secrets that the merchant chose).
 */
final class SigningKeys {

	static final String PREFIX = "whsec_";

	private static final Pattern PREFIXES = Pattern.compile("whsec_|polar_whs_");

	/**
	 * Secret that Polar generated. The characters are those of both kinds of Base64.
	 */
	private static final Pattern GENERATED = Pattern.compile("(whsec_|polar_whs_)[A-Za-z0-9+/_=-]+");

	private static final Pattern SEVERAL = Pattern.compile("(whsec_|polar_whs_).*[^A-Za-z0-9+/_=-](whsec_|polar_whs_)",
			Pattern.DOTALL);

	private static final Pattern NAME = Pattern.compile("(?i)polar[._]webhook[._-]secrets?\\s*[=:].*", Pattern.DOTALL);

	/**
	 * Control character, or an invisible character at either end, such as a byte order
	 * mark.
	 */
	private static final Pattern INVISIBLE = Pattern.compile("\\p{Cc}|^\\p{Cf}|\\p{Cf}$");

	private static final Pattern ACCESS_TOKEN = Pattern.compile("polar_(oat|pat|at_[uo]|cst|mst|c)_.*", Pattern.DOTALL);

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]*}");

	private static final int MIN_LENGTH = 32;

	private static final int MIN_BYTES = 24;

	private static final int MAX_BYTES = 64;

	private static final String ALGORITHM = "HmacSHA256";

	private SigningKeys() {
	}

	/**
	 * Derive the keys of a secret.
	 * @throws IllegalArgumentException if it is too short to be secure, or cannot be a
	 * secret of Polar; the message does not contain it
	 */
	static List<SecretKeySpec> of(String secret) {
		Assert.notNull(secret, "A webhook secret must not be null");
		String stripped = secret.strip();
		Assert.isTrue(!stripped.equals(PREFIX), "A webhook secret must not be 'whsec_' only");
		requireSecret(stripped);
		Assert.isTrue(stripped.length() >= MIN_LENGTH,
				() -> "A webhook secret must have at least " + MIN_LENGTH + " characters");
		List<SecretKeySpec> keys = new ArrayList<>();
		if (stripped.startsWith(PREFIX)) {
			addStandardKey(keys, stripped.substring(PREFIX.length()));
		}
		keys.add(key(stripped.getBytes(StandardCharsets.UTF_8)));
		return List.copyOf(keys);
	}

	/**
	 * Reject what is certainly something else. A merchant could choose any text as a
	 * secret, so there is no rule for its characters.
	 */
	private static void requireSecret(String secret) {
		String unquoted = PolarUrls.unquoted(secret);
		Matcher prefixes = PREFIXES.matcher(secret);
		boolean generated = prefixes.find();
		Assert.isTrue(
				!PolarUrls.isQuoted(secret) && !(PREFIXES.matcher(unquoted).lookingAt() && !unquoted.equals(secret)),
				"A webhook secret must not be enclosed in quotation marks, which are part of the value");
		Assert.isTrue(!PLACEHOLDER.matcher(secret).matches() && !(generated && secret.contains("${")),
				"A webhook secret must not be a placeholder ${...} that could not be resolved");
		Assert.isTrue(!SEVERAL.matcher(secret).find(), "A webhook secret must not be a list of several secrets");
		Assert.isTrue(!NAME.matcher(secret).matches(), "A webhook secret must not contain the name of the property");
		Assert.isTrue(!INVISIBLE.matcher(secret).find(),
				"A webhook secret must not contain a line break or another invisible character");
		Assert.isTrue(!generated || (GENERATED.matcher(secret).matches() && !prefixes.find()),
				"A webhook secret with the prefix 'whsec_' or 'polar_whs_' must start with it, and continue with letters,"
						+ " digits, '+', '/', '-', '_' and '=' only");
		Assert.isTrue(!ACCESS_TOKEN.matcher(secret).matches(), "A webhook secret must not be a token of Polar");
		Assert.isTrue(!secret.matches("(?i)https?://.*"), "A webhook secret must not be a URL");
	}

	private static void addStandardKey(List<SecretKeySpec> keys, String encoded) {
		try {
			byte[] decoded = Base64.getDecoder().decode(encoded);
			// the decoder also accepts unpadded text, which is a secret of the other
			// scheme
			boolean strict = Base64.getEncoder().encodeToString(decoded).equals(encoded);
			if (strict && decoded.length >= MIN_BYTES && decoded.length <= MAX_BYTES) {
				keys.add(key(decoded));
			}
		}
		catch (IllegalArgumentException ex) {
			// not Base64: a secret of the other scheme
		}
	}

	private static SecretKeySpec key(byte[] bytes) {
		return new SecretKeySpec(bytes, ALGORITHM);
	}

	static byte[] sign(SecretKeySpec key, byte[] prefix, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(key);
			mac.update(prefix);
			return mac.doFinal(body);
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException("HMAC-SHA256 is not available", ex);
		}
	}

}
