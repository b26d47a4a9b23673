package io.github.polarspring.customer;

/**
 * Implemented by an application's principal ({@code UserDetails}, {@code OidcUser} or any
 * other) that knows which customer it is:
 *
 * <pre class="code">
 * class ShopUser extends User implements PolarCustomerPrincipal {
 *
 *     public PolarCustomer toPolarCustomer() {
 *         return PolarCustomer.of(this.id.toString()).withEmail(this.email).withName(this.fullName);
 *     }
 *
 * }
 * </pre>
 *
 * Takes precedence over every other way to read the principal.
 *
 * @since 0.1.0
 */
public interface PolarCustomerPrincipal {

	/**
	 * Return who this principal is as a customer.
	 * @return the customer
	 */
	PolarCustomer toPolarCustomer();

}
