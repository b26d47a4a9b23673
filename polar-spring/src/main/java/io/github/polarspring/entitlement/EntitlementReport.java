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

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Explanation of the entitlements of a user. Contains Polar's ids only.
 *
 * @param source where the state was read from
 * @param readAt when Polar was read, {@code null} if never
 * @param features all configured features by name
 * @param limits all configured limits by name
 * @param unproven purchases of the user's customer at Polar that do not count, because
 * nothing proves that the user made them
 * @since 0.1.0
 */
public record EntitlementReport(Source source, @Nullable Instant readAt, Map<String, Reason> features,
		Map<String, Long> limits, List<UUID> unproven) {

	/**
	 * Create a report.
	 */
	public EntitlementReport {
		features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
		limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
		unproven = List.copyOf(unproven);
	}

	/**
	 * Reason why a user has a feature, or does not.
	 *
	 * @param basis the kind of reason
	 * @param purchaseId the subscription or order, {@code null} if not because of one
	 * @param benefitId the benefit, {@code null} if not because of one
	 * @param proof how the purchase is known to be the user's, {@code null} without one
	 */
	public record Reason(Basis basis, @Nullable UUID purchaseId, @Nullable UUID benefitId, @Nullable Proof proof) {

		/**
		 * Return whether the user has the feature.
		 * @return {@code true} if so
		 */
		public boolean granted() {
			return this.basis != Basis.NONE && this.basis != Basis.UNKNOWN;
		}

	}

	/**
	 * Source of a state.
	 */
	public enum Source {

		/**
		 * The user is a guest, for whom nothing is read.
		 */
		GUEST,

		/**
		 * Polar.
		 */
		POLAR,

		/**
		 * The application's database.
		 */
		DATABASE,

		/**
		 * An older state, because Polar cannot be read now.
		 */
		STALE,

		/**
		 * Nothing: Polar cannot be read now, and nothing is stored.
		 */
		NONE

	}

	/**
	 * Kind of reason.
	 */
	public enum Basis {

		/**
		 * Polar granted a benefit.
		 */
		BENEFIT,

		/**
		 * The user has the product.
		 */
		PRODUCT,

		/**
		 * The user has bought the product within the last minute, and Polar has not
		 * granted its benefit yet.
		 */
		JUST_BOUGHT,

		/**
		 * The application's {@link ComplimentaryAccess} grants it.
		 */
		COMPLIMENTARY,

		/**
		 * Nothing is known, and the feature is allowed then.
		 */
		ALLOWED_WHEN_UNKNOWN,

		/**
		 * Nothing is known.
		 */
		UNKNOWN,

		/**
		 * The user does not have the feature.
		 */
		NONE

	}

	/**
	 * Proof that a purchase is the user's.
	 */
	public enum Proof {

		/**
		 * Its metadata contains the id of the user.
		 */
		METADATA,

		/**
		 * The application created its checkout for the user's customer at Polar.
		 */
		CUSTOMER,

		/**
		 * It was assigned to the user.
		 */
		ASSIGNED,

		/**
		 * None, but {@code polar.entitlements.accept-unproven} is set.
		 */
		UNPROVEN

	}

}
