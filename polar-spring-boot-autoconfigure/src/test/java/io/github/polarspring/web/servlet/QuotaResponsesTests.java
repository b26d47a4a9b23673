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

import java.time.Instant;
import java.util.UUID;

import io.github.polarspring.autoconfigure.PolarAutoConfiguration;
import io.github.polarspring.autoconfigure.entitlement.PolarEntitledAutoConfiguration;
import io.github.polarspring.autoconfigure.identity.PolarIdentityAutoConfiguration;
import io.github.polarspring.autoconfigure.usage.PolarUsageAutoConfiguration;
import io.github.polarspring.autoconfigure.web.PolarWebMvcAutoConfiguration;
import io.github.polarspring.testsupport.UsageAtPolar;
import io.github.polarspring.testsupport.UsageAtPolar.Behavior;
import io.github.polarspring.usage.PolarUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses when a quota is used up.
 */
class QuotaResponsesTests {

	private static final UUID METER = UUID.fromString("0d7bb2a1-6a3c-4a4e-9c53-0f3f3b0f8a01");

	private final UsageAtPolar polar = new UsageAtPolar();

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PolarAutoConfiguration.class, PolarUsageAutoConfiguration.class,
				PolarEntitledAutoConfiguration.class, PolarWebMvcAutoConfiguration.class,
				PolarIdentityAutoConfiguration.class, RestClientAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withBean(Reports.class)
		.withPropertyValues("polar.access-token=polar_oat_test", "polar.base-url=" + this.polar.url(),
				"polar.http.retry.max-attempts=1", "polar.usage.meters.reports.id=" + METER,
				"polar.usage.meters.reports.event=report");

	@AfterEach
	void close() {
		this.polar.close();
	}

	private static MvcTestResult get(AssertableWebApplicationContext context, @Nullable String user, String accept) {
		MockMvcTester.MockMvcRequestBuilder request = MockMvcTester.from(context)
			.get()
			.uri("/report")
			.header("Accept", accept);
		return ((user != null) ? request.principal(() -> user) : request).exchange();
	}

	@Test
	void exceededQuotaIs402() {
		this.polar.balance("alice", METER, "1", 1, Instant.now());
		this.contextRunner.run((context) -> {
			assertThat(get(context, "alice", "application/json")).hasStatusOk().bodyText().isEqualTo("a report");
			MvcTestResult denied = get(context, "alice", "application/json");
			assertThat(denied).hasStatus(HttpStatus.PAYMENT_REQUIRED);
			assertThat(denied).bodyJson().isStrictlyEqualTo("""
					{"type":"about:blank","title":"Payment Required","status":402,
					"detail":"Not enough is left of your quota.","meter":"reports"}""");
			assertThat(get(context, "bob", "application/json")).hasStatus(HttpStatus.PAYMENT_REQUIRED);
			assertThat(get(context, null, "application/json")).hasStatus(HttpStatus.UNAUTHORIZED);
		});
	}

	@Test
	void browserIsRedirectedToTheUpgradePage() {
		this.contextRunner.withPropertyValues("polar.usage.meters.reports.upgrade-url=/pricing").run((context) -> {
			assertThat(get(context, "alice", "text/html")).hasStatus(HttpStatus.SEE_OTHER)
				.headers()
				.hasValue("Location", "/pricing");
			assertThat(get(context, "alice", "application/json")).hasStatus(HttpStatus.PAYMENT_REQUIRED)
				.bodyJson()
				.extractingPath("$.upgradeUrl")
				.isEqualTo("/pricing");
		});
	}

	@Test
	void unknownBalanceIs503() {
		this.polar.behave(Behavior.UNAVAILABLE);
		this.contextRunner.run((context) -> assertThat(get(context, "alice", "application/json"))
			.hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.headers()
			.hasValue("Retry-After", "5"));
		this.contextRunner.withPropertyValues("polar.usage.meters.reports.when-unknown=allow")
			.run((context) -> assertThat(get(context, "alice", "application/json")).hasStatusOk());
	}

	@RestController
	record Reports(PolarUsage usage) {

		@GetMapping("/report")
		String report() {
			this.usage.consume("reports", 1);
			return "a report";
		}

	}

}
