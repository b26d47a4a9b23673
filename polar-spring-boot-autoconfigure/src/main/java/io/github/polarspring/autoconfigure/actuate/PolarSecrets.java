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

package io.github.polarspring.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.polarspring.autoconfigure.PolarProperties;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.util.StringUtils;

/**
 * {@link SanitizingFunction} that removes Polar's secrets from the values that actuator
 * endpoints show with {@code show-values}, regardless of the name: spellings of the
 * properties, variables that they refer to, command lines, and JSON that contains them.
 */
final class PolarSecrets implements SanitizingFunction {

	private static final Pattern SECRET = Pattern
		.compile("(polar_(oat|pat|at_[uo]|c|cst|mst|whs)_|whsec_)[\\w+/=-]{8,}");

	private static final int MIN_LENGTH = 12;

	/**
	 * Token that Polar appends to the success URL.
	 */
	private static final Pattern SESSION_TOKEN = Pattern.compile("(customer_session_token(=|%3D))[^&#%\\s]+");

	/**
	 * Rest of the URL of the customer portal, which contains the customer's e-mail
	 * address.
	 */
	private static final Pattern PORTAL = Pattern
		.compile("(/portal(/[^?\\s]*)?\\?)[^#\\s]*customer_session_token=[^#\\s]*");

	private final List<String> values = new ArrayList<>();

	PolarSecrets(PolarProperties properties) {
		Stream
			.concat(Stream.of(properties.accessToken(), properties.webhook().secret()),
					properties.webhook().secrets().stream())
			.filter(StringUtils::hasText)
			.map(String::strip)
			// shorter values could be part of unrelated values
			.filter((value) -> value.length() >= MIN_LENGTH)
			.forEach(this.values::add);
	}

	@Override
	public SanitizableData apply(SanitizableData data) {
		String key = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
		return (key.contains("polaraccesstoken") || key.contains("polarwebhooksecret")
				|| isSecret(String.valueOf(data.getValue()))) ? data.withSanitizedValue() : data;
	}

	private boolean isSecret(String value) {
		return SECRET.matcher(value).find() || this.values.stream().anyMatch(value::contains);
	}

	/**
	 * Remove secrets that are recognized by their form or name from a text.
	 */
	static String hide(String text) {
		String withoutAddress = PORTAL.matcher(text).replaceAll("$1" + SanitizableData.SANITIZED_VALUE);
		String withoutToken = SESSION_TOKEN.matcher(withoutAddress).replaceAll("$1" + SanitizableData.SANITIZED_VALUE);
		return SECRET.matcher(withoutToken).replaceAll(SanitizableData.SANITIZED_VALUE);
	}

}
