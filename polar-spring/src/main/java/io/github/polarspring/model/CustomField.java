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

import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Field that the seller added to the checkout page. The buyer fills it in, so never use
 * it to identify the buyer.
 *
 * @since 0.1.0
 */
public final class CustomField extends IdentifiedResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CustomField(Value value) {
		super(value);
	}

	/**
	 * Return the type of the input.
	 * @return the type, or {@code null} if absent or unreadable
	 */
	public @Nullable Type type() {
		return read("type", Form.oneOf(Type.class));
	}

	/**
	 * Return the key in {@code custom_field_data}.
	 * @return the key, or {@code null} if absent or unreadable
	 */
	public @Nullable String slug() {
		return read("slug", Form.TEXT);
	}

	/**
	 * Return the name for display.
	 * @return the name, or {@code null} if absent or unreadable
	 */
	public @Nullable String name() {
		return read("name", Form.TEXT);
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
	 * Return appearance and constraints.
	 * @return the properties, or {@code null} if absent or unreadable
	 */
	public @Nullable Properties properties() {
		return resource("properties", Properties::new);
	}

	/**
	 * Return the metadata.
	 * @return an unmodifiable map to text, numbers and booleans, empty if absent
	 * @throws PolarDataException if they cannot be read
	 */
	public Map<String, @Nullable Object> metadata() {
		return checkedMap("metadata");
	}

	/**
	 * Appearance and constraints of a custom field. Properties of other types are {@code
	 * null}.
	 */
	public static final class Properties extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Properties(Value value) {
			super(value);
		}

		/**
		 * Return the label.
		 * @return the text, or {@code null} if the name of the field is the label, or if
		 * it cannot be read
		 */
		public @Nullable String formLabel() {
			return read("form_label", Form.TEXT);
		}

		/**
		 * Return the help text.
		 * @return the text, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable String formHelpText() {
			return read("form_help_text", Form.TEXT);
		}

		/**
		 * Return the placeholder.
		 * @return the text, or {@code null} if there is none, or if it cannot be read
		 */
		public @Nullable String formPlaceholder() {
			return read("form_placeholder", Form.TEXT);
		}

		/**
		 * Return whether a text can have several lines.
		 * @return {@code true} if so, or {@code null} if absent or unreadable
		 */
		public @Nullable Boolean textarea() {
			return read("textarea", Form.FLAG);
		}

		/**
		 * Return the minimum length of a text.
		 * @return the number of characters, or {@code null} if not limited, or if it
		 * cannot be read
		 */
		public @Nullable Integer minLength() {
			return read("min_length", Form.INTEGER);
		}

		/**
		 * Return the maximum length of a text.
		 * @return the number of characters, or {@code null} if not limited, or if it
		 * cannot be read
		 */
		public @Nullable Integer maxLength() {
			return read("max_length", Form.INTEGER);
		}

		/**
		 * Return the minimum number or date, as Polar writes it.
		 * @return the minimum, or {@code null} if not limited, or if it cannot be read
		 */
		public @Nullable Long ge() {
			return read("ge", Form.LONG);
		}

		/**
		 * Return the maximum number or date, as Polar writes it.
		 * @return the maximum, or {@code null} if not limited, or if it cannot be read
		 */
		public @Nullable Long le() {
			return read("le", Form.LONG);
		}

		/**
		 * Return the options to select from.
		 * @return an unmodifiable list, empty if absent or unreadable
		 */
		public List<Option> options() {
			return resources("options", Option::new);
		}

	}

	/**
	 * Option to select.
	 */
	public static final class Option extends PolarResource {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Option(Value value) {
			super(value);
		}

		/**
		 * Return the value that is stored.
		 * @return the value, or {@code null} if absent or unreadable
		 */
		public @Nullable String value() {
			return read("value", Form.TEXT);
		}

		/**
		 * Return the label for display.
		 * @return the label, or {@code null} if absent or unreadable
		 */
		public @Nullable String label() {
			return read("label", Form.TEXT);
		}

	}

	/**
	 * Type of input.
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
