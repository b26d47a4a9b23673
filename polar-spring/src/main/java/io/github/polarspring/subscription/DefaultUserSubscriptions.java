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

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.github.polarspring.PolarNotFoundException;
import io.github.polarspring.model.Subscription;

/**
 * {@link UserSubscriptions} that use the Polar API.
 */
final class DefaultUserSubscriptions extends AbstractSubscriptionChanges implements UserSubscriptions {

	private static final Comparator<Subscription> LAST_STARTED_FIRST = Comparator
		.comparing(Subscription::startedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
		.reversed();

	private final SubscriptionCalls calls;

	private final String externalId;

	DefaultUserSubscriptions(SubscriptionCalls calls, String externalId) {
		super(calls);
		this.calls = calls;
		this.externalId = externalId;
	}

	@Override
	public List<Subscription> list() {
		Map<UUID, Subscription> subscriptions = new LinkedHashMap<>();
		collect(SubscriptionQuery.builder().metadata(SubscriptionMetadata.USER, this.externalId), subscriptions);
		collect(SubscriptionQuery.builder().externalCustomerId(this.externalId), subscriptions);
		return subscriptions.values().stream().sorted(LAST_STARTED_FIRST).toList();
	}

	private void collect(SubscriptionQuery.Builder query, Map<UUID, Subscription> subscriptions) {
		this.calls.stream(query.build())
			.filter(this::isOwn)
			.forEach((subscription) -> subscriptions.put(subscription.id(), subscription));
	}

	@Override
	public Optional<Subscription> find(UUID id) {
		return this.calls.find(id).filter(this::isOwn);
	}

	private boolean isOwn(Subscription subscription) {
		return subscription.isBoughtBy(this.externalId);
	}

	@Override
	Subscription read(UUID id) {
		return find(id).orElseThrow(() -> new PolarNotFoundException(
				"There is no subscription " + id + " that the user is proven to have bought", 404, null, null));
	}

	@Override
	void check(UUID id) {
		read(id);
	}

}
