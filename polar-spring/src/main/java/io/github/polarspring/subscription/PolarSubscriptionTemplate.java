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

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.entitlement.CurrentPayer;
import io.github.polarspring.identity.PolarIdentity;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.product.PolarProducts;

import org.springframework.util.Assert;

/**
 * {@link PolarSubscriptionOperations} that use the Polar API.
 * <p>
 * Changes that can charge are made one after the other for each subscription. A caller
 * that has waited for 10 seconds gets a
 * {@link io.github.polarspring.PolarOutcomeUnknownException}.
 * <p>
 * Instances are safe for use by multiple threads. Use one instance per application.
 *
 * @since 0.1.0
 */
public final class PolarSubscriptionTemplate extends AbstractSubscriptionChanges
		implements PolarSubscriptionOperations {

	private final SubscriptionCalls calls;

	private final PolarProducts products;

	private final Supplier<CurrentPayer> currentPayer;

	private PolarSubscriptionTemplate(SubscriptionCalls calls, Builder builder) {
		super(calls);
		this.calls = calls;
		this.products = builder.products;
		this.currentPayer = builder.currentPayer;
	}

	/**
	 * Return a builder, for use without Spring Boot. With it, beans do the same.
	 * @param client the client that calls Polar
	 * @return a new builder
	 */
	public static Builder builder(PolarClient client) {
		Assert.notNull(client, "client must not be null");
		return new Builder(client);
	}

	@Override
	public UserSubscriptions ofCurrentUser() {
		return of(this.currentPayer.get().requireIdentity().memberId());
	}

	@Override
	public UserSubscriptions of(String externalId) {
		PolarIdentity.requireExternalId(externalId);
		return new DefaultUserSubscriptions(this.calls, externalId);
	}

	@Override
	public Optional<Subscription> find(UUID id) {
		return this.calls.find(id);
	}

	@Override
	public PolarPage<Subscription> list(SubscriptionQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.calls.list(query);
	}

	@Override
	public Stream<Subscription> stream(SubscriptionQuery query) {
		Assert.notNull(query, "query must not be null");
		return this.calls.stream(query);
	}

	@Override
	public Subscription create(SubscriptionRequest request) {
		Assert.notNull(request, "request must not be null");
		return this.calls.create(request.body(this.products));
	}

	@Override
	Subscription read(UUID id) {
		return this.calls.get(id);
	}

	@Override
	void check(UUID id) {
		// Polar rejects an unknown id itself
	}

	/**
	 * Builder for a {@link PolarSubscriptionTemplate}. Not safe for use by multiple
	 * threads.
	 */
	public static final class Builder {

		private final PolarClient client;

		private PolarProducts products = new PolarProducts(Map.of());

		private Supplier<CurrentPayer> currentPayer = CurrentPayer::unknown;

		private Builder(PolarClient client) {
			this.client = client;
		}

		/**
		 * Set the names of products.
		 * @param products the products, none by default
		 * @return this builder
		 */
		public Builder products(PolarProducts products) {
			Assert.notNull(products, "products must not be null");
			this.products = products;
			return this;
		}

		/**
		 * Set the strategy that determines the user of the current request.
		 * @param currentPayer supplies the strategy
		 * @return this builder
		 */
		public Builder currentPayer(Supplier<CurrentPayer> currentPayer) {
			Assert.notNull(currentPayer, "currentPayer must not be null");
			this.currentPayer = currentPayer;
			return this;
		}

		/**
		 * Build the template.
		 * @return a template
		 */
		public PolarSubscriptionTemplate build() {
			return new PolarSubscriptionTemplate(new SubscriptionCalls(this.client, this.products), this);
		}

	}

}
