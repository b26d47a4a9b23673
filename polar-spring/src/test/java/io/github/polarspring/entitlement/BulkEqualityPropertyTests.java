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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.polarspring.entitlement.PurchasesAtPolar.Item;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of reading all payers at once: the result is the same as if each is read
 * alone.
 */
class BulkEqualityPropertyTests {

	private static final List<String> USERS = List.of("alice", "bob", "carol", "42", "nobody");

	private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

	private final PurchasesAtPolar polar = new PurchasesAtPolar();

	private final List<UUID> benefits = List.of(PurchasesAtPolar.id("one"), PurchasesAtPolar.id("two"));

	private final List<Item> products = List.of(this.polar.product(PurchasesAtPolar.id("A"), this.benefits.get(0)),
			this.polar.product(PurchasesAtPolar.id("B"), this.benefits.get(0), this.benefits.get(1)),
			this.polar.product(PurchasesAtPolar.id("C")));

	private final Map<UUID, String> assignments = new HashMap<>();

	@Property(tries = 300)
	void readOfAllEqualsReadsOfEach(@ForAll Random random, @ForAll boolean acceptUnproven) {
		int purchases = random.nextInt(12);
		for (int i = 0; i < purchases; i++) {
			if (random.nextBoolean()) {
				addSubscription(random);
			}
			else {
				addOrder(random);
			}
		}
		PurchaseReader reader = new PurchaseReader(this.polar.client());
		PurchaseRecords records = reader.readAll(200, new AtomicInteger(), Runnable::run).join();
		Map<String, Holdings> all = assembler(reader, records, acceptUnproven).assemble().holdings();
		for (String user : USERS) {
			Set<UUID> assigned = new HashSet<>(this.assignments.keySet());
			assigned.removeIf((order) -> !user.equals(this.assignments.get(order)));
			Holdings one = assembler(reader, reader.read(user, assigned), acceptUnproven).assembleFor(user);
			assertThat(all.getOrDefault(user, Holdings.NONE)).isEqualTo(one);
		}
		assertThat(USERS).containsAll(all.keySet());
	}

	private HoldingsAssembler assembler(PurchaseReader reader, PurchaseRecords records, boolean acceptUnproven) {
		return new HoldingsAssembler(reader::product, records, this.assignments, acceptUnproven, NOW);
	}

	private static <T> T any(Random random, List<T> values) {
		return values.get(random.nextInt(values.size()));
	}

	private void addSubscription(Random random) {
		Item subscription = this.polar.subscription(any(random, USERS), any(random, this.products))
			.with("status", any(random, List.of("active", "trialing", "past_due", "canceled", "paused")))
			.with("started_at", time(random))
			.with("modified_at", time(random));
		if (random.nextInt(3) == 0) {
			subscription.with("past_due_at", time(random));
		}
		complete(subscription, random);
		if (random.nextBoolean()) {
			this.polar.order("alice", any(random, this.products))
				.with("subscription_id", subscription.id())
				.with("status", any(random, List.of("pending", "paid")))
				.with("next_payment_attempt_at", random.nextBoolean() ? time(random) : null);
		}
	}

	private void addOrder(Random random) {
		String status = any(random, List.of("paid", "paid", "pending", "refunded", "partially_refunded"));
		Item order = this.polar.order(any(random, USERS), any(random, this.products))
			.with("status", status)
			.with("paid", !status.equals("pending"))
			.with("created_at", time(random));
		complete(order, random);
		if (random.nextInt(4) == 0) {
			this.assignments.put(order.id(), any(random, USERS));
		}
	}

	/**
	 * Choose the customer, the metadata, and the grants.
	 */
	private void complete(Item purchase, Random random) {
		if (random.nextInt(3) == 0) {
			purchase.assignedTo((random.nextInt(4) == 0) ? null : any(random, USERS));
		}
		switch (random.nextInt(6)) {
			case 0 -> purchase.without("metadata.external_customer_id");
			case 1 -> mark(purchase, "guest");
			case 2 -> mark(purchase, "customer:" + purchase.json().path("customer_id").asString());
			case 3 -> mark(purchase, "customer:" + UUID.randomUUID());
			default -> {
			}
		}
		if (random.nextInt(6) == 0) {
			purchase.with("customer.deleted_at", NOW);
		}
		if (random.nextInt(4) == 0) {
			purchase.with("seats", 3);
		}
		int grants = random.nextInt(3);
		for (int i = 0; i < grants; i++) {
			Item grant = this.polar.grant(purchase, any(random, this.benefits));
			if (random.nextBoolean()) {
				grant.with("member.id", UUID.randomUUID()).with("member.external_id", member(random));
			}
			switch (random.nextInt(4)) {
				case 0 -> grant.revoked();
				case 1 -> grant.with("is_granted", false);
				default -> grant.with("benefit.metadata.forms", random.nextInt(10));
			}
		}
	}

	private static void mark(Item purchase, String mark) {
		purchase.without("metadata.external_customer_id").with("metadata.checkout_buyer", mark);
	}

	private static @Nullable String member(Random random) {
		return (random.nextInt(4) == 0) ? null : any(random, USERS);
	}

	private static String time(Random random) {
		return (random.nextBoolean() ? NOW.minusSeconds(random.nextInt(120)) : PurchasesAtPolar.LONG_AGO).toString();
	}

}
