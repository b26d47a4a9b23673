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

package io.github.polarspring.sample;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.PolarFault;
import io.github.polarspring.test.context.WithPolarFake;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static io.github.polarspring.test.PolarFakeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

/**
 * Tests for a buy button in a slice of the application.
 */
@WebMvcTest(ShopController.class)
@EnableConfigurationProperties(ShopProperties.class)
@WithPolarFake
class BuyButtonTests {

	@Autowired
	private MockMvcTester mvc;

	@Test
	@WithMockUser("alice")
	void userBuysPro(PolarFake polar) {
		assertThat(this.mvc.post().uri("/buy/pro").with(csrf())).hasStatus(303);
		assertThat(polar).checkout().forCustomer("alice").withProduct("pro").isOpen();
	}

	@Test
	@WithMockUser("alice")
	void outageIsAnErrorPage(PolarFake polar) {
		polar.injectFault(PolarFault.badGateway(), 3);
		assertThat(this.mvc.post().uri("/buy/pro").with(csrf())).hasStatus(503);
		assertThat(polar).hasNoCheckout();
	}

}
