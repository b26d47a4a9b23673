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
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Benefit that buyers of a product get.
 *
 * @since 0.1.0
 */
public final class ProductBenefit extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	ProductBenefit(Value value) {
		super(value);
	}

	/**
	 * Return the kind of benefit.
	 * @return the type, or {@code null} if absent or unreadable
	 */
	public @Nullable Type type() {
		return read("type", Form.oneOf(Type.class));
	}

	/**
	 * Return the description for buyers.
	 * @return the text, or {@code null} if absent or unreadable
	 */
	public @Nullable String description() {
		return read("description", Form.TEXT);
	}

	/**
	 * Return whether the benefit can be added to products.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean selectable() {
		return flag("selectable");
	}

	/**
	 * Return whether the benefit can be deleted.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean deletable() {
		return flag("deletable");
	}

	/**
	 * Return whether the benefit is deleted.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean isDeleted() {
		return flag("is_deleted");
	}

	/**
	 * Return the metadata, for example what a feature flag unlocks. Not part of checkout
	 * sessions.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Return the settings of this kind of benefit, such as the note of a custom benefit.
	 * Not part of checkout sessions.
	 * @return an unmodifiable map, empty if absent or unreadable
	 */
	public Map<String, @Nullable Object> properties() {
		return map("properties");
	}

	/**
	 * Return the organization that it belongs to.
	 * @return the id, or {@code null} if absent
	 * @throws PolarDataException if it cannot be read
	 */
	public @Nullable UUID organizationId() {
		return checked("organization_id", Form.ID);
	}

	/**
	 * Kind of benefit.
	 */
	public enum Type {

		/**
		 * Anything that the seller provides outside of Polar.
		 */
		CUSTOM,

		/**
		 * A role on a Discord server.
		 */
		DISCORD,

		/**
		 * Access to a GitHub repository.
		 */
		GITHUB_REPOSITORY,

		/**
		 * Files.
		 */
		DOWNLOADABLES,

		/**
		 * A license key.
		 */
		LICENSE_KEYS,

		/**
		 * Credit on a meter.
		 */
		METER_CREDIT,

		/**
		 * A feature of the seller's application.
		 */
		FEATURE_FLAG,

		/**
		 * A channel in Slack.
		 */
		SLACK_SHARED_CHANNEL,

		/**
		 * A benefit that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
