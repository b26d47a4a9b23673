package io.github.polarspring.sample;

import java.util.UUID;

import io.github.polarspring.PolarException;
import io.github.polarspring.checkout.CheckoutSession;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.customer.PolarCustomer;
import io.github.polarspring.customer.PolarCustomerResolver;
import jakarta.servlet.http.HttpServletRequest;
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

	private final PolarCustomerResolver customers;

	ThanksController(PolarCheckoutOperations checkouts, PolarCustomerResolver customers) {
		this.checkouts = checkouts;
		this.customers = customers;
	}

	@GetMapping("/thanks")
	String thanks(@RequestParam(name = "checkout_id", defaultValue = "") String checkoutId, HttpServletRequest request,
			Model model) {
		CheckoutSession session = find(checkoutId);
		PolarCustomer buyer = this.customers.resolve(request);
		model.addAttribute("outcome",
				(session != null && isOf(session, buyer)) ? session.status().name() : "UNCONFIRMED");
		return "thanks";
	}

	private static boolean isOf(CheckoutSession session, @Nullable PolarCustomer buyer) {
		return buyer != null && buyer.externalId().equals(session.metadata().get("external_customer_id"));
	}

	private @Nullable CheckoutSession find(String checkoutId) {
		try {
			return this.checkouts.get(UUID.fromString(checkoutId));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		catch (PolarException ex) {
			logger.warn("A checkout session could not be read: " + ex.getMessage());
			return null;
		}
	}

}
