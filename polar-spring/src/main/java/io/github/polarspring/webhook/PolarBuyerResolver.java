/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.polarspring.webhook;

import io.github.polarspring.PolarDataException;
import io.github.polarspring.PolarException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.webhook.PolarEvent.Buyer;

/**
 * Strategy to determine who bought, for the {@link Buyer} parameters of
 * {@link PolarEventListener} methods. By default, the buyer is taken from the event. If
 * the event does not tell, the purchase is read from Polar: the order or subscription of
 * a refund, a seat or a benefit, and the checkout of an order or a subscription. A bean
 * of this type replaces the default, for example to use a table in which the application
 * stores who started which checkout.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PolarBuyerResolver {

	/**
	 * Determine who bought. Called by multiple threads.
	 * @param event the event
	 * @return who bought, {@link Buyer.Unproven} if Polar does not tell either
	 * @throws PolarException if Polar cannot be read now. The inbox retries the event
	 * @throws PolarDataException if a value that identifies the buyer is missing or
	 * cannot be read
	 */
	Buyer resolve(PolarEvent<?> event);

	/**
	 * Create the default strategy. It makes at most three calls, and none if the event
	 * tells who bought. The access token needs the scope {@code orders:read} for events
	 * about refunds, seats and benefits of orders, {@code subscriptions:read} for those
	 * of subscriptions, and {@code customers:read} for checkouts that code created with a
	 * customer id.
	 * @param client reads from Polar
	 * @return the strategy
	 */
	static PolarBuyerResolver using(PolarClient client) {
		return new BuyerLookup(client);
	}

}
