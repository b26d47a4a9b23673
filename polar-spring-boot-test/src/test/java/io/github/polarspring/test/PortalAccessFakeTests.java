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

package io.github.polarspring.test;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.CustomerUpdate;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.customer.PortalAccess;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Member;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who can open which customer portal of the fake.
 */
class PortalAccessFakeTests {

	private static final UUID BOOK = UUID.fromString("0f3f0a94-6f62-4d0e-9a4e-5b7a5f0f8c11");

	private final PolarFake fake = PolarFake.start().addProduct(BOOK, "Book", 1900, "usd");

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final PolarCheckoutTemplate checkouts = PolarCheckoutTemplate.builder(this.client).build();

	private final PolarCustomerTemplate customers = new PolarCustomerTemplate(this.client);

	@AfterEach
	void close() {
		this.fake.close();
	}

	private void buy(@Nullable String user, String email) {
		CheckoutRequest.Builder request = CheckoutRequest.forProducts(BOOK);
		if (user != null) {
			request.externalCustomerId(user);
		}
		this.fake.pay(this.checkouts.create(request.build()).id(), email);
	}

	private void buySeats(String payer, String email) {
		JsonNode team = this.client.post(JsonNode.class, "/v1/products/",
				Map.of("name", "Team", "recurring_interval", "month", "prices",
						List.of(Map.of("amount_type", "seat_based", "seat_tiers",
								Map.of("tiers", List.of(Map.of("min_seats", 1, "price_per_seat", 1000)))))));
		CheckoutRequest request = CheckoutRequest.forProducts(team.path("id").asString())
			.externalCustomerId(payer)
			.seats(3)
			.build();
		this.fake.pay(this.checkouts.create(request).id(), email);
	}

	private PortalAccess open(PolarIdentity identity) {
		return this.customers.openPortal(identity, null);
	}

	private String emailOf(PolarIdentity identity) {
		PortalAccess access = open(identity);
		assertThat(access).isInstanceOf(PortalAccess.Granted.class);
		String token = ((PortalAccess.Granted) access).session().token();
		FakePortalSession session = this.fake.state().portalSession(token);
		assertThat(session).isNotNull();
		return String.valueOf(session.member().email);
	}

	@Test
	void userWhoBuysSeatsOpensThePortalOfTheTeam() {
		buySeats("alice", "alice@example.com");
		assertThat(emailOf(PolarIdentity.of("alice"))).isEqualTo("alice@example.com");
		assertThat(open(PolarIdentity.of("bob"))).isEqualTo(new PortalAccess.NeverBought());
	}

	@Test
	void memberOfAWorkspaceOpensTheirOwnPortal() {
		buySeats("workspace:7", "office@example.com");
		PolarIdentity alice = PolarIdentity.of("workspace:7").withMemberId("alice").withEmail("alice@example.com");
		assertThat(open(alice)).isEqualTo(new PortalAccess.NotMember());
		for (int i = 0; i < 2; i++) {
			assertThat(this.customers.ensureMember(alice, Member.Role.BILLING_MANAGER)).map(Member::role)
				.hasValue(Member.Role.BILLING_MANAGER);
		}
		assertThat(emailOf(alice)).isEqualTo("alice@example.com");
		assertThat(open(PolarIdentity.of("workspace:7").withMemberId("bob"))).isEqualTo(new PortalAccess.NotMember());
		assertThat(open(PolarIdentity.of("alice"))).isEqualTo(new PortalAccess.NeverBought());
	}

	@Test
	void guestWhoBuysWithTheAddressOfAnotherUserOpensNothing() {
		buy("mallory", "victim@example.com");
		buy(null, "victim@example.com");
		assertThat(open(PolarIdentity.of("mallory"))).isInstanceOf(PortalAccess.Mismatch.class);
		assertThat(emailOf(PolarIdentity.of("mallory").withVerifiedEmail("VICTIM@example.com")))
			.isEqualTo("victim@example.com");
	}

	@Test
	void guestWhoLogsInLaterOpensThePortalByTheVerifiedAddressOnly() {
		buy(null, "alice@example.com");
		PolarIdentity alice = PolarIdentity.of("alice").withEmail("alice@example.com");
		assertThat(open(alice)).isEqualTo(new PortalAccess.NeverBought());
		buy("alice", "alice@example.com");
		PortalAccess access = open(alice);
		assertThat(access).isInstanceOf(PortalAccess.Unverified.class);
		assertThat(emailOf(alice.withVerifiedEmail("alice@example.com"))).isEqualTo("alice@example.com");
		UUID customer = ((PortalAccess.Unverified) access).customerId();
		this.customers.update(customer, CustomerUpdate.builder().externalId("alice").build());
		assertThat(open(alice)).as("purchase without a login").isEqualTo(new PortalAccess.Mismatch(customer));
	}

	@Test
	void purchasesOfADeletedCustomerAreNoMismatch() {
		buy("alice", "alice@example.com");
		this.customers.delete(this.customers.findByExternalId("alice").orElseThrow().id());
		assertThat(open(PolarIdentity.of("alice"))).isEqualTo(new PortalAccess.NeverBought());
		buy("alice", "alice@example.com");
		assertThat(emailOf(PolarIdentity.of("alice"))).isEqualTo("alice@example.com");
	}

}
