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

package io.github.polarspring.webhook.jdbc;

import io.github.polarspring.webhook.PolarEvent;
import tools.jackson.databind.JsonNode;

/**
 * Assignment of events to lanes. Events of a lane, which are those of a customer, are
 * handled one at a time.
 */
final class Lanes {

	static final String CHECKOUT = "checkout:";

	private static final int MAX_LENGTH = 255;

	private Lanes() {
	}

	static String of(PolarEvent<?> event) {
		JsonNode data = event.payload();
		String customer = data.path("customer_id").asString("");
		if (customer.isEmpty()) {
			customer = data.path("customer").path("id").asString("");
		}
		if (customer.isEmpty()) {
			// a revoked seat is not the customer's any more, but its member is
			customer = data.path("member").path("customer_id").asString("");
		}
		String id = data.path("id").asString("");
		if (customer.isEmpty() && event.type().startsWith("customer.")) {
			customer = id;
		}
		if (!customer.isEmpty()) {
			return limited(customer);
		}
		return limited((event.type().startsWith("checkout.") && !id.isEmpty()) ? CHECKOUT + id : event.id());
	}

	/**
	 * Return the lane of the checkout from which an event follows, as long as the
	 * checkout had no customer. An event that does not follow from one has its own lane.
	 */
	static String ofCheckout(PolarEvent<?> event) {
		String id = event.payload().path(event.type().startsWith("checkout.") ? "id" : "checkout_id").asString("");
		return id.isEmpty() ? of(event) : limited(CHECKOUT + id);
	}

	/**
	 * Truncate a lane. Lanes with the same prefix are merged, which does no harm.
	 */
	private static String limited(String lane) {
		return lane.substring(0, Math.min(lane.length(), MAX_LENGTH));
	}

}
