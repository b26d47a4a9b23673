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

package io.github.polarspring.smoke;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import io.github.polarspring.web.PolarPortal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.responses.ApiResponses;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;

import static io.github.polarspring.smoke.Library.OPENAPI;
import static io.github.polarspring.smoke.Library.TOMCAT;
import static io.github.polarspring.smoke.Library.WEB_MVC;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the API documentation that springdoc generates for annotated methods.
 */
class OpenApiTests {

	private static String documentation(Class<?> controller, String... properties) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, controller)
			.properties("server.port=0", "polar.access-token=polar_oat_test",
					"polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
			.properties(properties)
			.run()) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			return new Browser().get(port, "/v3/api-docs").body();
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, OPENAPI })
	void responsesOfTheApplicationAreKept() throws Exception {
		JsonNode documentation = JsonMapper.shared().readTree(documentation(Described.class));
		for (String path : new String[] { "void", "request", "operation", "interface" }) {
			JsonNode responses = documentation.at("/paths/~1described~1" + path + "/post/responses");
			assertThat(responses.at("/200/description").asString()).as(path).isEqualTo("My own words");
			assertThat(responses.at("/200/content/application~1json/schema/properties").propertyNames()).as(path)
				.containsExactly("url", "expiresAt");
			assertThat(responses.path("503").path("description").asString()).as(path).isNotBlank();
		}
		assertThat(documentation.at("/paths/~1described~1content/post/responses/200/content").toString())
			.isEqualTo("{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}");
		assertThat(documentation.at("/paths/~1described~1nothing/post/responses/200").has("content")).isFalse();
		JsonNode statuses = documentation.at("/paths/~1described~1statuses/post/responses");
		assertThat(statuses.at("/303/description").asString()).isEqualTo("Off to Polar");
		assertThat(statuses.at("/400/description").asString()).isEqualTo("Too many seats");
		assertThat(statuses.at("/303").has("content") || statuses.at("/400").has("content")).isFalse();
		assertThat(documentation.toString()).doesNotContain("CheckoutRequest");
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, OPENAPI })
	void ordinaryMethodsAreNotAffected() throws Exception {
		for (String version : new String[] { "openapi_3_0", "openapi_3_1" }) {
			JsonNode documentation = JsonMapper.shared()
				.readTree(documentation(Ordinary.class, "springdoc.api-docs.version=" + version));
			assertThat(documentation.at("/paths/~1ordinary~1session/get/responses/200/content/*~1*/schema/$ref")
				.asString()).isEqualTo("#/components/schemas/JsonNode");
			assertThat(documentation.at("/components/schemas").propertyNames()).contains("JsonNode", "Receipt")
				.doesNotContain("CheckoutRequest", "Own");
		}
	}

	@ApplicationWith({ WEB_MVC, TOMCAT, OPENAPI })
	void checkoutMethodsAreDescribedAsCallersSeeThem() throws Exception {
		for (String version : new String[] { "openapi_3_0", "openapi_3_1" }) {
			String json = documentation(Shop.class, "springdoc.api-docs.version=" + version);
			JsonNode documentation = JsonMapper.shared().readTree(json);
			assertThat(documentation.path("paths").propertyNames()).hasSize(15);
			for (String path : documentation.path("paths").propertyNames()) {
				JsonNode item = documentation.path("paths").path(path);
				if (path.startsWith("/buy")) {
					JsonNode operation = item.path("post");
					assertThat(operation.path("responses").propertyNames()).as(path).contains("200", "303", "503");
					JsonNode schema = operation.at("/responses/200/content/application~1json/schema");
					assertThat(schema.path("properties").propertyNames()).as(path).containsExactly("url", "expiresAt");
					assertThat(operation.at("/responses/200/content").propertyNames()).hasSize(1);
					assertThat(operation.at("/responses/303/headers/Location/schema/format").asString())
						.isEqualTo("uri");
					assertThat(operation.has("requestBody")).as(path).isFalse();
				}
			}
			assertThat(documentation.at("/paths/~1buy~1seats/post/parameters")).singleElement()
				.satisfies((parameter) -> assertThat(parameter.path("name").asString()).isEqualTo("seats"));
			JsonNode portal = documentation.at("/paths/~1billing/get/responses");
			assertThat(portal.propertyNames()).contains("200", "303", "503");
			assertThat(portal.at("/303/description").asString())
				.isEqualTo("Redirect of a browser to the customer portal");
			assertThat(portal.at("/200/content/application~1json/schema/properties").propertyNames())
				.containsExactly("url", "expiresAt");
			assertThat(documentation.at("/paths/~1thanks/get").has("parameters")).isFalse();
			assertThat(json).doesNotContain("CheckoutRequest", "CheckoutOutcome", "CheckoutSession", "DeferredResult",
					"Own", "WebAsyncTask");
			assertThat(documentation.at("/components/schemas").propertyNames()).isEmpty();
			assertThat(documentation.at("/paths/~1other/get/responses").propertyNames()).containsExactly("200");
			assertThat(documentation.at("/paths/~1other/get/responses/200/content/*~1*/schema/type").asString())
				.isEqualTo("string");
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@RestController
	static class Shop {

		private final CheckoutRequest request = CheckoutRequest.forProducts("pro").build();

		@PostMapping("/buy/void")
		@PolarCheckout("pro")
		void buy() {
		}

		@PostMapping("/buy/seats")
		@PolarCheckout("pro")
		void buySeats(CheckoutRequest.Builder checkout, @RequestParam int seats) {
			checkout.seats(seats);
		}

		@PostMapping("/buy/request")
		@PolarCheckout
		CheckoutRequest request() {
			return this.request;
		}

		@PostMapping("/buy/builder")
		@PolarCheckout
		CheckoutRequest.Builder builder() {
			return this.request.mutate();
		}

		@PostMapping("/buy/session")
		@PolarCheckout
		CheckoutSession session() {
			throw new UnsupportedOperationException();
		}

		@PostMapping("/buy/future")
		@PolarCheckout
		CompletableFuture<CheckoutRequest> future() {
			return CompletableFuture.completedFuture(this.request);
		}

		@PostMapping("/buy/deferred")
		@PolarCheckout("pro")
		DeferredResult<Void> deferred() {
			return new DeferredResult<>();
		}

		@PostMapping("/buy/task")
		@PolarCheckout
		WebAsyncTask<CheckoutRequest> task() {
			return new WebAsyncTask<>(() -> this.request);
		}

		@PostMapping("/buy/callable")
		@PolarCheckout
		Callable<CheckoutRequest.Builder> callable() {
			return this.request::mutate;
		}

		@PostMapping("/buy/own")
		@PolarCheckout
		Own own() {
			return new Own();
		}

		@PostMapping("/buy/stage")
		@PolarCheckout
		CompletionStage<CheckoutSession> stage() {
			return CompletableFuture.completedFuture(session());
		}

		@PostMapping(path = "/buy/produces", produces = "application/json")
		@PolarCheckout
		CheckoutRequest produces() {
			return this.request;
		}

		@GetMapping("/billing")
		@PolarPortal
		void billing() {
		}

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.toString();
		}

		@GetMapping("/other")
		String other() {
			return "other";
		}

	}

	static class Own extends DeferredResult<CheckoutRequest> {

	}

	interface DescribedApi {

		@PostMapping("/described/interface")
		@ApiResponse(responseCode = "200", description = "My own words")
		@PolarCheckout("pro")
		void byInterface();

	}

	@RestController
	static class Described implements DescribedApi {

		@Override
		public void byInterface() {
		}

		@PostMapping("/described/void")
		@ApiResponse(responseCode = "200", description = "My own words")
		@PolarCheckout("pro")
		void byVoid() {
		}

		@PostMapping("/described/request")
		@ApiResponses(@ApiResponse(responseCode = "200", description = "My own words"))
		@PolarCheckout
		CheckoutRequest byRequest() {
			return CheckoutRequest.forProducts("pro").build();
		}

		@PostMapping("/described/operation")
		@Operation(responses = @ApiResponse(responseCode = "200", description = "My own words"))
		@PolarCheckout("pro")
		void byOperation() {
		}

		@PostMapping("/described/content")
		@ApiResponse(responseCode = "200", description = "My own words",
				content = @Content(mediaType = "text/plain", schema = @Schema(implementation = String.class)))
		@PolarCheckout("pro")
		void byContent() {
		}

		@PostMapping("/described/nothing")
		@ApiResponse(responseCode = "200", description = "My own words", content = @Content)
		@PolarCheckout("pro")
		void byNothing() {
		}

		@PostMapping("/described/statuses")
		@ApiResponse(responseCode = "303", description = "Off to Polar")
		@ApiResponse(responseCode = "400", description = "Too many seats")
		@PolarCheckout
		CheckoutRequest byStatuses() {
			return CheckoutRequest.forProducts("pro").build();
		}

	}

	@RestController
	static class Ordinary {

		@GetMapping("/ordinary/session")
		CheckoutSession session() {
			throw new UnsupportedOperationException();
		}

		@GetMapping("/ordinary/receipt")
		Receipt receipt() {
			return new Receipt("1");
		}

		@PostMapping("/buy/session")
		@PolarCheckout
		CheckoutSession buySession() {
			throw new UnsupportedOperationException();
		}

		@PostMapping("/buy/own")
		@PolarCheckout
		Own own() {
			return new Own();
		}

		record Receipt(String id) {
		}

	}

}
