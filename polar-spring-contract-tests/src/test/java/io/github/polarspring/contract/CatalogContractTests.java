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

package io.github.polarspring.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Products, discounts, custom fields, and benefits, as far as a sale needs them.
 */
@ContractTest
class CatalogContractTests {

	private final Contract polar;

	CatalogContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void productIsCreatedReadAndArchived() {
		String name = this.polar.names().next();
		UUID id = this.polar.createProduct(Map.of("name", name, "description", "For a test", "prices",
				List.of(Contract.price(1900)), "recurring_interval", "month", "metadata", Map.of("run", name)));
		JsonNode product = this.polar.get("/v1/products/{id}", id).expect(200).shape("product").json();
		assertThat(product.path("name").asString()).isEqualTo(name);
		assertThat(product.path("recurring_interval").asString()).isEqualTo("month");
		assertThat(product.path("is_recurring").asBoolean()).isTrue();
		assertThat(product.path("is_archived").asBoolean()).isFalse();
		assertThat(product.path("metadata").path("run").asString()).isEqualTo(name);
		JsonNode price = product.path("prices").path(0);
		assertThat(price.path("amount_type").asString()).isEqualTo("fixed");
		assertThat(price.path("source").asString()).isEqualTo("catalog");
		assertThat(price.path("price_amount").asLong()).isEqualTo(1900);
		this.polar.patch("/v1/products/{id}", id).body(Map.of("is_archived", true)).expect(200).shape("product");
		this.polar.post("/v1/checkouts/")
			.body(Map.of("products", List.of(id)))
			.expectError(422, "PolarRequestValidationError", "value_error body.products.0");
	}

	@Test
	void productsAreListedById() {
		UUID first = this.polar.paidProduct();
		UUID second = this.polar.freeProduct();
		JsonNode page = this.polar.get("/v1/products/?id={first}&id={second}&limit=100", first, second)
			.expect(200)
			.page("product")
			.json();
		assertThat(page.path("items").findValuesAsString("name")).isNotEmpty();
		assertThat(page.path("pagination").path("total_count").asInt()).isEqualTo(2);
		this.polar.get("/v1/products/{id}", UUID.randomUUID()).expectError(404, "ResourceNotFound");
	}

	@Test
	void discountIsCreatedReadAndDeleted() {
		String code = this.polar.names().next().replace("-", "").toUpperCase(Locale.ROOT);
		UUID id = this.polar.createDiscount(Map.of("name", this.polar.names().next(), "type", "percentage",
				"basis_points", 2500, "duration", "once", "code", code));
		JsonNode discount = this.polar.get("/v1/discounts/{id}", id).expect(200).shape("discount").json();
		assertThat(discount.path("basis_points").asInt()).isEqualTo(2500);
		assertThat(discount.path("code").asString()).isEqualTo(code);
		assertThat(discount.path("redemptions_count").asInt()).isZero();
		this.polar.call("DELETE", "/v1/discounts/{id}", id).expect(204);
		this.polar.get("/v1/discounts/{id}", id).expectError(404, "ResourceNotFound");
	}

	@Test
	void benefitIsAttachedToAProduct() {
		UUID benefit = this.polar.create("benefits", "benefit",
				Map.of("type", "custom", "description", "Contract test", "properties", Map.of("note", "Thank you")));
		UUID product = this.polar
			.createProduct(Map.of("name", this.polar.names().next(), "prices", List.of(Contract.price(0))));
		JsonNode changed = this.polar.post("/v1/products/{id}/benefits", product)
			.body(Map.of("benefits", List.of(benefit)))
			.expect(200)
			.shape("product")
			.json();
		assertThat(Contract.id(changed.path("benefits").path(0))).isEqualTo(benefit);
	}

}
