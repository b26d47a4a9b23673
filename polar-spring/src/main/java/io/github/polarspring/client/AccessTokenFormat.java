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

package io.github.polarspring.client;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Check for values that cannot be an access token, which Polar would only reject when it
 * is called. Messages do not contain the value.
 */
final class AccessTokenFormat {

	/**
	 * Characters of a bearer token (RFC 6750, section 2.1).
	 */
	private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

	/**
	 * A prefix only, possibly with the dots of an example.
	 */
	private static final Pattern EXAMPLE = Pattern.compile("polar_[a-z]+_[^A-Za-z0-9]*");

	private static final Pattern PREFIXES = Pattern.compile("polar_(oat|pat|at_[uo])_");

	private static final Pattern TOKEN = Pattern.compile("polar_(oat|pat|at_[uo])_[A-Za-z0-9_-]+");

	private static final Map<String, String> OTHER_KINDS = Map.of("polar_cst_",
			"the token of a customer session, which is only valid in the customer portal", "polar_mst_",
			"the token of a member session, which is only valid in the customer portal", "polar_c_",
			"the client secret of a checkout session", "whsec_", "the secret of a webhook endpoint", "polar_whs_",
			"the secret of a webhook endpoint");

	private AccessTokenFormat() {
	}

	static void check(String token) {
		String problem = problem(token);
		if (problem != null) {
			throw new PolarConfigurationException("The access token for Polar " + problem + ".", """
					Set 'polar.access-token' to the organization access token exactly as Polar's dashboard shows it: \
					polar.access-token: polar_oat_..., or without quotation marks in an env file: \
					POLAR_ACCESS_TOKEN=polar_oat_...""");
		}
	}

	private static @Nullable String problem(String token) {
		String mistake = PolarUrls.mistake(token);
		if (mistake != null) {
			return mistake;
		}
		String text = PolarUrls.unquoted(token);
		if (!text.equals(token)) {
			return "starts or ends with a quotation mark";
		}
		if (text.toLowerCase(Locale.ROOT).matches("(?s)(authorization:?\\s*)?bearer\\b.*")) {
			return "starts with 'Bearer', which is added by this library";
		}
		for (Map.Entry<String, String> kind : OTHER_KINDS.entrySet()) {
			if (text.startsWith(kind.getKey())) {
				return "is " + kind.getValue()
						+ (kind.getValue().contains("webhook") ? " ('polar.webhook.secret')" : "");
			}
		}
		if (EXAMPLE.matcher(text).matches()) {
			return "is an example without the token itself";
		}
		if (text.codePoints().anyMatch((c) -> Character.isWhitespace(c) || Character.isISOControl(c))) {
			return "contains whitespace or a control character";
		}
		if (text.chars().anyMatch((c) -> c > 0x7f)) {
			return "contains a character that is not ASCII, so that Polar would ignore the token";
		}
		if (!BEARER_TOKEN.matcher(text).matches()) {
			return "contains a character that is invalid in a bearer token, such as a quotation mark or a bracket";
		}
		Matcher prefixes = PREFIXES.matcher(text);
		return (prefixes.find() && (!TOKEN.matcher(text).matches() || prefixes.find()))
				? "contains something in addition to the token, such as a second token" : null;
	}

}
