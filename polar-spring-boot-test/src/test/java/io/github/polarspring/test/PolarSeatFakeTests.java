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

import io.github.polarspring.PolarApiException;
import io.github.polarspring.PolarConflictException;
import io.github.polarspring.PolarIdentityException;
import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.CustomerSeat;
import io.github.polarspring.model.CustomerSeats;
import io.github.polarspring.model.Order;
import io.github.polarspring.seat.PolarSeatOperations;
import io.github.polarspring.seat.PolarSeatTemplate;
import io.github.polarspring.seat.PurchasedSeats;
import io.github.polarspring.seat.SeatAssignment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PolarSeatTemplate} with the fake.
 */
class PolarSeatFakeTests {

	private final PolarFake fake = PolarFake.start();

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final PolarSeatOperations seats = new PolarSeatTemplate(this.client, () -> () -> PolarIdentity.of("alice"));

	@AfterEach
	void close() {
		this.fake.close();
	}

	/**
	 * Buy three seats, and return the order.
	 */
	private Order buy(String user, boolean subscription) {
		Map<String, Object> price = Map.of("amount_type", "seat_based", "price_currency", "usd", "seat_tiers",
				Map.of("tiers", List.of(Map.of("min_seats", 1, "price_per_seat", 1000))));
		Map<String, Object> product = subscription
				? Map.of("name", "Team", "recurring_interval", "month", "prices", List.of(price))
				: Map.of("name", "Team", "prices", List.of(price));
		UUID id = UUID.fromString(this.client.post(JsonNode.class, "/v1/products/", product).path("id").asString());
		UUID checkout = PolarCheckoutTemplate.builder(this.client)
			.build()
			.create(CheckoutRequest.forProducts(id)
				.externalCustomerId(user)
				.seats(3)
				.successUrl("https://shop.example/thanks")
				.build())
			.id();
		this.fake.pay(checkout, user + "@example.com");
		return this.fake.orderIds()
			.stream()
			.map((order) -> this.client.get(Order.class, "/v1/orders/{id}", order))
			.filter((order) -> checkout.equals(order.checkoutId()))
			.findFirst()
			.orElseThrow();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void seatIsAssignedOnceToEachUser(boolean subscription) {
		PurchasedSeats bought = this.seats.boughtWith(buy("alice", subscription));
		assertThat(bought.read().total()).isEqualTo(3);
		assertThat(bought.read().available()).isEqualTo(3);
		CustomerSeat seat = bought.assign(SeatAssignment.toUser("alice", "alice@example.com").withoutInvitation());
		assertThat(seat.status()).isEqualTo(CustomerSeat.Status.CLAIMED);
		assertThat(seat.member()).isNotNull();
		assertThat(seat.member().externalId()).isEqualTo("alice");
		assertThat(seat.claimedAt()).isNotNull();
		assertThat((subscription ? seat.subscriptionId() : seat.orderId())).isNotNull();
		assertThat(bought.assign(SeatAssignment.toUser("alice", "alice@example.com").withoutInvitation()).id())
			.as("again")
			.isEqualTo(seat.id());
		assertThat(bought.read().available()).isEqualTo(2);
	}

	@Test
	void requestContainsWhatPolarTakes() {
		Order order = buy("alice", true);
		this.seats.boughtWith(order)
			.assign(SeatAssignment.toUser("bob", "bob@example.com").metadata("desk", 7).withoutInvitation());
		this.fake.wireMock().verify(postRequestedFor(urlEqualTo("/v1/customer-seats")).withRequestBody(equalToJson("""
				{"subscription_id":"%s","email":"bob@example.com","external_member_id":"bob",
				"metadata":{"desk":7},"immediate_claim":true}""".formatted(order.subscriptionId()))));
		assertThatIllegalArgumentException().isThrownBy(() -> SeatAssignment.toUser(" ", "bob@example.com"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SeatAssignment.toEmail("bob@example.com").metadata("a", List.of()));
		assertThat(SeatAssignment.toUser("bob", "bob@example.com")).asString().doesNotContain("bob");
	}

	@Test
	void personWithASeatKeepsItIfNoneIsAvailable() {
		PurchasedSeats bought = this.seats.boughtWith(buy("alice", true));
		SeatAssignment bob = SeatAssignment.toEmail("bob@example.com");
		CustomerSeat seat = bought.assign(bob);
		assertThat(seat.status()).isEqualTo(CustomerSeat.Status.PENDING);
		assertThat(seat.invitationExpiresAt()).isNotNull();
		bought.assign(SeatAssignment.toEmail("carol@example.com"));
		bought.assign(SeatAssignment.toEmail("dave@example.com"));
		assertThat(bought.assign(bob).id()).isEqualTo(seat.id());
		assertThat(bought.assign(SeatAssignment.toMember(seat.member().id())).id()).isEqualTo(seat.id());
		assertThatExceptionOfType(PolarApiException.class)
			.isThrownBy(() -> bought.assign(SeatAssignment.toEmail("erin@example.com")))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("SeatNotAvailable"));
	}

	@Test
	void seatThatPolarGivesToAnotherUserWithTheAddressIsTakenBack() {
		PurchasedSeats bought = this.seats.boughtWith(buy("alice", true));
		SeatAssignment bob = SeatAssignment.toUser("bob", "shared@example.com").withoutInvitation();
		SeatAssignment carol = SeatAssignment.toUser("carol", "shared@example.com").withoutInvitation();
		CustomerSeat seat = bought.assign(bob);
		assertThatExceptionOfType(PolarConflictException.class).isThrownBy(() -> bought.assign(carol))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("SeatAlreadyAssigned"));
		bought.revoke(seat.member().id());
		assertThatExceptionOfType(PolarConflictException.class).isThrownBy(() -> bought.assign(carol))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("MemberEmailMismatch"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("carol", "shared@example.com"));
		assertThat(bought.read().available()).isEqualTo(3);
		assertThat(bought.assign(bob).member().externalId()).isEqualTo("bob");
		assertThatExceptionOfType(PolarConflictException.class)
			.isThrownBy(() -> bought.assign(SeatAssignment.toUser("bob", "new@example.com")))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo("MemberEmailMismatch"));
	}

	@Test
	void seatIsRevokedAndInvitationIsSentAgain() {
		PurchasedSeats bought = this.seats.boughtWith(buy("alice", true));
		CustomerSeat seat = bought.assign(SeatAssignment.toEmail("bob@example.com"));
		assertThat(bought.resendInvitation(seat.member().id()).status()).isEqualTo(CustomerSeat.Status.PENDING);
		CustomerSeat revoked = bought.revoke(seat.member().id()).orElseThrow();
		assertThat(revoked.status()).isEqualTo(CustomerSeat.Status.REVOKED);
		assertThat(revoked.revokedAt()).isNotNull();
		assertThat(revoked.email()).isNull();
		assertThat(bought.revoke(seat.member().id())).as("again").isEmpty();
		CustomerSeats after = bought.read();
		assertThat(after.available()).isEqualTo(3);
		assertThat(after.seats()).extracting(CustomerSeat::status).containsOnly(CustomerSeat.Status.REVOKED);
		CustomerSeat next = bought.assign(SeatAssignment.toEmail("carol@example.com"));
		assertThat(next.id()).as("Polar uses it again").isEqualTo(seat.id());
		assertThat(bought.revoke(seat.member().id())).as("not that of another person").isEmpty();
		assertThat(bought.read().available()).isEqualTo(2);
	}

	@Test
	void seatOfAnotherPurchaseDoesNotExist() {
		PurchasedSeats own = this.seats.ofCurrentUser().boughtWith(buy("alice", true));
		Order other = buy("bob", true);
		CustomerSeat seat = this.seats.boughtWith(other).assign(SeatAssignment.toEmail("carol@example.com"));
		assertThat(own.revoke(seat.member().id())).isEmpty();
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> own.resendInvitation(seat.member().id()));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.seats.ofCurrentUser().boughtWith(other));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.seats.ofCurrentUser().ofOrder(other.id()));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> this.seats.ofSubscription(UUID.randomUUID()).read());
		assertThat(this.seats.of("bob").boughtWith(other).read().available()).isEqualTo(2);
		this.fake.wireMock().verify(0, deleteRequestedFor(urlMatching("/v1/customer-seats.*")));
	}

	@Test
	void memberOfATeamCannotManageItsSeats() {
		Order order = buy("alice", true);
		PolarSeatOperations ofBob = new PolarSeatTemplate(this.client,
				() -> () -> PolarIdentity.of("alice").withMemberId("bob"));
		assertThatExceptionOfType(PolarNotFoundException.class)
			.isThrownBy(() -> ofBob.ofCurrentUser().boughtWith(order));
	}

	@Test
	void callerMustBeKnown() {
		assertThatIllegalStateException()
			.isThrownBy(() -> new PolarSeatTemplate(this.client, CurrentPayer::unknown).ofCurrentUser())
			.withMessageContaining("CurrentPayer");
		assertThatExceptionOfType(PolarIdentityException.class)
			.isThrownBy(() -> new PolarSeatTemplate(this.client, () -> () -> null).ofCurrentUser());
		assertThatIllegalArgumentException().isThrownBy(() -> this.seats.of(" "));
	}

}
