package io.github.polarspring.sample;

import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.Trouble;
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
		polar.trouble(Trouble.badGateway(), 3);
		assertThat(this.mvc.post().uri("/buy/pro").with(csrf())).hasStatus(503);
		assertThat(polar).hasNoCheckout();
	}

}
