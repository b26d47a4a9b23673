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

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.web.OnActiveSubscription;
import io.github.polarspring.web.PolarCheckout;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * Shows the products, with a buy button for each one.
 */
@Controller
class ShopController {

	private final ShopProperties shop;

	private final PolarConnectionDetails polar;

	ShopController(ShopProperties shop, PolarConnectionDetails polar) {
		this.shop = shop;
		this.polar = polar;
	}

	@GetMapping("/")
	String shelf(@Nullable Principal customer, Model model) {
		model.addAttribute("products", this.shop.products());
		model.addAttribute("priceForYou", ShopProperties.format(this.shop.priceOfProFor(customer)));
		model.addAttribute("embedScript", embedScript());
		return "shop";
	}

	/**
	 * Polar's script only supports Polar, so the fake has its own script.
	 */
	private @Nullable String embedScript() {
		return FakePolar.is(this.polar) ? this.polar.getBaseUrl() + "/embed.js" : this.shop.embedScript();
	}

	@GetMapping("/login")
	String login() {
		return "login";
	}

	@PostMapping("/buy/handbook")
	@PolarCheckout("handbook")
	void buyHandbook() {
	}

	@PostMapping("/buy/pro")
	@PolarCheckout("pro")
	void buyPro() {
	}

	@PostMapping("/buy/cloud")
	@PolarCheckout(value = "cloud", onActiveSubscription = OnActiveSubscription.PORTAL)
	void buyCloud() {
	}

	@PostMapping("/buy/team")
	@PolarCheckout("team")
	void buyTeam() {
	}

}
