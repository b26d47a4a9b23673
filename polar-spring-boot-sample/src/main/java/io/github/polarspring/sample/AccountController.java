package io.github.polarspring.sample;

import java.security.Principal;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * What a customer has.
 */
@Controller
class AccountController {

	private final Orders orders;

	AccountController(Orders orders) {
		this.orders = orders;
	}

	@GetMapping("/account")
	String account(Principal customer, Model model) {
		model.addAttribute("orders", this.orders.of(customer.getName()));
		return "account";
	}

}
