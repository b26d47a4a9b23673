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

import io.github.polarspring.model.LicenseKey;
import org.jspecify.annotations.Nullable;

/**
 * Result of the validation of a license key.
 *
 * @since 0.1.0
 */
public sealed interface LicenseKeyCheck {

	/**
	 * Return whether the key is valid.
	 */
	default boolean isValid() {
		return this instanceof Valid;
	}

	/**
	 * The key is valid.
	 *
	 * @param key the license key
	 * @since 0.1.0
	 */
	record Valid(LicenseKey key) implements LicenseKeyCheck {

	}

	/**
	 * There is no such key, or it was revoked or disabled, has expired, or does not match
	 * the requirements.
	 *
	 * @param detail what Polar says about it, for developers
	 * @since 0.1.0
	 */
	record Invalid(@Nullable String detail) implements LicenseKeyCheck {

	}

	/**
	 * The key is valid, but the usage would exceed its limit. Nothing was counted.
	 *
	 * @param detail what Polar says about it, for developers
	 * @since 0.1.0
	 */
	record UsageExceeded(@Nullable String detail) implements LicenseKeyCheck {

	}

}
