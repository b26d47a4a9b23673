package io.github.polarspring.web;

import io.github.polarspring.customer.PolarCustomer;
import io.github.polarspring.customer.PolarCustomerResolver;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who sent the current request. Spring MVC handles the result of an asynchronous method
 * in another dispatch, in which not every authentication is there again: so who it was is
 * kept from the first one.
 *
 * @param customer the buyer, or {@code null} for a guest
 * @param failure why it cannot be said who it is, or {@code null}
 */
record CurrentBuyer(@Nullable PolarCustomer customer, @Nullable RuntimeException failure) {

	private static final String ATTRIBUTE = CurrentBuyer.class.getName();

	static void keep(HttpServletRequest request, PolarCustomerResolver resolver) {
		CurrentBuyer buyer;
		try {
			buyer = new CurrentBuyer(resolver.resolve(request), null);
		}
		catch (RuntimeException ex) {
			buyer = new CurrentBuyer(null, ex);
		}
		request.setAttribute(ATTRIBUTE, buyer);
	}

	static @Nullable PolarCustomer of(HttpServletRequest request, PolarCustomerResolver resolver) {
		if (request.getAttribute(ATTRIBUTE) instanceof CurrentBuyer kept) {
			if (kept.failure() != null) {
				throw kept.failure();
			}
			return kept.customer();
		}
		return resolver.resolve(request);
	}

}
