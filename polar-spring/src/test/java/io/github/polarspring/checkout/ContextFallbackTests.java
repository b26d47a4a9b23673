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

package io.github.polarspring.checkout;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.PolarTimeoutException;
import io.github.polarspring.PolarValidationException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.product.PolarProducts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skyscreamer.jsonassert.JSONAssert;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values from the {@link CheckoutContext} do not cost a sale: the exact JSON of each
 * request.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class ContextFallbackTests {

	private static final UUID PRO = UUID.fromString("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710");

	private static final String SESSION = """
			{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""";

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<Answer> answers = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private HttpServer polar;

	@BeforeEach
	void start() throws Exception {
		this.polar = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		this.polar.setExecutor(Executors.newCachedThreadPool());
		this.polar.createContext("/", this::handle);
		this.polar.start();
	}

	@AfterEach
	void stop() {
		this.end.countDown();
		this.polar.stop(0);
	}

	private void handle(HttpExchange exchange) {
		try (exchange) {
			this.requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			Answer answer = this.answers.remove(0);
			if (answer == Answer.NONE) {
				this.end.await();
			}
			byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Polar-Version", "2026-10");
			exchange.sendResponseHeaders(answer.status(), body.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
		}
		catch (Exception ex) {
			// the client went away
		}
	}

	private PolarCheckoutTemplate template(CheckoutContextProvider context) {
		PolarClient client = PolarClient.builder()
			.accessToken("polar_oat_test")
			.baseUrl(URI.create("http://127.0.0.1:" + this.polar.getAddress().getPort()))
			.timeouts(Duration.ofMillis(500), Duration.ofSeconds(2))
			.totalTimeout(Duration.ofSeconds(10))
			.build();
		return PolarCheckoutTemplate.builder(client)
			.products(new PolarProducts(Map.of("pro", PRO)))
			.contextProvider(context)
			.build();
	}

	private static CheckoutContext context() {
		return CheckoutContext.empty()
			.withIdentity(PolarIdentity.of("user_1042").withEmail("ada@nodomain.example").withName("Ada"))
			.withClientIp("203.0.113.7")
			.withLocale(Locale.GERMANY);
	}

	private static Answer refusal(String... fields) {
		List<String> items = new ArrayList<>();
		for (String field : fields) {
			items.add("""
					{"type":"value_error","loc":["body","%s"],"msg":"No, ada@nodomain.example.","input":"ada"}"""
				.formatted(field));
		}
		return new Answer(422,
				"{\"error\":\"PolarRequestValidationError\",\"detail\":[" + String.join(",", items) + "]}");
	}

	private void sent(String... bodies) throws Exception {
		assertThat(this.requests).hasSize(bodies.length);
		for (int i = 0; i < bodies.length; i++) {
			JSONAssert.assertEquals(bodies[i], this.requests.get(i), true);
		}
	}

	private static String body(String prefills) {
		return """
				{"products":["b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710"],"external_customer_id":"user_1042",
				"metadata":{"plan":"yearly","external_customer_id":"user_1042"}%s}""".formatted(prefills);
	}

	private static final String ALL = """
			,"customer_email":"ada@nodomain.example","customer_name":"Ada","customer_ip_address":"203.0.113.7",\
			"locale":"de-DE\"""";

	@Test
	void rejectedPrefillIsLeftOutAndNothingElse(CapturedOutput output) throws Exception {
		this.answers.addAll(List.of(refusal("customer_email"), new Answer(201, SESSION), refusal("customer_email"),
				new Answer(201, SESSION)));
		PolarCheckoutTemplate template = template(ContextFallbackTests::context);
		CheckoutRequest request = CheckoutRequest.forProducts("pro").metadata("plan", "yearly").build();
		assertThat(template.create(request).url()).isEqualTo("https://polar.sh/checkout/polar_c_x");
		template.create(request);
		String without = body(
				",\"customer_name\":\"Ada\",\"customer_ip_address\":\"203.0.113.7\",\"locale\":\"de-DE\"");
		sent(body(ALL), without, body(ALL), without);
		assertThat(output.getAll().split("is created without the values of customer_email from the checkout context"))
			.hasSize(2);
		assertThat(output).doesNotContain("nodomain");
	}

	@Test
	void severalRejectedPrefillsAreLeftOutTogether() throws Exception {
		this.answers.addAll(List.of(refusal("customer_email", "customer_name", "customer_ip_address", "locale"),
				new Answer(201, SESSION)));
		template(ContextFallbackTests::context)
			.create(CheckoutRequest.forProducts("pro").metadata("plan", "yearly").build());
		sent(body(ALL), body(""));
	}

	@ParameterizedTest
	@CsvSource({ "products,customer_email", "metadata,locale", "external_customer_id,customer_email",
			"customer_email,discount_id", "external_customer_id,external_customer_id" })
	void rejectionThatBlamesAnythingElseIsTheResponse(String first, String second) {
		this.answers.add(refusal(first, second));
		assertThatExceptionOfType(PolarValidationException.class).isThrownBy(
				() -> template(ContextFallbackTests::context).create(CheckoutRequest.forProducts("pro").build()));
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void whatTheApplicationSetIsNeverLeftOut() {
		this.answers.addAll(List.of(refusal("customer_email"), refusal("locale"), refusal("customer_ip_address")));
		PolarCheckoutTemplate template = template(ContextFallbackTests::context);
		CheckoutRequest request = CheckoutRequest.forProducts("pro")
			.customerEmail("ada@nodomain.example")
			.locale(Locale.FRANCE)
			.customerIpAddress("198.51.100.7")
			.build();
		for (int i = 1; i <= 3; i++) {
			assertThatExceptionOfType(PolarValidationException.class).isThrownBy(() -> template.create(request));
			assertThat(this.requests).hasSize(i);
		}
	}

	@Test
	void secondRejectionIsTheResponse() {
		this.answers.addAll(List.of(refusal("locale"), refusal("customer_email")));
		assertThatExceptionOfType(PolarValidationException.class)
			.isThrownBy(
					() -> template(ContextFallbackTests::context).create(CheckoutRequest.forProducts("pro").build()))
			.satisfies((ex) -> assertThat(ex.getFieldErrors().get(0).field()).isEqualTo("customer_email"));
		assertThat(this.requests).hasSize(2);
	}

	@Test
	void emailAddressThatTakesTooLongToCheckIsLeftOut() throws Exception {
		this.answers.addAll(List.of(Answer.NONE, new Answer(201, SESSION)));
		template(ContextFallbackTests::context)
			.create(CheckoutRequest.forProducts("pro").metadata("plan", "yearly").build());
		sent(body(ALL),
				body(",\"customer_name\":\"Ada\",\"customer_ip_address\":\"203.0.113.7\",\"locale\":\"de-DE\""));
	}

	@Test
	void emailAddressOfTheApplicationIsSentAgain() {
		this.answers.addAll(List.of(Answer.NONE, Answer.NONE, Answer.NONE));
		assertThatExceptionOfType(PolarTimeoutException.class).isThrownBy(() -> template(CheckoutContext::empty)
			.create(CheckoutRequest.forProducts("pro").customerEmail("ada@nodomain.example").build()));
		assertThat(this.requests).hasSizeGreaterThan(1)
			.allSatisfy((request) -> assertThat(request).contains("ada@nodomain"));
	}

	private record Answer(int status, String body) {

		private static final Answer NONE = new Answer(0, "");

	}

}
