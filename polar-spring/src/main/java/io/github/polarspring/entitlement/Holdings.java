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

package io.github.polarspring.entitlement;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.github.polarspring.entitlement.EntitlementReport.Proof;
import org.jspecify.annotations.Nullable;

/**
 * What a payer holds, as Polar said at one time. Contains no personal data, and is stored
 * as JSON.
 *
 * @param purchases what counts for the payer
 * @param unproven purchases of the payer's customer that do not count
 * @param problem a failed payment, {@code null} if there is none
 */
record Holdings(List<Purchase> purchases, List<UUID> unproven, @Nullable PaymentProblem problem) {

	static final Holdings NONE = new Holdings(List.of(), List.of(), null);

	Holdings {
		purchases = List.copyOf(purchases);
		unproven = List.copyOf(unproven);
	}

	@JsonIgnore
	boolean isEmpty() {
		return this.purchases.isEmpty() && this.unproven.isEmpty() && this.problem == null;
	}

	/**
	 * Return Polar's ids of the customers to whom Polar assigned the purchases.
	 */
	Set<UUID> customerIds() {
		Set<UUID> ids = new LinkedHashSet<>();
		this.purchases.forEach((purchase) -> ids.add(purchase.customerId()));
		return ids;
	}

	/**
	 * Return until when all purchases count that were just bought, {@code null} if there
	 * are none.
	 */
	@Nullable Instant provisionalUntil() {
		return this.purchases.stream()
			.map(Purchase::provisionalUntil)
			.filter((until) -> until != null)
			.min(Instant::compareTo)
			.orElse(null);
	}

	/**
	 * Subscription or one-time order that counts.
	 *
	 * @param id Polar's id of the subscription or order
	 * @param customerId Polar's id of the customer to whom Polar assigned it
	 * @param productId Polar's id of the product, {@code null} if unknown
	 * @param proof how it is known to be the payer's
	 * @param withProduct whether the product itself counts, not only granted benefits
	 * @param withSeats whether it counts only for those who hold a seat
	 * @param productLimits limits in the metadata of the product
	 * @param grants the benefits that Polar has granted
	 * @param provisional benefits that count until {@code provisionalUntil} although
	 * Polar has not granted them yet
	 * @param provisionalUntil {@code null} if there is no provisional time
	 */
	record Purchase(UUID id, UUID customerId, @Nullable UUID productId, Proof proof, boolean withProduct,
			boolean withSeats, Map<String, Long> productLimits, List<Grant> grants, List<Grant> provisional,
			@Nullable Instant provisionalUntil) {

		Purchase {
			productLimits = Map.copyOf(productLimits);
			grants = List.copyOf(grants);
			provisional = List.copyOf(provisional);
		}

		Purchase withProvisional(List<Grant> provisional, Instant until) {
			return new Purchase(this.id, this.customerId, this.productId, this.proof, this.withProduct, this.withSeats,
					this.productLimits, this.grants, provisional, until);
		}

	}

	/**
	 * Benefit.
	 *
	 * @param benefitId Polar's id of the benefit
	 * @param memberId external id of the member who holds it, {@code null} if it has none
	 * @param limits limits in the metadata of the benefit
	 */
	record Grant(UUID benefitId, @Nullable String memberId, Map<String, Long> limits) {

		Grant {
			limits = Map.copyOf(limits);
		}

	}

}
