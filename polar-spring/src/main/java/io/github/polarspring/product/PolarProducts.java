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

package io.github.polarspring.product;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

import io.github.polarspring.PolarConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Registry of the names that the application uses for products. Product ids differ
 * between sandbox and production, so code uses names, and the configuration maps them to
 * ids. Names are compared regardless of case, {@code -}, {@code _} and {@code .}, because
 * environment variables cannot distinguish them.
 *
 * @since 0.1.0
 */
public final class PolarProducts {

	private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	/**
	 * Name that can be written as a key without brackets.
	 */
	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

	private final Map<String, UUID> idsByUniformName = new LinkedHashMap<>();

	private final Map<String, UUID> ids;

	/**
	 * Create the products.
	 * @param ids product ids by name
	 * @throws PolarConfigurationException if two equivalent names have different ids, or
	 * if an id is not a UUID of version 4, as are all of Polar's
	 */
	public PolarProducts(Map<String, UUID> ids) {
		ids.forEach(PolarProducts::requireId);
		this.ids = Map.copyOf(ids);
		new LinkedHashMap<>(ids).forEach((name, id) -> {
			UUID other = this.idsByUniformName.put(uniform(name), id);
			if (other != null && !other.equals(id)) {
				throw new PolarConfigurationException(
						"'polar.products' contains the product '%s' more than once, with different ids."
							.formatted(name),
						"Case, '-', '_' and '.' are ignored in product names. Keep one spelling of '%s'."
							.formatted(name));
			}
		});
	}

	private static void requireId(String name, @Nullable UUID id) {
		if (id == null || id.version() != 4) {
			String problem = (id != null)
					? "is '%s', which is not a UUID of version 4, as are all of Polar's ids".formatted(id)
					: "has no value";
			throw new PolarConfigurationException("'polar.products.%s' %s.".formatted(name, problem),
					"Copy the id of the product from Polar's dashboard: 'polar.products.%s: <id>'.".formatted(name));
		}
	}

	/**
	 * Return the id of a product.
	 * @param product a configured name, or an id as text
	 * @return the id
	 * @throws PolarConfigurationException if it is neither; the message lists the known
	 * names
	 */
	public UUID resolve(String product) {
		Assert.hasText(product, "product must not be blank");
		UUID id = this.idsByUniformName.get(uniform(product));
		if (id == null) {
			id = parse(product);
		}
		if (id == null) {
			throw unknown(product);
		}
		return id;
	}

	private PolarConfigurationException unknown(String product) {
		String known = this.ids.isEmpty() ? "No product is configured."
				: "Known products: " + String.join(", ", new TreeSet<>(this.ids.keySet())) + ".";
		String line = NAME.matcher(product).matches() ? "'polar.products.%s: <id>'"
				: "in YAML '\"[%1$s]\": <id>' below 'polar.products', in a properties file 'polar.products.[%1$s]=<id>'";
		return new PolarConfigurationException(
				"There is no product '%s' in 'polar.products'. %s".formatted(product, known),
				("Add the product with its id from Polar's dashboard, " + line + ", or correct the name.")
					.formatted(product));
	}

	/**
	 * Return the ids of all products by their configured names.
	 * @return an unmodifiable map
	 */
	public Map<String, UUID> asMap() {
		return this.ids;
	}

	private static String uniform(String name) {
		return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

	private static @Nullable UUID parse(String text) {
		// UUID.fromString also accepts shortened forms
		UUID id = ID.matcher(text).matches() ? UUID.fromString(text) : null;
		if (id != null && id.version() != 4) {
			throw new PolarConfigurationException(
					"'%s' is not the id of a product: it is not a UUID of version 4, as are all of Polar's ids."
						.formatted(text),
					"Copy the id of the product from Polar's dashboard.");
		}
		return id;
	}

}
