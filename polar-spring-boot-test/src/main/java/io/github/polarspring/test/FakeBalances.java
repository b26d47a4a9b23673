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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Balances of customers by currency: credits that reduce later orders, or debts that are
 * added to them. Guarded by the lock of {@link FakeState}.
 */
final class FakeBalances {

	private final Map<UUID, Map<String, Long>> balances = new LinkedHashMap<>();

	void reset() {
		this.balances.clear();
	}

	private long of(FakeCustomer customer, String currency) {
		return this.balances.getOrDefault(customer.id(), Map.of()).getOrDefault(currency, 0L);
	}

	/**
	 * Return what is added to the total of an order.
	 */
	long applicable(FakeCustomer customer, String currency, long total) {
		long balance = of(customer, currency);
		if (total >= 0) {
			return -Math.min(total, balance);
		}
		return (balance < 0) ? Math.min(-total, -balance) : 0;
	}

	/**
	 * Change the balance by what an order uses of it, or adds to it if its total is
	 * negative.
	 */
	void settle(FakeCustomer customer, String currency, long total, long applied) {
		add(customer, currency, (total >= 0) ? applied : -total);
	}

	void add(FakeCustomer customer, String currency, long amount) {
		this.balances.computeIfAbsent(customer.id(), (id) -> new LinkedHashMap<>()).merge(currency, amount, Long::sum);
	}

}
