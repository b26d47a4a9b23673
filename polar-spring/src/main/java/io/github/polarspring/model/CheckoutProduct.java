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

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Product that a checkout session sells.
 *
 * @since 0.1.0
 */
public final class CheckoutProduct extends ProductFields {

	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	CheckoutProduct(Value value) {
		super(value);
	}

	/**
	 * Return the prices in the catalog. What a session charges is in
	 * {@link CheckoutSession#prices()}.
	 * @return an unmodifiable list, empty if absent or unreadable
	 */
	public List<ProductPrice> prices() {
		return resources("prices", ProductPrice::of);
	}

	/**
	 * Visibility of a product.
	 */
	public enum Visibility {

		/**
		 * No one yet.
		 */
		DRAFT,

		/**
		 * Anyone who has a link.
		 */
		PRIVATE,

		/**
		 * Everyone.
		 */
		PUBLIC,

		/**
		 * A visibility that this version of the library does not know.
		 */
		@JsonEnumDefaultValue
		UNKNOWN

	}

}
