package io.github.polarspring.checkout;

import java.util.UUID;

/**
 * Operations on checkout sessions: each is a page at Polar on which one buyer can pay
 * once, within 24 hours.
 * <p>
 * Every method throws a {@link io.github.polarspring.PolarException}, see there, and is
 * safe for use by several threads.
 *
 * @since 0.1.0
 * @see <a href="https://polar.sh/docs/features/checkout/session">Polar on checkout
 * sessions</a>
 */
public interface PolarCheckoutOperations {

	/**
	 * Create a checkout session. All {@link CheckoutRequestCustomizer} beans are applied
	 * to the request first, so that within a web request the session carries the
	 * logged-in user, the shopper's IP address and locale, unless the request says
	 * otherwise.
	 * @param request what is sold, and to whom
	 * @return the session, with the {@linkplain CheckoutSession#url() URL} to send the
	 * buyer to
	 */
	CheckoutSession create(CheckoutRequest request);

	/**
	 * Get a checkout session. Somebody arriving at the success URL proves nothing: check
	 * that the session {@linkplain CheckoutSession#isSucceeded() succeeded} and whose it
	 * is.
	 * @param id id of the session
	 * @return the session
	 * @throws io.github.polarspring.PolarNotFoundException if there is none
	 */
	CheckoutSession get(UUID id);

}
