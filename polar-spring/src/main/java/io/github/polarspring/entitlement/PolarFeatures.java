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

package io.github.polarspring.entitlement;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import io.github.polarspring.PolarConfigurationException;

import org.springframework.util.Assert;

/**
 * Registry of the features and limits that the application has configured.
 *
 * @since 0.1.0
 */
public final class PolarFeatures {

	private final Map<String, Feature> features = new LinkedHashMap<>();

	private final Map<String, Long> limits;

	/**
	 * Create the registry.
	 * @param features the features
	 * @param limits default limits by name
	 */
	public PolarFeatures(Collection<Feature> features, Map<String, Long> limits) {
		features.forEach((feature) -> {
			Feature other = this.features.put(feature.name(), feature);
			Assert.isTrue(other == null, () -> "There are two features '" + feature.name() + "'");
		});
		this.limits = Collections.unmodifiableMap(new TreeMap<>(limits));
	}

	/**
	 * Return a feature.
	 * @param name its name
	 * @return the feature
	 * @throws PolarConfigurationException if there is none; the message lists the known
	 * names
	 */
	public Feature require(String name) {
		Feature feature = this.features.get(name);
		if (feature == null) {
			throw new PolarConfigurationException(
					"There is no feature '%s' in 'polar.features'. %s".formatted(name,
							known("feature", this.features.keySet())),
					"Add it, for example 'polar.features.%s.products: <name>', or correct the name.".formatted(name));
		}
		return feature;
	}

	/**
	 * Return the default of a limit.
	 * @param name its name
	 * @return the value
	 * @throws PolarConfigurationException if there is none; the message lists the known
	 * names
	 */
	public long requireLimit(String name) {
		Long limit = this.limits.get(name);
		if (limit == null) {
			throw new PolarConfigurationException(
					"There is no limit '%s' in 'polar.entitlements.defaults'. %s".formatted(name,
							known("limit", this.limits.keySet())),
					"Add what users have who have not bought it, for example 'polar.entitlements.defaults.%s: 0', or"
						.formatted(name) + " correct the name.");
		}
		return limit;
	}

	private static String known(String kind, Collection<String> names) {
		return names.isEmpty() ? "No %s is configured.".formatted(kind)
				: "Known %ss: %s.".formatted(kind, String.join(", ", new TreeSet<>(names)));
	}

	/**
	 * Return whether there are neither features nor limits.
	 * @return {@code true} if so
	 */
	public boolean isEmpty() {
		return this.features.isEmpty() && this.limits.isEmpty();
	}

	/**
	 * Return all features.
	 * @return an unmodifiable collection, in the configured order
	 */
	public Collection<Feature> all() {
		return Collections.unmodifiableCollection(this.features.values());
	}

	/**
	 * Return the default limits.
	 * @return an unmodifiable map by name
	 */
	public Map<String, Long> limits() {
		return this.limits;
	}

}
