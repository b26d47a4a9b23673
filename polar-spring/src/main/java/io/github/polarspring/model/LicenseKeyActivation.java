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

package io.github.polarspring.model;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Activation of a license key, for example on a device.
 *
 * @since 0.1.0
 */
public final class LicenseKeyActivation extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	LicenseKeyActivation(Value value) {
		super(value);
	}

	/**
	 * Return the license key.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID licenseKeyId() {
		return read("license_key_id", Form.ID);
	}

	/**
	 * Return the label, such as the name of the device.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String label() {
		return read("label", Form.TEXT);
	}

	/**
	 * Return what was stored with the activation.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> meta() {
		return map("meta");
	}

	/**
	 * Return the license key.
	 * @return the key, or {@code null} within a license key
	 */
	public @Nullable LicenseKey licenseKey() {
		return resource("license_key", LicenseKey::new);
	}

}
