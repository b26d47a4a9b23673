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

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for members of customers of a {@link PolarFake}, and for their sessions of the
 * customer portal.
 */
class PolarFakeMemberTests extends PolarFakeSeller {

	private String customer(String fields) throws Exception {
		return send(201, "POST", "/v1/customers/", "{" + fields + "}").at("/id").asString();
	}

	private String team() throws Exception {
		return customer("""
				"type":"team","name":"Crew","external_id":"team_1","email":"crew@example.com",
				"owner":{"email":"mia@example.com"}""");
	}

	private JsonNode session(int status, String fields) throws Exception {
		return send(status, "POST", "/v1/customer-sessions/", "{" + fields + "}");
	}

	private static String problem(JsonNode error) {
		return error.at("/detail/0/loc") + " " + error.at("/detail/0/msg").asString();
	}

	@Test
	void customerHasOwnerWithExternalIdOfThatTime() throws Exception {
		String ada = customer("\"email\":\"ada@example.com\",\"name\":\"Ada\",\"external_id\":\"user_1\"");
		String bob = customer("\"email\":\"bob@example.com\"");
		send(200, "PATCH", "/v1/customers/" + bob, "{\"external_id\":\"user_2\"}");
		JsonNode owner = get("/v1/members/?external_customer_id=user_1&role=owner").at("/items/0");
		assertThat(owner.at("/customer_id").asString()).isEqualTo(ada);
		assertThat(owner.at("/name").asString()).isEqualTo("Ada");
		assertThat(owner.at("/external_id").asString()).isEqualTo("user_1");
		assertThat(get("/v1/members/?customer_id=" + bob).at("/items/0/external_id").isNull()).isTrue();
		assertThat(send(404, "GET", "/v1/members/?customer_id=user_1", "").at("/detail").asString())
			.isEqualTo("Invalid customer ID format");
	}

	@Test
	void membersOfTeamAreAddedChangedAndRemoved() throws Exception {
		String team = team();
		String path = "/v1/customers/" + team + "/members";
		assertThat(typesOf(() -> send(201, "POST", "/v1/customers/external/team_1/members",
				"{\"email\":\"noah@example.com\",\"external_id\":\"user_noah\"}")))
			.containsExactly("member.created");
		JsonNode noah = get("/v1/customers/external/team_1/members/user_noah");
		assertThat(noah.at("/role").asString()).isEqualTo("member");
		assertThat(typesOf(() -> assertThat(send(201, "POST", path, "{\"email\":\"NOAH@example.com\",\"name\":\"N\"}"))
			.isEqualTo(noah))).isEmpty();
		String own = path + "/" + noah.at("/id").asString();
		assertThat(typesOf(() -> send(200, "PATCH", own, "{\"name\":\"Noah\",\"role\":\"billing_manager\"}")))
			.containsExactly("member.updated");
		assertThat(problem(send(422, "PATCH", own, "{\"email\":\"mia@example.com\"}")))
			.isEqualTo("[\"body\",\"email\"] A member with this email already exists for this customer.");
		assertThat(typesOf(() -> send(204, "DELETE", own, ""))).containsExactly("member.deleted");
		send(404, "DELETE", own, "");
		send(405, "GET", path, "");
	}

	@Test
	void newOwnerReplacesFormerOneWithoutEvent() throws Exception {
		String path = "/v1/customers/" + team() + "/members/";
		String owner = path + get("/v1/members/?external_customer_id=team_1").at("/items/0/id").asString();
		String noah = path
				+ send(201, "POST", path.replaceAll("/$", ""), "{\"email\":\"noah@example.com\"}").at("/id").asString();
		assertThat(problem(send(422, "PATCH", owner, "{\"role\":\"member\"}")))
			.isEqualTo("[\"body\",\"role\"] Cannot change role. Customer must have exactly one owner.");
		assertThat(problem(send(422, "DELETE", owner, "")))
			.isEqualTo("[\"body\"] Cannot delete the only owner. Transfer ownership first.");
		assertThat(typesOf(() -> send(200, "PATCH", noah, "{\"role\":\"owner\"}"))).containsExactly("member.updated");
		assertThat(get(owner).at("/role").asString()).isEqualTo("billing_manager");
		send(204, "DELETE", owner, "");
	}

	@Test
	void individualHasOneMember() throws Exception {
		String ada = customer("\"email\":\"ada@example.com\"");
		assertThat(
				send(403, "POST", "/v1/customers/" + ada + "/members", "{\"email\":\"bob@example.com\"}").at("/error")
					.asString())
			.isEqualTo("NotPermitted");
		send(200, "PATCH", "/v1/customers/" + ada, "{\"type\":\"team\"}");
		send(201, "POST", "/v1/customers/" + ada + "/members", "{\"email\":\"bob@example.com\"}");
	}

	@Test
	void sessionOfTeamNeedsMember() throws Exception {
		String team = team();
		assertThat(problem(session(422, "\"customer_id\":\"" + team + "\"")))
			.isEqualTo("[\"body\",\"member_id\"] member_id is required for team customers.");
		assertThat(problem(session(422, "\"external_customer_id\":\"team_1\",\"external_member_id\":\"user_1\"")))
			.isEqualTo("[\"body\",\"external_member_id\"] Member does not exist for this customer.");
		JsonNode session = session(201, "\"external_customer_id\":\"team_1\",\"external_member_id\":\"team_1\"");
		assertThat(session.at("/token").asString()).startsWith("polar_mst_");
		assertThat(session.at("/customer_portal_url").asString()).endsWith("&email=mia%40example.com");
	}

	@Test
	void buyerOfSeatsBecomesTeam() throws Exception {
		String seats = product("""
				"recurring_interval":"month","prices":[{"amount_type":"seat_based","seat_tiers":
				{"tiers":[{"min_seats":1,"max_seats":null,"price_per_seat":1000}]}}]""");
		buy(seats, ",\"seats\":2,\"customer_billing_address\":{\"country\":\"DE\"}");
		assertThat(get("/v1/customers/external/user_1").at("/type").asString()).isEqualTo("team");
		session(422, "\"external_customer_id\":\"user_1\"");
		session(201, "\"external_customer_id\":\"user_1\",\"external_member_id\":\"user_1\"");
	}

	@Test
	void sessionEndsWithMember() throws Exception {
		String team = team();
		send(201, "POST", "/v1/customers/" + team + "/members",
				"{\"email\":\"noah@example.com\",\"external_id\":\"user_noah\"}");
		String token = session(201, """
				"external_customer_id":"team_1","external_member_id":"user_noah",
				"return_url":"https://shop.example\"""").at("/token").asString();
		FakePortalSession session = this.fake.state().portalSession(token);
		assertThat(session).isNotNull();
		assertThat(session.member().email).isEqualTo("noah@example.com");
		assertThat(session.customer().id()).hasToString(team);
		assertThat(session.returnUrl()).isEqualTo("https://shop.example/");
		send(204, "DELETE", "/v1/customers/external/team_1/members/user_noah", "");
		assertThat(this.fake.state().portalSession(token)).isNull();
	}

	@Test
	void memberEventsContainMember() throws Exception {
		team();
		List<JsonNode> members = events().stream()
			.filter((delivery) -> delivery.type().equals("member.created"))
			.map((delivery) -> JsonMapper.shared().readTree(delivery.body()).path("data"))
			.toList();
		assertThat(members).singleElement()
			.satisfies((member) -> assertThat(member.at("/email").asString()).isEqualTo("mia@example.com"));
	}

}
