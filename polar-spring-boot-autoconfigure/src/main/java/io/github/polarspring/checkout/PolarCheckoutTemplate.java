package io.github.polarspring.checkout;

import java.util.List;
import java.util.UUID;

import io.github.polarspring.client.PolarClient;

import org.springframework.util.Assert;

/**
 * {@link PolarCheckoutOperations} on the Polar API:
 *
 * <pre class="code">
 * CheckoutSession session = checkouts.create(CheckoutRequest.forProducts("pro").build());
 * </pre>
 *
 * @since 0.1.0
 */
public final class PolarCheckoutTemplate implements PolarCheckoutOperations {

	private final PolarClient client;

	private final PolarProducts products;

	private final List<CheckoutRequestCustomizer> customizers;

	/**
	 * Create a template.
	 * @param client calls Polar
	 * @param products resolves product names
	 * @param customizers applied to each request, in this order
	 */
	public PolarCheckoutTemplate(PolarClient client, PolarProducts products,
			List<CheckoutRequestCustomizer> customizers) {
		this.client = client;
		this.products = products;
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public CheckoutSession create(CheckoutRequest request) {
		Assert.notNull(request, "request must not be null");
		CheckoutRequest.Builder checkout = request.mutate();
		this.customizers.forEach((customizer) -> customizer.customize(checkout));
		// with the slash: Polar redirects the other form
		return this.client.post(CheckoutSession.class, "/v1/checkouts/", checkout.build().complete(this.products));
	}

	@Override
	public CheckoutSession get(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.client.get(CheckoutSession.class, "/v1/checkouts/{id}", id);
	}

}
