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

import java.util.List;
import java.util.UUID;

import io.github.polarspring.checkout.CheckoutRequest;
import io.github.polarspring.checkout.PolarCheckoutTemplate;
import io.github.polarspring.client.PolarClient;
import io.github.polarspring.customer.PolarAccounts;
import io.github.polarspring.customer.PolarCustomerTemplate;
import io.github.polarspring.model.Customer;
import io.github.polarspring.model.RecurringInterval;
import io.github.polarspring.model.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolarAccounts} with the fake.
 */
class PolarAccountsFakeTests {

	private static final UUID CLOUD = UUID.fromString("3e1f6a58-2c94-4d7b-8f05-b6a9c8d7e412");

	private final PolarFake fake = PolarFake.start()
		.addSubscription(CLOUD, "Cloud", 900, "usd", RecurringInterval.MONTH)
		.allowMultipleSubscriptions(true);

	private final PolarClient client = PolarClient.builder()
		.accessToken(this.fake.accessToken())
		.baseUrl(this.fake.baseUrl())
		.build();

	private final PolarCheckoutTemplate checkouts = PolarCheckoutTemplate.builder(this.client).build();

	private final PolarCustomerTemplate customers = new PolarCustomerTemplate(this.client);

	private final PolarAccounts accounts = new PolarAccounts(this.client, this.customers, List.of());

	@AfterEach
	void close() {
		this.fake.close();
	}

	private UUID subscribe(String user, String email) {
		List<UUID> before = this.fake.subscriptionIds();
		CheckoutRequest request = CheckoutRequest.forProducts(CLOUD).externalCustomerId(user).build();
		this.fake.pay(this.checkouts.create(request).id(), email);
		return this.fake.subscriptionIds().stream().filter((id) -> !before.contains(id)).findFirst().orElseThrow();
	}

	private boolean hasEnded(UUID subscription) {
		return this.client.get(Subscription.class, "/v1/subscriptions/{id}", subscription).endedAt() != null;
	}

	@Test
	void closeEndsWhatTheUserBoughtAndNothingElse() {
		UUID ofBob = subscribe("bob", "bob@example.com");
		UUID atBob = subscribe("alice", "bob@example.com");
		UUID ofAlice = subscribe("alice", "alice@example.com");
		Customer bob = this.customers.findByExternalId("bob").orElseThrow();
		UUID alice = this.customers.findByExternalId("alice").orElseThrow().id();
		assertThat(this.client.get(Subscription.class, "/v1/subscriptions/{id}", atBob).customerId())
			.isEqualTo(bob.id());

		assertThat(this.accounts.close("alice")).hasValue(alice);
		assertThat(hasEnded(ofAlice)).isTrue();
		assertThat(hasEnded(atBob)).isTrue();
		assertThat(hasEnded(ofBob)).isFalse();
		assertThat(this.customers.find(alice)).isEmpty();
		assertThat(this.customers.find(bob.id())).map(Customer::email).hasValue("bob@example.com");

		this.fake.wireMock().resetRequests();
		assertThat(this.accounts.close("alice")).isEmpty();
		assertThat(this.accounts.close("carol")).isEmpty();
		assertThat(this.fake.wireMock().getAllServeEvents())
			.allMatch((call) -> call.getRequest().getMethod().getName().equals("GET"));
	}

}
