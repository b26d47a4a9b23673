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

package io.github.polarspring.checkout;

import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Reference to a product by its id or by its configured name.
 */
record ProductReference(@Nullable UUID id, @Nullable String name) {

	private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	static ProductReference of(UUID id) {
		return new ProductReference(CheckoutFields.id("products", id), null);
	}

	static ProductReference of(String name) {
		Assert.hasText(name, "products must not contain a blank name");
		return ID.matcher(name).matches() ? of(UUID.fromString(name)) : new ProductReference(null, name);
	}

	ProductReference resolve(PolarProducts products) {
		return (this.name != null) ? of(products.resolve(this.name)) : this;
	}

	@JsonValue
	UUID requireId() {
		Assert.state(this.id != null, () -> "Product '" + this.name + "' is not resolved");
		return this.id;
	}

	@Override
	public String toString() {
		return (this.name != null) ? this.name : String.valueOf(this.id);
	}

}
