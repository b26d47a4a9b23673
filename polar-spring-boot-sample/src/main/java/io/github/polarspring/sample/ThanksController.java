package io.github.polarspring.sample;

import io.github.polarspring.web.CheckoutOutcome;
import io.github.polarspring.web.PolarCheckoutReturn;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Where Polar sends the buyer after the payment.
 */
@Controller
class ThanksController {

	@GetMapping("/thanks")
	String thanks(@PolarCheckoutReturn CheckoutOutcome outcome, Model model) {
		model.addAttribute("outcome", outcome);
		return "thanks";
	}

}
