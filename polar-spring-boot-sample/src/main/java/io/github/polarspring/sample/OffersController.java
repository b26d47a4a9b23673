package io.github.polarspring.sample;

import java.net.URI;
import java.security.Principal;
import java.util.Map;

import io.github.polarspring.PolarException;
import io.github.polarspring.checkout.AdHocPrice;
import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutOperations;
import io.github.polarspring.checkout.SeatTier;
import io.github.polarspring.web.PolarCheckout;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * Offers whose price is not simply the one in Polar's catalog.
 */
@Controller
class OffersController {

	private static final Log logger = LogFactory.getLog(OffersController.class);

	private final PolarCheckoutOperations checkouts;

	private final ShopProperties shop;

	OffersController(PolarCheckoutOperations checkouts, ShopProperties shop) {
		this.checkouts = checkouts;
		this.shop = shop;
	}

	/**
	 * Several products in one session: the buyer chooses one at the checkout.
	 */
	@PostMapping("/buy/any")
	@PolarCheckout({ "pro", "team", "handbook" })
	void buyAny() {
	}

	/**
	 * A fixed price that is computed for this customer.
	 */
	@PostMapping("/buy/pro-for-you")
	ResponseEntity<Void> buyForYou(@Nullable Principal customer) {
		long price = this.shop.priceOfProFor(customer);
		return checkout(CheckoutRequest.forProducts("pro").price("pro", AdHocPrice.fixed(price, "usd")));
	}

	/**
	 * A price for each seat, and a number of seats to start with.
	 */
	@PostMapping("/buy/seats")
	ResponseEntity<Void> buySeats(@RequestParam @Min(1) @Max(50) int seats) {
		return checkout(CheckoutRequest.forProducts("team")
			.price("team", AdHocPrice.seatBased("usd", SeatTier.of(1, 9, 1200), SeatTier.of(10, 50, 900)))
			.seats(seats));
	}

	/**
	 * A price that the buyer chooses.
	 */
	@PostMapping("/buy/support")
	ResponseEntity<Void> support() {
		return checkout(CheckoutRequest.forProducts("support")
			.price("support", AdHocPrice.custom("usd").minimum(100).preset(500))
			.allowDiscountCodes(false));
	}

	private ResponseEntity<Void> checkout(CheckoutRequest.Builder request) {
		return ResponseEntity.status(HttpStatus.SEE_OTHER)
			.location(URI.create(this.checkouts.create(request.build()).url()))
			.cacheControl(CacheControl.noStore())
			.build();
	}

	@ExceptionHandler
	ModelAndView sorry(PolarException ex) {
		logger.error("An offer could not be sold: " + ex.getMessage());
		return new ModelAndView("error",
				Map.of("status", 503, "message",
						"The checkout is not available right now. Please try again in a moment."),
				HttpStatus.SERVICE_UNAVAILABLE);
	}

}
