package io.github.polarspring.webhook;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;

import io.github.polarspring.webhook.PolarEvent.Buyer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tells who bought from what Polar says and from our own copy in the metadata of the
 * checkout, which Polar copies to order, subscription and renewals.
 */
final class Buyers {

	private static final String COPY = "external_customer_id";

	private static final String EXTERNAL_ID = "external_id";

	/**
	 * Of which the metadata are those of the checkout.
	 */
	private static final Set<String> PURCHASES = Set.of("checkout", "order", "subscription");

	private Buyers() {
	}

	static Buyer of(String type, JsonNode data) {
		String kind = type.substring(0, Math.max(type.indexOf('.'), 0));
		if (PURCHASES.contains(kind)) {
			JsonNode customer = kind.equals("checkout") ? data.path(COPY) : data.path("customer").path(EXTERNAL_ID);
			return ofPurchase(text(data.path("metadata").path(COPY)), text(customer));
		}
		String customer = text(
				kind.equals("customer") ? data.path(EXTERNAL_ID) : data.path("customer").path(EXTERNAL_ID));
		return (customer != null) ? ofCustomer(customer, data) : new Buyer.Guest();
	}

	/**
	 * Without our copy it was a guest, whose purchase Polar may have given to a customer
	 * of ours by the e-mail address.
	 */
	private static Buyer ofPurchase(@Nullable String ours, @Nullable String polars) {
		if (ours == null) {
			return new Buyer.Guest();
		}
		return (polars == null || polars.equals(ours)) ? new Buyer.Known(ours) : new Buyer.Mismatch(ours, polars);
	}

	/**
	 * The state of a customer holds subscriptions, with our copy in each.
	 */
	private static Buyer ofCustomer(String customer, JsonNode data) {
		List<String> ours = StreamSupport.stream(data.path("active_subscriptions").spliterator(), false)
			.map((subscription) -> text(subscription.path("metadata").path(COPY)))
			.filter(Objects::nonNull)
			.toList();
		return ours.stream()
			.filter((id) -> !id.equals(customer))
			.findFirst()
			.<Buyer>map((id) -> new Buyer.Mismatch(id, customer))
			.orElseGet(() -> ours.isEmpty() || ours.size() < data.path("active_subscriptions").size()
					? new Buyer.Unproven(customer) : new Buyer.Known(customer));
	}

	private static @Nullable String text(JsonNode node) {
		return (node.isString() && !node.asString().isEmpty()) ? node.asString() : null;
	}

}
