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

package io.github.polarspring.license;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.LicenseKey;
import io.github.polarspring.model.LicenseKeyActivation;

/**
 * Operations on license keys, for the server of an application. Software on the devices
 * of customers calls Polar's public endpoints itself, which need no token.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/benefits/license-keys">Polar on license
 * keys</a>
 */
public interface PolarLicenseKeyOperations {

	/**
	 * Get one page of the organization's license keys.
	 * @param query filters and page
	 * @return the page
	 */
	PolarPage<LicenseKey> list(LicenseKeyQuery query);

	/**
	 * Get all of the organization's license keys that match, starting with the page of
	 * the query. Pages are requested as the stream is consumed.
	 * @param query filters
	 * @return a sequential stream, which need not be closed
	 */
	Stream<LicenseKey> stream(LicenseKeyQuery query);

	/**
	 * Find a license key.
	 * @param id Polar's id of the license key
	 * @return the license key, empty if there is none
	 */
	Optional<LicenseKey> find(UUID id);

	/**
	 * Return the license keys of the caller of the current request, see {@link #of}.
	 * @return the license keys
	 * @throws io.github.polarspring.PolarLoginRequiredException if no one is signed in
	 * @throws IllegalStateException if nothing determines the caller
	 */
	UserLicenseKeys ofCurrentUser();

	/**
	 * Return the license keys that a user has because of what the user is
	 * {@linkplain io.github.polarspring.model.Subscription#isBoughtBy proven} to have
	 * bought. Others do not exist there.
	 * @param externalId the application's own id
	 * @return the license keys
	 * @throws IllegalArgumentException if no customer can have this id
	 */
	UserLicenseKeys of(String externalId);

	/**
	 * Validate a key, and count its usage. Polar counts each validation. With a usage,
	 * the call is not retried after a timeout, because it could be counted twice.
	 * @param validation the key, and what is required of it
	 * @return the result
	 */
	LicenseKeyCheck validate(LicenseKeyValidation validation);

	/**
	 * Activate a key, for example for a device.
	 * @param key the key
	 * @param label name of the activation
	 * @return the activation, whose id is required to validate and to deactivate it
	 * @throws io.github.polarspring.PolarNotFoundException if there is no such key
	 * @throws io.github.polarspring.PolarConflictException if the key is not valid,
	 * cannot be activated, or was activated too often
	 */
	LicenseKeyActivation activate(String key, String label);

	/**
	 * Deactivate a key. Does nothing if there is no such activation.
	 * @param key the key
	 * @param activationId Polar's id of the activation
	 */
	void deactivate(String key, UUID activationId);

	/**
	 * Change a license key.
	 * @param id Polar's id of the license key
	 * @param update what to change
	 * @return the changed license key
	 * @throws io.github.polarspring.PolarNotFoundException if there is none
	 */
	LicenseKey update(UUID id, LicenseKeyUpdate update);

	/**
	 * Replace the key of a customer, for example because it was published. The previous
	 * key is not valid any more.
	 * @param id Polar's id of the license key
	 * @return the license key with the new key
	 * @throws io.github.polarspring.PolarNotFoundException if there is none
	 * @throws io.github.polarspring.PolarApiException with the error
	 * {@code RotateNotPermitted} if it was revoked
	 */
	LicenseKey rotate(UUID id);

}
