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

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for customers of a {@link PolarFake}.
 */
class PolarFakeCustomerTests extends PolarFakeSeller {

	private String customer(String fields) throws Exception {
		return send(201, "POST", "/v1/customers/", "{" + fields + "}").at("/id").asString();
	}

	private HttpResponse<String> raw(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
	}

	private JsonNode lastData(String type) {
		return events().stream()
			.filter((delivery) -> delivery.type().equals(type))
			.reduce((first, second) -> second)
			.map((delivery) -> JsonMapper.shared().readTree(delivery.body()).path("data"))
			.orElseThrow();
	}

	private static List<String> problems(JsonNode error) {
		return error.path("detail")
			.valueStream()
			.map((item) -> item.at("/loc").valueStream().map(JsonNode::asString).toList() + " "
					+ item.at("/type").asString())
			.toList();
	}

	@Test
	void externalIdWithSlashReachesAnotherPath() throws Exception {
		String tenant = customer("\"email\":\"ada@example.com\",\"external_id\":\"tenant\"");
		customer("\"email\":\"bob@example.com\",\"external_id\":\"tenant/\"");
		customer("\"email\":\"cy@example.com\",\"external_id\":\"tenant/state\"");
		JsonNode state = get("/v1/customers/external/tenant%2Fstate");
		assertThat(state.at("/id").asString()).isEqualTo(tenant);
		assertThat(state.has("active_subscriptions")).isTrue();
		HttpResponse<String> redirect = raw("/v1/customers/external/tenant%2F");
		assertThat(redirect.statusCode()).isEqualTo(307);
		assertThat(redirect.headers().firstValue("Location"))
			.hasValue(this.fake.baseUrl().resolve("/v1/customers/external/tenant").toString());
		assertThat(send(404, "GET", "/v1/customers/external/tenant%2Fada", "").has("error")).isFalse();
		assertThat(get("/v1/customers/?query=tenant%2Fs").at("/pagination/total_count").asInt()).isOne();
	}

	@Test
	void deletedCustomerLosesExternalId() throws Exception {
		String id = customer("\"email\":\"ada@example.com\",\"external_id\":\"user_1\"");
		assertThat(typesOf(() -> send(204, "DELETE", "/v1/customers/" + id, ""))).containsExactly("member.deleted",
				"customer.deleted", "customer.state_changed");
		assertThat(lastData("member.deleted").at("/external_id").asString()).isEqualTo("user_1");
		assertThat(lastData("customer.deleted").at("/external_id").isNull()).isTrue();
		send(404, "DELETE", "/v1/customers/" + id, "");
		customer("\"email\":\"ada@example.com\",\"external_id\":\"user_1\"");
	}

	@Test
	void anonymizedCustomerKeepsExternalId() throws Exception {
		customer("\"email\":\"ada@example.com\",\"name\":\"Ada\",\"external_id\":\"user_1\"");
		send(204, "DELETE", "/v1/customers/external/user_1?anonymize=true", "");
		JsonNode deleted = lastData("customer.deleted");
		assertThat(deleted.at("/external_id").asString()).isEqualTo("user_1");
		assertThat(deleted.at("/email").asString()).matches("\\p{XDigit}{64}@anonymized\\.polar\\.sh");
		assertThat(deleted.at("/name").asString()).matches("\\p{XDigit}{64}");
		assertThat(deleted.at("/metadata/__external_id").asString()).isEqualTo("user_1");
		assertThat(deleted.at("/metadata/__anonymized_at").isString()).isTrue();
		send(404, "GET", "/v1/customers/external/user_1", "");
	}

	@Test
	void subscriptionsOfDeletedCustomerEnd() throws Exception {
		buy(monthly());
		assertThat(typesOf(() -> send(204, "DELETE", "/v1/customers/external/user_1", ""))).containsExactly(
				"member.deleted", "benefit_grant.revoked", "customer.deleted", "customer.state_changed",
				"subscription.updated", "subscription.canceled", "subscription.revoked", "customer.state_changed");
		assertThat(lastData("subscription.revoked").at("/customer/external_id").isNull()).isTrue();
		assertThat(get("/v1/orders/?external_customer_id=user_1").at("/pagination/total_count").asInt()).isZero();
	}

	@Test
	void changesFollowPolarsRules() throws Exception {
		String id = customer("""
				"email":"ada@example.com","external_id":"user_1","tax_id":"FR61954506077",
				"billing_address":{"country":"FR"}""");
		String path = "/v1/customers/" + id;
		assertThat(send(200, "PATCH", path, "{\"email\":\"ADA@example.com\"}").at("/email").asString())
			.isEqualTo("ada@example.com");
		assertThat(problems(send(422, "PATCH", path, "{\"billing_address\":{\"country\":\"US\"}}")))
			.containsExactly("[body, tax_id] invalid");
		assertThat(send(200, "PATCH", path, "{\"billing_address\":{\"country\":\"DE\"}}").at("/tax_id/0").asString())
			.isEqualTo("FR61954506077");
		send(200, "PATCH", path, "{\"email\":\"ada.byron@example.com\"}");
		assertThat(get("/v1/members/?customer_id=" + id).at("/items/0/email").asString())
			.isEqualTo("ada.byron@example.com");
		assertThat(problems(send(422, "POST", "/v1/customers/", "{\"type\":\"company\"}")))
			.containsExactly("[body] union_tag_invalid");
		assertThat(problems(send(422, "POST", "/v1/customers/",
				"{\"email\":\"bob@example.com\",\"organization_id\":\"" + this.fake.state().organizationId() + "\"}")))
			.containsExactly("[body, organization_id] organization_token");
	}

	@Test
	void listIsFilteredByNameAndActivity() throws Exception {
		buy(monthly());
		customer("\"email\":\"bob@example.com\",\"name\":\"Bob Lister\"");
		assertThat(get("/v1/customers/?query=lister").at("/items/0/email").asString()).isEqualTo("bob@example.com");
		assertThat(get("/v1/customers/?active=true").at("/items/0/external_id").asString()).isEqualTo("user_1");
		assertThat(get("/v1/customers/?active=false").at("/items/0/email").asString()).isEqualTo("bob@example.com");
	}

}
