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

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.polarspring.PolarApiException;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.model.PolarResource;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;

import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The server, as the tests see it: the client of this project, other calls, and objects
 * that exist for a run. At the end, archives or deletes these objects and writes the
 * report.
 */
final class Contract implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private static final int MAX_PAUSES = 30;

	private final Clock clock = Clock.systemUTC();

	private final Instant start = this.clock.instant();

	private final ContractTarget target;

	private final Path reportFile;

	private final ContractReport report = new ContractReport();

	private final Shapes shapes = Shapes.load();

	private final ContractNames names;

	private final ContractHttp http;

	private final PolarClient client;

	private final Map<String, UUID> shared = new HashMap<>();

	private final Deque<Supplier<ContractRequest>> cleanUp = new ArrayDeque<>();

	Contract(ContractTarget target, Path reportFile) {
		this.target = target;
		this.reportFile = reportFile;
		this.names = new ContractNames(target.emailDomain());
		this.http = new ContractHttp(target.isServer(), this.clock, Throttle.Sleeper.THREAD, this.report);
		this.client = PolarClient.builder()
			.baseUrl(target.url())
			.accessToken(target.accessToken())
			.apiVersion(ContractRequest.VERSION)
			.timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60))
			.retry(1, Duration.ofMillis(1), Duration.ofMillis(1))
			.restClient((restClient) -> restClient.requestInterceptor(this.http))
			.build();
	}

	ContractReport report() {
		return this.report;
	}

	ContractNames names() {
		return this.names;
	}

	PolarClient client() {
		return this.client;
	}

	PolarCheckoutTemplate checkouts() {
		return PolarCheckoutTemplate.builder(this.client).build();
	}

	PolarCustomerTemplate customers() {
		return new PolarCustomerTemplate(this.client);
	}

	/**
	 * Make a call with the client of this project, and check the status and the kind of
	 * the result.
	 */
	<T extends PolarResource> T typed(int status, String kind, Supplier<T> call) {
		T result = typed(status, call);
		ContractResponse.check(this.report, this.shapes, "client", kind, result.json());
		return result;
	}

	/**
	 * Make a call with the client of this project, and check the status.
	 */
	<T> T typed(int status, Supplier<T> call) {
		this.http.expect(status);
		try {
			T result = call.get();
			requireStatus(status, String.valueOf(this.http.status()));
			return result;
		}
		catch (PolarApiException ex) {
			requireStatus(status, this.http.status() + " " + ex.getMessage());
			throw ex;
		}
	}

	private void requireStatus(int status, String got) {
		if (this.http.status() != status) {
			this.report.difference("client", String.valueOf(status), got);
			throw new ContractDifference("client", String.valueOf(status), got);
		}
	}

	/**
	 * Describe a call.
	 * @param path path with template variables
	 */
	ContractRequest call(String method, String path, Object... uriVariables) {
		String base = StringUtils.trimTrailingCharacter(this.target.url().toString(), '/');
		URI uri = UriComponentsBuilder.fromUriString(base + path).encode().buildAndExpand(uriVariables).toUri();
		return new ContractRequest(this.http, this.report, this.shapes, method, uri, this.target.accessToken());
	}

	ContractRequest get(String path, Object... uriVariables) {
		return call("GET", path, uriVariables);
	}

	ContractRequest post(String path, Object... uriVariables) {
		return call("POST", path, uriVariables);
	}

	ContractRequest patch(String path, Object... uriVariables) {
		return call("PATCH", path, uriVariables);
	}

	/**
	 * Make a call until it has a result that Polar's background jobs bring about.
	 */
	JsonNode eventually(Supplier<ContractRequest> call, Predicate<JsonNode> condition) {
		JsonNode json = call.get().expect(200).json();
		for (int i = 0; i < MAX_PAUSES && !condition.test(json); i++) {
			Throttle.Sleeper.THREAD.sleep(this.target.isServer() ? PAUSE : PAUSE.dividedBy(100));
			json = call.get().expect(200).json();
		}
		return json;
	}

	/**
	 * Archive or delete something at the end of the run, even if tests fail.
	 */
	void atTheEnd(Supplier<ContractRequest> call) {
		this.cleanUp.push(call);
	}

	/**
	 * An external ID of a customer who is deleted at the end of the run.
	 */
	String externalId() {
		String name = this.names.next();
		atTheEnd(() -> call("DELETE", "/v1/customers/external/{id}", name));
		return name;
	}

	/**
	 * Create a product, which is archived at the end of the run.
	 */
	UUID createProduct(Map<String, ?> product) {
		UUID id = id(post("/v1/products/").body(product).expect(201).shape("product").json());
		atTheEnd(() -> patch("/v1/products/{id}", id).body(Map.of("is_archived", true)));
		return id;
	}

	/**
	 * Create something that needs a feature which not every organization has. Without it,
	 * the test is skipped, and the report says so.
	 */
	UUID createProductOrSkip(String feature, Map<String, ?> product) {
		ContractResponse response = post("/v1/products/").body(product).send("201");
		if (this.target.isServer() && (response.status() == 403 || response.status() == 422)) {
			String reason = "the organization does not have the feature '" + feature + "'";
			this.report.note(reason);
			throw new TestAbortedException(reason);
		}
		response.requireStatus(201);
		UUID id = id(response.shape("product").json());
		atTheEnd(() -> patch("/v1/products/{id}", id).body(Map.of("is_archived", true)));
		return id;
	}

	/**
	 * Create a discount, which is deleted at the end of the run.
	 */
	UUID createDiscount(Map<String, ?> discount) {
		return create("discounts", "discount", discount);
	}

	/**
	 * Create a part of the catalog, which is deleted at the end of the run.
	 */
	UUID create(String collection, String kind, Map<String, ?> body) {
		UUID id = id(post("/v1/" + collection + "/").body(body).expect(201).shape(kind).json());
		atTheEnd(() -> call("DELETE", "/v1/" + collection + "/{id}", id));
		return id;
	}

	/**
	 * A product for $10.00.
	 */
	UUID paidProduct() {
		return product("paid", Map.of("prices", List.of(price(1000))));
	}

	UUID freeProduct() {
		return product("free", Map.of("prices", List.of(price(0))));
	}

	/**
	 * A subscription for $10.00 a month, after a trial of 7 days.
	 */
	UUID paidSubscription() {
		return product("paid subscription", Map.of("prices", List.of(price(1000)), "recurring_interval", "month",
				"trial_interval", "day", "trial_interval_count", 7));
	}

	UUID freeSubscription() {
		return product("free subscription", Map.of("prices", List.of(price(0)), "recurring_interval", "month"));
	}

	static Map<String, Object> price(int amount) {
		return Map.of("amount_type", "fixed", "price_currency", "usd", "price_amount", amount);
	}

	private UUID product(String name, Map<String, ?> settings) {
		return this.shared.computeIfAbsent(name, (key) -> {
			Map<String, Object> product = new HashMap<>(settings);
			product.put("name", this.names.next() + " " + name);
			return createProduct(product);
		});
	}

	static UUID id(JsonNode json) {
		return UUID.fromString(json.path("id").asString());
	}

	@Override
	public void close() {
		try (this.target) {
			this.report.test("clean-up");
			this.cleanUp.forEach((supplier) -> cleanUp(supplier.get()));
			String summary = this.report.summary(this.target, Duration.between(this.start, this.clock.instant()),
					this.http.peak());
			this.report.write(this.reportFile, summary);
			System.out.println(summary + ". Report: " + this.reportFile);
		}
	}

	private void cleanUp(ContractRequest request) {
		ContractResponse response = request.send("200, 204, or 404");
		if (!Set.of(200, 204, 404).contains(response.status())) {
			this.report.leftBehind(response.call(), String.valueOf(response.status()));
		}
	}

}
