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

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Custom field on the checkout page of a product.
 *
 * @since 0.1.0
 */
public final class AttachedCustomField extends PolarResource {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	AttachedCustomField(Value value) {
		super(value);
	}

	/**
	 * Return the id of the field.
	 * @return the id, or {@code null} if absent or unreadable
	 */
	public @Nullable UUID customFieldId() {
		return read("custom_field_id", Form.ID);
	}

	/**
	 * Return the field.
	 * @return the field, or {@code null} if absent or unreadable
	 */
	public @Nullable CustomField customField() {
		return resource("custom_field", CustomField::new);
	}

	/**
	 * Return the position on the page.
	 * @return the position, or {@code null} if absent or unreadable
	 */
	public @Nullable Integer order() {
		return read("order", Form.INTEGER);
	}

	/**
	 * Return whether the field is required.
	 * @return {@code true} if so, {@code false} also if absent or unreadable
	 */
	public boolean required() {
		return flag("required");
	}

}
