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

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for benefits of a {@link PolarFake} that have properties: license keys, credits,
 * and feature flags.
 */
class PolarFakeBenefitTests extends PolarFakeSeller {

	private static final String STATE = "/v1/customers/external/user_1/state";

	private String create(String kind, String fields) throws Exception {
		return send(201, "POST", "/v1/" + kind + "/", "{" + fields + "}").at("/id").asString();
	}

	/**
	 * Sell a free product with one benefit.
	 */
	private String sell(String benefit) throws Exception {
		String id = create("benefits", benefit);
		String product = create("products",
				"\"name\":\"App\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":0}]");
		send(200, "POST", "/v1/products/" + product + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(id));
		buy(product);
		return id;
	}

	private JsonNode license(int status, String path, String fields) throws Exception {
		return send(status, "POST", path,
				"{\"organization_id\":\"%s\",%s}".formatted(this.fake.state().organizationId(), fields));
	}

	private JsonNode grantCreated() {
		return events().stream()
			.filter((delivery) -> delivery.type().equals("benefit_grant.created"))
			.map((delivery) -> JsonMapper.shared().readTree(delivery.body()).path("data"))
			.reduce((first, second) -> second)
			.orElseThrow();
	}

	@Test
	void licenseKeyIsValidatedAndActivated() throws Exception {
		String benefit = sell("""
				"type":"license_keys","description":"License","properties":
				{"prefix":"APP","activations":{"limit":1,"enable_customer_admin":true},"limit_usage":3}""");
		JsonNode key = get("/v1/license-keys/?benefit_id=" + benefit).at("/items/0");
		String text = "\"key\":\"" + key.at("/key").asString() + "\"";
		assertThat(key.at("/key").asString()).startsWith("APP-");
		assertThat(get(STATE).at("/granted_benefits/0/properties/display_key").asString())
			.isEqualTo(key.at("/display_key").asString());
		String open = "/v1/customer-portal/license-keys/";
		assertThat(license(200, open + "validate", text + ",\"increment_usage\":2").at("/usage").asInt()).isEqualTo(2);
		assertThat(license(400, open + "validate", text + ",\"increment_usage\":2").at("/detail").asString())
			.isEqualTo("License key only has 1 more usages.");
		String activation = license(200, open + "activate", text + ",\"label\":\"Laptop\",\"conditions\":{\"major\":1}")
			.at("/id")
			.asString();
		license(403, "/v1/license-keys/activate", text + ",\"label\":\"Desktop\"");
		String used = text + ",\"activation_id\":\"" + activation + "\"";
		assertThat(license(404, open + "validate", used).at("/detail").asString())
			.isEqualTo("License key does not match required conditions");
		license(200, open + "validate", used + ",\"conditions\":{\"major\":1}");
		license(204, open + "deactivate", used);
		license(404, open + "deactivate", used);
		license(404, open + "validate", "\"key\":\"APP-1\"");
	}

	@Test
	void revokedLicenseKeyRevokesBenefit() throws Exception {
		sell("\"type\":\"license_keys\",\"description\":\"License\",\"properties\":{\"limit_usage\":3}");
		JsonNode key = get("/v1/license-keys/").at("/items/0");
		String path = "/v1/license-keys/" + key.at("/id").asString();
		send(200, "PATCH", path, "{\"limit_usage\":9}");
		assertThat(typesOf(() -> send(200, "PATCH", path, "{\"status\":\"disabled\"}"))).isEmpty();
		assertThat(typesOf(() -> send(200, "PATCH", path, "{\"status\":\"revoked\"}")))
			.containsExactly("benefit_grant.revoked", "customer.state_changed");
		send(400, "POST", path + "/rotate", "");
		assertThat(typesOf(() -> send(200, "PATCH", path, "{\"status\":\"granted\"}")))
			.containsExactly("benefit_grant.created", "customer.state_changed");
		assertThat(get(path).at("/limit_usage").asInt()).isEqualTo(3);
		assertThat(send(200, "POST", path + "/rotate", "").at("/key").asString())
			.isNotEqualTo(key.at("/key").asString());
	}

	@Test
	void licenseKeyExpires() throws Exception {
		sell("""
				"type":"license_keys","description":"License","properties":
				{"expires":{"ttl":1,"timeframe":"month"}}""");
		String text = "\"key\":\"" + get("/v1/license-keys/").at("/items/0/key").asString() + "\"";
		license(200, "/v1/license-keys/validate", text);
		this.fake.advance(Duration.ofDays(32));
		assertThat(license(404, "/v1/license-keys/validate", text).at("/detail").asString())
			.isEqualTo("License key has expired.");
	}

	@Test
	void usageIsCountedFifteenSecondsAfterLastEvent() throws Exception {
		String meter = create("meters", """
				"name":"Tokens","filter":{"conjunction":"and","clauses":[{"property":"name","operator":"eq",
				"value":"chat"}]},"aggregation":{"func":"sum","property":"tokens"}""");
		sell("""
				"type":"meter_credit","description":"Credit","properties":
				{"units":100,"rollover":false,"meter_id":"%s"}""".formatted(meter));
		assertThat(grantCreated().at("/properties/last_credited_units").asInt()).isEqualTo(100);
		assertThat(get(STATE).at("/active_meters/0/balance").asInt()).isEqualTo(100);
		send(200, "POST", "/v1/events/ingest", """
				{"events":[{"name":"chat","external_customer_id":"user_1","metadata":{"tokens":30}},
				{"name":"chat","external_customer_id":"user_1","metadata":{"tokens":"9"}},
				{"name":"other","external_customer_id":"user_1","metadata":{"tokens":9}}]}""");
		assertThat(get(STATE).at("/active_meters/0/balance").asInt()).isEqualTo(100);
		assertThat(typesOf(() -> this.fake.advance(Duration.ofSeconds(15)))).containsExactly("customer.state_changed");
		JsonNode usage = get("/v1/customer-meters/?external_customer_id=user_1").at("/items/0");
		assertThat(usage.at("/consumed_units").asInt()).isEqualTo(30);
		assertThat(usage.at("/balance").asInt()).isEqualTo(70);
		assertThat(get("/v1/customer-meters/" + usage.at("/id").asString()).at("/meter/name").asString())
			.isEqualTo("Tokens");
		assertThat(get("/v1/benefit-grants/").at("/items/0/properties").isEmpty()).isTrue();
	}

	@Test
	void featureFlagIsNotShownToBuyer() throws Exception {
		String flag = sell("\"type\":\"feature_flag\",\"description\":\"Beta\",\"properties\":{}");
		JsonNode session = get("/v1/checkouts/").at("/items/0");
		assertThat(session.at("/product/benefits").isEmpty()).isTrue();
		assertThat(get("/v1/benefits/" + flag + "/grants").at("/pagination/total_count").asInt()).isOne();
	}

	@Test
	void deletedBenefitIsRevoked() throws Exception {
		String benefit = sell("\"type\":\"custom\",\"description\":\"Access\",\"properties\":{}");
		assertThat(typesOf(() -> send(204, "DELETE", "/v1/benefits/" + benefit, ""))).containsExactly("benefit.updated",
				"benefit_grant.revoked", "customer.state_changed");
		assertThat(get(STATE).at("/granted_benefits").isEmpty()).isTrue();
	}

}
