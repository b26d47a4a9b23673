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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;

import io.github.polarspring.test.PolarFakeWebhooks.Delivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Base class for tests of what follows from a sale. All products have a benefit, and
 * buyers live in Illinois.
 */
abstract class PolarFakeSeller {

	private final HttpClient http = HttpClient.newHttpClient();

	final PolarFake fake = PolarFake.start().taxRate("US-IL", 0);

	@BeforeEach
	void listen() {
		// no one listens, so every first attempt fails at once
		this.fake.webhooks().addEndpoint(URI.create("http://127.0.0.1:9/"), "x".repeat(32));
	}

	@AfterEach
	void stop() {
		this.fake.close();
	}

	JsonNode send(int status, String method, String path, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(this.fake.baseUrl().resolve(path))
			.method(method, BodyPublishers.ofString(body))
			.header("Authorization", "Bearer " + this.fake.accessToken())
			.header("Content-Type", "application/json")
			.build();
		var response = this.http.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		this.fake.webhooks().await();
		return JsonMapper.shared().readTree(response.body().isEmpty() ? "{}" : response.body());
	}

	JsonNode get(String path) throws Exception {
		return send(200, "GET", path, "");
	}

	List<String> typesOf(Task task) throws Exception {
		int before = events().size();
		task.run();
		return events().subList(before, events().size()).stream().map(Delivery::type).toList();
	}

	List<Delivery> events() {
		return this.fake.webhooks().deliveries().stream().filter((delivery) -> delivery.attempt() == 1).toList();
	}

	String product(String fields) throws Exception {
		String id = send(201, "POST", "/v1/products/", "{\"name\":\"Course\",%s}".formatted(fields)).at("/id")
			.asString();
		String benefit = send(201, "POST", "/v1/benefits/",
				"{\"type\":\"custom\",\"description\":\"Access\",\"properties\":{}}")
			.at("/id")
			.asString();
		send(200, "POST", "/v1/products/" + id + "/benefits", "{\"benefits\":[\"%s\"]}".formatted(benefit));
		return id;
	}

	String course() throws Exception {
		return product("\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":2000}]");
	}

	String monthly() throws Exception {
		return product(
				"\"recurring_interval\":\"month\",\"prices\":[{\"amount_type\":\"fixed\",\"price_amount\":1500}]");
	}

	UUID buy(String product, String fields) throws Exception {
		JsonNode session = send(201, "POST", "/v1/checkouts/", """
				{"products":["%s"],"customer_email":"ada@example.com","external_customer_id":"user_1"%s}"""
			.formatted(product, fields));
		send(200, "POST", "/v1/checkouts/client/" + session.at("/client_secret").asString() + "/confirm", """
				{"customer_name":"Ada","confirmation_token_id":"ctoken_1"}""");
		return this.fake.orderIds().get(0);
	}

	UUID buy(String product) throws Exception {
		return buy(product, """
				,"customer_billing_address":{"country":"US","state":"IL","line1":"1 Main Street","city":"Springfield",
				"postal_code":"62701"}""");
	}

	/**
	 * Call that causes events.
	 */
	@FunctionalInterface
	interface Task {

		void run() throws Exception;

	}

}
