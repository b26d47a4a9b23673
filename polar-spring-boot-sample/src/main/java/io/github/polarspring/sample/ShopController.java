package io.github.polarspring.sample;

import java.security.Principal;

import io.github.polarspring.autoconfigure.PolarConnectionDetails;
import io.github.polarspring.web.PolarCheckout;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * The shelf, and a buy button for each product.
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
	 * Polar's script listens to Polar only, so the fake brings one of its own.
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
	@PolarCheckout("cloud")
	void buyCloud() {
	}

	@PostMapping("/buy/team")
	@PolarCheckout("team")
	void buyTeam() {
	}

}
