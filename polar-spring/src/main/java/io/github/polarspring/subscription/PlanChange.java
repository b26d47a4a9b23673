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

package io.github.polarspring.subscription;

import java.util.UUID;

import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Change of a subscription to another product:
 *
 * <pre class="code">
 * PlanChange.to("team").proration(Proration.INVOICE)
 * </pre>
 *
 * Without a {@link Proration}, the setting of the organization applies, which is
 * {@link Proration#PRORATE} by default. Immutable.
 *
 * @since 0.1.0
 */
public final class PlanChange {

	private final @Nullable String name;

	private final @Nullable UUID productId;

	private final @Nullable Proration proration;

	private final @Nullable UUID discountId;

	private PlanChange(@Nullable String name, @Nullable UUID productId, @Nullable Proration proration,
			@Nullable UUID discountId) {
		this.name = name;
		this.productId = productId;
		this.proration = proration;
		this.discountId = discountId;
	}

	/**
	 * Return a change to a product.
	 * @param product a name that is configured in {@code polar.products}, or an id as
	 * text
	 * @return a change
	 */
	public static PlanChange to(String product) {
		Assert.hasText(product, "product must not be blank");
		return new PlanChange(product, null, null, null);
	}

	/**
	 * Return a change to a product.
	 * @param productId Polar's id of the product
	 * @return a change
	 */
	public static PlanChange to(UUID productId) {
		Assert.notNull(productId, "productId must not be null");
		return new PlanChange(null, productId, null, null);
	}

	/**
	 * Set what the change costs, and when it takes effect.
	 * @param proration the behavior
	 * @return a changed copy
	 */
	public PlanChange proration(Proration proration) {
		Assert.notNull(proration, "proration must not be null");
		return new PlanChange(this.name, this.productId, proration, this.discountId);
	}

	/**
	 * Apply a discount together with the product. It replaces the current discount. With
	 * {@link Proration#NEXT_PERIOD}, Polar applies it with the product, but the pending
	 * update does not show it.
	 * @param discountId Polar's id of the discount
	 * @return a changed copy
	 */
	public PlanChange discountId(UUID discountId) {
		Assert.notNull(discountId, "discountId must not be null");
		return new PlanChange(this.name, this.productId, this.proration, discountId);
	}

	UUID productId(PolarProducts products) {
		if (this.productId != null) {
			return this.productId;
		}
		Assert.state(this.name != null, "A change has a name or an id");
		return products.resolve(this.name);
	}

	@Nullable Proration proration() {
		return this.proration;
	}

	@Nullable UUID discountId() {
		return this.discountId;
	}

	@Override
	public String toString() {
		return "PlanChange[product=" + ((this.name != null) ? this.name : this.productId) + ", proration="
				+ this.proration + ", discountId=" + this.discountId + "]";
	}

}
