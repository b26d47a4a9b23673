package io.github.polarspring.checkout;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A product by its id or by its configured name.
 */
record ProductReference(@Nullable UUID id, @Nullable String name) {

	static ProductReference of(UUID id) {
		return new ProductReference(CheckoutFields.id("products", id), null);
	}

	static ProductReference of(String name) {
		Assert.hasText(name, "products must not hold a blank name");
		UUID id = PolarProducts.parse(name);
		return (id != null) ? of(id) : new ProductReference(null, name);
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
