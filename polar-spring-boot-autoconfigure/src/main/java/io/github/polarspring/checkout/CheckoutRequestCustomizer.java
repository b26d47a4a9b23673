package io.github.polarspring.checkout;

/**
 * Callback to add to every checkout session what the application knows, such as a
 * campaign or a tenant in the metadata. All beans of this type are called for each
 * session, in their order; the starter's own, which adds customer, IP address and locale
 * of the current web request where nothing was set, comes last.
 * <p>
 * Called in the thread that creates the session, before Polar is called. An exception
 * stops the creation.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CheckoutRequestCustomizer {

	/**
	 * Customize the given request.
	 * @param checkout the request to customize
	 */
	void customize(CheckoutRequest.Builder checkout);

}
