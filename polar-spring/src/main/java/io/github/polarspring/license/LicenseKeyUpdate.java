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

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.github.polarspring.model.LicenseKey;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Change of a license key. Only what was set is sent.
 *
 * <pre class="code">
 * LicenseKeyUpdate.builder().status(LicenseKey.Status.DISABLED).build()
 * </pre>
 *
 * Immutable.
 *
 * @since 0.1.0
 */
public final class LicenseKeyUpdate {

	private final Map<String, @Nullable Object> body;

	private LicenseKeyUpdate(Map<String, @Nullable Object> body) {
		this.body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
	}

	/**
	 * Return a builder.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	Map<String, @Nullable Object> body() {
		return this.body;
	}

	@Override
	public String toString() {
		return "LicenseKeyUpdate" + this.body.keySet();
	}

	/**
	 * Builder for a {@link LicenseKeyUpdate}. Not safe for use by multiple threads.
	 */
	public static final class Builder {

		private final Map<String, @Nullable Object> body = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the status. Revoking also revokes the benefit, and granting grants it
		 * again, and resets the limits to those of the benefit. Disabling leaves the
		 * benefit alone.
		 * @param status the status
		 * @return this builder
		 */
		public Builder status(LicenseKey.Status status) {
			Assert.isTrue(status != null && status != LicenseKey.Status.UNKNOWN, "status must be one that Polar knows");
			this.body.put("status", status.name().toLowerCase(Locale.ROOT));
			return this;
		}

		/**
		 * Set the usage that was counted.
		 * @param usage the usage, from 0
		 * @return this builder
		 */
		public Builder usage(int usage) {
			Assert.isTrue(usage >= 0, "usage must not be negative");
			this.body.put("usage", usage);
			return this;
		}

		/**
		 * Set the maximum usage.
		 * @param limitUsage the maximum, from 1; {@code null} for none
		 * @return this builder
		 */
		public Builder limitUsage(@Nullable Integer limitUsage) {
			return limit("limit_usage", limitUsage);
		}

		/**
		 * Set how often the key can be activated.
		 * @param limitActivations the number, from 1; {@code null} if the key needs no
		 * activation
		 * @return this builder
		 */
		public Builder limitActivations(@Nullable Integer limitActivations) {
			return limit("limit_activations", limitActivations);
		}

		private Builder limit(String name, @Nullable Integer limit) {
			Assert.isTrue(limit == null || limit > 0, () -> name + " must be positive");
			this.body.put(name, limit);
			return this;
		}

		/**
		 * Set when the key expires.
		 * @param expiresAt the time, {@code null} for never
		 * @return this builder
		 */
		public Builder expiresAt(@Nullable Instant expiresAt) {
			this.body.put("expires_at", expiresAt);
			return this;
		}

		/**
		 * Build the update.
		 * @return an immutable update
		 */
		public LicenseKeyUpdate build() {
			return new LicenseKeyUpdate(this.body);
		}

	}

}
