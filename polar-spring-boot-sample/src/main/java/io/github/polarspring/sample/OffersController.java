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

import java.security.Principal;

import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.web.PolarCheckout;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Offers that do not use the price in Polar's catalog, or combine products.
 */
@Controller
class OffersController {

	private final ShopProperties shop;

	OffersController(ShopProperties shop) {
		this.shop = shop;
	}

	/**
	 * Several products in one session. The buyer chooses one on the checkout page.
	 */
	@PostMapping("/buy/any")
	@PolarCheckout({ "pro", "team", "handbook" })
	void buyAny() {
	}

	/**
	 * A fixed price that is calculated for the customer.
	 */
	@PostMapping("/buy/pro-for-you")
	@PolarCheckout("pro")
	void buyForYou(CheckoutRequest.Builder checkout, @Nullable Principal customer) {
		checkout.price("pro", AdHocPrice.fixed(this.shop.priceOfProFor(customer), "usd"));
	}

	/**
	 * A price per seat, with an initial number of seats.
	 */
	@PostMapping("/buy/seats")
	@PolarCheckout("team")
	void buySeats(CheckoutRequest.Builder checkout, @RequestParam @Min(1) @Max(50) int seats) {
		checkout.price("team", AdHocPrice.seatBased("usd", SeatTier.of(1, 9, 1200), SeatTier.of(10, 50, 900)))
			.seats(seats);
	}

	/**
	 * A price that the buyer chooses.
	 */
	@PostMapping("/buy/support")
	@PolarCheckout("support")
	void support(CheckoutRequest.Builder checkout) {
		checkout.price("support", AdHocPrice.custom("usd").minimum(100).preset(500)).allowDiscountCodes(false);
	}

}
