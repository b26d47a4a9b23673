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

package io.github.polarspring.customer;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.checkout.BillingAddress;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.CustomerSession;
import io.github.polarspring.model.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolarCustomerTemplate}.
 */
class PolarCustomerTemplateTests {

	private static final UUID ID = UUID.fromString("8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OTHER = UUID.fromString("7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final String NOT_FOUND = "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}";

	private static final PolarIdentity ALICE = PolarIdentity.of("alice")
		.withEmail("alice@example.com")
		.withName("Alice");

	private final ScriptedPolar polar = new ScriptedPolar();

	private final List<String> requests = this.polar.requests();

	private final PolarCustomerTemplate customers = new PolarCustomerTemplate(this.polar.client());

	@AfterEach
	void allResponsesWereRead() {
		this.polar.verify();
	}

	@Test
	void customerIsFoundByItsIds() {
		respond(200, ScriptedPolar.customer(ID, "alice"));
		respond(200, ScriptedPolar.customer(ID, "alice"));
		assertThat(this.customers.find(ID)).map(Customer::id).hasValue(ID);
		assertThat(this.customers.findByExternalId("alice")).map(Customer::id).hasValue(ID);
		assertThat(this.requests).containsExactly("GET /v1/customers/" + ID, "GET /v1/customers/external/alice");
	}

	@Test
	void whoNeverBoughtIsAnEmptyResult() {
		for (int i = 0; i < 5; i++) {
			respond(404, NOT_FOUND);
		}
		assertThat(this.customers.find(ID)).isEmpty();
		assertThat(this.customers.findByExternalId("bob")).isEmpty();
		assertThat(this.customers.state(ID)).isEmpty();
		assertThat(this.customers.stateByExternalId("bob")).isEmpty();
		assertThat(this.customers.updateByExternalId("bob", CustomerUpdate.builder().name("Bob").build())).isEmpty();
	}

	@Test
	void updateOfNobodyIsNotFound() {
		respond(404, NOT_FOUND);
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.customers.update(ID, CustomerUpdate.builder().name("Bob").build()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/state", "a/", "..", ".", "/", "a/../b" })
	void idThatWouldChangeThePathFindsOnlyItsOwnCustomer(String externalId) {
		String list = "{\"items\":[%s,%s],\"pagination\":{\"total_count\":2,\"max_page\":1}}"
			.formatted(ScriptedPolar.customer(OTHER, externalId + "x"), ScriptedPolar.customer(ID, externalId));
		respond(200, list);
		assertThat(this.customers.findByExternalId(externalId)).map(Customer::id).hasValue(ID);
		assertThat(this.requests.get(0)).startsWith("GET /v1/customers/?query=");
		respond(200, list);
		respond(200, ScriptedPolar.customer(ID, externalId));
		assertThat(this.customers.stateByExternalId(externalId)).isPresent();
		assertThat(this.requests).last().isEqualTo("GET /v1/customers/%s/state".formatted(ID));
		respond(200, list);
		respond(200, ScriptedPolar.customer(ID, externalId));
		this.customers.updateByExternalId(externalId, CustomerUpdate.builder().name("A").build());
		assertThat(this.requests).last().isEqualTo("PATCH /v1/customers/%s {\"name\":\"A\"}".formatted(ID));
		respond(200, "{\"items\":[%s],\"pagination\":{\"total_count\":1,\"max_page\":1}}"
			.formatted(ScriptedPolar.customer(OTHER, externalId + "x")));
		assertThat(this.customers.findByExternalId(externalId)).isEmpty();
	}

	@Test
	void otherCharactersAreEncoded() {
		respond(404, NOT_FOUND);
		respond(404, NOT_FOUND);
		assertThat(this.customers.findByExternalId("a b?ä%2F;x")).isEmpty();
		assertThat(this.customers.stateByExternalId("auth0|5")).isEmpty();
		assertThat(this.requests).containsExactly("GET /v1/customers/external/a%20b%3F%C3%A4%252F%3Bx",
				"GET /v1/customers/external/auth0%7C5/state");
	}

	@Test
	void whatCannotBeAnIdIsRejectedWithoutACall() {
		for (String bad : List.of("", " ", "x".repeat(5000), "a\0b")) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.customers.findByExternalId(bad));
			assertThatIllegalArgumentException().isThrownBy(() -> this.customers.stateByExternalId(bad));
		}
		assertThat(this.requests).isEmpty();
	}

	@Test
	void absentIsNotNull() {
		respond(200, ScriptedPolar.customer(ID, "alice"));
		this.customers.update(ID,
				CustomerUpdate.builder()
					.name(null)
					.locale(Locale.GERMANY)
					.metadata("plan", 2)
					.metadata("vip", true)
					.billingAddress(BillingAddress.inCountry("de"))
					.build());
		assertThat(this.requests.get(0))
			.endsWith("{\"name\":null,\"locale\":\"de-DE\",\"metadata\":{\"plan\":2,\"vip\":true},"
					+ "\"billing_address\":{\"country\":\"DE\"}}");
		respond(200, ScriptedPolar.customer(ID, "alice"));
		this.customers.update(ID, CustomerUpdate.builder().clearMetadata().team().build());
		assertThat(this.requests.get(1)).endsWith("{\"metadata\":{},\"type\":\"team\"}");
	}

	@Test
	void valueThatPolarCannotStoreIsNotSent() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.customers.update(ID, CustomerUpdate.builder().name("a\0b").build()))
			.withMessageContaining("NUL");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.customers.update(ID, CustomerUpdate.builder().name("a\uD800").build()));
		respond(200, ScriptedPolar.customer(ID, "alice"));
		this.customers.update(ID, CustomerUpdate.builder().name("a\\u0000").build());
		respond(200, ScriptedPolar.customer(ID, "alice"));
		this.customers.update(ID, CustomerUpdate.builder().name("\\".repeat(100_000)).build());
		assertThat(this.requests).hasSize(2);
	}

	@Test
	void deletingIsRepeatable() {
		respond(204, "");
		respond(404, NOT_FOUND);
		respond(204, "");
		this.customers.delete(ID);
		this.customers.delete(ID);
		this.customers.anonymize(ID);
		assertThat(this.requests).containsExactly("DELETE /v1/customers/%s?anonymize=false".formatted(ID),
				"DELETE /v1/customers/%s?anonymize=false".formatted(ID),
				"DELETE /v1/customers/%s?anonymize=true".formatted(ID));
	}

	@Test
	void ensureReturnsTheCustomerOfTheIdentity() {
		respond(200, ScriptedPolar.customer(ID, "alice"));
		assertThat(this.customers.ensure(ALICE).id()).isEqualTo(ID);
		assertThat(this.requests).containsExactly("GET /v1/customers/external/alice");
	}

	@Test
	void ensureCreatesTheCustomer() {
		respond(404, NOT_FOUND);
		respond(201, ScriptedPolar.customer(ID, "alice"));
		assertThat(this.customers.ensure(ALICE).id()).isEqualTo(ID);
		assertThat(this.requests).last()
			.isEqualTo(
					"POST /v1/customers/ {\"email\":\"alice@example.com\",\"external_id\":\"alice\",\"name\":\"Alice\"}");
	}

	@Test
	void ensureReturnsTheCustomerThatAnotherCallHasCreated() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("external_id"));
		respond(200, ScriptedPolar.customer(ID, "alice"));
		assertThat(this.customers.ensure(ALICE).id()).isEqualTo(ID);
	}

	@Test
	void ensureFailsIfPolarContradictsItself() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("external_id"));
		respond(404, NOT_FOUND);
		assertThatExceptionOfType(PolarDataException.class).isThrownBy(() -> this.customers.ensure(ALICE));
	}

	@Test
	void ensureNeverAttachesAnIdByAnUnverifiedAddress() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("email"));
		respond(200, ScriptedPolar.list(ScriptedPolar.customer(OTHER, null)));
		assertThatExceptionOfType(PolarIdentityException.class).isThrownBy(() -> this.customers.ensure(ALICE))
			.withMessageContaining(OTHER.toString())
			.withMessageContaining("withVerifiedEmail")
			.withMessageNotContaining("alice");
		assertThat(this.requests).last().asString().startsWith("GET /v1/customers/?email=alice");
	}

	@Test
	void ensureAttachesTheIdByAVerifiedAddress() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("email"));
		respond(200, ScriptedPolar
			.list("{\"id\":\"%s\",\"external_id\":null,\"email\":\"Alice@example.com\"}".formatted(OTHER)));
		respond(200, ScriptedPolar.customer(OTHER, "alice"));
		assertThat(this.customers.ensure(ALICE.withVerifiedEmail("alice@example.com")).id()).isEqualTo(OTHER);
		assertThat(this.requests).last()
			.isEqualTo("PATCH /v1/customers/%s {\"external_id\":\"alice\"}".formatted(OTHER));
	}

	@Test
	void ensureNeverTakesTheCustomerOfAnotherIdentity() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("email"));
		respond(200, ScriptedPolar.list(ScriptedPolar.customer(OTHER, "mallory")));
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> this.customers.ensure(ALICE.withVerifiedEmail("alice@example.com")))
			.withMessageContaining(OTHER.toString())
			.withMessageNotContaining("mallory");
	}

	@Test
	void ensureReportsAnAddressThatPolarRejects() {
		respond(404, NOT_FOUND);
		respond(422, ScriptedPolar.taken("email"));
		respond(200, "{\"items\":[],\"pagination\":{\"total_count\":0,\"max_page\":0}}");
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> this.customers.ensure(ALICE));
	}

	@Test
	void ensureNeedsAnAddressOnlyToCreate() {
		respond(404, NOT_FOUND);
		assertThatIllegalArgumentException().isThrownBy(() -> this.customers.ensure(PolarIdentity.of("alice")))
			.withMessageContaining("e-mail");
	}

	@Test
	void sessionOfACustomer() {
		respond(201, ScriptedPolar.session());
		CustomerSession session = this.customers.createSessionByExternalId("a/state", "https://shop.example/a")
			.orElseThrow();
		assertThat(session.customerPortalUrl()).isEqualTo("https://polar.sh/shop/portal?customer_session_token=t");
		assertThat(session.toString()).doesNotContain("token=t");
		assertThat(this.requests).containsExactly("POST /v1/customer-sessions/ {\"external_customer_id\":\"a/state\","
				+ "\"return_url\":\"https://shop.example/a\"}");
	}

	@Test
	void whoNeverBoughtHasNoSession() {
		respond(422, ScriptedPolar.taken("external_customer_id"));
		respond(422, ScriptedPolar.taken("customer_id"));
		assertThat(this.customers.createSessionByExternalId("alice", null)).isEmpty();
		assertThat(this.customers.createSession(ID, null)).isEmpty();
	}

	@Test
	void wrongReturnUrlIsNoMissingCustomer() {
		respond(422,
				"""
						{"error":"RequestValidationError","detail":[
						{"type":"url_parsing","loc":["body","CustomerSessionCustomerIDCreate","return_url"],"msg":"no URL","input":"x"},
						{"type":"missing","loc":["body","CustomerSessionCustomerIDCreate","customer_id"],"msg":"Field required","input":{}}]}
						""");
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(() -> this.customers.createSessionByExternalId("alice", "x"));
	}

	@Test
	void memberIsAddedOnce() {
		PolarIdentity member = PolarIdentity.of("workspace:7")
			.withMemberId("alice")
			.withEmail("alice@example.com")
			.withName("Alice");
		String owner = member("workspace:7", "owner");
		respond(200, ScriptedPolar.list(owner));
		respond(201, member("alice", "billing_manager"));
		assertThat(this.customers.ensureMember(member, Member.Role.BILLING_MANAGER)).map(Member::externalId)
			.hasValue("alice");
		assertThat(this.requests).containsExactly(
				"GET /v1/members/?external_customer_id=workspace%3A7&page=1&limit=100",
				"POST /v1/customers/%s/members {\"email\":\"alice@example.com\",\"name\":\"Alice\",\"external_id\":\"alice\",\"role\":\"billing_manager\"}"
					.formatted(ID));
		respond(200, ScriptedPolar.list(owner + "," + member("alice", "member")));
		assertThat(this.customers.ensureMember(member, Member.Role.BILLING_MANAGER)).map(Member::role)
			.hasValue(Member.Role.MEMBER);
	}

	@Test
	void memberOfAnotherUserWithTheAddressIsNotTaken() {
		PolarIdentity member = PolarIdentity.of("workspace:7").withMemberId("alice").withEmail("alice@example.com");
		respond(200, ScriptedPolar.list(member("workspace:7", "owner")));
		respond(201, member("mallory", "member"));
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> this.customers.ensureMember(member, Member.Role.MEMBER))
			.withMessageNotContaining("alice");
	}

	@Test
	void memberOfNoCustomerIsAnEmptyResult() {
		respond(200, ScriptedPolar.NONE);
		assertThat(this.customers.ensureMember(ALICE, Member.Role.MEMBER)).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> this.customers.ensureMember(ALICE, Member.Role.OWNER));
	}

	private static String member(String externalId, String role) {
		return "{\"id\":\"%s\",\"customer_id\":\"%s\",\"external_id\":\"%s\",\"role\":\"%s\"}".formatted(OTHER, ID,
				externalId, role);
	}

	@Test
	void missingScopeIsNamed() {
		this.polar.reject("customer_sessions:write");
		assertThatExceptionOfType(PolarPermissionException.class)
			.isThrownBy(() -> this.customers.openPortal(ALICE, null))
			.withMessageContaining("customer_sessions:write");
	}

	@Test
	void queryIsSentAndHidesItsValues() {
		respond(200, ScriptedPolar.list(ScriptedPolar.customer(ID, "alice")));
		CustomerQuery query = CustomerQuery.builder()
			.email("alice@example.com")
			.active(true)
			.metadata("vip", true)
			.descending(CustomerQuery.SortProperty.CREATED_AT)
			.limit(5)
			.build();
		assertThat(this.customers.list(query).items()).hasSize(1);
		assertThat(this.requests.get(0)).isEqualTo("GET /v1/customers/?email=alice%40example.com&active=true"
				+ "&metadata%5Bvip%5D=true&sorting=-created_at&page=1&limit=5");
		assertThat(query).hasToString("CustomerQuery[page=1, filters=[email, active, metadata[vip]]]");
		assertThat(CustomerRequest.individual("alice@example.com").build()).hasToString("CustomerRequest[email]");
		assertThat(CustomerUpdate.builder().name("Alice").build()).hasToString("CustomerUpdate[name]");
	}

	private void respond(int status, String body) {
		this.polar.respond(status, body);
	}

}
