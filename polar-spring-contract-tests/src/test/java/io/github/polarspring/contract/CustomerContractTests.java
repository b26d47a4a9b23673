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

import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.customer.CustomerQuery;
import io.github.polarspring.customer.CustomerRequest;
import io.github.polarspring.customer.CustomerUpdate;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerSession;
import io.github.polarspring.model.CustomerState;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Customers, their state, and their sessions for the portal.
 */
@ContractTest
class CustomerContractTests {

	private final Contract polar;

	CustomerContractTests(Contract polar) {
		this.polar = polar;
	}

	@Test
	void customerIsCreatedAndFound() {
		String user = this.polar.externalId();
		String email = this.polar.names().email(user);
		Customer created = this.polar.typed(201, "customer",
				() -> this.polar.customers()
					.create(CustomerRequest.individual(email)
						.externalId(user)
						.name("Ada")
						.billingAddress(new BillingAddress("FR", "1 rue Haute", null, "75001", "Paris", null))
						.taxId("FR61954506077")
						.metadata("plan", "gold")
						.metadata("seats", 3)
						.build()));
		Customer byId = this.polar.typed(200, "customer",
				() -> this.polar.customers().find(created.id()).orElseThrow());
		Customer byExternalId = this.polar.typed(200, "customer",
				() -> this.polar.customers().findByExternalId(user).orElseThrow());
		for (Customer customer : List.of(created, byId, byExternalId)) {
			assertThat(customer.id()).isEqualTo(created.id());
			assertThat(customer.externalId()).isEqualTo(user);
			assertThat(customer.email()).isEqualTo(email);
			assertThat(customer.emailVerified()).isFalse();
			assertThat(customer.name()).isEqualTo("Ada");
			assertThat(customer.type()).isEqualTo(Customer.Type.INDIVIDUAL);
			assertThat(customer.taxId()).containsExactly("FR61954506077", "eu_vat");
			assertThat(customer.metadata()).containsOnlyKeys("plan", "seats").containsEntry("plan", "gold");
			assertThat(customer.billingAddress()).isNotNull();
			assertThat(customer.billingAddress().country()).isEqualTo("FR");
		}
		assertThat(this.polar.typed(404, () -> this.polar.customers().find(UUID.randomUUID()))).isEmpty();
		assertThat(this.polar.typed(404, () -> this.polar.customers().findByExternalId(user.toUpperCase(Locale.ROOT))))
			.isEmpty();
	}

	@Test
	void emailAndExternalIdAreUnique() {
		String user = this.polar.externalId();
		Customer customer = create(user);
		this.polar.post("/v1/customers/")
			.body(Map.of("email", customer.email(), "external_id", this.polar.names().next()))
			.expectError(422, "PolarRequestValidationError", "value_error body.email");
		this.polar.post("/v1/customers/")
			.body(Map.of("email", this.polar.names().email(this.polar.names().next()), "external_id", user))
			.expectError(422, "PolarRequestValidationError", "value_error body.external_id");
	}

	@Test
	void absentFieldsAreKeptAndNullClears() {
		Customer customer = create(this.polar.externalId());
		Customer renamed = update(customer, CustomerUpdate.builder().name("Ada Byron"));
		assertThat(renamed.name()).isEqualTo("Ada Byron");
		assertThat(renamed.email()).isEqualTo(customer.email());
		assertThat(renamed.metadata()).containsEntry("plan", "gold");
		assertThat(renamed.modifiedAt()).isNotNull();
		Customer cleared = update(customer, CustomerUpdate.builder().name(null));
		assertThat(cleared.name()).isNull();
		assertThat(cleared.externalId()).isEqualTo(customer.externalId());
		Customer replaced = update(customer, CustomerUpdate.builder().metadata("other", "1"));
		assertThat(replaced.metadata()).containsOnlyKeys("other");
		this.polar.patch("/v1/customers/{id}", customer.id())
			.text("{\"metadata\": null}", "application/json")
			.expectError(422, "RequestValidationError", "dict_type body.metadata");
		this.polar.patch("/v1/customers/{id}", customer.id())
			.body(Map.of("external_id", this.polar.names().next()))
			.expectError(422, "PolarRequestValidationError", "value_error body.external_id");
	}

	@Test
	void customersAreListedByEmailAndMetadata() {
		Customer customer = create(this.polar.externalId());
		PolarPage<Customer> byEmail = this.polar.typed(200,
				() -> this.polar.customers().list(CustomerQuery.builder().email(customer.email()).build()));
		assertThat(byEmail.items()).extracting(Customer::id).containsExactly(customer.id());
		assertThat(byEmail.totalCount()).isOne();
		PolarPage<Customer> byMetadata = this.polar.typed(200, () -> this.polar.customers()
			.list(CustomerQuery.builder().metadata("run", customer.externalId()).build()));
		assertThat(byMetadata.items()).extracting(Customer::id).containsExactly(customer.id());
		this.polar.get("/v1/customers/?email={email}", customer.email()).expect(200).page("customer");
	}

	@Test
	void newCustomerHasAnEmptyState() {
		Customer customer = create(this.polar.externalId());
		CustomerState byId = this.polar.typed(200, "customer-state",
				() -> this.polar.customers().state(customer.id()).orElseThrow());
		CustomerState byExternalId = this.polar.typed(200, "customer-state",
				() -> this.polar.customers().stateByExternalId(customer.externalId()).orElseThrow());
		for (CustomerState state : List.of(byId, byExternalId)) {
			assertThat(state.id()).isEqualTo(customer.id());
			assertThat(state.activeSubscriptions()).isEmpty();
			assertThat(state.grantedBenefits()).isEmpty();
		}
		assertThat(this.polar.typed(404, () -> this.polar.customers().stateByExternalId(this.polar.names().next())))
			.isEmpty();
	}

	@Test
	void sessionOpensThePortal() {
		Customer customer = create(this.polar.externalId());
		CustomerSession session = this.polar.typed(201, "customer-session",
				() -> this.polar.customers()
					.createSession(customer.id(), "https://shop.example.com/account")
					.orElseThrow());
		assertThat(session.customerId()).isEqualTo(customer.id());
		assertThat(session.returnUrl()).isEqualTo("https://shop.example.com/account");
		assertThat(session.customerPortalUrl()).contains("customer_session_token=");
		assertThat(session.expiresAt()).isAfter(session.createdAt());
		// a token of a buyer is not one of a merchant
		this.polar.get("/v1/customers/{id}", customer.id()).token(session.token()).expectError(401, "Unauthorized");
		this.polar.post("/v1/customer-sessions/")
			.body(Map.of("external_customer_id", this.polar.names().next()))
			.expectError(422, "PolarRequestValidationError", "value_error body.external_customer_id");
		this.polar.post("/v1/customer-sessions/")
			.body(Map.of("customer_id", customer.id(), "return_url", "/account"))
			.expectError(422, "RequestValidationError", "url_parsing body.return_url");
	}

	@Test
	void deletedCustomerIsGone() {
		Customer customer = create(this.polar.externalId());
		this.polar.typed(204, () -> {
			this.polar.customers().delete(customer.id());
			return customer;
		});
		assertThat(this.polar.typed(404, () -> this.polar.customers().find(customer.id()))).isEmpty();
		this.polar.call("DELETE", "/v1/customers/{id}", customer.id()).expectError(404, "ResourceNotFound");
		JsonNode page = this.polar.get("/v1/customers/?email={email}", customer.email()).expect(200).json();
		assertThat(page.path("items").isEmpty()).isTrue();
	}

	@Test
	void anonymizedCustomerIsGoneAndTheIdIsFree() {
		String user = this.polar.externalId();
		Customer customer = create(user);
		this.polar.typed(204, () -> {
			this.polar.customers().anonymize(customer.id());
			return customer;
		});
		assertThat(this.polar.typed(404, () -> this.polar.customers().findByExternalId(user))).isEmpty();
		Customer again = create(user);
		assertThat(again.id()).isNotEqualTo(customer.id());
		this.polar.call("DELETE", "/v1/customers/{id}?anonymize=maybe", again.id())
			.expectError(422, "RequestValidationError", "bool_parsing query.anonymize");
	}

	@Test
	void wrongCustomersAreRejected() {
		String email = this.polar.names().email(this.polar.names().next());
		this.polar.post("/v1/customers/")
			.body(Map.of())
			.expectError(422, "RequestValidationError", "missing body.individual.email");
		this.polar.post("/v1/customers/")
			.body(Map.of("email", "ada@shop.invalid"))
			.expectError(422, "RequestValidationError", "value_error body.individual.email");
		this.polar.post("/v1/customers/")
			.body(Map.of("email", email, "billing_address", Map.of("country", "XX")))
			.expectError(422, "RequestValidationError", "enum body.individual.billing_address.country");
		this.polar.post("/v1/customers/")
			.body(Map.of("email", email, "name", "n".repeat(257)))
			.expectError(422, "RequestValidationError", "string_too_long body.individual.name");
		this.polar.post("/v1/customers/")
			.body(Map.of("email", email, "tax_id", "FR61954506077"))
			.expectError(422, "PolarRequestValidationError", "missing body.billing_address");
	}

	private Customer create(String user) {
		return this.polar.typed(201, "customer",
				() -> this.polar.customers()
					.create(CustomerRequest.individual(this.polar.names().email(user))
						.externalId(user)
						.name("Ada")
						.metadata("plan", "gold")
						.metadata("run", user)
						.build()));
	}

	private Customer update(Customer customer, CustomerUpdate.Builder update) {
		return this.polar.typed(200, "customer", () -> this.polar.customers().update(customer.id(), update.build()));
	}

}
