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

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * Selling organization, as buyers see it.
 *
 * @since 0.1.0
 */
public final class CheckoutOrganization extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CheckoutOrganization(Value value) {
		super(value);
	}

	/**
	 * Return the name.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
	}

	/**
	 * Return the name in URLs.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String slug() {
		return read("slug", Form.TEXT);
	}

	/**
	 * Return the picture.
	 * @return an absolute URL, or {@code null} if there is none, or if it cannot be read
	 */
	public @Nullable String avatarUrl() {
		return read("avatar_url", Form.TEXT);
	}

	/**
	 * Return how the rest of a period is treated when the plan changes.
	 * @return the behavior, or {@code null} if absent or unreadable
	 */
	public @Nullable ProrationBehavior prorationBehavior() {
		return read("proration_behavior", Form.oneOf(ProrationBehavior.class));
	}

	/**
	 * Return whether customers can change their subscriptions.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean allowCustomerUpdates() {
		return flag("allow_customer_updates");
	}

	/**
	 * Treatment of the rest of a period when the plan changes.
	 */
	public enum ProrationBehavior {

		/**
		 * The difference is charged immediately.
		 */
		INVOICE,

		/**
		 * The difference is charged with the next invoice.
		 */
		PRORATE,

		/**
		 * The change is applied with the next period.
		 */
		NEXT_PERIOD,

		/**
		 * A new period starts.
		 */
		RESET,

		/**
		 * A behavior that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
