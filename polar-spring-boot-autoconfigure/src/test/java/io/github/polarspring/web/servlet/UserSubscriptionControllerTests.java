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

package io.github.polarspring.web.servlet;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.subscription.PolarSubscriptionOperations;
import io.github.polarspring.subscription.Proration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for controllers that change a subscription of the current user in two lines.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(properties = "polar.products.pro=" + UserSubscriptionControllerTests.PRO)
@AutoConfigureMockMvc
class UserSubscriptionControllerTests {

	static final String PRO = "b2a7c0de-58f1-4e0b-8a52-41f6d3c9e710";

	private static final String ID = "8e0f5b3c-1d72-4a96-bf4e-6c93a2d7e018";

	private static final String PATH = "/v1/subscriptions/" + ID;

	@RegisterExtension
	static final WireMockExtension polar = WireMockExtension.newInstance()
		.options(wireMockConfig().dynamicPort().http2PlainDisabled(true))
		.build();

	@Autowired
	private MockMvcTester mvc;

	@BeforeEach
	void aliceHasASubscription() {
		polar.stubFor(get(PATH).willReturn(aResponse().withBody(subscription("alice"))));
		polar.stubFor(patch(urlEqualTo(PATH)).willReturn(aResponse().withBody(subscription("alice"))));
	}

	private static String subscription(String buyer) {
		return """
				{"id":"%s","status":"active","product_id":"%s","cancel_at_period_end":false,"customer_id":"%s",
				"metadata":{"external_customer_id":"%s"}}""".formatted(ID, UUID.randomUUID(), UUID.randomUUID(), buyer);
	}

	private MvcTestResult post(String action, String accept) {
		return this.mvc.post()
			.uri("/subscriptions/{id}/" + action, ID)
			.header(HttpHeaders.ACCEPT, accept)
			.with(SecurityMockMvcRequestPostProcessors.csrf())
			.with(SecurityMockMvcRequestPostProcessors.user("alice"))
			.exchange();
	}

	private static void rejectChange(ResponseDefinitionBuilder response) {
		polar.stubFor(patch(urlEqualTo(PATH)).willReturn(response));
	}

	private static ResponseDefinitionBuilder error(int status, String error, String detail) {
		return aResponse().withStatus(status)
			.withHeader("Polar-Version", "2026-10")
			.withBody("{\"error\":\"%s\",\"detail\":\"%s\"}".formatted(error, detail));
	}

	@Test
	void usersChangeTheirOwnSubscription() {
		assertThat(post("cancel", MediaType.TEXT_HTML_VALUE)).hasStatus(HttpStatus.FOUND)
			.hasHeader(HttpHeaders.LOCATION, "/account");
		polar.verify(1, getRequestedFor(urlEqualTo(PATH)));
		polar.verify(1,
				patchRequestedFor(urlEqualTo(PATH)).withRequestBody(equalToJson("{\"cancel_at_period_end\":true}")));
	}

	@ParameterizedTest
	@CsvSource({ "cancel", "upgrade" })
	void subscriptionOfAnotherUserIsNotFoundAndNotChanged(String action) {
		polar.stubFor(get(PATH).willReturn(aResponse().withBody(subscription("bob"))));
		assertThat(post(action, MediaType.APPLICATION_JSON_VALUE)).hasStatus(HttpStatus.NOT_FOUND)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyJson()
			.extractingPath("$.detail")
			.isEqualTo("It does not exist, or it is not yours.");
		polar.verify(1, anyRequestedFor(anyUrl()));
		assertThat(post(action, MediaType.TEXT_HTML_VALUE)).hasStatus(HttpStatus.NOT_FOUND);
	}

	@Test
	void unknownSubscriptionLooksLikeThatOfAnotherUser(CapturedOutput output) {
		polar.stubFor(get(PATH).willReturn(aResponse().withBody(subscription("bob"))));
		String foreign = body(post("cancel", MediaType.APPLICATION_JSON_VALUE));
		polar.stubFor(get(PATH).willReturn(error(404, "ResourceNotFound", "Not found")));
		assertThat(body(post("cancel", MediaType.APPLICATION_JSON_VALUE))).isEqualTo(foreign);
		assertThat(output).doesNotContain("Handler method");
	}

	private static String body(MvcTestResult result) {
		return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
	}

	@Test
	void linkChangesNothing() {
		assertThat(this.mvc.method(HttpMethod.GET)
			.uri("/subscriptions/{id}/cancel", ID)
			.with(SecurityMockMvcRequestPostProcessors.user("alice"))).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void formOfAnotherSiteChangesNothing() {
		assertThat(this.mvc.post()
			.uri("/subscriptions/{id}/cancel", ID)
			.with(SecurityMockMvcRequestPostProcessors.user("alice"))).hasStatus(HttpStatus.FORBIDDEN);
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void guestIsSentToTheLogin() {
		assertThat(this.mvc.post()
			.uri("/subscriptions/{id}/cancel", ID)
			.header(HttpHeaders.ACCEPT, MediaType.TEXT_HTML_VALUE)
			.header("Sec-Fetch-Mode", "navigate")
			.with(SecurityMockMvcRequestPostProcessors.csrf())).hasStatus(HttpStatus.FOUND)
			.hasHeader(HttpHeaders.LOCATION, "/login");
		assertThat(this.mvc.post()
			.uri("/subscriptions/{id}/cancel", ID)
			.header(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE)
			.header("Sec-Fetch-Mode", "cors")
			.with(SecurityMockMvcRequestPostProcessors.csrf())).hasStatus(HttpStatus.UNAUTHORIZED);
		polar.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({
			"missing_payment_method,'There is no payment method on file, so nothing was changed. Add one, and try again.'",
			"card_error,'The payment failed, so nothing was changed. Check your payment method, and try again.'" })
	void failedChargeTellsWhatToDo(String reason, String detail) {
		rejectChange(error(402, "PaymentFailed", "Payment failed with reason: " + reason + "."));
		MvcTestResult result = post("upgrade", MediaType.APPLICATION_JSON_VALUE);
		assertThat(result).hasStatus(HttpStatus.PAYMENT_REQUIRED);
		assertThat(result).bodyJson().extractingPath("$.detail").isEqualTo(detail);
		assertThat(result).bodyJson().extractingPath("$.reason").isEqualTo(reason);
		assertThat(post("upgrade", MediaType.TEXT_HTML_VALUE)).hasStatus(HttpStatus.PAYMENT_REQUIRED);
	}

	@Test
	@DirtiesContext
	void unknownOutcomeIsNotCalledAFailureAndIsNotRetried(CapturedOutput output) {
		rejectChange(aResponse().withFault(Fault.EMPTY_RESPONSE));
		MvcTestResult result = post("upgrade", MediaType.APPLICATION_JSON_VALUE);
		assertThat(result).hasStatus(HttpStatus.GATEWAY_TIMEOUT).doesNotContainHeader(HttpHeaders.RETRY_AFTER);
		assertThat(result).bodyJson()
			.extractingPath("$.detail")
			.isEqualTo("It is not known yet whether the change was made. Do not repeat it. Open the page again in a"
					+ " moment to see the current state.");
		polar.verify(1, patchRequestedFor(urlEqualTo(PATH)));
		assertThat(output).contains("Handler method").contains("It is not known whether Polar processed PATCH");
	}

	@Test
	void stateThatDoesNotPermitTheChangeIsAConflict() {
		rejectChange(error(403, "AlreadyCanceledSubscription", "This subscription is already canceled."));
		assertThat(post("upgrade", MediaType.APPLICATION_JSON_VALUE)).hasStatus(HttpStatus.CONFLICT)
			.bodyText()
			.doesNotContain("already canceled");
	}

	@Test
	void outageIsTemporary() {
		polar.stubFor(get(PATH).willReturn(aResponse().withStatus(503).withHeader(HttpHeaders.RETRY_AFTER, "60")));
		assertThat(post("cancel", MediaType.APPLICATION_JSON_VALUE)).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.hasHeader(HttpHeaders.RETRY_AFTER, "60");
	}

	@Test
	void unknownIdOfTheApplicationIsLogged(CapturedOutput output) {
		rejectChange(error(404, "ResourceNotFound", "Not found"));
		assertThat(post("revoke", MediaType.APPLICATION_JSON_VALUE)).hasStatus(HttpStatus.NOT_FOUND);
		assertThat(output).contains("Handler method").contains("It does not exist, or belongs to another organization");
	}

	@Test
	void otherRejectionsAreLeftToTheApplication() {
		rejectChange(aResponse().withStatus(422).withBody("{\"error\":\"RequestValidationError\",\"detail\":[]}"));
		assertThat(post("upgrade", MediaType.APPLICATION_JSON_VALUE)).hasFailed();
	}

	@Controller
	static class SubscriptionController {

		private final PolarSubscriptionOperations subscriptions;

		SubscriptionController(PolarSubscriptionOperations subscriptions) {
			this.subscriptions = subscriptions;
		}

		@PostMapping("/subscriptions/{id}/cancel")
		String cancel(@PathVariable UUID id) {
			this.subscriptions.ofCurrentUser().cancelAtPeriodEnd(id);
			return "redirect:/account";
		}

		@PostMapping("/subscriptions/{id}/upgrade")
		String upgrade(@PathVariable UUID id) {
			this.subscriptions.ofCurrentUser().changeProduct(id, "pro", Proration.INVOICE);
			return "redirect:/account";
		}

		@PostMapping("/subscriptions/{id}/revoke")
		String revoke(@PathVariable UUID id) {
			this.subscriptions.revoke(id);
			return "redirect:/account";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(SubscriptionController.class)
	static class Shop {

		@Bean
		PolarClient polarClient() {
			return PolarClient.builder()
				.accessToken("polar_oat_test")
				.baseUrl(URI.create("http://localhost:" + polar.getPort()))
				.retry(2, Duration.ofMillis(1), Duration.ofMillis(1))
				.outcomeTimeout(Duration.ofMillis(10))
				.build();
		}

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.formLogin(Customizer.withDefaults())
				.build();
		}

	}

}
