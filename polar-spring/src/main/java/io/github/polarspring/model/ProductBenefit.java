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

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * Something that the buyer of a product gets.
 *
 * @param id id of the benefit
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param type what it is
 * @param description what the buyer reads
 * @param selectable whether products can be given it
 * @param deletable whether it can be deleted
 * @param isDeleted whether it is deleted
 * @param organizationId id of the organization that gives it
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record ProductBenefit(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Type type, String description,
		boolean selectable, boolean deletable, boolean isDeleted, UUID organizationId,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public ProductBenefit {
		type = ResponseValues.known(type, Type.UNKNOWN);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * What a benefit is.
	 */
	public enum Type {

		/**
		 * Something that the seller gives himself.
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
