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

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.entitlement.Feature;
import io.github.polarspring.entitlement.Feature.WhenUnknown;
import io.github.polarspring.entitlement.PolarEntitled;
import io.github.polarspring.entitlement.PolarEntitlementDeniedException;
import io.github.polarspring.entitlement.PolarFeatures;
import io.github.polarspring.usage.PolarMetered;
import io.github.polarspring.usage.RecordedUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PolarMetered} on methods of controllers, in a slice.
 */
@WebMvcTest
class PolarMeteredTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private StubEntitlements entitlements;

	@Autowired
	private RecordedUsage usage;

	@Autowired
	private ExportService service;

	@BeforeEach
	void nothingHasHappened() {
		this.entitlements.reset();
		this.usage.events().clear();
	}

	private MvcTestResult export(String form, String accept) {
		return this.mvc.post().uri("/forms/{form}/export?pages=3", form).header("Accept", accept).exchange();
	}

	@Test
	@WithMockUser("alice")
	void successIsRecorded() {
		assertThat(export("one", "application/json")).hasStatusOk().bodyText().isEqualTo("exported");
		assertThat(this.usage.events()).singleElement().satisfies((event) -> {
			assertThat(event.name()).isEqualTo("export");
			assertThat(event.externalCustomerId()).isEqualTo("alice");
			assertThat(event.metadata()).isEqualTo(Map.of("form", "one", "pages", 3));
		});
	}

	@Test
	@WithMockUser("alice")
	void failureIsNotRecorded() {
		assertThat(export("bad", "application/json")).hasFailed().failure().hasMessageContaining("A bug");
		assertThat(this.usage.events()).isEmpty();
	}

	@Test
	void guestLogsIn() {
		assertThat(export("bad", "text/html")).hasStatus(HttpStatus.FOUND).hasRedirectedUrl("/login");
		assertThat(this.mvc.post()
			.uri("/forms/bad/export?pages=3")
			.header("Accept", "application/json")
			.header("X-Requested-With", "XMLHttpRequest")).hasStatus(HttpStatus.UNAUTHORIZED)
			.bodyText()
			.contains("Log in to continue.");
		assertThat(this.usage.events()).isEmpty();
	}

	@Test
	@WithMockUser("alice")
	void denialIsNotRecorded() {
		assertThat(this.mvc.get().uri("/report").header("Accept", "application/json"))
			.hasStatus(HttpStatus.PAYMENT_REQUIRED);
		assertThat(this.mvc.get().uri("/service").header("Accept", "application/json"))
			.hasStatus(HttpStatus.PAYMENT_REQUIRED);
		assertThat(this.usage.events()).isEmpty();
		this.entitlements.granted.put("alice", Set.of("report"));
		assertThat(this.mvc.get().uri("/report")).hasStatusOk();
		assertThat(this.mvc.get().uri("/service")).hasStatusOk();
		assertThat(this.usage.events()).hasSize(2);
	}

	@Test
	void denialComesBeforeTheLogin() {
		assertThatExceptionOfType(PolarEntitlementDeniedException.class).isThrownBy(this.service::report);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Exports.class, ExportService.class, RecordedUsage.class })
	static class Application {

		@Bean
		static PolarFeatures features() {
			return new PolarFeatures(List.of(new Feature("report", Set.of(), Set.of(), "/pricing", WhenUnknown.REJECT)),
					Map.of());
		}

		@Bean
		static StubEntitlements entitlements(PolarFeatures features, CurrentPayer payer) {
			return new StubEntitlements(features, payer);
		}

		@Bean
		static SecurityFilterChain all(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.formLogin((login) -> login.loginPage("/login"))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

	@RestController
	static class Exports {

		private final ExportService service;

		Exports(ExportService service) {
			this.service = service;
		}

		@GetMapping("/service")
		String service() {
			return this.service.report();
		}

		@PostMapping("/forms/{form}/export")
		@PolarMetered(value = "export", metadata = "{form: #form, pages: #pages}")
		String export(@PathVariable String form, @RequestParam int pages) {
			if (form.equals("bad")) {
				throw new IllegalStateException("A bug");
			}
			return "exported";
		}

		@GetMapping("/report")
		@PolarEntitled("report")
		@PolarMetered("report")
		String report() {
			return "report";
		}

	}

	static class ExportService {

		@PolarEntitled("report")
		@PolarMetered("report")
		String report() {
			return "report";
		}

	}

}
