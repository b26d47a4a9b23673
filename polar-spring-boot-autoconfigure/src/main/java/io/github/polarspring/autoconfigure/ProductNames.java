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
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.PolarConfigurationException;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Adds products whose names contain a dot, such as those of environment variables with
 * several parts. Spring Boot only binds them to a map of texts, and ignores them in a map
 * of IDs.
 */
final class ProductNames {

	private static final String PROPERTY = "polar.products";

	private ProductNames() {
	}

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
