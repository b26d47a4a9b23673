package io.github.polarspring.sample;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import io.github.polarspring.model.Order;
import io.github.polarspring.webhook.PolarEvent;
import io.github.polarspring.webhook.PolarEvent.Buyer;
import io.github.polarspring.webhook.PolarEventListener;
import io.github.polarspring.webhook.PolarEventTypes;

import org.springframework.stereotype.Component;

/**
 * What the customers bought, as Polar tells it. In memory: a real shop has a table.
 */
@Component
class Orders {

	private final Map<String, Map<UUID, Purchase>> purchases = new ConcurrentHashMap<>();

	@PolarEventListener({ PolarEventTypes.ORDER_PAID, PolarEventTypes.ORDER_REFUNDED })
	void changed(PolarEvent<Order> event) {
		Order order = event.data();
		if (event.buyer() instanceof Buyer.Known buyer) {
			Purchase purchase = new Purchase(order.description(), ShopProperties.format(order.totalAmount()),
					order.refundedAmount() > 0);
			// events come twice, and out of order: a refund stays one
			this.purchases.computeIfAbsent(buyer.externalId(), (customer) -> new ConcurrentSkipListMap<>())
				.merge(order.id(), purchase, (known, next) -> known.refunded() ? known : next);
		}
	}

	Collection<Purchase> of(String customer) {
		return List.copyOf(this.purchases.getOrDefault(customer, Map.of()).values());
	}

	/**
	 * Something that was bought.
	 *
	 * @param description what it is
	 * @param price what it cost
	 * @param refunded whether money was paid back
	 */
	record Purchase(String description, String price, boolean refunded) {

	}

}
