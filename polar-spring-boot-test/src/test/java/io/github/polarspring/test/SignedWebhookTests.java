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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.polarspring.webhook.PolarWebhookException;
import io.github.polarspring.webhook.PolarWebhookVerifier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.filter.OncePerRequestFilter;

import static io.github.polarspring.test.SignedWebhook.signedWebhook;
import static io.github.polarspring.test.SignedWebhook.standardSignedWebhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SignedWebhook}.
 */
class SignedWebhookTests {

	private static final String SECRET = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

	private static final String BODY = "{\"type\":\"order.paid\",\"data\":{\"name\":\"café\"}}";

	private final PolarWebhookVerifier verifier = PolarWebhookVerifier.of(List.of(SECRET), Duration.ofMinutes(5),
			Clock.systemUTC());

	private final MockMvc mockMvc = MockMvcBuilders.standaloneSetup(new Object()).addFilters(new Endpoint()).build();

	private final MockMvcTester mvc = MockMvcTester.create(this.mockMvc);

	@Test
	void signsForMockMvc() {
		for (SignedWebhook webhook : List.of(signedWebhook(SECRET), standardSignedWebhook(SECRET),
				signedWebhook(" " + SECRET + "\n"))) {
			assertThat(this.mvc.post().uri("/hook").content(BODY).with(webhook)).hasStatus(202);
		}
		assertThat(this.mvc.post().uri("/hook").content(BODY).with(signedWebhook(SECRET + "x"))).hasStatus(403);
		assertThat(this.mvc.post()
			.uri("/hook")
			.content(BODY)
			.with(signedWebhook(SECRET).withTimestamp(Instant.now().minusSeconds(600)))).hasStatus(403);
	}

	@Test
	void signsForRestTestClient() {
		RestTestClient client = RestTestClient.bindTo(this.mockMvc)
			.requestInterceptor(standardSignedWebhook(SECRET).withId("event-1"))
			.build();
		client.post().uri("/hook").body(BODY).exchange().expectStatus().isEqualTo(202);
	}

	@Test
	void signsForAnythingElse() {
		byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
		Map<String, String> headers = signedWebhook(SECRET).withId("event-1").headers(body);
		assertThat(headers).containsOnlyKeys("webhook-id", "webhook-timestamp", "webhook-signature")
			.containsEntry("webhook-id", "event-1");
		this.verifier.verify("event-1", headers.get("webhook-timestamp"), headers.get("webhook-signature"), body);
	}

	@Test
	void eachRequestIsAnEventOfItsOwn() {
		SignedWebhook webhook = signedWebhook(SECRET);
		assertThat(webhook.headers(new byte[0]).get("webhook-id"))
			.isNotEqualTo(webhook.headers(new byte[0]).get("webhook-id"));
	}

	@Test
	void standardSchemeNeedsASecretForIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> standardSignedWebhook("correct horse battery staple"));
	}

	private final class Endpoint extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			try {
				SignedWebhookTests.this.verifier.verify(request.getHeader("webhook-id"),
						request.getHeader("webhook-timestamp"), request.getHeader("webhook-signature"),
						request.getInputStream().readAllBytes());
				response.setStatus(202);
			}
			catch (PolarWebhookException ex) {
				response.setStatus(403);
			}
		}

	}

}
