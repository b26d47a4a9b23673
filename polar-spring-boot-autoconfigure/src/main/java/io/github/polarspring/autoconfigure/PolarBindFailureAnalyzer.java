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
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.client.PolarUrls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * {@link AbstractFailureAnalyzer} for properties whose value cannot be converted because
 * of quotation marks or an unresolved placeholder, or because it is not an ID. All others
 * are described by Spring Boot.
 */
@Order(0)
final class PolarBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		Class<?> type = cause.getTarget().getType().resolve();
		if (type == Map.class && cause.getName().toString().matches("polar\\.(fake\\.)?products")) {
			return new FailureAnalysis(
					("'%s' has a value without a name: Spring Boot removes characters other than letters from a to z,"
							+ " digits and '-' from a key that is not in brackets, and nothing is left of this one.")
						.formatted(cause.getName()),
					"Write the name in brackets, in YAML also in quotation marks below '%s': '\"[<name>]\": <id>'."
						.formatted(cause.getName()),
					cause);
		}
		ConfigurationProperty property = cause.getProperty();
		if (property == null || !property.getName().toString().startsWith("polar.")) {
			return null;
		}
		String name = property.getName().toString();
		String value = String.valueOf(property.getValue());
		String mistake = PolarUrls.mistake(value);
		boolean id = type == UUID.class || cause.getTarget().getType().asCollection().resolveGeneric(0) == UUID.class;
		if (mistake == null && id) {
			mistake = "is '%s', which is not a UUID, as are all of Polar's IDs".formatted(value);
		}
		if (mistake == null) {
			return null;
		}
		String unquoted = PolarUrls.unquoted(value);
		String form = id ? "<the ID from Polar's dashboard>" : (type == URI.class) ? "<URL>" : "<value>";
		boolean shown = PolarUrls.mistake(unquoted) == null && type != URI.class && !unquoted.equals(value);
		String origin = (property.getOrigin() != null) ? " (%s)".formatted(property.getOrigin()) : "";
		return new FailureAnalysis("'%s' %s%s.".formatted(name, mistake, origin),
				"Set the property without quotation marks or placeholders: '%s: %s'.".formatted(name,
						shown ? unquoted : form),
				cause);
	}

}
