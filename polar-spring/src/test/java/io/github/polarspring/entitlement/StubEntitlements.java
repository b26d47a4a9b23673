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

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.polarspring.identity.PolarIdentity;
import org.jspecify.annotations.Nullable;

/**
 * {@link PolarEntitlements} of one caller.
 */
class StubEntitlements implements PolarEntitlements, Entitlements {

	final Set<String> features = new HashSet<>();

	@Nullable RuntimeException failure;

	int checks;

	@Override
	public Entitlements current() {
		return this;
	}

	@Override
	public boolean has(String feature) {
		this.checks++;
		if (this.failure != null) {
			throw this.failure;
		}
		return this.features.contains(feature);
	}

	@Override
	public long limit(String name) {
		return name.length();
	}

	@Override
	public Entitlements of(String externalId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Entitlements of(PolarIdentity identity) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void refresh(Collection<String> externalIds, @Nullable UUID customerId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void assignSubscription(UUID subscriptionId, String externalId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void assignOrder(UUID orderId, String externalId) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Optional<PaymentProblem> paymentProblem() {
		return Optional.empty();
	}

	@Override
	public EntitlementReport report() {
		throw new UnsupportedOperationException();
	}

}
