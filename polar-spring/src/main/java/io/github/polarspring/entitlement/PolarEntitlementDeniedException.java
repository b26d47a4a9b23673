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

import io.github.polarspring.PolarException;

/**
 * Exception thrown when a user calls a {@link PolarEntitled} method without having its
 * feature. In a web request, a browser is redirected to the upgrade page of the feature,
 * and other callers get the status 402.
 *
 * @since 0.1.0
 */
public class PolarEntitlementDeniedException extends PolarException {

	private final Feature feature;

	/**
	 * Create an exception.
	 * @param feature the feature that the user does not have
	 */
	public PolarEntitlementDeniedException(Feature feature) {
		super("The user does not have the feature '%s'".formatted(feature.name()), null);
		this.feature = feature;
	}

	/**
	 * Return the feature that the user does not have.
	 * @return the feature
	 */
	public Feature getFeature() {
		return this.feature;
	}

}
