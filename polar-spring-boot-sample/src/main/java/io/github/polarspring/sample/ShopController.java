package io.github.polarspring.sample;

import java.security.Principal;

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

	ShopController(ShopProperties shop) {
		this.shop = shop;
	}

	@GetMapping("/")
	String shelf(@Nullable Principal customer, Model model) {
		model.addAttribute("products", this.shop.products());
		model.addAttribute("priceForYou", ShopProperties.format(this.shop.priceOfProFor(customer)));
		return "shop";
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

	@PostMapping("/buy/team")
	@PolarCheckout("team")
	void buyTeam() {
	}

}
