package io.github.polarspring.customer;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Strategy that says who buys. A bean of this type replaces the default, which reads the
 * logged-in principal.
 * <p>
 * The answer decides to whom a purchase belongs: take it from what the server knows
 * (principal, session), never from a parameter, header or body that the caller chose.
 * Called once for each checkout session, in the thread of the request; must be safe for
 * use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarCustomerResolver {

	/**
	 * Return the customer of the given request.
	 * @param request the current request
	 * @return the customer, or {@code null} for a guest
	 */
	@Nullable PolarCustomer resolve(HttpServletRequest request);

}
