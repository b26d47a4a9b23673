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

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for seats of a {@link PolarFake}.
 */
class PolarFakeSeatTests extends PolarFakeSeller {

	private static final String SEATS = "/v1/customer-seats";

	private String subscription;

	@BeforeEach
	void buySeats() throws Exception {
		String product = product("""
				"recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
				{"tiers":[{"min_seats":1,"max_seats":null,"price_per_seat":1000}]}}]""");
		buy(product, ",\"seats\":2,\"customer_billing_address\":{\"country\":\"DE\"}");
		this.subscription = this.fake.subscriptionIds().get(0).toString();
	}

	private JsonNode assign(int status, String fields) throws Exception {
		return send(status, "POST", SEATS, "{\"subscription_id\":\"%s\",%s}".formatted(this.subscription, fields));
	}

	private JsonNode list() throws Exception {
		return get(SEATS + "?subscription_id=" + this.subscription);
	}

	private int grants() throws Exception {
		return get("/v1/benefit-grants/?is_granted=true&external_customer_id=user_1").at("/pagination/total_count")
			.asInt();
	}

	@Test
	void buyerWhoStaysAtPolarHasSeat() throws Exception {
		assertThat(list().at("/available_seats").asInt()).isOne();
		assertThat(list().at("/seats/0/member/external_id").asString()).isEqualTo("user_1");
		assertThat(assign(400, "\"external_member_id\":\"user_1\"").at("/error").asString())
			.isEqualTo("SeatAlreadyAssigned");
	}

	@Test
	void seatIsClaimedAtOnceAndRevoked() throws Exception {
		assertThat(typesOf(() -> assign(200,
				"\"email\":\"bob@example.com\",\"external_member_id\":\"user_2\",\"immediate_claim\":true")))
			.containsExactly("customer_seat.claimed", "benefit_grant.created", "customer.state_changed");
		assertThat(grants()).isEqualTo(2);
		assertThat(assign(400, "\"email\":\"cy@example.com\"").at("/error").asString()).isEqualTo("SeatNotAvailable");
		String seat = list().at("/seats/1/id").asString();
		assertThat(
				typesOf(() -> assertThat(send(200, "DELETE", SEATS + "/" + seat, "").at("/customer_email").asString())
					.isEqualTo("bob@example.com")))
			.containsExactly("customer_seat.revoked", "benefit_grant.revoked", "customer.state_changed");
		assertThat(
				typesOf(() -> assertThat(send(200, "DELETE", SEATS + "/" + seat, "").at("/member").isNull()).isTrue()))
			.isEmpty();
		assertThat(assign(200, "\"email\":\"cy@example.com\"").at("/id").asString()).isEqualTo(seat);
	}

	@Test
	void invitationIsClaimedWithinDay() throws Exception {
		JsonNode seat = assign(200, "\"email\":\"bob@example.com\"");
		assertThat(seat.at("/status").asString()).isEqualTo("pending");
		String token = this.fake.state().seats().lastInvitation();
		assertThat(get(SEATS + "/claim/" + token).at("/can_claim").asBoolean()).isTrue();
		JsonNode claimed = send(200, "POST", SEATS + "/claim", "{\"invitation_token\":\"%s\"}".formatted(token));
		FakePortalSession session = this.fake.state().portalSession(claimed.at("/customer_session_token").asString());
		assertThat(session).isNotNull();
		assertThat(session.member().email).isEqualTo("bob@example.com");
		assertThat(send(400, "POST", SEATS + "/claim", "{\"invitation_token\":\"%s\"}".formatted(token)).at("/error")
			.asString()).isEqualTo("InvalidInvitationToken");
		assertThat(send(400, "POST", SEATS + "/" + seat.at("/id").asString() + "/resend", "").at("/error").asString())
			.isEqualTo("SeatNotPending");
	}

	@Test
	void invitationExpires() throws Exception {
		String seat = assign(200, "\"email\":\"bob@example.com\"").at("/id").asString();
		String token = this.fake.state().seats().lastInvitation();
		this.fake.advance(Duration.ofDays(1));
		send(200, "POST", SEATS + "/" + seat + "/resend", "");
		send(404, "GET", SEATS + "/claim/" + token, "");
	}

	@Test
	void endOfSubscriptionRevokesSeats() throws Exception {
		assign(200, "\"email\":\"bob@example.com\"");
		assertThat(typesOf(() -> send(200, "DELETE", "/v1/subscriptions/" + this.subscription, ""))).startsWith(
				"customer_seat.revoked", "customer_seat.revoked", "subscription.updated", "subscription.canceled",
				"subscription.revoked");
		assertThat(list().at("/available_seats").asInt()).isEqualTo(2);
		assertThat(grants()).isZero();
	}

	@Test
	void membersHaveTheirBenefitsAgainAfterAPaymentThatWasLate() throws Exception {
		String bob = assign(200, "\"email\":\"bob@example.com\",\"immediate_claim\":true").at("/id").asString();
		send(200, "DELETE", SEATS + "/" + bob, "");
		assign(200, "\"email\":\"cy@example.com\",\"immediate_claim\":true");
		assertThat(grants()).isEqualTo(2);
		this.fake.gracePeriod(Duration.ZERO);
		this.fake.declineRenewals(true).renewSubscription(UUID.fromString(this.subscription));
		assertThat(grants()).isZero();
		this.fake.declineRenewals(false).advance(Duration.ofDays(3));
		assertThat(grants()).isEqualTo(2);
	}

	@Test
	void seatOfDeletedMemberIsRevoked() throws Exception {
		String member = assign(200, "\"email\":\"bob@example.com\",\"immediate_claim\":true").at("/member_id")
			.asString();
		String customer = get("/v1/customers/external/user_1").at("/id").asString();
		assertThat(typesOf(() -> send(204, "DELETE", "/v1/customers/" + customer + "/members/" + member, "")))
			.containsExactly("member.deleted", "customer_seat.revoked", "benefit_grant.revoked",
					"customer.state_changed");
	}

	@Test
	void wrongRequestsAreRejected() throws Exception {
		assertThat(assign(422, "\"metadata\":{}").at("/detail/0/msg").asString()).isEqualTo(
				"Value error, At least one of email, external_customer_id, customer_id, external_member_id, or member_id must be provided");
		assertThat(assign(404, "\"external_member_id\":\"user_9\"").at("/error").asString())
			.isEqualTo("MemberNotFound");
		assertThat(
				assign(400, "\"external_member_id\":\"user_1\",\"email\":\"bob@example.com\"").at("/error").asString())
			.isEqualTo("MemberEmailMismatch");
		assertThat(assign(400, "\"external_customer_id\":\"user_9\"").at("/error").asString())
			.isEqualTo("InvalidSeatAssignmentRequest");
		send(400, "GET", SEATS, "");
	}

}
