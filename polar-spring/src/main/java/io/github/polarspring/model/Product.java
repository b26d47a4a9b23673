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

import com.fasterxml.jackson.annotation.JsonCreator;
import io.github.polarspring.PolarDataException;
import org.jspecify.annotations.Nullable;

/**
 * Product. Within an order, prices, benefits, pictures and custom fields are empty.
 *
 * @since 0.1.0
 */
public final class Product extends ProductFields {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	Product(Value value) {
		super(value);
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
	 * Return the prices.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductPrice> prices() {
		return resources("prices", ProductPrice::of);
	}

	/**
	 * Return the custom fields on the checkout page.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<AttachedCustomField> attachedCustomFields() {
		return resources("attached_custom_fields", AttachedCustomField::new);
	}

}
