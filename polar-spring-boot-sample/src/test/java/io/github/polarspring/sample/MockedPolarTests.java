package io.github.polarspring.sample;

import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutOperations;
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
			.willReturn(CheckoutSession.builder(UUID.randomUUID(), "https://polar.sh/checkout/polar_c_x").build());
		assertThat(this.mvc.post().uri("/buy/pro").with(csrf())).hasStatus(303)
			.hasHeader("Location", "https://polar.sh/checkout/polar_c_x");
		then(this.checkouts).should().create(CheckoutRequest.forProducts("pro").build());
	}

}
