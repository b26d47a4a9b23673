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

package io.github.polarspring.model;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Proof of who has bought something. Polar assigns a purchase to the customer with the
 * e-mail address that the buyer entered, so that only the metadata that the library
 * writes tells the buyer.
 */
final class BuyerProof {

	private static final String BUYER = "external_customer_id";

	private static final String MARK = "checkout_buyer";

	private static final String CHOSEN_CUSTOMER = "customer:";

	private BuyerProof() {
	}

	/**
	 * Return whether a user of the application is proven to be the buyer: the metadata
	 * contains the user's id, or the application chose the customer, who has it.
	 */
	static boolean isBuyer(String externalId, Map<String, @Nullable Object> metadata, UUID customerId,
			@Nullable Customer customer) {
		Object buyer = metadata.get(BUYER);
		if (buyer != null) {
			return buyer.equals(externalId);
		}
		return customer != null && externalId.equals(customer.externalId())
				&& (CHOSEN_CUSTOMER + customerId).equals(metadata.get(MARK));
	}

	/**
	 * Return whether metadata tells who the buyer is.
	 */
	static boolean isConclusive(Map<String, @Nullable Object> metadata) {
		return metadata.containsKey(BUYER) || metadata.containsKey(MARK);
	}

}
