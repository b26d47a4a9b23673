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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.polarspring.PolarConfigurationException;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * Names of products, as the application's configuration writes them.
 */
final class ProductNames {

	private static final String PROPERTY = "polar.products";

	private static final Pattern KEY = Pattern.compile("(?i)(polar\\.(?:fake\\.)?products)(?:\\.|(?=\\[))(.+)");

	private static final Pattern VARIABLE = Pattern.compile("(?i)POLAR_((?:FAKE_)?PRODUCTS)_(.+)");

	private static final Pattern IN_BRACKETS = Pattern.compile("\\[[^\\[\\]]*]");

	/**
	 * Characters that Spring Boot removes from the parts that are not in brackets.
	 */
	private static final Pattern REMOVED = Pattern.compile("[^A-Za-z0-9_.-]|(^|\\.)-");

	private ProductNames() {
	}

	/**
	 * Reject a name from which Spring Boot removes characters, because another product
	 * can have the rest as its name.
	 */
	static void requireUnchanged(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				if (source instanceof EnumerablePropertySource<?> enumerable) {
					for (String property : enumerable.getPropertyNames()) {
						requireUnchanged(enumerable, property);
					}
				}
			}
		}
	}

	private static void requireUnchanged(EnumerablePropertySource<?> source, String property) {
		Matcher key = KEY.matcher(property);
		Matcher variable = VARIABLE.matcher(property);
		if (key.matches()) {
			requireUnchanged(source, property, key.group(1).toLowerCase(Locale.ROOT), key.group(2));
		}
		else if (source instanceof SystemEnvironmentPropertySource && variable.matches()) {
			requireUnchanged(source, property, "polar." + variable.group(1).toLowerCase(Locale.ROOT).replace('_', '.'),
					variable.group(2));
		}
	}

	private static void requireUnchanged(EnumerablePropertySource<?> source, String property, String map, String name) {
		if (!losesCharacters(name)) {
			return;
		}
		Origin origin = OriginLookup.getOrigin(source, property);
		boolean nested = map.contains("fake") && name.lastIndexOf('.') > 0;
		String product = nested ? name.substring(0, name.lastIndexOf('.')) : name;
		String rest = nested ? name.substring(product.length()) + "=<value>" : "=<id>";
		throw new PolarConfigurationException(
				("'%s'%s is not kept as it is: Spring Boot removes characters other than letters from a to z, digits, '-'"
						+ " and '_' from a name that is not in brackets, and the rest can be the name of another product.")
					.formatted(property, (origin != null) ? " (" + origin + ")" : ""),
				("Write the name in brackets, in YAML also in quotation marks below '%1$s': '\"[%2$s]\":%3$s'. In a"
						+ " properties file: '%1$s.[%2$s]%4$s'.")
					.formatted(map, product, nested ? "" : " <id>", rest));
	}

	private static boolean losesCharacters(String name) {
		String outside = name;
		// brackets can be nested
		while (IN_BRACKETS.matcher(outside).find()) {
			outside = IN_BRACKETS.matcher(outside).replaceAll(".");
		}
		return REMOVED.matcher(outside).find();
	}

	/**
	 * Add products whose names contain a dot, such as those of environment variables with
	 * several parts. Spring Boot only binds them to a map of texts, and ignores them in a
	 * map of IDs.
	 */
	static Map<String, UUID> withDots(Map<String, UUID> products, Environment environment) {
		Map<String, UUID> all = new LinkedHashMap<>(products);
		Binder.get(environment)
			.bind(PROPERTY, Bindable.mapOf(String.class, String.class))
			.orElseGet(Map::of)
			.forEach((name, id) -> {
				if (name.contains(".") && !all.containsKey(name) && StringUtils.hasText(id)) {
					all.put(name, id(name, id.strip()));
				}
			});
		return all;
	}

	private static UUID id(String name, String id) {
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			throw new PolarConfigurationException(
					"'%s.%s' is '%s', which is not a UUID, as are all of Polar's IDs.".formatted(PROPERTY, name, id),
					"Set it to the ID of the product from Polar's dashboard.");
		}
	}

}
