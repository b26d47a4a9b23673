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

import java.io.UnsupportedEncodingException;
import java.util.UUID;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.license.PolarLicenseKeyOperations;
import io.github.polarspring.order.BillingDetails;
import io.github.polarspring.order.PolarOrderOperations;
import io.github.polarspring.subscription.PolarSubscriptionOperations;
import io.github.polarspring.test.PolarFake;
import io.github.polarspring.test.context.WithPolarFake;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

/**
 * Tests for {@link ManageController} with the fake.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "polar.checkout.application-url=https://shop.example")
@AutoConfigureMockMvc
@WithPolarFake
class ManageControllerTests {

	@Autowired
	private MockMvcTester shop;

	@Autowired
	private PolarFake polar;

	@Autowired
	private PolarSubscriptionOperations subscriptions;

	@Autowired
	private PolarOrderOperations orders;

	@Autowired
	private Subscriptions stored;

	private String buyer;

	private UUID id;

	@BeforeEach
	void buy(@Autowired PolarCheckoutOperations checkouts) {
		this.buyer = "ada-" + UUID.randomUUID();
		CheckoutRequest request = CheckoutRequest.forProducts("cloud").externalCustomerId(this.buyer).build();
		this.polar.pay(checkouts.create(request).id());
		this.id = this.subscriptions.of(this.buyer).list().get(0).id();
	}

	private MvcTestResult click(String button, String customer) {
		return this.shop.post()
			.uri("/account/subscriptions/{id}/{button}", this.id, button)
			.with(csrf())
			.with(user(customer))
			.exchange();
	}

	private String account() throws UnsupportedEncodingException {
		return this.shop.get().uri("/account").with(user(this.buyer)).exchange().getResponse().getContentAsString();
	}

	@Test
	void customersCancelAndChangeTheirMind() throws UnsupportedEncodingException {
		assertThat(account()).contains("/account/subscriptions/%s/cancel".formatted(this.id)).doesNotContain("/keep");
		for (int i = 0; i < 2; i++) {
			assertThat(click("cancel", this.buyer)).hasStatus(302).hasRedirectedUrl("/account");
		}
		assertThat(account()).contains("ends on", "/account/subscriptions/%s/keep".formatted(this.id), "Lumen Cloud")
			.doesNotContain("/cancel");
		for (int i = 0; i < 2; i++) {
			assertThat(click("keep", this.buyer)).hasStatus(302).hasRedirectedUrl("/account");
		}
		assertThat(this.subscriptions.find(this.id).orElseThrow().cancelAtPeriodEnd()).isFalse();
		assertThat(account()).contains("/account/subscriptions/%s/cancel".formatted(this.id)).doesNotContain("ends on");
	}

	@Test
	void customersChangeToTheYearlyPlan() throws UnsupportedEncodingException {
		assertThat(click("yearly", this.buyer)).hasRedirectedUrl("/account");
		assertThat(account()).contains("<li>Lumen Cloud, yearly</li>")
			.doesNotContain("/yearly", "<li>Lumen Cloud</li>");
		int charged = this.polar.orderIds().size();
		assertThat(click("yearly", this.buyer)).hasRedirectedUrl("/account");
		assertThat(this.polar.orderIds()).as("charged once").hasSize(charged);
	}

	@Test
	void planDoesNotChangeIfTheCardIsDeclined() throws UnsupportedEncodingException {
		this.polar.declineNextCharge("insufficient_funds");
		assertThat(click("yearly", this.buyer)).hasRedirectedUrl("/account?declined");
		assertThat(account()).contains("Lumen Cloud").doesNotContain("Lumen Cloud, yearly");
	}

	@Test
	void customersPauseAndChangeTheirMind() throws UnsupportedEncodingException {
		assertThat(click("pause", this.buyer)).hasRedirectedUrl("/account");
		assertThat(account()).contains("pauses soon", "/account/subscriptions/%s/continue".formatted(this.id));
		assertThat(click("continue", this.buyer)).hasRedirectedUrl("/account");
		assertThat(account()).contains("active", "/account/subscriptions/%s/pause".formatted(this.id));
	}

	@Test
	void slowResponseDoesNotReplaceALaterEvent() throws UnsupportedEncodingException {
		String active = this.subscriptions.find(this.id).orElseThrow().json().toString();
		this.polar.wireMock()
			.stubFor(WireMock.patch("/v1/subscriptions/" + this.id).willReturn(WireMock.okJson(active)));
		this.polar.revokeSubscription(this.id);
		assertThat(click("pause", this.buyer)).hasRedirectedUrl("/account");
		assertThat(account()).contains("<td>ended</td>");
	}

	@Test
	void invoiceNeedsAName() {
		UUID order = this.orders.of(this.buyer).list().get(0).id();
		assertThat(invoice(order, this.buyer)).hasRedirectedUrl("/account?nameless");
		assertThat(invoice(order, "mallory")).hasStatus(404);
		this.orders.changeBillingDetails(order,
				new BillingDetails("Ada", "US", "1 Main Street", null, "10001", "New York", "US-NY"));
		assertThat(invoice(order, this.buyer)).redirectedUrl().contains("Invoice-");
	}

	private MvcTestResult invoice(UUID order, String customer) {
		return this.shop.get().uri("/account/orders/{id}/invoice", order).with(user(customer)).exchange();
	}

	@Test
	void licenseKeyIsShownToItsOwnerOnly(@Autowired PolarCheckoutOperations checkouts,
			@Autowired PolarLicenseKeyOperations licenseKeys) throws UnsupportedEncodingException {
		assertThat(licenseKeysOf(this.buyer)).contains("You have no license keys");
		this.polar
			.pay(checkouts.create(CheckoutRequest.forProducts("pro").externalCustomerId(this.buyer).build()).id());
		String key = licenseKeys.of(this.buyer).list().get(0).key();
		assertThat(key).startsWith("LUMEN-");
		assertThat(licenseKeysOf(this.buyer)).contains(key);
		assertThat(licenseKeysOf("mallory")).doesNotContain("LUMEN-");
	}

	private String licenseKeysOf(String customer) throws UnsupportedEncodingException {
		return this.shop.get()
			.uri("/account/license-keys")
			.with(user(customer))
			.exchange()
			.getResponse()
			.getContentAsString();
	}

	@Test
	void subscriptionOfAnotherCustomerIsNotFound() {
		assertThat(click("cancel", "mallory")).hasStatus(404);
		assertThat(this.subscriptions.find(this.id).orElseThrow().cancelAtPeriodEnd()).isFalse();
		assertThat(this.stored.of("mallory")).isEmpty();
	}

}
