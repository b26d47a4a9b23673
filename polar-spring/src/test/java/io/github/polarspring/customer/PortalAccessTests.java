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
import java.util.UUID;

import io.github.polarspring.PolarPermissionException;
import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for who can open which customer portal.
 */
class PortalAccessTests {

	private static final UUID ID = UUID.fromString("6e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final UUID OTHER = UUID.fromString("7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018");

	private static final PolarIdentity ALICE = PolarIdentity.of("alice").withEmail("alice@example.com");

	private static final PolarIdentity VERIFIED = ALICE.withVerifiedEmail("alice@example.com");

	private final ScriptedPolar polar = new ScriptedPolar();

	private final List<String> requests = this.polar.requests();

	private final PolarCustomerTemplate customers = new PolarCustomerTemplate(this.polar.client());

	@AfterEach
	void allResponsesWereRead() {
		this.polar.verify();
	}

	@Test
	void userOpensTheirOwnPortal() {
		this.polar.respond(201, session("alice", "alice@example.com"));
		this.polar.respond(200, purchases("alice"));
		this.polar.respond(200, ScriptedPolar.list("{\"id\":\"%s\",\"metadata\":{}}".formatted(ID)));
		PortalAccess access = this.customers.openPortal(ALICE, "https://shop.example/account");
		assertThat(access).isInstanceOf(PortalAccess.Granted.class);
		assertThat(access.toString()).doesNotContain("token=t");
		assertThat(this.requests).containsExactly(
				"POST /v1/customer-sessions/ {\"external_customer_id\":\"alice\",\"return_url\":\"https://shop.example/account\"}",
				"GET /v1/subscriptions/?customer_id=%s&page=1&limit=100".formatted(ID),
				"GET /v1/orders/?customer_id=%s&product_billing_type=one_time&page=1&limit=100".formatted(ID));
	}

	@Test
	void portalWithAPurchaseOfAnotherUserRemainsClosed() {
		this.polar.respond(201, session("alice", "bob@example.com"));
		this.polar.respond(200, purchases("bob"));
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.Mismatch(ID));
		this.polar.respond(201, session("alice", "bob@example.com"));
		this.polar.respond(200, ScriptedPolar.NONE);
		this.polar.respond(200, purchases("bob"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isEqualTo(new PortalAccess.Mismatch(ID));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "guest,true", "customer:7e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018,true",
			"customer:6e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018,false", "-,false" })
	void portalWithAPurchaseOfAGuestRemainsClosed(@Nullable String mark, boolean closed) {
		this.polar.respond(201, session("alice", "bob@example.com"));
		this.polar.respond(200, ScriptedPolar.list("{\"id\":\"%s\",\"metadata\":%s}".formatted(OTHER,
				(mark != null) ? "{\"checkout_buyer\":\"" + mark + "\"}" : "{}")));
		if (!closed) {
			this.polar.respond(200, ScriptedPolar.NONE);
		}
		assertThat(this.customers.openPortal(VERIFIED, null) instanceof PortalAccess.Mismatch).isEqualTo(closed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "al\u0131ce@example.com", "a\u217cice@example.com", "alice@example.co\u217f" })
	void similarAddressIsAnotherAddress(String similar) {
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, purchaseOf("null", "alice@example.com", null));
		assertThat(this.customers.openPortal(PolarIdentity.of("mallory").withVerifiedEmail(similar), null))
			.isEqualTo(new PortalAccess.Unverified(OTHER));
	}

	@Test
	void purchaseOfAnotherUserCanBeOnAnyPage() {
		this.polar.respond(201, session("alice", "bob@example.com"));
		this.polar.respond(200, purchases("alice").replace("\"max_page\":1", "\"max_page\":2"));
		this.polar.respond(200, purchases("bob").replace("\"max_page\":1", "\"max_page\":2"));
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.Mismatch(ID));
		assertThat(this.requests).last().asString().endsWith("page=2&limit=100");
	}

	@Test
	void ownerOfTheAddressOpensThePortalWhoeverElseHasEnteredIt() {
		this.polar.respond(201, session("alice", "Alice@Example.com"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isInstanceOf(PortalAccess.Granted.class);
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void userWithoutPurchasesHasNeverBought() {
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, ScriptedPolar.NONE);
		this.polar.respond(200, ScriptedPolar.NONE);
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.NeverBought());
		assertThat(this.requests).element(1)
			.isEqualTo("GET /v1/subscriptions/?metadata%5Bexternal_customer_id%5D=alice&page=1&limit=100");
		assertThat(this.requests).element(2)
			.isEqualTo("GET /v1/orders/?metadata%5Bexternal_customer_id%5D=alice"
					+ "&product_billing_type=one_time&page=1&limit=100");
	}

	@Test
	void customerOfAnotherUserIsNeverOpened() {
		for (PolarIdentity identity : List.of(ALICE, VERIFIED)) {
			this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
			this.polar.respond(200, purchaseOf("\"mallory\"", "alice@example.com", null));
			assertThat(this.customers.openPortal(identity, null)).isEqualTo(new PortalAccess.Mismatch(OTHER));
		}
	}

	@Test
	void customerOfAGuestIsOpenedByTheOwnerOfTheAddress() {
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, purchaseOf("null", "alice@example.com", null));
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.Unverified(OTHER));
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, purchaseOf("null", "carol@example.com", null));
		assertThat(this.customers.openPortal(VERIFIED, null)).isEqualTo(new PortalAccess.Unverified(OTHER));
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, purchaseOf("null", "alice@example.com", null));
		this.polar.respond(201, session(null, "alice@example.com"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isInstanceOf(PortalAccess.Granted.class);
		assertThat(this.requests).last().asString().contains("\"customer_id\":\"%s\"".formatted(OTHER));
	}

	@Test
	void purchasesOfADeletedCustomerDoNotCount() {
		this.polar.respond(422, ScriptedPolar.taken("external_customer_id"));
		this.polar.respond(200, purchaseOf("null", "alice@example.com", "2026-10-01T00:00:00Z"));
		this.polar.respond(200, ScriptedPolar.NONE);
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.NeverBought());
	}

	@Test
	void teamMemberOpensTheirOwnPortal() {
		this.polar.respond(422, ScriptedPolar.taken("member_id"));
		this.polar.respond(201, session("workspace-7", "office@example.com"));
		this.polar.respond(200, purchases("workspace-7"));
		this.polar.respond(200, ScriptedPolar.NONE);
		PolarIdentity member = PolarIdentity.of("workspace-7").withMemberId("alice");
		assertThat(this.customers.openPortal(member, null)).isInstanceOf(PortalAccess.Granted.class);
		assertThat(this.requests).element(1)
			.isEqualTo(
					"POST /v1/customer-sessions/ {\"external_customer_id\":\"workspace-7\",\"external_member_id\":\"alice\"}");
	}

	@Test
	void strangerOpensNoPortalOfTheTeam() {
		this.polar.respond(422, ScriptedPolar.taken("member_id"));
		this.polar.respond(422, ScriptedPolar.taken("external_member_id"));
		PolarIdentity stranger = PolarIdentity.of("workspace-7").withMemberId("mallory");
		assertThat(this.customers.openPortal(stranger, null)).isEqualTo(new PortalAccess.NotMember());
	}

	@Test
	void ownerWithoutAnExternalIdIsTheUserWithTheAddress() {
		rejectMember();
		this.polar.respond(200, owner("null", "bob@example.com"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isEqualTo(new PortalAccess.NotMember());
		rejectMember();
		this.polar.respond(200, owner("null", "alice@example.com"));
		this.polar.respond(201, session("alice", "alice@example.com"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isInstanceOf(PortalAccess.Granted.class);
		assertThat(this.requests).last()
			.isEqualTo("POST /v1/customer-sessions/ {\"external_customer_id\":\"alice\",\"member_id\":\"%s\"}"
				.formatted(OTHER));
	}

	@Test
	void withoutAVerifiedAddressNoOwnerIsLookedUp() {
		rejectMember();
		assertThat(this.customers.openPortal(ALICE, null)).isEqualTo(new PortalAccess.NotMember());
		assertThat(this.requests).hasSize(2);
	}

	@Test
	void ownerWithAnotherExternalIdIsAnotherUser() {
		rejectMember();
		this.polar.respond(200, owner("\"mallory\"", "alice@example.com"));
		assertThat(this.customers.openPortal(VERIFIED, null)).isEqualTo(new PortalAccess.NotMember());
	}

	private void rejectMember() {
		this.polar.respond(422, ScriptedPolar.taken("member_id"));
		this.polar.respond(422, ScriptedPolar.taken("external_member_id"));
	}

	private static String owner(String externalId, String email) {
		return ScriptedPolar.list("{\"id\":\"%s\",\"role\":\"owner\",\"external_id\":%s,\"email\":\"%s\"}"
			.formatted(OTHER, externalId, email));
	}

	@Test
	void withoutTheScopeToCheckThePortalRemainsClosed() {
		this.polar.respond(201, session("alice", "alice@example.com"));
		this.polar.reject("subscriptions:read");
		assertThatExceptionOfType(PolarPermissionException.class)
			.isThrownBy(() -> this.customers.openPortal(ALICE, null))
			.withMessageContaining("subscriptions:read");
	}

	@Test
	void mismatchHidesTheIdOfTheUser() {
		assertThat(new PolarPortalMismatch("alice@example.com", ID).toString()).doesNotContain("alice");
	}

	@Test
	void billableSubscriptionIsFound() {
		this.polar.respond(200, subscription("past_due"));
		assertThat(this.customers.findBillableSubscription("alice")).isPresent();
		assertThat(this.requests).containsExactly("GET /v1/subscriptions/?external_customer_id=alice"
				+ "&status=active&status=trialing&status=past_due&page=1&limit=100");
	}

	@Test
	void subscriptionThatEndedOrIsPausedIsNotBillable() {
		this.polar.respond(200, subscription("canceled"));
		this.polar.respond(200, subscription("paused"));
		assertThat(this.customers.findBillableSubscription("alice")).isEmpty();
		assertThat(this.requests).last().asString().contains("metadata%5Bexternal_customer_id%5D=alice");
	}

	private static String subscription(String status) {
		return ScriptedPolar.list("{\"id\":\"%s\",\"status\":\"%s\"}".formatted(ID, status));
	}

	private static String session(String externalId, String email) {
		return """
				{"id":"%1$s","token":"t","customer_portal_url":"https://polar.sh/shop/portal?customer_session_token=t",
				"customer_id":"%1$s","customer":{"id":"%1$s","external_id":%2$s,"email":"%3$s"}}""".formatted(ID,
				(externalId != null) ? "\"" + externalId + "\"" : "null", email);
	}

	private static String purchases(String externalId) {
		return ScriptedPolar
			.list("{\"id\":\"%s\",\"metadata\":{\"external_customer_id\":\"%s\"}}".formatted(ID, externalId));
	}

	private static String purchaseOf(String externalId, String email, String deletedAt) {
		return ScriptedPolar
			.list("{\"id\":\"%s\",\"customer\":{\"id\":\"%s\",\"external_id\":%s,\"email\":\"%s\",\"deleted_at\":%s}}"
				.formatted(ID, OTHER, externalId, email, (deletedAt != null) ? "\"" + deletedAt + "\"" : "null"));
	}

}
