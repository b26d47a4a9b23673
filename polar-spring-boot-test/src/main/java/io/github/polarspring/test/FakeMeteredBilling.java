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

package io.github.polarspring.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Bills the usage of subscriptions with metered prices. Guarded by the lock of
 * {@link FakeState}.
 */
final class FakeMeteredBilling {

	/**
	 * Polar updates subscriptions every 15 minutes. In the fake, the first event waits
	 * for the whole time.
	 */
	private static final Duration INTERVAL = Duration.ofMinutes(15);

	private final FakeState state;

	private final FakeSales sales;

	FakeMeteredBilling(FakeState state, FakeSales sales) {
		this.state = state;
		this.sales = sales;
	}

	/**
	 * Give a subscription a meter for each of its metered prices. The count of a new one
	 * starts anew.
	 */
	void attach(FakeSubscription subscription) {
		List<FakeSubscriptionMeter> before = List.copyOf(subscription.meters);
		subscription.meters.clear();
		for (Map<String, @Nullable Object> price : subscription.session.prices().metered()) {
			FakeSubscriptionMeter known = before.stream().filter((meter) -> meter.isOf(price)).findFirst().orElse(null);
			subscription.meters.add((known != null) ? known : start(subscription, price));
		}
	}

	private FakeSubscriptionMeter start(FakeSubscription subscription, Map<String, @Nullable Object> price) {
		Map<String, @Nullable Object> meter = Objects
			.requireNonNull(this.state.catalog().meter(String.valueOf(price.get("meter_id"))));
		restart(subscription.customer, meter);
		subscription.usageSeen = this.state.usage().size();
		return new FakeSubscriptionMeter(meter, this.state.now());
	}

	/**
	 * Count from zero again, with the credits that roll over.
	 */
	private void restart(FakeCustomer customer, Map<String, @Nullable Object> meter) {
		FakeUsageLog log = this.state.usage();
		FakeUsage before = log.usage(customer, meter);
		if (before.isEmpty()) {
			return;
		}
		UUID id = (UUID) Objects.requireNonNull(meter.get("id"));
		long remaining = before.remaining();
		log.reset(customer, id);
		if (remaining > 0) {
			log.credit(customer, id, remaining, true);
		}
	}

	/**
	 * Return when the meters of subscriptions will be updated.
	 */
	Map<FakeSubscription, Instant> pending() {
		Map<FakeSubscription, Instant> pending = new LinkedHashMap<>();
		this.sales.subscriptions.values()
			.stream()
			.filter((subscription) -> subscription.isBillable() && !subscription.meters.isEmpty())
			.forEach((subscription) -> this.state.usage()
				.of(subscription.customer)
				.stream()
				.filter((event) -> event.number() >= subscription.usageSeen && isBilled(event, subscription))
				.findFirst()
				.ifPresent((event) -> pending.put(subscription, event.ingestedAt().plus(INTERVAL))));
		return pending;
	}

	private static boolean isBilled(FakeUsageEvent event, FakeSubscription subscription) {
		return subscription.meters.stream().anyMatch((meter) -> new FakeMeter(meter.meter).matches(event));
	}

	/**
	 * Update the subscriptions for which it is time.
	 */
	void updateDue() {
		pending().forEach((subscription, time) -> {
			if (!time.isAfter(this.state.now())) {
				update(subscription);
			}
		});
	}

	/**
	 * Update the meters of a subscription, and send the events.
	 */
	void update(FakeSubscription subscription) {
		subscription.usageSeen = this.state.usage().size();
		boolean changed = false;
		for (FakeSubscriptionMeter meter : subscription.meters) {
			FakeUsage usage = this.state.usage().usage(subscription.customer, meter.meter);
			changed |= meter.update(usage, FakeSubscriptionMeter.amount(usage, price(subscription, meter)),
					this.state.now());
		}
		if (changed) {
			this.sales.sendSubscription(subscription, "subscription.updated");
			this.state.sendState(subscription.customer);
		}
	}

	private static Map<String, @Nullable Object> price(FakeSubscription subscription, FakeSubscriptionMeter meter) {
		return subscription.session.prices().metered().stream().filter(meter::isOf).findFirst().orElseThrow();
	}

	/**
	 * Return the items for what was used in a period, and start to count the next one.
	 */
	List<FakeOrderItem> take(FakeSubscription subscription) {
		List<FakeOrderItem> items = new ArrayList<>();
		for (FakeSubscriptionMeter meter : subscription.meters) {
			FakeUsage usage = this.state.usage().usage(subscription.customer, meter.meter);
			if (usage.consumed().signum() != 0) {
				Map<String, @Nullable Object> price = price(subscription, meter);
				items.add(new FakeOrderItem(label(meter, usage), FakeSubscriptionMeter.amount(usage, price), false,
						price));
			}
			restart(subscription.customer, meter.meter);
			meter.reset(this.state.now());
		}
		subscription.usageSeen = this.state.usage().size();
		return items;
	}

	private static String label(FakeSubscriptionMeter meter, FakeUsage usage) {
		return "%s (%s consumed units)".formatted(meter.meter.get("name"),
				usage.billable().stripTrailingZeros().toPlainString());
	}

}
