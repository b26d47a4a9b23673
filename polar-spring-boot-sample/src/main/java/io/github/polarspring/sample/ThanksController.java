package io.github.polarspring.sample;

import java.security.Principal;
import java.util.UUID;

import io.github.polarspring.PolarException;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Where Polar sends the buyer after the payment. Anybody can open this page with any id,
 * so it asks Polar and shows a buyer only what is his own.
 */
@Controller
class ThanksController {

	private static final Log logger = LogFactory.getLog(ThanksController.class);

	private final PolarCheckoutOperations checkouts;

	ThanksController(PolarCheckoutOperations checkouts) {
		this.checkouts = checkouts;
	}

	@GetMapping("/thanks")
	String thanks(@RequestParam(name = "checkout_id", required = false) @Nullable UUID checkoutId, Principal buyer,
			Model model) {
		CheckoutSession session = (checkoutId != null) ? find(checkoutId) : null;
		boolean own = session != null && buyer.getName().equals(session.metadata().get("external_customer_id"));
		model.addAttribute("outcome", (own && session != null) ? session.status().name() : "UNCONFIRMED");
		return "thanks";
	}

	private @Nullable CheckoutSession find(UUID checkoutId) {
		try {
			return this.checkouts.get(checkoutId);
		}
		catch (PolarException ex) {
			logger.warn("A checkout session could not be read: " + ex.getMessage());
			return null;
		}
	}

}
