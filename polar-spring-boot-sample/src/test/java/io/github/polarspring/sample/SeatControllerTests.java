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

import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.order.PolarOrderOperations;
import io.github.polarspring.seat.PolarSeatOperations;
import io.github.polarspring.seat.SeatAssignment;
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
 * Tests for {@link SeatController} with the fake.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "polar.checkout.application-url=https://shop.example")
@AutoConfigureMockMvc
@WithPolarFake
class SeatControllerTests {

	@Autowired
	private MockMvcTester shop;

	@Autowired
	private PolarSeatOperations seats;

	private String buyer;

	private UUID order;

	private String page;

	@BeforeEach
	void buyTwoSeats(@Autowired PolarCheckoutOperations checkouts, @Autowired PolarOrderOperations orders,
			@Autowired PolarFake polar) {
		this.buyer = "ada-" + UUID.randomUUID();
		polar.pay(
				checkouts
					.create("team",
							(checkout) -> checkout.externalCustomerId(this.buyer)
								.price("team", AdHocPrice.seatBased("usd", SeatTier.of(1, 9, 1200)))
								.seats(2))
					.id());
		this.order = orders.of(this.buyer).list().get(0).id();
		this.page = "/account/orders/%s/seats".formatted(this.order);
	}

	private String get(String path) throws UnsupportedEncodingException {
		return this.shop.get().uri(path).with(user(this.buyer)).exchange().getResponse().getContentAsString();
	}

	private MvcTestResult assign(String email, String customer) {
		return this.shop.post().uri(this.page).param("email", email).with(csrf()).with(user(customer)).exchange();
	}

	private MvcTestResult revoke(UUID member, String customer) {
		return this.shop.post()
			.uri(this.page + "/{member}/revoke", member)
			.with(csrf())
			.with(user(customer))
			.exchange();
	}

	@Test
	void buyerAssignsAndRevokesASeat() throws UnsupportedEncodingException {
		assertThat(get("/account")).contains(this.page);
		assertThat(get(this.page)).contains("<span>1</span> of <span>2</span> seats are free");
		for (int i = 0; i < 2; i++) {
			assertThat(assign("bob@example.com", this.buyer)).hasRedirectedUrl(this.page);
		}
		assertThat(get(this.page)).contains("bob@example.com", "invited", "<span>0</span> of <span>2</span>")
			.doesNotContain("Assign a seat");
		UUID bob = memberWith("bob@example.com");
		for (int i = 0; i < 2; i++) {
			assertThat(revoke(bob, this.buyer)).hasRedirectedUrl(this.page);
		}
		assertThat(get(this.page)).contains("Assign a seat").doesNotContain("bob@example.com");
	}

	private UUID memberWith(String email) {
		return this.seats.ofOrder(this.order)
			.read()
			.seats()
			.stream()
			.filter((seat) -> email.equals(seat.email()))
			.findFirst()
			.orElseThrow()
			.member()
			.id();
	}

	@Test
	void rejectedAddressIsReportedOnThePage() throws UnsupportedEncodingException {
		assertThat(assign("bob", this.buyer)).hasRedirectedUrl(this.page + "?rejected");
		assertThat(get(this.page + "?rejected")).contains("The seat was not assigned", "Assign a seat");
	}

	@Test
	void noOneGetsMoreSeatsThanWereBought() {
		assertThat(assign("bob@example.com", this.buyer)).hasRedirectedUrl(this.page);
		assertThat(assign("carol@example.com", this.buyer)).hasRedirectedUrl(this.page + "?rejected");
	}

	@Test
	void seatsOfAnotherCustomerAreNotFound() {
		UUID bob = this.seats.ofOrder(this.order).assign(SeatAssignment.toEmail("bob@example.com")).member().id();
		assertThat(this.shop.get().uri(this.page).with(user("mallory"))).hasStatus(404);
		assertThat(assign("mallory@example.com", "mallory")).hasStatus(404);
		assertThat(revoke(bob, "mallory")).hasStatus(404);
		assertThat(this.seats.ofOrder(this.order).read().available()).isZero();
	}

}
