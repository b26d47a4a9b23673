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

import java.util.Optional;

import io.github.polarspring.PolarConfigurationException;

/**
 * What one user may do.
 *
 * @since 0.1.0
 * @see PolarEntitlements
 */
public interface Entitlements {

	/**
	 * Return whether the user has a feature.
	 * @param feature a name in {@code polar.features}
	 * @return {@code true} if so
	 * @throws PolarEntitlementsUnavailableException if it is not known, because Polar
	 * cannot be read now and nothing is stored about the user, or the user may have
	 * bought it since. The feature can be configured to be allowed then
	 * @throws PolarConfigurationException if there is no such feature
	 */
	boolean has(String feature);

	/**
	 * Return a limit: the highest value of this name in the metadata of the user's
	 * benefits, or else in that of the products, or else the configured default. The text
	 * {@code unlimited} in the metadata is {@link Long#MAX_VALUE}. If Polar cannot be
	 * read now and nothing is stored about the user, the result is the default.
	 * @param name a name in {@code polar.entitlements.defaults}, and the key of the
	 * metadata
	 * @return the limit
	 * @throws PolarConfigurationException if there is no such default
	 */
	long limit(String name);

	/**
	 * Return the payment that the user has to take care of, for a banner.
	 * @return the problem, empty if there is none or if it is not known
	 */
	Optional<PaymentProblem> paymentProblem();

	/**
	 * Return why the user has which features, for support and for logs.
	 * @return a report without personal data
	 */
	EntitlementReport report();

}
