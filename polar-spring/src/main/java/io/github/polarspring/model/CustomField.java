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
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import org.jspecify.annotations.Nullable;

/**
 * A field that the seller added to the checkout page. Typed by the buyer, it never says
 * who he is.
 *
 * @param id id of the field
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed, {@code null} if never
 * @param type what it takes
 * @param slug its name in {@code custom_field_data}
 * @param name its name for people
 * @param organizationId id of the organization that made it
 * @param properties how it looks, and what it takes
 * @param metadata its metadata
 * @param additionalProperties what Polar said beyond the others
 * @since 0.1.0
 */
public record CustomField(UUID id, Instant createdAt, @Nullable Instant modifiedAt, Type type, String slug, String name,
		UUID organizationId, Properties properties, Map<String, Object> metadata,
		@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

	public CustomField {
		type = ResponseValues.known(type, Type.UNKNOWN);
		metadata = ResponseValues.map(metadata);
		additionalProperties = ResponseValues.map(additionalProperties);
	}

	/**
	 * How a field looks, and what it takes. What is meant for another type is
	 * {@code null}.
	 *
	 * @param formLabel label, {@code null} for the name of the field
	 * @param formHelpText help text, or {@code null}
	 * @param formPlaceholder placeholder, or {@code null}
	 * @param textarea whether a text can have several lines, or {@code null}
	 * @param minLength least length of a text, or {@code null}
	 * @param maxLength most length of a text, or {@code null}
	 * @param ge least number or date, as Polar writes it, or {@code null}
	 * @param le greatest number or date, as Polar writes it, or {@code null}
	 * @param options what can be selected, empty for other types
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record Properties(@Nullable String formLabel, @Nullable String formHelpText,
			@Nullable String formPlaceholder, @Nullable Boolean textarea, @Nullable Integer minLength,
			@Nullable Integer maxLength, @Nullable Long ge, @Nullable Long le, List<Option> options,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public Properties {
			options = ResponseValues.list(options);
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * Something to select.
	 *
	 * @param value what is stored
	 * @param label what the buyer reads
	 * @param additionalProperties what Polar said beyond the others
	 */
	public record Option(String value, String label,
			@JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> additionalProperties) {

		public Option {
			additionalProperties = ResponseValues.map(additionalProperties);
		}

	}

	/**
	 * What a field takes.
	 */
	public enum Type {

		/**
		 * Text.
		 */
		TEXT,

		/**
		 * A number.
		 */
		NUMBER,

		/**
		 * A date.
		 */
		DATE,

		/**
		 * Yes or no.
		 */
		CHECKBOX,

		/**
		 * One of several options.
		 */
		SELECT,

		/**
		 * A type that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
