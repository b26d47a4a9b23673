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
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Errors, with the order of the checks. A token without a scope (403) is not tested,
 * because the tests have a single token.
 */
@ContractTest
class ErrorContractTests {

	private static final String UNKNOWN_TOKEN = "polar_oat_" + "x".repeat(43);

	private final Contract polar;

	ErrorContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void missingTokenIs401() {
		ContractResponse response = this.polar.post("/v1/checkouts/")
			.anonymous()
			.body(Map.of())
			.expectError(401, "Unauthorized");
		response.header("WWW-Authenticate", "Bearer realm=\"polar\"").header("Polar-Version", ContractRequest.VERSION);
		this.polar.get("/v1/checkouts/{id}", UUID.randomUUID()).anonymous().expectError(401, "Unauthorized");
	}

	@Test
	void unknownTokenIs401BeforeEverythingElse() {
		ContractResponse response = this.polar.get("/v1/checkouts/")
			.token(UNKNOWN_TOKEN)
			.expectError(401, "invalid_token");
		assertThat(response.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
		this.polar.get("/v1/nothing").token(UNKNOWN_TOKEN).expectError(401, "invalid_token");
		this.polar.get("/v1/checkouts").token(UNKNOWN_TOKEN).expectError(401, "invalid_token");
	}

	@Test
	void unknownPathsAndObjectsAre404() {
		this.polar.get("/v1/nothing").expectError(404, null);
		this.polar.get("/v1/nothing").anonymous().expectError(404, null);
		this.polar.get("/v1/checkouts/{id}", UUID.randomUUID()).expectError(404, "ResourceNotFound");
		this.polar.patch("/v1/checkouts/{id}", UUID.randomUUID()).body(Map.of()).expectError(404, "ResourceNotFound");
		this.polar.get("/v1/orders/{id}", UUID.randomUUID()).expectError(404, "ResourceNotFound");
		this.polar.get("/v1/subscriptions/{id}", UUID.randomUUID()).expectError(404, "ResourceNotFound");
	}

	@Test
	void otherMethodIs405() {
		this.polar.call("PUT", "/v1/checkouts/").body(Map.of()).expectError(405, null).header("Allow", "GET");
		this.polar.call("DELETE", "/v1/checkouts/{id}", UUID.randomUUID()).expectError(405, null);
		this.polar.get("/v1/checkouts/client/{secret}/confirm", "x").anonymous().expectError(405, null);
	}

	@Test
	void bodyWithoutALengthIs411() {
		this.polar.post("/v1/checkouts/").chunked("{}").expectError(411, "LengthRequired");
		this.polar.post("/v1/nothing").anonymous().chunked("{}").expectError(411, "LengthRequired");
	}

	@Test
	void slashAtTheEndIsRedirected() {
		UUID id = UUID.randomUUID();
		assertThat(this.polar.get("/v1/checkouts?limit=2").expect(307).header("Location"))
			.endsWith("/v1/checkouts/?limit=2");
		assertThat(this.polar.post("/v1/checkouts").body(Map.of()).expect(307).header("Location"))
			.endsWith("/v1/checkouts/");
		assertThat(this.polar.get("/v1/checkouts/{id}/", id).expect(307).header("Location"))
			.endsWith("/v1/checkouts/" + id);
		assertThat(this.polar.post("/v1/events/ingest/").body(Map.of()).expect(307).header("Location"))
			.endsWith("/v1/events/ingest");
	}

	@Test
	void versionIsEchoedAndAnUnknownOneIs404() {
		UUID id = UUID.randomUUID();
		this.polar.get("/v1/checkouts/{id}", id)
			.expectError(404, "ResourceNotFound")
			.header("Polar-Version", ContractRequest.VERSION);
		assertThat(this.polar.get("/v1/checkouts/{id}", id)
			.version(null)
			.expectError(404, "ResourceNotFound")
			.header("Polar-Version")).matches("\\d{4}-\\d{2}");
		this.polar.get("/v1/checkouts/{id}", id)
			.version("2026-05")
			.expectError(404, null)
			.header("Polar-Version", null);
		this.polar.get("/v1/checkouts/{id}", id).anonymous().version("v1").expectError(404, null);
	}

	@Test
	void unreadableBodiesAre422() {
		this.polar.post("/v1/checkouts/")
			.text("{", "application/json")
			.expectError(422, "RequestValidationError", "json_invalid body.1");
		this.polar.post("/v1/checkouts/")
			.text("null", "application/json")
			.expectError(422, "RequestValidationError", "missing body");
		this.polar.post("/v1/checkouts/")
			.text("[]", "application/json")
			.expectError(422, "RequestValidationError", "model_attributes_type body");
		this.polar.post("/v1/checkouts/")
			.text("{}", "text/plain")
			.expectError(422, "RequestValidationError", "model_attributes_type body");
	}

	@Test
	void wrongIdsAre422() {
		this.polar.get("/v1/checkouts/x").expectError(422, "RequestValidationError", "uuid_parsing path.id");
		this.polar.get("/v1/customers/{id}", UUID.nameUUIDFromBytes(new byte[] { 1 }))
			.expectError(422, "RequestValidationError", "uuid_version path.id");
	}

	@Test
	void wrongQueriesAre422() {
		this.polar.get("/v1/checkouts/?limit=0").expectError(422, "RequestValidationError", "greater_than query.limit");
		this.polar.get("/v1/checkouts/?page=x").expectError(422, "RequestValidationError", "int_parsing query.page");
		this.polar.get("/v1/checkouts/?status=paid").expectError(422, "RequestValidationError", "enum query.status");
		this.polar.get("/v1/checkouts/?sorting=amount")
			.expectError(422, "RequestValidationError", "enum query.sorting.0");
	}

	@Test
	void wrongFieldsOfASessionAre422() {
		UUID product = this.polar.paidProduct();
		reject(Map.of(), "RequestValidationError", "missing body.products");
		reject(Map.of("products", List.of()), "RequestValidationError", "too_short body.products");
		reject(Map.of("products", List.of(product), "success_url", "/ok"), "RequestValidationError",
				"url_parsing body.success_url");
		reject(Map.of("products", List.of(product), "success_url", "shop://ok"), "RequestValidationError",
				"url_scheme body.success_url");
		reject(Map.of("products", List.of(product), "customer_ip_address", "1.2.3.4:80"), "RequestValidationError",
				"ip_any_address body.customer_ip_address");
		reject(Map.of("products", List.of(product), "customer_email", "ada@shop.invalid"), "RequestValidationError",
				"value_error body.customer_email");
		reject(Map.of("products", List.of(product), "metadata", Map.of("a", "x".repeat(501))), "RequestValidationError",
				"string_too_long body.metadata.a");
		reject(Map.of("products", List.of(product), "prices",
				Map.of(product, List.of(Map.of("amount_type", "fixed", "price_currency", "usd", "price_amount", 49)))),
				"RequestValidationError", "minimum_price body.prices." + product + ".0.fixed.price_amount");
	}

	@Test
	void brokenRulesOfASessionAre422() {
		UUID product = this.polar.paidProduct();
		UUID unknown = UUID.randomUUID();
		String rule = "PolarRequestValidationError";
		reject(Map.of("products", List.of(unknown)), rule, "value_error body.products.0");
		reject(Map.of("products", List.of(product), "discount_id", unknown), rule, "value_error body.discount_id");
		reject(Map.of("products", List.of(product), "customer_id", unknown), rule, "value_error body.customer_id");
		reject(Map.of("products", List.of(product), "seats", 3), rule, "value_error body.seats");
		reject(Map.of("products", List.of(product), "customer_tax_id", "nonsense", "customer_billing_address",
				Map.of("country", "FR")), rule, "value_error body.customer_tax_id");
	}

	private void reject(Map<String, ?> body, String error, String detail) {
		this.polar.post("/v1/checkouts/").body(body).expectError(422, error, detail);
	}

}
