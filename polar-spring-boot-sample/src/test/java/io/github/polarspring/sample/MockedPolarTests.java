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

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.test.PolarTestData;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

/**
 * Tests for a buy button without Polar and without the fake.
 */
@WebMvcTest(controllers = ShopController.class, properties = { "polar.fake.enabled=false", "polar.access-token=" })
@EnableConfigurationProperties(ShopProperties.class)
class MockedPolarTests {

	@Autowired
	private MockMvcTester mvc;

	@MockitoBean
	private PolarCheckoutOperations checkouts;

	@Test
	@WithMockUser("alice")
	void mockIsAsked() {
		given(this.checkouts.create(any()))
			.willReturn(PolarTestData.checkoutSession().with("url", "https://polar.sh/checkout/polar_c_x").build());
		assertThat(this.mvc.post().uri("/buy/pro").with(csrf())).hasStatus(303)
			.hasHeader("Location", "https://polar.sh/checkout/polar_c_x");
		then(this.checkouts).should().create(CheckoutRequest.forProducts("pro").build());
	}

}
