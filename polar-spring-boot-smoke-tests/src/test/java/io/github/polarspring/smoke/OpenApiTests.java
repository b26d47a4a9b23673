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

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.model.CheckoutSession;
import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckout;
import io.github.polarspring.web.PolarCheckoutReturn;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
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
 * Tests for the API documentation that springdoc generates for checkout methods.
 */
class OpenApiTests {

	@ApplicationWith({ WEB_MVC, TOMCAT, OPENAPI })
	void checkoutMethodsAreDescribedAsCallersSeeThem() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "polar.access-token=polar_oat_test",
					"polar.products.pro=b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710")
			.run()) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			String json = new Browser().get(port, "/v3/api-docs").body();
			JsonNode documentation = JsonMapper.shared().readTree(json);
			assertThat(documentation.path("paths").propertyNames()).hasSize(11);
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
			assertThat(documentation.at("/paths/~1thanks/get").has("parameters")).isFalse();
			assertThat(json).doesNotContain("CheckoutRequest", "CheckoutOutcome", "CheckoutSession", "DeferredResult");
			assertThat(documentation.at("/paths/~1other/get/responses").propertyNames()).containsExactly("200");
			assertThat(documentation.at("/paths/~1other/get/responses/200/content/*~1*/schema/type").asString())
				.isEqualTo("string");
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shop.class)
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

		@GetMapping("/thanks")
		String thanks(@PolarCheckoutReturn CheckoutOutcome outcome) {
			return outcome.toString();
		}

		@GetMapping("/other")
		String other() {
			return "other";
		}

	}

}
