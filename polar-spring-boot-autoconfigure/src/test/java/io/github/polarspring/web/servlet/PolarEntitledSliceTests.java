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
import io.github.polarspring.entitlement.PolarFeatures;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link PolarEntitled} in a slice, with a mock of a protected service.
 */
@WebMvcTest
@WithMockUser("alice")
class PolarEntitledSliceTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private StubEntitlements entitlements;

	@MockitoBean
	private ExportService service;

	@Test
	void sliceChecksLikeTheApplication() {
		given(this.service.export()).willReturn("exported");
		assertThat(this.mvc.get().uri("/export").header("Accept", "text/html")).hasStatus(HttpStatus.SEE_OTHER)
			.hasHeader("Location", "/pricing");
		this.entitlements.granted.put("alice", Set.of("export"));
		assertThat(this.mvc.get().uri("/export")).hasStatusOk().bodyText().isEqualTo("exported");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Exports.class)
	static class Application {

		@Bean
		static PolarFeatures features() {
			return new PolarFeatures(List.of(new Feature("export", Set.of(), Set.of(), "/pricing", WhenUnknown.REJECT)),
					Map.of());
		}

		@Bean
		static StubEntitlements entitlements(PolarFeatures features, CurrentPayer payer) {
			return new StubEntitlements(features, payer);
		}

	}

	@RestController
	static class Exports {

		private final ExportService service;

		Exports(ExportService service) {
			this.service = service;
		}

		@GetMapping("/export")
		@PolarEntitled("export")
		String export() {
			return this.service.export();
		}

	}

	static class ExportService {

		@PolarEntitled("export")
		String export() {
			return "never";
		}

	}

}
