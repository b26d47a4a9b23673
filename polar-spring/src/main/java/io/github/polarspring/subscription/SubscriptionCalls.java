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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.PolarOutcomeUnknownException;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.client.PolarPage;
import io.github.polarspring.model.Subscription;
import io.github.polarspring.product.PolarProducts;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Calls to the endpoints of subscriptions.
 */
final class SubscriptionCalls {

	private static final String ALL = "/v1/subscriptions/";

	private static final String BY_ID = "/v1/subscriptions/{id}";

	private final PolarClient client;

	private final PolarProducts products;

	private final ExclusiveChanges exclusive = new ExclusiveChanges();

	SubscriptionCalls(PolarClient client, PolarProducts products) {
		this.client = client;
		this.products = products;
	}

	PolarProducts products() {
		return this.products;
	}

	Subscription get(UUID id) {
		Assert.notNull(id, "id must not be null");
		return this.client.get(Subscription.class, BY_ID, id);
	}

	Optional<Subscription> find(UUID id) {
		try {
			return Optional.of(get(id));
		}
		catch (PolarNotFoundException ex) {
			return Optional.empty();
		}
	}

	PolarPage<Subscription> list(SubscriptionQuery query) {
		return this.client.list(Subscription.class, ALL, query.parameters());
	}

	Stream<Subscription> stream(SubscriptionQuery query) {
		return PolarPage.stream(query.page(),
				(page) -> this.client.list(Subscription.class, ALL, query.parameters(page)));
	}

	Subscription create(Map<String, Object> body) {
		return this.client.post(Subscription.class, ALL, body);
	}

	/**
	 * Make a change that does no harm if it is made twice.
	 */
	Subscription change(UUID id, Map<String, @Nullable Object> body) {
		return patch(id, body).retryable().retrieve(Subscription.class);
	}

	/**
	 * Make a change that is never sent twice.
	 * @param effect what the subscription is after the change
	 */
	Subscription changeOnce(UUID id, Map<String, @Nullable Object> body, Predicate<Subscription> effect) {
		return patch(id, body).retrieveOnce(Subscription.class,
				(client) -> Optional.of(client.get(Subscription.class, BY_ID, id)).filter(effect));
	}

	/**
	 * Return the subscription if an earlier change, whose outcome was unknown, has the
	 * wanted effect.
	 * @throws io.github.polarspring.PolarOutcomeUnknownException if Polar may still be
	 * making the earlier change
	 */
	Optional<Subscription> effectOfEarlierChange(UUID id, Predicate<Subscription> wanted) {
		if (!this.exclusive.isUncertain(id)) {
			return Optional.empty();
		}
		Optional<Subscription> current = Optional.of(get(id)).filter(wanted);
		if (current.isEmpty()) {
			throw new PolarOutcomeUnknownException(
					"The outcome of an earlier change of subscription " + id + " is not known yet. Nothing was sent",
					null);
		}
		return current;
	}

	private PolarClient.CallSpec patch(UUID id, Map<String, @Nullable Object> body) {
		Assert.notNull(id, "id must not be null");
		return this.client.call(HttpMethod.PATCH, BY_ID, id).body(body);
	}

	/**
	 * Make a change while no other thread makes such a change of the subscription.
	 */
	Subscription exclusively(UUID id, Supplier<Subscription> change) {
		Assert.notNull(id, "id must not be null");
		return this.exclusive.run(id, change);
	}

}
