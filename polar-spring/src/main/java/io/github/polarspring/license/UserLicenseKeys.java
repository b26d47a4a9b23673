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

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.model.LicenseKey;

/**
 * License keys of a user of the application. Each method takes several calls, because
 * Polar cannot list license keys by customer.
 * <p>
 * Methods throw a {@link io.github.polarspring.PolarException} if they fail, and are safe
 * for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface UserLicenseKeys {

	/**
	 * Return the license keys that are granted.
	 * @return the license keys
	 */
	List<LicenseKey> list();

	/**
	 * Find a license key.
	 * @param id Polar's id of the license key
	 * @return the license key, empty if it is not one of the user's
	 */
	Optional<LicenseKey> find(UUID id);

	/**
	 * Replace a key, see {@link PolarLicenseKeyOperations#rotate}.
	 * @param id Polar's id of the license key
	 * @return the license key with the new key
	 * @throws io.github.polarspring.PolarNotFoundException if it is not one of the user's
	 */
	LicenseKey rotate(UUID id);

}
