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

package io.github.polarspring.autoconfigure;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.UUID;

import com.sun.net.httpserver.HttpServer;
import io.github.polarspring.PolarSaturationException;
import io.github.polarspring.autoconfigure.webhook.PolarReactiveWebhookAutoConfiguration;
import io.github.polarspring.autoconfigure.webhook.PolarWebhookAutoConfiguration;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the developer reads when the application starts, or does not.
 */
@ExtendWith(OutputCaptureExtension.class)
class PolarStartupTests {

	private static final String SESSION = """
			{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""";

	private static final String SECRET = "whsec_" + "c2VjcmV0".repeat(6);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class));

	private final WebApplicationContextRunner webRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class));

	private HttpServer polar;

	private volatile Answer answer = new Answer(200, null, "{}");

	@BeforeEach
	void start() throws Exception {
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(PolarStartupLog.class.getName(), LogLevel.INFO);
		this.polar = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		this.polar.createContext("/", (exchange) -> {
			try (exchange) {
				exchange.getRequestBody().readAllBytes();
				byte[] body = this.answer.body().getBytes();
				if (this.answer.header() != null) {
					String[] header = this.answer.header().split(": ", 2);
					exchange.getResponseHeaders().set(header[0], header[1]);
				}
				exchange.sendResponseHeaders(this.answer.status(), body.length);
				exchange.getResponseBody().write(body);
			}
		});
		this.polar.start();
	}

	@AfterEach
	void stop() {
		this.polar.stop(0);
	}

	private static String polarLines(CapturedOutput output) {
		return output.getAll()
			.lines()
			.filter((line) -> line.contains(" Polar: ") || line.contains(" Polar is not"))
			.map((line) -> line.substring(line.indexOf(" : ") + 3))
			.reduce((one, other) -> one + "\n" + other)
			.orElse("");
	}

	@Test
	void lineNamesEnvironmentHostVersionAndWebhooks(CapturedOutput output) {
		this.webRunner
			.withPropertyValues("polar.access-token=polar_oat_secret", "polar.environment=sandbox",
					"polar.webhook.secret=" + SECRET)
			.run((context) -> assertThat(polarLines(output))
				.isEqualTo("Polar: sandbox (sandbox-api.polar.sh), API version 2026-10, webhooks at /webhooks/polar"));
		assertThat(output).doesNotContain("polar_oat_secret", SECRET);
	}

	@Test
	void lineSaysThatThereAreNoWebhooks(CapturedOutput output) {
		this.webRunner.withPropertyValues("polar.access-token=polar_oat_secret")
			.run((context) -> assertThat(polarLines(output)).isEqualTo(
					"Polar: production (api.polar.sh), API version 2026-10, webhooks disabled ('polar.webhook.secret' is not set)"));
	}

	@Test
	void lineSaysThatEventsAreRelayed(CapturedOutput output) {
		this.webRunner
			.withPropertyValues("polar.access-token=polar_oat_secret", "polar.environment=sandbox",
					"polar.webhook.listen=true")
			.run((context) -> assertThat(polarLines(output)).isEqualTo(
					"Polar: sandbox (sandbox-api.polar.sh), API version 2026-10, webhooks from the event stream of the sandbox"));
	}

	@Test
	void lineOfAReactiveApplicationNamesItsEndpoint(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarWebhookAutoConfiguration.class,
					PolarReactiveWebhookAutoConfiguration.class))
			.withPropertyValues("polar.access-token=polar_oat_secret", "polar.environment=sandbox",
					"polar.webhook.secret=" + SECRET)
			.run((context) -> assertThat(polarLines(output)).endsWith("webhooks at /webhooks/polar"));
	}

	@Test
	void lineOfAnApplicationWithoutWeb(CapturedOutput output) {
		this.runner
			.withPropertyValues("polar.access-token=polar_oat_secret", "polar.base-url=https://polar.example/api",
					"polar.api-version=2027-01")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(polarLines(output))
				.isEqualTo("Polar: custom (polar.example), API version 2027-01, no webhook endpoint"));
	}

	@Test
	void lineSaysThatPolarIsNotConfigured(CapturedOutput output) {
		this.runner.withPropertyValues("polar.access-token= ")
			.run((context) -> assertThat(polarLines(output))
				.isEqualTo("Polar is not configured: 'polar.access-token' is not set, no webhook endpoint"));
	}

	@Test
	void connectionDetailsWithADescriptionAreAskedForNothingElse(CapturedOutput output) {
		PolarConnectionDetails details = new PolarConnectionDetails() {

			@Override
			public URI getBaseUrl() {
				throw new IllegalStateException("asked");
			}

			@Override
			public String getAccessToken() {
				throw new IllegalStateException("asked");
			}

			@Override
			public String getDescription() {
				return "a stand-in";
			}

		};
		this.runner.withBean(PolarConnectionDetails.class, () -> details)
			.run((context) -> assertThat(polarLines(output))
				.isEqualTo("Polar: a stand-in, API version 2026-10, no webhook endpoint"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					401 | -                    | {"error":"invalid_token"} | The access token is wrong, expired or revoked | set the property 'polar.access-token' or the environment variable POLAR_ACCESS_TOKEN
					403 | WWW-Authenticate: Bearer error="insufficient_scope", scope="checkouts:write checkouts:read" | {"error":"insufficient_scope"} | lacks a scope | Add a scope to the access token in Polar's dashboard, under Settings: checkouts:read or checkouts:write.
					404 | -                    | {"detail":"Not Found"}    | It no longer serves API version '2026-10' | Set 'polar.api-version'
					422 | Polar-Version: 2026-10 | {"error":"PolarRequestValidationError","detail":[{"type":"value_error","loc":["body","products",0],"msg":"Product does not exist."}]} | Product does not exist | Check the IDs in 'polar.products'
					403 | Polar-Version: 2026-10 | {"error":"NotPermitted","detail":"Not permitted"} | Polar may have blocked the organization | the state of the organization in Polar's dashboard
					404 | Polar-Version: 2026-10 | {"detail":"Not Found"}    | The path is unknown | Check 'polar.base-url'
					429 | Retry-After: 0         | {}                        | 429 Too Many Requests | Polar limits the calls of all applications
					302 | Location: /elsewhere | {} | redirects are not followed | Check that this machine can connect to Polar""")
	void failureOfACallAtStartIsExplained(int status, String header, String body, String description, String action,
			CapturedOutput output) {
		this.answer = new Answer(status, header.equals("-") ? null : header, body);
		assertThatException().isThrownBy(() -> application().run());
		assertThat(output).contains("APPLICATION FAILED TO START", description, action);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					401 | Content-Type: text/html | <html>Proxy</html>
					401 | Content-Type: application/json | {"timestamp":"2026-11-29T10:00:00Z","status":401,"error":"Unauthorized","path":"/v1/x"}
					403 | Content-Type: text/html | <html>Firewall</html>
					403 | Content-Type: application/json | {"message":"Forbidden"}
					404 | Content-Type: text/html | <html>nginx</html>
					404 | Content-Type: application/json | {"timestamp":"2026-11-29T10:00:00Z","status":404,"error":"Not Found","path":"/v1/x"}""")
	void responseOfAnotherServerAtStartIsNotExplainedAsOneOfPolar(int status, String header, String body,
			CapturedOutput output) {
		this.answer = new Answer(status, header, body);
		assertThatException().isThrownBy(() -> application().run());
		assertThat(output).contains("The response is not one of Polar's API",
				"Check 'polar.base-url', if it is set, and the proxies and firewalls between this machine and Polar.")
			.doesNotContain("Create an organization access token", "Check the scopes", "Set 'polar.api-version'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					401 | {"error":"Unauthorized","detail":"Unauthorized"} | Polar received no access token | removes or replaces the header Authorization | Create an organization access token
					403 | {"error":"NotPermitted","detail":"Not permitted"} | the role of the token's owner | Check the role of the token's owner | Check the scopes
					403 | {"error":"insufficient_scope"} | lacks a scope | Check the scopes of the access token | the state of the organization
					200 | <html>Proxy</html> | cannot be read: not the expected JSON | a proxy can redirect calls or replace responses | Create an organization access token""")
	void actionAgreesWithTheMessage(int status, String body, String description, String action, String other,
			CapturedOutput output) {
		this.answer = new Answer(status, "Polar-Version: 2026-10", body);
		assertThatException().isThrownBy(() -> application().run());
		assertThat(output).contains("APPLICATION FAILED TO START", description, action).doesNotContain(other);
	}

	@Test
	void saturationAtStartIsNoMatterOfTheConnection() {
		assertThat(new PolarFailureAnalyzer().analyze(new PolarSaturationException("limit")).getAction())
			.contains("'polar.http.max-concurrent-calls'")
			.doesNotContain("connect to Polar");
	}

	@Test
	void failureOfACallLaterIsLoggedOnceUntilItSucceedsAndTheApplicationGoesOn(CapturedOutput output) {
		Answer refusal = new Answer(401, null, "{\"error\":\"invalid_token\"}");
		this.runner
			.withPropertyValues("polar.access-token=polar_oat_secret",
					"polar.base-url=http://127.0.0.1:" + this.polar.getAddress().getPort())
			.run((context) -> {
				PolarCheckoutOperations checkouts = context.getBean(PolarCheckoutOperations.class);
				this.answer = refusal;
				for (int i = 0; i < 3; i++) {
					assertThatException().isThrownBy(() -> checkouts.get(UUID.randomUUID()));
				}
				assertThat(explanations(output)).isEqualTo(1);
				this.answer = new Answer(200, null, SESSION);
				checkouts.get(UUID.randomUUID());
				this.answer = refusal;
				assertThatException().isThrownBy(() -> checkouts.get(UUID.randomUUID()));
				assertThat(explanations(output)).isEqualTo(2);
				assertThat(context.isActive()).isTrue();
			});
	}

	private static int explanations(CapturedOutput output) {
		return output.getAll()
			.split("GET /v1/checkouts/\\{id} failed: .*Check 'polar.access-token' and 'polar.environment'").length - 1;
	}

	@Test
	void otherVersionIsWarnedOfOnce(CapturedOutput output) {
		this.answer = new Answer(200, "Polar-Version: 2027-01",
				"""
						{"id":"8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018","status":"open","url":"https://polar.sh/checkout/polar_c_x"}""");
		this.runner
			.withPropertyValues("polar.access-token=polar_oat_secret",
					"polar.base-url=http://127.0.0.1:" + this.polar.getAddress().getPort())
			.run((context) -> {
				for (int i = 0; i < 3; i++) {
					context.getBean(PolarCheckoutOperations.class).get(UUID.randomUUID());
				}
				assertThat(
						output.getAll().split("responds with another API version than the requested version '2026-10'"))
					.hasSize(2);
			});
	}

	private SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(CallingApplication.class).web(WebApplicationType.NONE)
			.properties("polar.access-token=polar_oat_secret",
					"polar.base-url=http://127.0.0.1:" + this.polar.getAddress().getPort());
	}

	private record Answer(int status, String header, String body) {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PolarAutoConfiguration.class)
	static class CallingApplication {

		@Bean
		ApplicationRunner runner(PolarCheckoutOperations checkouts) {
			return (arguments) -> checkouts
				.create(CheckoutRequest.forProducts("b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710").build());
		}

	}

}
